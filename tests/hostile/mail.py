"""E-mails: parts in parts, boundaries that are missing, headers without end, names that lead out."""

from __future__ import annotations

import base64

from hostile.case import SAID, Case, cut, file

HEAD = b"From: a@b.cn\r\nTo: c@d.cn\r\nSubject: x\r\nMIME-Version: 1.0\r\n"
PLAIN = "Content-Type: text/plain; charset=utf-8\r\n\r\n"


def simple(more: str = "", body: str = SAID, charset: str = "utf-8") -> bytes:
    kind = f"Content-Type: text/plain; charset={charset}\r\n"
    return HEAD + (more + kind + "\r\n" + body + "\r\n").encode()


def mixed(*parts: str | bytes, boundary: str = "B", kind: str = "mixed") -> bytes:
    """A mail with a good body and further parts, each with its own header."""
    out = HEAD + f'Content-Type: multipart/{kind}; boundary="{boundary}"\r\n\r\n'.encode()
    for part in (PLAIN + SAID, *parts):
        held = part if isinstance(part, bytes) else part.encode()
        out += f"--{boundary}\r\n".encode() + held + b"\r\n"
    return out + f"--{boundary}--\r\n".encode()


def attached(name: str, data: bytes = SAID.encode(), more: str = "") -> str:
    held = base64.encodebytes(data).decode()
    return (
        f'Content-Type: application/octet-stream\r\nContent-Disposition: attachment; filename="{name}"'
        f"\r\n{more}Content-Transfer-Encoding: base64\r\n\r\n{held}"
    )


def nested(depth: int) -> bytes:
    out = HEAD
    for level in range(depth):
        out += f'Content-Type: multipart/mixed; boundary="b{level}"\r\n\r\n--b{level}\r\n'.encode()
    return out + (PLAIN + SAID + "\r\n").encode()


def enclosed(depth: int) -> bytes:
    """A mail in a mail in a mail."""
    return (
        HEAD
        + b"Content-Type: message/rfc822\r\n\r\nMIME-Version: 1.0\r\n" * depth
        + (PLAIN + SAID).encode()
    )


def pieces(count: int) -> str:
    named = "".join(f";\r\n filename*{n}*=utf-8''a" for n in range(count))
    return (
        f"Content-Type: application/octet-stream\r\nContent-Disposition: attachment{named}\r\n\r\nx"
    )


def disposed(words: str) -> str:
    return f"Content-Type: application/octet-stream\r\nContent-Disposition: attachment; {words}\r\n\r\nx"


def coded(charset: str, body: bytes) -> bytes:
    return mixed(f"Content-Type: text/plain; charset={charset}\r\n\r\n".encode() + body)


def case(title: str, make, expected: str, words: str = SAID, heavy: bool = False) -> Case:
    return file(title, "来函.eml", make, expected, words, heavy=heavy)


