"""Words and names that would act where they are shown: in no format do they."""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import replace
from datetime import date
from pathlib import Path
from urllib.parse import unquote

import openpyxl
import pytest
import yaml
from documents.wordml import package, para
from lxml import etree, html

from checker.findings import Finding, Severity, Waiver
from checker.render.forms import filled, template_of
from checker.render.output import FORMATS
from checker.render.text import file_name, spelled, visible
from checker.render.word import remark_lines
from checker.render.workbook import begins_formula
from checker.report import Report
from checker.sources import read_bytes
from checker.word.annotation import Remark, annotate

WORDS: list[str] = yaml.safe_load(
    (Path(__file__).parent / "cases" / "hostile_words.yaml").read_text(encoding="utf-8")
)
#: Half of a character, which YAML cannot write: bytes of a name that are no UTF-8 look so.
WORDS += ["甲\udcff乙", "甲\ud800乙"]
#: What no output that a person may look at in a terminal holds.
ACTIVE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]"
)
TEXTUAL = [name for name, form in FORMATS.items() if not form.binary]


def report_of(word: str) -> Report:
    """A report that says the word everywhere."""
    text = f"{word}应当缴存保证金"
    waiver = Waiver("waived", word, word, word, date(2030, 1, 1))
    finding = Finding(
        "FEE-003", word, "FEE", Severity.ERROR, 0, len(word), word, word, word, word,
        clause=text, fingerprint="0" * 16, softened=word, also=("FEE-001",),
    )  # fmt: skip
    return Report(
        word, (finding,), waived=(replace(finding, waiver=waiver),), notes=(word,), gaps=(word,),
        as_of=date(2024, 1, 1), as_of_from="指定", profile="p", ruleset="r",
    )  # fmt: skip


REPORTS = [report_of(word) for word in WORDS]


@pytest.mark.parametrize("form", TEXTUAL)
def test_nothing_that_a_terminal_obeys_is_in_any_text(form: str, write) -> None:
    unread = [replace(report, findings=(), error=report.name) for report in REPORTS]
    written = write(form, *REPORTS, *unread)
    found = ACTIVE.search(written)
    assert not found, written[max(found.start() - 40, 0) : found.end() + 40]
    written.encode()


def test_json_and_gitlab_give_back_the_very_name(write) -> None:
    for report in REPORTS:
        (read,) = json.loads(write("json", report))["reports"]
        assert read["name"] == report.name
        assert read["findings"][0]["quote"] == report.findings[0].quote
        assert {i["location"]["path"] for i in json.loads(write("gitlab", report))} == {report.name}


def test_names_in_sarif_are_relative_uris(write) -> None:
    (run,) = json.loads(write("sarif", *REPORTS))["runs"]
    for artifact, report in zip(run["artifacts"], REPORTS, strict=True):
        uri = artifact["location"]["uri"]
        assert re.fullmatch(r"(?:[A-Za-z0-9/._~-]|%[0-9A-F]{2})*", uri), uri
        whole = unquote(uri, errors="surrogateescape")
        assert whole == report.name or "\ud800" in report.name


def test_every_xml_is_well_formed_and_holds_no_markup_of_a_document(write) -> None:
    suites = [report_of("甲"), *REPORTS]
    shapes = set()
    for report in suites:
        root = etree.fromstring(write("junit", report).encode())
        shapes.add(tuple(node.tag for node in root.iter() if isinstance(node.tag, str)))
    assert len(shapes) == 1


def test_no_html_holds_markup_of_a_document(write) -> None:
    shapes = set()
    for report in [report_of("甲"), *REPORTS]:
        page = html.document_fromstring(write("html", report))
        shapes.add(tuple(node.tag for node in page.iter() if isinstance(node.tag, str)))
        assert not page.xpath("//@*[starts-with(name(), 'on')]")
        assert all(link.startswith("#") for link in page.xpath("//@href"))
    assert len(shapes) == 1


def test_no_cell_is_a_formula(write) -> None:
    for report in REPORTS:
        for row in csv.reader(io.StringIO(write("csv", report).lstrip("\ufeff"), newline="")):
            assert not any(map(begins_formula, row)), row
        book = openpyxl.load_workbook(io.BytesIO(write("xlsx", report)))
        for cell in (cell for sheet in book for row in sheet for cell in row):
            assert cell.data_type != "f"
            assert cell.quotePrefix or not begins_formula(str(cell.value or ""))


def test_annotations_of_github_are_one_line_each_with_properties_of_our_own(write) -> None:
    for report in REPORTS:
        *commands, closing = write("github", report).split("\n")[:-1]
        assert closing.startswith("检查 ")
        assert len(commands) == len(report.findings) + len(report.gaps)
        for command in commands:
            m = re.fullmatch(r"::(error|warning|notice) ([^:]*)::(.*)", command)
            assert m, command
            keys = [pair.partition("=")[0] for pair in m[2].split(",")]
            assert set(keys) <= {"file", "title", "line", "endLine"} and len({*keys}) == len(keys)
            assert not re.search("%(?!25|3A|2C)", command)


def test_word_comments_hold_every_word() -> None:
    data = package(para("第一条 经营者应当缴存保证金。"))
    source = read_bytes(data, "a.docx")
    said = [tuple(remark_lines(report.findings[0])) for report in REPORTS]
    copy = annotate(data, source, [Remark(0, 3, lines) for lines in said])
    assert read_bytes(copy, "a.docx").text == source.text


def test_papers_hold_every_word() -> None:
    findings = tuple(finding for report in REPORTS for finding in report.findings)
    notes = tuple(WORDS)
    for name in ("甲\ufffe\x1b.docx", "甲\udcff.docx"):
        whole = replace(REPORTS[0], name=name, findings=findings, notes=notes, gaps=notes)
        paper = read_bytes(filled(whole, *template_of("opinion")), "a.docx")
        assert paper.text


def test_nothing_acts_once_it_is_made_visible() -> None:
    for report in REPORTS:
        assert not ACTIVE.search(visible(report.name))
        assert not ACTIVE.search(spelled(report.name))
        assert spelled(file_name(report.name)) == file_name(report.name)


def test_a_name_shows_what_is_not_seen() -> None:
    assert file_name("附件\u202etxt\u200b.exe\n") == "附件<U+202E>txt<U+200B>.exe<U+000A>"
    assert len({file_name(word) for word in WORDS}) == len(set(WORDS))


def test_messages_of_commands_do_not_obey_a_name(run, tmp_path: Path) -> None:
    folder = tmp_path / "夹\x1b[31m\u202e"
    folder.mkdir()
    (folder / "坏\x9b2J.docx").write_bytes(b"PK\x03\x04broken")
    for args in (
        ("check", folder),
        ("check", folder / "坏\x9b2J.docx"),
        ("check", folder / "无\x1b[1m.txt"),
        ("parse", folder / "坏\x9b2J.docx"),
        ("annotate", folder / "坏\x9b2J.docx", "-o", folder / "b.docx"),
        ("baseline", "write", folder, "-o", tmp_path / "b\x1b.json"),
        ("cite", folder / "坏\x9b2J.docx"),
        ("sweep", folder),
        ("diff", folder / "坏\x9b2J.docx", folder / "坏\x9b2J.docx"),
        ("why", "FEE-003", folder / "坏\x9b2J.docx"),
        ("no\x1bsuch", "x"),
    ):
        ran = run(*args)
        assert ran.code
        assert ran.out + ran.err
        assert not ACTIVE.search(ran.out + ran.err), args
