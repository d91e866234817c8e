"""Bytes to characters: UTF-8 and UTF-16 by mark or by proof, GB18030 where that is what it is.

The bytes of 通知 in GB18030 are valid UTF-8 (two Hebrew letters), and broken UTF-8 often is valid
GB18030 (锟斤拷), so validity is no proof: what was decoded must also look like Chinese writing.
"""

from __future__ import annotations

import codecs
import re

from checker.sources.errors import UnreadableSource

_MARKS = (
    (codecs.BOM_UTF8, "utf-8", "UTF-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le", "UTF-32"),
    (codecs.BOM_UTF32_BE, "utf-32-be", "UTF-32"),
    (codecs.BOM_UTF16_LE, "utf-16-le", "UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16-be", "UTF-16"),
)
_CHINESE = re.compile("[\u2e80-\u2fdf\u3000-\u303f\u3400-\u9fff\uff00-\uffef]")
#: Two-byte UTF-8 (Latin, Greek, Hebrew, Arabic): more of it than Chinese is no Chinese text.
_FOREIGN = re.compile("[\u0080-\u07ff]")
_CONTROL = re.compile("[\x00-\x08\x0e-\x1b\x7f]")
_SAMPLE = 2000


def decode(data: bytes, name: str) -> tuple[str, str]:
    """The characters of a text file, without byte order mark, and the name of its encoding.

    Raises UnreadableSource for bytes that are no text, with the offset of the first bad byte.
    """
    for mark, codec, label in _MARKS:
        if data.startswith(mark):
            return _strict(data[len(mark) :], codec, label, name, len(mark)), label
    if b"\0" in data:
        return _without_mark(data, name), "UTF-16"
    text, bad = _attempt(data, "utf-8")
    if text is not None and not _foreign(text):
        return _printable(text, name), "UTF-8"
    chinese, bad_chinese = _attempt(data, "gb18030")
    if chinese is not None and _simplified(chinese):
        return _printable(chinese, name), "GB18030"
    if text is not None:
        return _printable(text, name), "UTF-8"
    if bad_chinese is None:
        raise UnreadableSource(
            name, f"编码无法识别：第 {bad} 字节起不是 UTF-8，按 GB18030 读出的不是通顺的文字"
        )
    raise UnreadableSource(
        name, f"编码无法识别：第 {bad} 字节起不是 UTF-8，第 {bad_chinese} 字节起不是 GB18030"
    )


def _attempt(data: bytes, codec: str) -> tuple[str | None, int | None]:
    """The text, or the offset (from 0) of the first byte that is wrong in this encoding."""
    try:
        return data.decode(codec), None
    except UnicodeDecodeError as error:
        return None, error.start


def _strict(data: bytes, codec: str, label: str, name: str, offset: int) -> str:
    text, bad = _attempt(data, codec)
    if text is None:
        raise UnreadableSource(
            name, f"文件开头标明 {label} 编码，但第 {offset + (bad or 0)} 字节起不合该编码"
        )
    return _printable(text, name)


def _without_mark(data: bytes, name: str) -> str:
    """UTF-16 whose byte order mark was lost; anything else with zero bytes is no text."""
    for codec in ("utf-16-le", "utf-16-be"):
        text, _ = _attempt(data, codec)
        if text is not None and _simplified(text):
            return _printable(text, name)
    raise UnreadableSource(name, "不是文本文件（内容是二进制数据），请另存为 .docx 或者 .txt")


def _foreign(text: str) -> bool:
    sample = text[:_SAMPLE]
    foreign = len(_FOREIGN.findall(sample))
    return foreign > 0 and foreign > len(_CHINESE.findall(sample))


def _simplified(text: str) -> bool:
    """Whether nearly all of the beginning is ASCII or in GB 2312, as real Chinese texts are."""
    sample = text[:_SAMPLE]
    written = [c for c in sample if c > "\x7f"]
    known = len("".join(written).encode("gb2312", "ignore")) // 2
    return known > 0.8 * len(written) > 0 and not _CONTROL.search(sample)


def _printable(text: str, name: str) -> str:
    """The text, if control characters are no more than stray."""
    found = _CONTROL.findall(text)
    if len(found) > 2 + len(text) // 200:
        raise UnreadableSource(name, f"不是文本文件：含有 {len(found)} 个控制字符")
    return text
