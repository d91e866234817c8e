"""Archives of documents: names that lead out, bombs, archives in archives, directories that lie."""

from __future__ import annotations

import io
import stat
import struct
import warnings
import zipfile

from documents.wordml import document, package, para

from hostile.case import SAID, Case, cut, file

GOOD = SAID.encode()
Entries = list[tuple[str | zipfile.ZipInfo, bytes]]


def packed(
    *entries: tuple[str | zipfile.ZipInfo, bytes], method: int = zipfile.ZIP_DEFLATED
) -> bytes:
    """An archive with a good document and these entries."""
    stream = io.BytesIO()
    with (
        warnings.catch_warnings(action="ignore"),
        zipfile.ZipFile(stream, "w", method) as archive,
    ):
        for name, content in [("好.txt", GOOD), *entries]:
            archive.writestr(name, content)
    return stream.getvalue()


def info(name: str, **fields: int) -> zipfile.ZipInfo:
    made = zipfile.ZipInfo("x")
    made.filename = name
    for field, value in fields.items():
        setattr(made, field, value)
    return made


def named(name: str) -> bytes:
    return packed((info(name), GOOD))


def renamed(name: bytes) -> bytes:
    """An archive whose second name is these bytes."""
    return packed((info("~" * len(name)), GOOD)).replace(b"~" * len(name), name)


def patched(offset_local: int, offset_central: int, value: bytes) -> bytes:
    data = bytearray(packed(("乙.txt", GOOD)))
    for mark, offset in ((b"PK\x03\x04", offset_local), (b"PK\x01\x02", offset_central)):
        at = data.find(mark)
        while at >= 0 and offset >= 0:
            data[at + offset : at + offset + len(value)] = value
            at = data.find(mark, at + 4)
    return bytes(data)


def ended(**fields: int) -> bytes:
    """An archive whose last record says something else: count, size, start of the directory."""
    data = bytearray(packed())
    at = data.rindex(b"PK\x05\x06")
    for name, value in fields.items():
        place, form = {"count": (8, "<HH"), "size": (12, "<L"), "start": (16, "<L")}[name]
        struct.pack_into(form, data, at + place, *[value] * (len(form) - 1))
    return bytes(data)


def inside(depth: int) -> bytes:
    data = packed()
    for level in range(depth):
        data = packed((f"内{level}.zip", data))
    return data


def bomb(count: int) -> bytes:
    return packed(*((f"{n}.txt", b"a" * (40 * 2**20)) for n in range(count)))


def in_bomb() -> bytes:
    return packed(("内.zip", packed(("炸弹.txt", b"a" * (48 * 2**20)))))


def case(title: str, make, expected: str, words: str = SAID, heavy: bool = False) -> Case:
    return file(title, "材料.zip", make, expected, words, heavy=heavy)


_OUT, _TWICE = "指向压缩包以外", "重名文件"

