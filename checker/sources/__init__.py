"""Files -> SourceText: what a file is, is told by its content first and by its name second."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from importlib import import_module
from pathlib import Path

from checker.sources.errors import UnreadableSource, cause
from checker.sources.limits import in_force
from checker.sources.text import Region, Run, SourceText, unify

__all__ = [
    "CONTAINER_SUFFIXES",
    "SUPPORTED_SUFFIXES",
    "Region",
    "Run",
    "SourceText",
    "UnreadableSource",
    "cause",
    "is_mail",
    "load",
    "read_bytes",
    "read_path",
    "unify",
]

SUPPORTED_SUFFIXES = (
    ".docx", ".doc", ".wps", ".odt", ".pdf", ".ofd", ".rtf", ".html", ".htm", ".txt", ".md",
)  # fmt: skip
#: Suffixes of files that hold others; each of those is a document of its own.
CONTAINER_SUFFIXES = (".zip", ".eml")

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_REFUSED = (
    (b"\x89PNG", "这是图片，请提供文字版文件"),
    (b"\xff\xd8\xff", "这是图片，请提供文字版文件"),
    (b"GIF8", "这是图片，请提供文字版文件"),
    (b"Rar!", "这是 RAR 压缩包，请解压后检查其中的文件"),
    (b"7z\xbc\xaf", "这是 7z 压缩包，请解压后检查其中的文件"),
    (b"\x1f\x8b", "这是 gzip 压缩包，请解压后检查其中的文件"),
)
_NOT_TEXT = frozenset({".pdf", ".doc", ".wps", ".ofd", ".rtf", ".odt", ".xls", ".xlsx"})


def _head(data: bytes) -> bytes:
    """The beginning of a file in lower case, without mark, blanks and the zeros of UTF-16."""
    head = data[:2048].lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n\0").lower()
    return head.replace(b"\0", b"")


def _is_pdf(data: bytes, suffix: str) -> bool:
    return data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n\0").startswith(b"%PDF")


def _is_ofd(data: bytes, suffix: str) -> bool:
    if not data.startswith(_ZIP):
        return False
    from checker.sources.archive import holds

    return holds(data, "ofd.xml")


def _is_odf(data: bytes, suffix: str) -> bool:
    """Whether it is an OpenDocument package: by its first entry, else by the names of its parts."""
    if not data.startswith(_ZIP):
        return False
    if data[30:38] == b"mimetype":
        return b"application/epub" not in data[:128]
    names = data[-(1 << 16) :]
    return b"content.xml" in names and b"META-INF/manifest.xml" in names


def _is_rtf(data: bytes, suffix: str) -> bool:
    return data[:64].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{\\rtf")


def _is_html(data: bytes, suffix: str) -> bool:
    head = _head(data)
    if head.startswith((b"<!doctype html", b"<html")):
        return True
    if head.startswith((b"<?xml", b"<!--", b"<!doctype")):
        return b"<html" in head
    return suffix in (".html", ".htm", ".shtml", ".xhtml") and b"<" in head


#: Header fields with which the mail that programs keep or send begins.
_FIELD = re.compile(
    rb"(?:from|to|subject|date|received|return-path|mime-version|message-id|content-type"
    rb"|delivered-to|x-[a-z0-9-]+|dkim-signature|reply-to|sender)[ \t]*:",
    re.IGNORECASE,
)
_NEEDED = re.compile(rb"^(?:mime-version|received|message-id|return-path)[ \t]*:", re.I | re.M)


def is_mail(data: bytes) -> bool:
    """Whether a file begins as an e-mail does."""
    head = data[:4096].lstrip(b"\xef\xbb\xbf\r\n")
    return bool(_FIELD.match(head) and _NEEDED.search(head))


#: What tells a format, the module that reads it, and its function; asked in this order.
_READERS: tuple[tuple[Callable[[bytes, str], bool], str, str], ...] = (
    (_is_pdf, "pdf", "read_pdf"),
    (lambda data, _: data.startswith(_OLE), "ole", "read_ole"),
    (_is_ofd, "ofd", "read_ofd"),
    (_is_rtf, "rtf", "read_rtf"),
    (_is_odf, "odt", "read_odt"),
    (_is_html, "html", "read_html"),
    (lambda data, _: data.startswith(_ZIP), "docx", "read_docx"),
)
_SEVERAL = "这是{}，{}各是一份文件：文件名以 {} 结尾的，checker check 会分别检查"


def read_path(path: Path) -> SourceText:
    """Read one file; raises UnreadableSource, never OSError. The name is the path as given."""
    return read_bytes(load(path), str(path))


def load(path: Path) -> bytes:
    """The bytes of a file, of one too large as many as show that it is; raises UnreadableSource."""
    name = str(path)
    try:
        if not path.is_file() and path.exists():
            raise UnreadableSource(
                name, "这是文件夹，不是文件" if path.is_dir() else "不是普通文件，未读取"
            )
        with path.open("rb") as file:
            return file.read(in_force().bytes + 1)
    except OSError as error:
        raise UnreadableSource(name, cause(error)) from error
    except ValueError as error:
        raise UnreadableSource(name, "路径中含有不能用于文件名的字符") from error


def read_bytes(data: bytes, name: str) -> SourceText:
    """Read the bytes of a document.

    Raises UnreadableSource when they are empty, too many, of another format, damaged, or hold
    nothing to read.
    """
    if not data:
        raise UnreadableSource(name, "文件为空")
    limits = in_force()
    if len(data) > limits.bytes:
        raise UnreadableSource(name, f"{limits.beyond('bytes', '文件')}，未读取")
    source = _reader_for(data, name)
    if not source.shadow or source.shadow.isspace():
        raise UnreadableSource(name, "没有可读的文字（全文为空白）")
    return source


def _reader_for(data: bytes, name: str) -> SourceText:
    suffix = Path(name).suffix.lower()
    for detects, module, function in _READERS:
        if detects(data, suffix):
            read: Callable[[bytes, str], SourceText]
            read = getattr(import_module(f"checker.sources.{module}"), function)
            return read(data, name)
    for magic, reason in _REFUSED:
        if data.startswith(magic):
            raise UnreadableSource(name, reason)
    if suffix in (".docx", ".docm", ".dotx"):
        raise UnreadableSource(
            name, f"扩展名是 {suffix}，内容却不是 Word 文档，可能已经损坏或者没有下载完整"
        )
    if _head(data).startswith(b"<?xml"):
        raise UnreadableSource(name, "这是 XML 文件，请把正文另存为 .docx 或者 .txt")
    if is_mail(data):
        raise UnreadableSource(name, _SEVERAL.format("邮件", "正文和附件", ".eml"))
    from checker.sources.plain import read_markdown, read_plain

    if suffix in (".md", ".markdown"):
        return read_markdown(data, name)
    source = read_plain(data, name)
    if suffix in _NOT_TEXT:
        note = f"扩展名是 {suffix}，内容却是文本，按文本检查"
        source = replace(source, notes=(*source.notes, note))
    return source
