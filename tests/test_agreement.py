"""Agreement: each case is a draft and one paper; what disagrees, as the reader sees it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from checker.agreement import disagreements, effective_day, lifetime
from checker.dossier import Dossier
from checker.materials import DRAFT, Likeness, Material, load_vocabulary, read_material
from checker.parsing import parse_text
from checker.subject import ABOUT

CASES = yaml.load(
    (Path(__file__).parent / "cases" / "agreement.yaml").read_text(encoding="utf-8"),
    yaml.BaseLoader,
)


def dossier(draft: str, papers: dict[str, str]) -> Dossier:
    """A dossier of a draft and papers by role."""
    materials = [Material(DRAFT, "草案", text=draft)]
    for role, text in papers.items():
        kind = load_vocabulary().kind(role)
        materials.append(
            read_material(role, text, Likeness(kind, 9, ()))
            if kind
            else Material(role, role, text=text)
        )
    return Dossier("卷宗", parse_text(draft), tuple(materials))


@pytest.mark.parametrize("case", CASES["cases"], ids=lambda case: case["name"])
def test_case(case: dict[str, object]) -> None:
    draft = str(case.get("draft", CASES["draft"]))
    made = dossier(draft, case["papers"])  # type: ignore[arg-type]
    found = [f"{d.about}：{d.stated} ≠ {d.actual}" for a in ABOUT for d in disagreements(made, a)]
    assert found == case["expect"]


def test_every_kind_has_a_case() -> None:
    fired = {line.split("：")[0] for case in CASES["cases"] for line in case["expect"]}
    assert fired == {*ABOUT}


def test_nothing_without_a_draft() -> None:
    assert not any(disagreements(Dossier("卷宗", None, ()), about) for about in ABOUT)


@settings(max_examples=60)
@given(
    st.text(
        alphabet="《》第一二三条章共意见采纳有效期至自2024年3月1日起施行。\n，：会议", max_size=80
    )
)
def test_any_paper_can_be_read(text: str) -> None:
    made = dossier(CASES["draft"], {"起草说明": text, "意见采纳情况": text, "合法性审核意见": text})
    for about in ABOUT:
        disagreements(made, about)


@pytest.mark.parametrize(
    ("text", "years", "last"),
    [
        ("有效期5年", 5, None),
        ("有效期为三年", 3, None),
        ("有效期自2024年7月1日起，共5年", 5, None),
        ("有效期至2026年9月30日", 0, date(2026, 9, 30)),
        ("自2024年7月1日起施行，至2026年6月30日止", 0, date(2026, 6, 30)),
        ("自公布之日起施行", 0, None),
    ],
)
def test_lifetime(text: str, years: int, last: date | None) -> None:
    assert lifetime(text) == (years, last)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("本办法自2024年7月1日起施行。", date(2024, 7, 1)),
        ("《某条例》自2020年1月1日起施行。", None),
        ("自公布之日起施行。", None),
    ],
)
def test_effective_day(text: str, day: date | None) -> None:
    assert effective_day(text) == day