CASES = [
    *cut("来函.eml", mixed, (0.4, 0.6), "refused", ""),
    *cut("来函.eml", mixed, (0.97, 0.99), "gap", "邮件不完整"),
    case("没有正文", lambda: HEAD, "refused", "没有可以检查的文件"),
    case("零字节", lambda: b"", "refused", "文件为空"),
    case("套一千层", lambda: nested(1000), "refused", "邮件"),
    case("套九十层", lambda: nested(90), "gap", "邮件不完整"),
    case("转发套一千层", lambda: enclosed(1000), "refused", "邮件"),
    case("转发套三层", lambda: enclosed(3), "refused", "又套了两层"),
    case("没有分界线", lambda: HEAD + b"Content-Type: multipart/mixed\r\n\r\n" + SAID.encode(), "refused", "邮件不完整"),
    case("分界线是空的", lambda: mixed(boundary=""), "read"),
    case("分界线没有出现", lambda: HEAD + b'Content-Type: multipart/mixed; boundary="X"\r\n\r\n' + SAID.encode(), "refused", "邮件不完整"),
    case("分界线十万个", lambda: mixed(*[""] * 100_000), "read", heavy=True),
    case("头部一行一兆字节", lambda: simple("X-Long: " + "a" * 2**20 + "\r\n"), "read"),
    case("头部二十万行", lambda: simple("X-A: b\r\n" * 200_000), "read"),
    case("头部续行二十万行", lambda: simple("X-A: b\r\n" + " c\r\n" * 200_000), "read"),
    case("附件头部有二十万个分号", lambda: mixed(disposed(";" * 200_000 + "filename=a.txt")), "refused", "头部"),
    case("附件头部有二十万个引号", lambda: mixed(disposed('a="' * 200_000)), "refused", "头部"),
    case("附件名分成一万段", lambda: mixed(pieces(10_000)), "refused", "头部"),
    case("附件名分成二十段", lambda: mixed(pieces(20)), "read"),
    case("附件名有两万个编码词", lambda: mixed(attached("=?utf-8?B?YQ==?= " * 20_000)), "refused", "头部"),
    case("附件名指向外面", lambda: mixed(attached("../../x.txt")), "read"),
    case("附件名是绝对路径", lambda: mixed(attached("/etc/x.txt")), "read"),
    case("附件名有换行和转义符", lambda: mixed(attached("=?utf-8?B?55SyChtbMzFt5LmZLnR4dA==?=")), "read"),
    case("附件名有双向控制符", lambda: mixed(attached("=?utf-8?B?4oCudHh0LmV4ZS50eHQ=?=")), "read"),
    case("附件名重复二百次", lambda: mixed(*[attached("甲.txt")] * 200), "read"),
    case("附件重名三千个", lambda: mixed(*[attached("x.bin", b"")] * 3000), "read"),
    case("附件五千个", lambda: mixed(*[attached("x.bin", b"")] * 5000), "refused", "limits.entries"),
    case("附件是程序", lambda: mixed(attached("恶.exe", b"MZ")), "read"),
    case("附件是恶意 Word", lambda: mixed(attached("甲.docx", b"PK\x03\x04")), "gap", "已损坏"),
    case("附件是旧版 Excel 改名", lambda: mixed(attached("甲.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "Workbook".encode("utf-16-le"))), "gap", "Excel"),
    case("Outlook 专用附件", lambda: mixed(attached("winmail.dat", b"x")), "gap", "Outlook"),
    case("加密的邮件", lambda: HEAD + b"Content-Type: application/pkcs7-mime\r\n\r\nx", "refused", "已加密"),
    case("外部正文", lambda: mixed("Content-Type: message/external-body; access-type=URL; URL=\"http://127.0.0.1:9/\"\r\n\r\nContent-Type: text/plain\r\n\r\n"), "read"),
    case("base64 不完整", lambda: mixed(attached("甲.txt").rstrip()[:-3] + "*?"), "read"),
    case("base64 全是等号", lambda: mixed("Content-Type: text/plain\r\nContent-Transfer-Encoding: base64\r\n\r\n" + "=" * 1_000_000), "read"),
    case("传输编码不存在", lambda: simple("Content-Transfer-Encoding: x-bogus\r\n"), "read"),
    case("uuencode 没有结束", lambda: mixed("Content-Type: text/plain; name=a.txt\r\nContent-Transfer-Encoding: uuencode\r\n\r\nbegin 644 a\r\n" + "M" * 60), "read"),
    case("编码不存在", lambda: coded("nonsense", SAID.encode()), "read"),
    case("编码会解压", lambda: coded("zlib_codec", SAID.encode()), "read"),
    case("编码是 punycode", lambda: coded("punycode", b"a-" + b"b" * 300_000), "read"),
    case("编码是 idna", lambda: coded("idna", b"xn--a." * 100_000), "read"),
    case("编码是 unicode_escape", lambda: coded("unicode_escape", b"\\ud800\\udc00"), "read"),
    case("编码自称 UTF-16", lambda: coded("utf-16", b"\x00\xd8" * 101), "gap", ""),
    case("签名的邮件", lambda: mixed("Content-Type: application/pkcs7-signature\r\n\r\nx", kind="signed"), "read"),
    case("网页正文有脚本", lambda: HEAD + ("Content-Type: text/html; charset=utf-8\r\n\r\n<script>alert(1)</script><p>" + SAID).encode(), "read"),
    case("多种写法都是空的", lambda: HEAD + b'Content-Type: multipart/alternative; boundary="B"\r\n\r\n--B\r\nContent-Type: text/plain\r\n\r\n \r\n--B--', "refused", "没有可以检查的文件"),
    case("零字节夹在头部", lambda: simple("X-A: \0\0\0\r\n"), "read"),
    case("没有编码的汉字附件名", lambda: mixed(attached("甲乙.txt").encode("gb18030")), "read"),
]  # fmt: skip
