"""Particulars: title, number, issuer, place, days, digest."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
import yaml

from checker.document import Issuer
from checker.identity import level_of
from checker.parsing import parse_file, parse_text
from checker.particulars import area_of, particulars_of
from checker.resources import resource

CASES = yaml.safe_load(
    (Path(__file__).parent / "cases" / "particulars.yaml").read_text(encoding="utf-8")
)


@pytest.mark.parametrize(("text", "effective", "expires", "words"), CASES["validity"])
def test_days_in_force(text: str, effective: date | None, expires: date | None, words: str) -> None:
    said = particulars_of(parse_text(text))
    assert (said.effective, said.expires, said.validity) == (effective, expires, words)


@pytest.mark.parametrize(("organ", "place"), CASES["place"])
def test_place_of_an_organ(organ: str, place: str) -> None:
    assert area_of(Issuer(organ, level_of(organ))) == place


def test_a_whole_document() -> None:
    said = particulars_of(parse_file(resource("examples") / "clean.docx"))
    assert said.title == "东林县人民政府办公室关于印发《东林县农村公共照明设施管护办法》的通知"
    assert (said.number, said.issuer, said.place) == (
        "东政办规〔2024〕9号", "东林县人民政府办公室", "东林县",
    )  # fmt: skip
    assert (said.made, said.effective, said.expires) == (
        date(2024, 10, 18), date(2024, 12, 1), date(2029, 11, 30),
    )  # fmt: skip
    assert said.validity == "有效期五年"


def test_the_same_words_have_the_same_digest_and_others_another() -> None:
    first, spaced, other = (
        particulars_of(parse_text(text)).digest
        for text in ("第一条 收费2元。", "第 一 条  收费２元。\n", "第一条 收费3元。")
    )
    assert first == spaced != other


def test_an_empty_document_says_nothing() -> None:
    said = particulars_of(parse_text("。"))
    assert (said.title, said.number, said.made, said.effective, said.expires) == (
        "", "", None, None, None,
    )  # fmt: skip
