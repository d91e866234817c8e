"""OLE containers (.doc, .wps): locked, of other programs, chains that lead round in circles."""

from __future__ import annotations

import struct

from hostile.case import SAID, Case, file

MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_FREE, _END, _TABLE = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
_WORD = "WordDocument"


def holding(name: str, more: bytes = b"") -> bytes:
    """Bytes that say they are a container with a stream of this name."""
    return MAGIC + bytes(504) + name.encode("utf-16-le") + bytes(488) + more


def locked() -> bytes:
    """A Word stream whose head says that it is encrypted ([MS-DOC] 2.5.2)."""
    return holding(_WORD, b"\xec\xa5" + bytes(9) + b"\x01" + bytes(500))


def container(table: list[int], *, child: int = 1, left: int = _FREE, size: int = 4096) -> bytes:
    """A container ([MS-CFB]) of one stream whose table of sectors is so written.

    Sector 0 is the table, 1 the directory, the stream begins in 2.
    """
    head = MAGIC + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    head += struct.pack("<9L", 0, 1, 1, 0, 4096, _END, 0, _END, 0) + struct.pack("<L", 0)
    head += struct.pack("<L", _FREE) * 108
    entries = _entry("Root Entry", 5, child, _FREE, start=_END, size=0)
    entries += _entry(_WORD, 2, _FREE, left, start=2, size=size)
    sectors = struct.pack("<128L", *table, *[_FREE] * (128 - len(table)))
    return head + sectors + entries.ljust(512, b"\0") + b"\xec\xa5\xc1\x00".ljust(4608, b"\0")


def _entry(name: str, kind: int, child: int, left: int, *, start: int, size: int) -> bytes:
    written = name.encode("utf-16-le")
    entry = written.ljust(64, b"\0") + struct.pack("<HBB", len(written) + 2, kind, 1)
    entry += struct.pack("<3L", left, _FREE, child) + bytes(36)
    return entry + struct.pack("<LQ", start, size)


def chain(last: int) -> list[int]:
    return [_TABLE, _END, *range(3, 11), last]


def case(title: str, make, words: str = "", heavy: bool = False) -> Case:
    return file(title, "草案.doc", make, "refused", words, heavy=heavy)


CASES = [
    case("只有文件头", lambda: MAGIC, "没有找到 Word 正文"),
    case("文件头后全是零", lambda: MAGIC + bytes(100_000), "没有找到 Word 正文"),
    case("文件头后全是一", lambda: MAGIC + b"\xff" * 100_000, "没有找到 Word 正文"),
    case("设了密码的新版文件", lambda: holding("EncryptedPackage"), "打开密码"),
    case("设了密码的旧版文件", locked, "打开密码"),
    case("旧版 Excel", lambda: holding("Workbook"), "Excel"),
    case("旧版 PowerPoint", lambda: holding("PowerPoint Document"), "PowerPoint"),
    case("只有打包对象", lambda: holding("Ole10Native"), "没有找到 Word 正文"),
    case("只有宏", lambda: holding("_VBA_PROJECT"), "没有找到 Word 正文"),
    case("五十兆零一字节", lambda: MAGIC + bytes(50 * 2**20), "limits.bytes"),
    case("有名称没有内容", lambda: holding(_WORD), "旧版 Word"),
    case("扇区链完整而正文是空的", lambda: container(chain(_END)), heavy=True),
    case("扇区链成环", lambda: container(chain(2)), heavy=True),
    case("扇区表指向自己", lambda: container([0, 1, 2]), heavy=True),
    case("扇区链指向文件以外", lambda: container(chain(0x7FFFFFF0)), heavy=True),
    case("目录树成环", lambda: container(chain(_END), left=1), heavy=True),
    case("目录指向不存在的条目", lambda: container(chain(_END), child=99), heavy=True),
    case("流长度谎报四吉", lambda: container(chain(_END), size=0xFFFFFFF0), heavy=True),
    file("扩展名是 .docx 的加密文件", "草案.docx", lambda: holding("EncryptedPackage"), "refused", "打开密码"),
    file("扩展名是 .wps 的空容器", "草案.wps", lambda: MAGIC + bytes(600), "refused", "没有找到 Word 正文"),
    file("扩展名是 .wps 的文本", "草案.wps", SAID.encode, "read", "内容却是文本"),
]  # fmt: skip
