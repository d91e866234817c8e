"""Wording: provisions in their own words, and citations that those words contradict."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from checker import Checker
from checker.bases import find_base_problems
from checker.findings import Basis
from checker.lawstore import LawStore, LawStoreError, LawWriter
from checker.lawtexts import read_law
from checker.parsing import parse_text
from checker.wording import places_of, worded

DAY = date(2025, 1, 1)
CASES: dict[str, Any] = yaml.safe_load(
    (Path(__file__).parent / "cases" / "wording.yaml").read_text(encoding="utf-8")
)
#: The register counts 27 articles: a last one makes the invented law whole.
WHOLE = CASES["law"] + "\n第二十七条 末。\n"


def write(path: Path, text: str, file: str) -> Path:
    with LawWriter(path) as writer:
        writer.put(read_law(parse_text(text, file), file))
    return path


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("库") / "a.sqlite", WHOLE, "条例_20240606.txt")


@pytest.fixture
def store(path: Path) -> LawStore:
    return LawStore(path)


@pytest.mark.parametrize("case", CASES["cases"], ids=lambda case: case["text"])
def test_what_the_words_of_the_law_tell_of_a_citation(
    case: dict[str, Any], store: LawStore
) -> None:
    document = parse_text(f"东林县渡口通知\n\n一、{case['text']}\n")
    found = [
        i for i in find_base_problems(document, DAY, store) if i.kind in ("no_item", "renumbered")
    ]
    assert [i.kind for i in found] == case["kinds"]
    for problem in found:
        assert case.get("told", "") in problem.detail
        assert case.get("doubt", "") in problem.doubt
        assert bool(problem.doubt) == (problem.kind == "renumbered" or "doubt" in case)
    without = find_base_problems(document, DAY)
    assert not {"no_item", "renumbered"} & {i.kind for i in without}, "only a store can tell"


def test_a_text_that_is_not_whole_or_not_in_force_accuses_nobody(tmp_path: Path) -> None:
    document = parse_text("东林县渡口通知\n\n一、依照《公平竞争审查条例》第一条第三款办理。\n")
    part = LawStore(write(tmp_path / "a", CASES["law"], "条例_20240606.txt"))
    (problem,) = find_base_problems(document, DAY, part)
    assert "可能不完整" in problem.doubt
    older = LawStore(write(tmp_path / "b", WHOLE, "条例_20200101.txt"))
    assert find_base_problems(document, DAY, older) == ()


@pytest.mark.parametrize(
    "at, addresses",
    [
        ("第三条", ["第三条"]),
        ("第八十条第二款、第八十二条第六款", ["第八十条第二款", "第八十二条第六款"]),
        ("第六条第一项、第四项", ["第六条第一项", "第六条第四项"]),
        ("第一百二十条之一", ["第一百二十条之一"]),
        ("三（三）2", []),
        ("附则", []),
        ("", []),
    ],
)
def test_the_places_of_a_basis(at: str, addresses: list[str]) -> None:
    assert [place.address for place in places_of(at)] == addresses


def test_a_basis_gets_its_words_and_says_of_which_text(store: LawStore, tmp_path: Path) -> None:
    basis = Basis("公平竞争审查条例", "第一条第二款")
    got = worded(basis, store, DAY)
    assert (got.words, got.words_from) == ("过河的人坐稳。", "2024-06-06公布的文本")
    assert str(got) == str(basis)
    later = replace(basis, start=date(2024, 8, 1))
    assert worded(later, store, date(2020, 1, 1)).words == "过河的人坐稳。"
    assert worded(basis, store, date(2020, 1, 1)) == basis, "not yet made on that day"
    older = LawStore(write(tmp_path / "b", WHOLE, "条例_20200101.txt"))
    assert worded(basis, older, DAY).words_from == "2020-01-01公布的文本，不是当日有效的文本"
    for unknown in (Basis("公平竞争审查条例", "第九条"), Basis("没有这部法", "第一条")):
        assert worded(unknown, store, DAY) == unknown


DRAFT = """东林县人民政府关于渡口的通知

一、外地船舶应当在本县设立独立法人，方可在本县经营。

二、依照《公平竞争审查条例》第一条第三款办理。

东林县人民政府
2025年1月1日
"""


def test_findings_quote_their_bases_and_nothing_else_changes(path: Path) -> None:
    plain = Checker().check_text(DRAFT)
    quoted = Checker(statutes=path).check_text(DRAFT)
    (added,) = {f.fingerprint for f in quoted.findings} - {f.fingerprint for f in plain.findings}
    same = [f for f in quoted.findings if f.fingerprint != added]

    def bare(basis: tuple[Basis, ...]) -> tuple[Basis, ...]:
        return tuple(replace(b, words="", words_from="") for b in basis)

    assert [replace(f, basis=bare(f.basis)) for f in same] == list(plain.findings)
    assert not any(b.words for f in plain.findings for b in f.basis) and plain.texts == ""
    assert quoted.texts.startswith("1 个文本 ")
    assert quoted.to_json() == Checker(statutes=str(path)).check_text(DRAFT).to_json()


def test_a_finding_on_a_citation_shows_what_the_cited_article_says(tmp_path: Path) -> None:
    path = write(tmp_path / "a", WHOLE, "条例_20240606.txt")
    text = DRAFT.replace("第一条第三款", "第四条的规定，船夫每天清早检查缆绳和船板，再")
    (finding,) = Checker(statutes=path, select=["CIT-015"]).check_text(text).findings
    assert (finding.severity.value, finding.quote) == ("info", "《公平竞争审查条例》第四条")
    (cited,) = finding.cited
    assert cited.words.startswith("船夫开船以前点清人数") and cited.at == "第四条"


def test_a_store_travels_to_other_processes(path: Path, tmp_path: Path) -> None:
    for name in ("甲.txt", "乙.txt"):
        (tmp_path / name).write_text(DRAFT, encoding="utf-8")
    checker = Checker(statutes=path)
    one, two = ([r.to_json() for r in checker.check_folder(tmp_path, jobs)] for jobs in (1, 2))
    assert one == two and "words" in one[0]


def test_a_missing_store_is_refused(tmp_path: Path) -> None:
    with pytest.raises(LawStoreError, match="没有这个法规原文库"):
        Checker(statutes=tmp_path / "没有")
