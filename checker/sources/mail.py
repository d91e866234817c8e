"""An e-mail (.eml): its body and its attachments as files of their own. Nothing is unpacked."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.errors import (
    CloseBoundaryNotFoundDefect,
    HeaderParseError,
    MultipartInvariantViolationDefect,
    NoBoundaryInMultipartDefect,
    StartBoundaryNotFoundDefect,
)
from email.header import decode_header
from email.message import Message
from email.policy import Compat32
from pathlib import PurePosixPath
from typing import Any

from checker.sources.encoding import decode
from checker.sources.errors import UnreadableSource
from checker.sources.limits import in_force
from checker.sources.zips import plain_name

#: Names of encodings that mean more than they say: what Windows calls GB2312 is GBK.
_WIDER = {"gb2312": "gb18030", "gbk": "gb18030", "x-gbk": "gb18030", "us-ascii": ""}
_LOCKED = ("application/pkcs7-mime", "application/x-pkcs7-mime", "application/pgp-encrypted")
_OPEN_XML = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
#: Suffix of an attachment whose name has none, by what the mail says that it is.
_SUFFIXES = {
    "text/html": ".html",
    "text/plain": ".txt",
    "application/msword": ".doc",
    "application/pdf": ".pdf",
    "application/rtf": ".rtf",
    "application/zip": ".zip",
    _OPEN_XML: ".docx",
}
_BODY = "正文"
#: What a mail that was cut off may have held besides; told as a document that was not read.
_REST = "其余部分.eml"
#: What the parser notes of a mail that ends before all of its parts have.
_CUT = (
    CloseBoundaryNotFoundDefect,
    MultipartInvariantViolationDefect,
    NoBoundaryInMultipartDefect,
    StartBoundaryNotFoundDefect,
)
#: Codecs that are no encodings of texts, and take time without bound.
_NO_TEXT = frozenset(("idna", "punycode", "unicode-escape", "raw-unicode-escape", "undefined"))
#: Header fields about a part are taken apart in time that grows with the square of their length.
_MOST_HEADER = 1 << 16
#: What the parser of mail raises for some of what is damaged.
_FAULTS = (LookupError, ValueError, TypeError, AttributeError, HeaderParseError, RecursionError)


@dataclass(frozen=True, slots=True)
class Mail:
    """The files of an e-mail: their names in its order, those refused with the reason."""

    names: tuple[str, ...]
    refused: tuple[tuple[str, str], ...]
    contents: tuple[tuple[str, bytes], ...]

    def data(self, name: str) -> bytes:
        """The bytes of a file."""
        return dict(self.contents)[name]


class _Policy(Compat32):
    """The usual way of reading mail, within the limit of a header field. Raises UnreadableSource."""

    def __init__(self, name: str, **more: Any) -> None:
        super().__init__(**more)
        self.__dict__["name"] = name

    def header_source_parse(self, sourcelines: list[str]) -> tuple[str, str]:
        if sourcelines[0][:8].lower() == "content-" and sum(map(len, sourcelines)) > _MOST_HEADER:
            name = str(self.__dict__["name"])
            raise UnreadableSource(name, "邮件头部有一项超过 64 KB，可能是恶意文件，未读取")
        return super().header_source_parse(sourcelines)


@dataclass(frozen=True, slots=True)
class _Part:
    """A file of an e-mail, or why it is none."""

    name: str
    data: bytes = b""
    problem: str = ""


def open_mail(data: bytes, name: str) -> Mail:
    """The body and the attachments of an e-mail, each name once. Raises UnreadableSource."""
    limits = in_force()
    if len(data) > limits.bytes:
        raise UnreadableSource(name, f"{limits.beyond('bytes', '邮件')}，未读取")
    found: dict[str, _Part] = {}
    numbers: dict[str, int] = {}
    try:
        message = message_from_bytes(data, policy=_Policy(name))
        for part in _parts(message):
            if len(found) >= limits.entries:
                why = limits.beyond("entries", "邮件的附件", " 个")
                raise UnreadableSource(name, f"{why}，未读取")
            own = _own_name(part.name, found, numbers)
            found[own] = part
        if any(isinstance(defect, _CUT) for part in message.walk() for defect in part.defects):
            found[_REST] = _Part(_REST, problem="邮件不完整，后面可能还有内容没有读到")
    except _FAULTS as fault:
        raise UnreadableSource(name, "邮件已经损坏，无法读出正文和附件") from fault
    refused = tuple((own, part.problem) for own, part in found.items() if part.problem)
    held = tuple((own, part.data) for own, part in found.items() if not part.problem)
    return Mail(tuple(own for own, _ in held), refused, held)


def _own_name(name: str, taken: dict[str, _Part], numbers: dict[str, int]) -> str:
    """The name, with a number where another file has it; ``numbers`` holds the last for each name."""
    path, own = PurePosixPath(name), name
    while own in taken:
        numbers[name] = numbers.get(name, 1) + 1
        own = f"{path.stem}（{numbers[name]}）{path.suffix}"
    return own


def _parts(message: Message) -> Iterator[_Part]:
    """The files of a message, in its order; of several wordings of one text one."""
    kind = message.get_content_type()
    if kind in _LOCKED:
        yield _Part(_file_name(message) or "smime.p7m", problem="邮件内容已加密，未读取")
    elif kind == "message/rfc822":
        yield _enclosed(message)
    elif kind == "multipart/alternative":
        yield from _alternative(message)
    elif message.is_multipart():
        for inner in message.get_payload():
            if isinstance(inner, Message):
                yield from _parts(inner)
    else:
        yield from _leaf(message, kind)


def _alternative(message: Message) -> Iterator[_Part]:
    """Plain text where it says anything, else the first wording that does."""
    wordings = [
        list(_parts(inner)) for inner in message.get_payload() if isinstance(inner, Message)
    ]
    plain = [parts for parts in wordings if any(p.name == f"{_BODY}.txt" for p in parts)]
    chosen = next(filter(None, [*plain, *wordings]), [])
    yield from chosen
    for parts in wordings:  # a file beside the text is no other wording of it
        if parts is not chosen:
            yield from (p for p in parts if not p.name.startswith(_BODY))


def _leaf(message: Message, kind: str) -> Iterator[_Part]:
    name = _file_name(message)
    payload = message.get_payload(decode=True)
    data = payload if isinstance(payload, bytes) else b""
    attached = message.get_content_disposition() == "attachment"
    if kind in ("text/plain", "text/html") and not name and not attached:
        text = _text(message, data)
        if text.strip():
            yield _Part(f"{_BODY}{_SUFFIXES[kind]}", codecs.BOM_UTF8 + text.encode())
    elif name.lower() == "winmail.dat":
        yield _Part(name, problem="这是 Outlook 专用格式的附件，未读取，请用 Outlook 打开后另存")
    elif name or attached:
        name = name or "附件"
        yield _Part(name if PurePosixPath(name).suffix else name + _SUFFIXES.get(kind, ""), data)


def _enclosed(message: Message) -> _Part:
    """A forwarded message, as a file of its own."""
    payload = message.get_payload()
    inner = payload[0] if isinstance(payload, list) and payload else None
    name = _file_name(message) or "转发的邮件"
    name = name if name.lower().endswith(".eml") else f"{name}.eml"
    if not isinstance(inner, Message):
        return _Part(name, problem="转发的邮件已经损坏，未读取")
    return _Part(name, inner.as_bytes())


def _text(message: Message, data: bytes) -> str:
    """The characters of a text, by the encoding that the mail names or else by what they are."""
    named = str(message.get_content_charset() or "")
    named = _WIDER.get(named.lower(), named)
    if named:
        try:
            return _characters(data, named).encode("utf-8", "replace").decode()
        except (LookupError, ValueError):
            pass
    try:
        return decode(data, "")[0] if data else ""
    except UnreadableSource:
        return data.decode("utf-8", "replace")


def _characters(data: bytes, encoding: str) -> str:
    """Raises LookupError for what is no encoding of texts, ValueError for bytes that are none."""
    if codecs.lookup(encoding).name.replace("_", "-") in _NO_TEXT:
        raise LookupError(encoding)
    return data.decode(encoding)


def _file_name(message: Message) -> str:
    """The name of an attachment without folders, whichever way it is written; empty where it has none."""
    for field in ("content-disposition", "content-type"):
        raw = next((str(v) for k, v in message.raw_items() if k.lower() == field), "")
        written = raw.encode("ascii", "surrogateescape") if raw.isascii() else _raw_bytes(raw)
        if not written.isascii():
            message.replace_header(field, _guessed(written))
    name = _decoded(message.get_filename() or "").replace("\\", "/").rsplit("/", 1)[-1]
    return plain_name(" ".join(name.split())) if name.strip(". ") else ""


def _raw_bytes(value: str) -> bytes:
    return value.encode("utf-8", "surrogateescape")


def _guessed(data: bytes) -> str:
    """Characters of bytes without a named encoding: UTF-8, else the Chinese one."""
    try:
        return data.decode()
    except UnicodeDecodeError:
        return data.decode("gb18030", "replace")


def _decoded(name: str) -> str:
    """A name with its encoded words (RFC 2047) read; other names as they are."""
    if "=?" not in name:
        return name
    out = []
    for words, charset in decode_header(name):
        if isinstance(words, str):
            out.append(words)
            continue
        named = _WIDER.get((charset or "").lower(), charset or "")
        try:
            out.append(_characters(words, named) if named else _guessed(words))
        except (LookupError, ValueError):
            out.append(_guessed(words))
    return "".join(out)
