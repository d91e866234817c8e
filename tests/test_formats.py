"""The same draft as .docx, .pdf, .ofd, .odt, .rtf, .html and .txt gives the same findings at the same places."""

from __future__ import annotations

import shutil
from collections import Counter
from pathlib import Path

import pytest
from documents.ofd import printed
from formats import CASES, TARGETS, build, convert

from checker.api import Checker
from checker.report import Report
from checker.sources import read_path

EXAMPLES = Path(__file__).parents[1] / "examples"
DRAFTS = ["faulty", "clean", *(draft["name"] for draft in CASES["drafts"])]
PAIRS = [(name, kind) for name in DRAFTS for kind in (*TARGETS, "ofd")]
FORM = ("FMT-", "VAL-")

pytestmark = pytest.mark.skipif(
    shutil.which("soffice") is None, reason="没有 LibreOffice（soffice），各种格式未能比较"
)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Path]]:
    """Each draft in each format."""
    folder = tmp_path_factory.mktemp("formats")
    files = [Path(shutil.copy(EXAMPLES / f"{name}.docx", folder)) for name in ("faulty", "clean")]
    for draft in CASES["drafts"]:
        files.append(folder / f"{draft['name']}.docx")
        files[-1].write_bytes(build(draft))
    made = convert(files, folder)
    for name, paths in made.items():
        paths["ofd"] = folder / f"{name}.ofd"
        paths["ofd"].write_bytes(printed(paths["pdf"].read_bytes()))
    return made


@pytest.fixture(scope="module")
def reports(made: dict[str, dict[str, Path]]) -> dict[tuple[str, str], Report]:
    """The report of each draft in each format."""
    checker = Checker()
    return {
        (name, kind): checker.check_file(path)
        for name, paths in made.items()
        for kind, path in paths.items()
    }


def _found(report: Report) -> Counter[tuple[str, str, str]]:
    return Counter((f.rule, f.address, "".join(f.quote.split())) for f in report.findings)


def _words(report: Report, shown: dict[str, str]) -> set[tuple[str, str]]:
    """Rules and words without places, without rules about form; words read as ``shown`` says."""
    found = {(rule, quote) for rule, _, quote in _found(report) if not rule.startswith(FORM)}
    for words, meant in shown.items():
        found = {(rule, quote.replace(words, meant)) for rule, quote in found}
    return found


@pytest.mark.parametrize(("name", "kind"), PAIRS)
def test_same_findings_at_the_same_places(
    reports: dict[tuple[str, str], Report], name: str, kind: str
) -> None:
    original, other = reports[name, "docx"], reports[name, kind]
    assert not other.error and not other.gaps
    as_made = "pdf" if kind == "ofd" else kind  # what LibreOffice printed
    explained = [d for d in CASES["differences"] if name in d["drafts"] and as_made in d["formats"]]
    if not explained:
        assert _found(other) == _found(original)
        return
    assert _found(other) != _found(original), "the difference is gone: take it out of formats.yaml"
    shown = {words: meant for d in explained for words, meant in d.get("shown", {}).items()}
    assert _words(other, shown) == _words(original, {})


def test_drafts_are_no_empty_comparison(reports: dict[tuple[str, str], Report]) -> None:
    """Most drafts have findings in articles, items, tables; or the test would show nothing."""
    addresses = [f.address for name in DRAFTS for f in reports[name, "docx"].findings]
    assert len(addresses) > 90
    for part in ("第三十一条", "二、（二）3.", "表格第"):
        assert any(part in address for address in addresses), part


def test_notes_and_headers_are_read_in_every_format(made: dict[str, dict[str, Path]]) -> None:
    for kind, path in made["物业规定"].items():
        source = read_path(path)
        kinds = Counter(region.kind for region in source.regions)
        if kind == "txt":
            assert not kinds
            continue
        assert kinds["footnote"] == 6, kind
        assert source.text.count("保证金专户存储。") == 3, kind
        assert "— 1 —" not in source.text, kind
        if kind != "xhtml":  # this filter of LibreOffice writes no headers
            assert kinds["header"] == 1, kind
            assert source.text.count("东林县住房和城乡建设局\n") == 1, kind


def test_pages_are_known(
    made: dict[str, dict[str, Path]], reports: dict[tuple[str, str], Report]
) -> None:
    source = read_path(made["物业规定"]["pdf"])
    last_page = max(run.part for run in source.runs)
    assert last_page > "page/2"
    first, last = source.text.index("第一条"), source.text.index("第三十二条")
    assert source.page_at(first) == 1 and f"page/{source.page_at(last)}" == last_page
    (finding,) = (
        f
        for f in reports["物业规定", "pdf"].findings
        if (f.rule, f.address) == ("MKT-009", "第六条")
    )
    assert finding.page == source.page_at(finding.start) > 0
    assert finding.place == f"第六条（第 {finding.page} 页）"
    assert not any(f.page for f in reports["物业规定", "docx"].findings)
