"""The zip container of a .docx: opened within limits, its XML parsed without reaching outside."""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from typing import Any

from checker.sources.errors import UnreadableSource
from checker.sources.limits import MAX_TEXT_NODE_BYTES, MAX_XML_DEPTH, RATIO_FREE_BYTES, in_force

_CHUNK = 1 << 16
#: Methods of which an entry inflates no further than it is asked to; no document needs another.
METHODS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
#: What an XML part may be written in; in others ``<`` would be another byte, and not be counted.
_CODECS = frozenset((b"utf-8", b"utf-16", b"utf-16le", b"utf-16be", b"us-ascii", b"ascii",
    b"gb2312", b"gbk", b"gb18030", b"iso-8859-1"))  # fmt: skip
_CODEC = re.compile(rb"""<\?xml\s[^>]{0,100}?encoding\s*=\s*["']([^"'>]{0,40})""", re.IGNORECASE)
_EBCDIC = b"\x4c\x6f\xa7\x94"
_FAULTS = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    NotImplementedError,
    OSError,
    RuntimeError,
    ValueError,
    struct.error,
)
#: Strict Open XML uses other names for the same words; the usual name stands second.
STRICT = (
    (
        b"http://purl.oclc.org/ooxml/wordprocessingml/main",
        b"http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    ),
    (
        b"http://purl.oclc.org/ooxml/officeDocument/relationships",
        b"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    ),
)


def holds(data: bytes, part: str) -> bool:
    """Whether a zip has an entry of this name, whatever its case; one that is damaged has none."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as opened:
            return any(key(entry.filename) == part for entry in opened.infolist())
    except _FAULTS:
        return False


class Archive:
    """The parts of one container by name, whatever their case; every fault is UnreadableSource."""

    def __init__(self, data: bytes, name: str) -> None:
        self.name = name
        #: Whether a part parsed so far used the names of Strict Open XML.
        self.strict = False
        self._limits = in_force()
        self._inflated = self._elements = 0
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
            entries = self._zip.infolist()
        except _FAULTS as error:
            raise UnreadableSource(name, "文件已损坏：压缩容器不完整，可能没有下载完") from error
        if len(entries) > self._limits.entries:
            raise self._beyond("entries", "文件内部条目", " 个")
        self._entries: dict[str, zipfile.ZipInfo] = {}
        for entry in entries:
            if entry.filename.endswith("/"):
                continue
            part = key(entry.filename)
            if part in self._entries:
                raise UnreadableSource(name, f"文件内部有重名条目“{entry.filename}”，未读取")
            if entry.flag_bits & 1:
                raise UnreadableSource(name, "文件内部条目已加密，请取消密码后再检查")
            if entry.compress_type not in METHODS:
                why = f"条目“{entry.filename}”用了少见的压缩方法，未读取，请重新保存后再检查"
                raise UnreadableSource(name, f"文件内部{why}")
            self._entries[part] = entry

    def __contains__(self, part: str) -> bool:
        return key(part) in self._entries

    @property
    def entries(self) -> tuple[zipfile.ZipInfo, ...]:
        """The parts as the container lists them, in its order."""
        return tuple(self._entries.values())

    @property
    def macros(self) -> bool:
        """Whether the container holds programs; none is ever run."""
        return any(part.endswith("vbaproject.bin") or part.startswith(("basic/", "scripts/"))
                   for part in self._entries)  # fmt: skip

    def read(self, part: str) -> bytes:
        """The inflated bytes of a part, counted while they are read. Raises UnreadableSource."""
        entry = self._entries.get(key(part))
        if entry is None:
            raise UnreadableSource(self.name, f"文件不完整：里面没有 {part}")
        out = bytearray()
        try:
            with self._zip.open(entry) as file:
                while chunk := file.read(_CHUNK):
                    out += chunk
                    self._inflated += len(chunk)
                    self._check(part, len(out), entry.compress_size)
        except _FAULTS as error:
            raise UnreadableSource(self.name, f"文件已损坏：{part} 无法解压") from error
        return bytes(out)

    def _check(self, part: str, size: int, packed: int) -> None:
        if size > self._limits.part:
            raise self._beyond("part", f"{part} 解压后")
        if self._inflated > self._limits.inflated:
            raise self._beyond("inflated", "文件解压后合计")
        if size > RATIO_FREE_BYTES and size > self._limits.ratio * max(packed, 1):
            raise self._beyond("ratio", f"{part} 疑似压缩炸弹，压缩比", ":1")

    def _beyond(self, key: str, what: str, unit: str = "") -> UnreadableSource:
        return UnreadableSource(self.name, f"{self._limits.beyond(key, what, unit)}，未读取")

    def root(self, part: str) -> Any:
        """Root element of an XML part (lxml): no entities, no network, limited elements."""
        from lxml import etree

        data = self.read(part)
        if not _countable(data):
            raise UnreadableSource(self.name, f"{part} 的编码不是 UTF-8、UTF-16，未读取")
        for strict, usual in STRICT:
            if strict in data:
                self.strict = True
                data = data.replace(strict, usual)
        self._elements += data.count(b"<") - data.count(b"</")
        if self._elements > self._limits.elements:
            raise self._beyond("elements", "文件的 XML 元素", " 个")
        parser = etree.XMLParser(
            resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
        )
        try:
            root = etree.fromstring(data, parser)
        except (etree.XMLSyntaxError, ValueError) as error:
            if getattr(error, "code", 0) == etree.ErrorTypes.ERR_NO_MEMORY:
                raise MemoryError(part) from error
            if "Excessive depth" in str(error):
                raise self._beyond("depth", f"{part} 的 XML 嵌套", " 层") from error
            raise UnreadableSource(self.name, _xml_fault(part, str(error))) from error
        if root.getroottree().docinfo.doctype:
            raise UnreadableSource(self.name, f"{part} 带有 DTD 声明，出于安全考虑未读取")
        depth = self._limits.depth
        if depth < MAX_XML_DEPTH and root.xpath("boolean(" + "/*" * (depth + 1) + ")"):
            raise self._beyond("depth", f"{part} 的 XML 嵌套", " 层")
        return root


def _countable(data: bytes) -> bool:
    """Whether XML is written so that its elements can be counted before it is parsed."""
    said = _CODEC.search(data[:1024].replace(b"\0", b""))
    return not data.startswith(_EBCDIC) and (said is None or said[1].lower() in _CODECS)


def _xml_fault(part: str, message: str) -> str:
    if "amplification" in message or "Detected an entity reference loop" in message:
        return f"{part} 带有 DTD 声明，其中的实体层层展开，出于安全考虑未读取"
    if "huge text node" in message or "Text node too long" in message:
        return f"{part} 中有一段连续文字超过 {MAX_TEXT_NODE_BYTES:,} 字节的上限，未读取"
    return f"{part} 不是完好的 XML，文件可能已经损坏（{message}）"


def key(part: str) -> str:
    """The name under which a part is found: one spelling of separators and case."""
    return part.replace("\\", "/").lstrip("/").lower()