CASES = [
    *cut("材料.zip", packed, (0.1, 0.5, 0.9, 0.99), "refused", "已损坏"),
    case("空的压缩包", lambda: b"PK\x05\x06" + bytes(18), "refused", "没有可以检查的文件"),
    case("另有文件夹", lambda: named("夹/"), "read"),
    case("上级目录", lambda: named("../../../tmp/恶.txt"), "gap", _OUT),
    case("反斜杠的上级目录", lambda: named("..\\..\\恶.txt"), "gap", _OUT),
    case("夹在中间的上级目录", lambda: named("甲/../../恶.txt"), "gap", _OUT),
    case("绝对路径", lambda: named("/etc/恶.txt"), "gap", _OUT),
    case("盘符", lambda: named("C:\\恶.txt"), "gap", _OUT),
    case("网络路径", lambda: named("\\\\host\\恶.txt"), "gap", _OUT),
    case("符号链接", lambda: packed((info("链.txt", create_system=3, external_attr=(stat.S_IFLNK | 0o777) << 16), b"/etc/passwd")), "gap", "符号链接"),
    case("设备文件", lambda: packed((info("设.txt", create_system=3, external_attr=(stat.S_IFCHR | 0o666) << 16), GOOD)), "read"),
    case("重名文件", lambda: packed(("好.txt", b"x")), "gap", _TWICE),
    case("加密", lambda: patched(6, 8, struct.pack("<H", 0x801)), "refused", "已加密"),
    case("校验和不符", lambda: patched(-1, 16, b"\1\2\3\4"), "refused", "无法解压"),
    case("条目重叠", lambda: patched(-1, 42, bytes(4)), "gap", "无法解压"),
    case("压缩方法不存在", lambda: patched(8, 10, b"\x63\0"), "refused", "压缩方法"),
    case("按 bzip2 压缩的炸弹", lambda: packed(("炸.txt", b"a" * (49 * 2**20)), method=zipfile.ZIP_BZIP2), "refused", "压缩方法"),
    case("大小谎报为零", lambda: patched(22, 24, bytes(4)), "refused", ""),
    case("大小谎报四吉", lambda: patched(-1, 24, b"\xf0\xff\xff\xff"), "refused", "limits.bytes"),
    case("压缩炸弹", lambda: packed(("炸.txt", b"a" * (49 * 2**20))), "gap", "压缩炸弹"),
    case("炸弹八份，合计超过上限", lambda: bomb(8), "gap", "limits.inflated", heavy=True),
    case("里层压缩包里的炸弹", in_bomb, "gap", "压缩炸弹"),
    case("套一层", lambda: inside(1), "read"),
    case("套三层", lambda: inside(3), "gap", "又套了两层"),
    case("条目五千个", lambda: packed(*((f"{n}.bin", b"") for n in range(5000))), "refused", "limits.entries"),
    case("目录自称一吉", lambda: ended(size=2**30), "refused", "limits.entries"),
    case("条目数谎报六万", lambda: ended(count=65_000), "read"),
    case("目录位置超出", lambda: ended(start=2**31), "refused", "已损坏"),
    case("前面是程序", lambda: b"MZ" + bytes(500) + packed(), "refused", ""),
    case("尾部另有一兆字节", lambda: packed() + bytes(2**20), "refused", "已损坏"),
    case("里面有 RAR", lambda: packed(("丙.rar", b"Rar!\x1a\x07" + bytes(50))), "gap", "RAR"),
    case("里面有图片改名的文件", lambda: packed(("丙.docx", b"\x89PNG" + bytes(50))), "gap", "图片"),
    case("里面有空文件", lambda: packed(("空.txt", b"")), "gap", "文件为空"),
    case("里面有恶意 Word", lambda: packed(("丙.docx", package("") + b"x" * 70_000)), "gap", ""),
    case("名称有换行和转义符", lambda: named("甲\n\x1b[31m乙.txt"), "read"),
    case("名称有双向控制符", lambda: named("甲\u202etxt.exe.txt"), "read"),
    case("名称有零字符", lambda: named("甲\0乙.txt"), "read"),
    case("名称五千字", lambda: named("长" * 5000 + ".txt"), "read"),
    case("名称是 GBK", lambda: renamed("县政府.txt".encode("gbk")), "read"),
    case("名称不合 UTF-8", lambda: renamed(b"\xff\xfe\xfd.txt"), "read"),
    case("隐藏文件和锁文件", lambda: packed((".藏.txt", b"\0"), ("~$锁.docx", b"\0"), ("__MACOSX/x.txt", b"\0")), "read"),
    case("里面只有 Word 文件", lambda: packed(("甲.docx", package(para(SAID)))), "read"),
    case("其实是 Word 文件", lambda: package(para(SAID)), "read"),
    case("其实是文本", lambda: GOOD, "read"),
    case("其实是图片", lambda: b"\x89PNG" + bytes(99), "refused", "图片"),
    case("零字节", lambda: b"", "refused", "文件为空"),
    case("Word 文件里有实体炸弹", lambda: packed(("甲.docx", _laughing())), "gap", "DTD"),
]  # fmt: skip


def _laughing() -> bytes:
    grown = "".join('<!ENTITY l{} "{}">'.format(n, f"&l{n - 1};" * 10) for n in range(1, 9))
    main = f'<!DOCTYPE x [<!ENTITY l0 "哈">{grown}]>' + document(
        "<w:p><w:r><w:t>&l8;</w:t></w:r></w:p>"
    )
    stream = io.BytesIO(package(""))
    with zipfile.ZipFile(io.BytesIO(package(""))) as given, zipfile.ZipFile(stream, "w") as made:
        for name in given.namelist():
            made.writestr(name, main if name == "word/document.xml" else given.read(name))
    return stream.getvalue()
