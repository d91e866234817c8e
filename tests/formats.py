"""The same draft in many formats: built as .docx, turned into the others by LibreOffice in few calls."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml
from documents.wordml import NAMES, level, numbering, package, para, run, zipped

from checker.numerals import chinese_number

HERE = Path(__file__).parent
CASES: dict[str, Any] = yaml.safe_load((HERE / "cases" / "formats.yaml").read_text("utf-8"))
#: Format -> how LibreOffice names it and the folder it is written to.
TARGETS = {
    "pdf": "pdf",
    "odt": "odt",
    "rtf": "rtf",
    "xhtml": "html:XHTML Writer File",
    "html": "html:HTML (StarWriter)",
    "txt": "txt:Text (encoded):UTF8",
}
_NOTE = re.compile(r"〔\^(.+?)〕")
_ARTICLE, _CHAPTER = 1, 2


def convert(files: list[Path], folder: Path) -> dict[str, dict[str, Path]]:
    """Each file in each format: name of the file, format, path. One call of LibreOffice a format."""
    soffice = shutil.which("soffice")
    assert soffice is not None
    made: dict[str, dict[str, Path]] = {file.stem: {"docx": file} for file in files}
    for kind, target in TARGETS.items():
        out = folder / kind
        command = [
            soffice, f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless",
            "--convert-to", target, "--outdir", str(out), *map(str, files),
        ]  # fmt: skip
        subprocess.run(command, check=True, capture_output=True, timeout=300)
        for file in files:
            made[file.stem][kind] = out / f"{file.stem}.{target[:4].rstrip(':')}"
    return made


def build(draft: dict[str, Any]) -> bytes:
    """A draft of tests/cases/formats.yaml as a Word file."""
    return _Builder(draft).package()


class _Builder:
    def __init__(self, draft: dict[str, Any]) -> None:
        self.draft = draft
        self.auto = draft["numbers"] == "auto"
        self.notes: list[str] = []
        self.counts = [0, 0, 0, 0]

    def package(self) -> bytes:
        lines = self.draft["text"].splitlines()
        body = "".join(self._blocks(lines[:1] + lines[1:] * self.draft.get("repeat", 1)))
        parts = {"styles": self._styles(), "footer1": self._footer()}
        references = '<w:footerReference w:type="default" r:id="footer1"/>'
        if header := self.draft.get("header"):
            parts["header1"] = f"<w:hdr {NAMES}>{para(header)}</w:hdr>"
            references += '<w:headerReference w:type="default" r:id="header1"/>'
        if self.auto:
            first, second = ("第%1条", "（%2）") if self.draft["articles"] else ("%1、", "（%2）")
            kinds = [("chineseCounting", first), ("chineseCounting", second), ("decimal", "%3.")]
            main = "".join(level(i, kind, pattern) for i, (kind, pattern) in enumerate(kinds))
            parts["numbering"] = numbering(
                main, level(0, "chineseCounting", "第%1章", suffix="space")
            )
        if self.notes:
            parts["footnotes"] = self._footnotes()
        size = (
            '<w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="2098" w:right="1474" w:bottom="1984"'
            ' w:left="1588" w:header="851" w:footer="992" w:gutter="0"/>'
        )
        return _typed(package(f"{body}<w:sectPr>{references}{size}</w:sectPr>", **parts), parts)

    def _styles(self) -> str:
        return (
            f"<w:styles {NAMES}><w:docDefaults><w:rPrDefault><w:rPr>"
            '<w:rFonts w:ascii="Noto Serif CJK SC" w:eastAsia="Noto Serif CJK SC"/>'
            f'<w:sz w:val="{self.draft["size"]}"/></w:rPr></w:rPrDefault></w:docDefaults></w:styles>'
        )

    def _footer(self) -> str:
        page = '<w:fldSimple w:instr=" PAGE "><w:r><w:t>1</w:t></w:r></w:fldSimple>'
        line = para(run("— ") + page + run(" —"), '<w:jc w:val="center"/>')
        return f"<w:ftr {NAMES}>{line}</w:ftr>"

    def _footnotes(self) -> str:
        notes = "".join(
            f'<w:footnote w:id="{i}">{para("<w:r><w:footnoteRef/></w:r>" + run(words))}</w:footnote>'
            for i, words in enumerate(self.notes, 1)
        )
        return f"<w:footnotes {NAMES}>{notes}</w:footnotes>"

    def _blocks(self, lines: list[str]) -> Iterator[str]:
        rows: list[str] = []
        for line in lines:
            if line.startswith("|"):
                cells = "".join(f"<w:tc>{para(cell)}</w:tc>" for cell in line[1:].split("|"))
                rows.append(f"<w:tr>{cells}</w:tr>")
                continue
            if rows:
                yield _table(rows)
                rows = []
            yield self._paragraph(line)
        if rows:
            yield _table(rows) + para("")

    def _paragraph(self, line: str) -> str:
        sign, words = (line[0], line[1:]) if line[0] in "=@>#-+:" else ("", line)
        if sign == "=":
            big = f'<w:sz w:val="{self.draft["size"] + 8}"/>'
            return para(run(words, big), '<w:jc w:val="center"/>')
        if sign in ("@", ">"):
            return para(words, f'<w:jc w:val="{"center" if sign == "@" else "right"}"/>')
        label, number, depth = self._label(sign)
        content = run(label) if label and not self.auto else ""
        at = 0
        for m in _NOTE.finditer(words):
            self.notes.append(m[1])
            mark = f'<w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr><w:footnoteReference w:id="{len(self.notes)}"/></w:r>'
            content += run(words[at : m.start()]) + mark
            at = m.end()
        content += run(words[at:]) if words[at:] else ""
        indent = f'<w:ind w:firstLine="{self.draft["size"] * 20}"/>'
        if label and self.auto:
            counted = f'<w:numPr><w:ilvl w:val="{depth}"/><w:numId w:val="{number}"/></w:numPr>'
            return para(content, counted + indent)
        return para(content, "" if line.endswith("部门：") else indent)

    def _label(self, sign: str) -> tuple[str, int, int]:
        """The typed label, and the list and level that Word counts."""
        articles = self.draft["articles"]
        depth = {"#": 0, "": 1, "-": 2, "+": 3}.get(sign)
        if depth is None or (depth == 1 and not articles):
            return "", 0, 0
        self.counts[depth] += 1
        keep = 2 if depth == 0 and articles else depth + 1
        for i in range(keep, 4):
            self.counts[i] = 0
        count = self.counts[depth]
        cn = chinese_number(count)
        typed = (f"第{cn}章 " if articles else f"{cn}、", f"第{cn}条 ", f"（{cn}）", f"{count}.")[
            depth
        ]
        if depth == 0 and articles:
            return typed, _CHAPTER, 0
        return typed, _ARTICLE, depth - 1 if articles else max(depth - 1, 0)


def _typed(data: bytes, parts: dict[str, str]) -> bytes:
    """The package with the type of each part, without which LibreOffice opens none."""
    kinds = {"document": "document.main"} | {part: part.rstrip("0123456789") for part in parts}
    overrides = "".join(
        f'<Override PartName="/word/{part}.xml" ContentType="application/vnd.openxmlformats-'
        f'officedocument.wordprocessingml.{kind}+xml"/>'
        for part, kind in kinds.items()
    )
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        files: dict[str, str | bytes] = {name: archive.read(name) for name in archive.namelist()}
    files["[Content_Types].xml"] = (
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.'
        f'relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>{overrides}</Types>'
    )
    return zipped(files)


def _table(rows: list[str]) -> str:
    border = "".join(
        f'<w:{side} w:val="single" w:sz="4"/>'
        for side in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    columns = rows[0].count("<w:tc>")
    grid = f'<w:gridCol w:w="{8800 // columns}"/>' * columns
    return (
        f'<w:tbl><w:tblPr><w:tblW w:w="8800" w:type="dxa"/><w:tblBorders>{border}</w:tblBorders>'
        f"</w:tblPr><w:tblGrid>{grid}</w:tblGrid>{''.join(rows)}</w:tbl>"
    )
