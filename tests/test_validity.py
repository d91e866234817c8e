"""Validity: what a document says of itself, the arithmetic of terms, and what places ask (cases/validity.yaml)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any, get_args

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from checker import Checker
from checker.compilation import compile_ruleset
from checker.document import Document
from checker.faults import DeclarationError
from checker.parsing import parse_text
from checker.places import Place, place_of, places
from checker.rules import Validity
from checker.validity import (
    _EFFECT,
    _SAYS,
    _TERM,
    KINDS,
    find_validity_problems,
    last_day,
    read_validity,
)

CASES = yaml.safe_load((Path(__file__).parent / "cases/validity.yaml").read_text("utf-8"))
DAYS = st.dates(date(1990, 1, 1), date(2090, 12, 31))


def document(case: dict[str, Any]) -> Document:
    """A document of three articles that closes with the words of a case."""
    title = case.get("title", "停车管理办法")
    text = (
        f"{title}\n第一条 禁止占道。\n第二条 按位停放。\n第三条 {case['text']}\n某局\n2024年5月1日"
    )
    return replace(parse_text(text), place=case.get("place", ""))


@pytest.mark.parametrize("case", CASES["facts"], ids=lambda case: case["text"])
def test_what_a_text_says_of_itself(case: dict[str, Any]) -> None:
    made = document(case)
    (own,) = read_validity(made)
    assert own.start == case.get("effective")
    assert own.expiry == case.get("expiry")
    assert (own.term.months if own.term else None) == case.get("term", 0 if own.expiry else None)
    for found in filter(None, (own.effect, own.term)):
        assert made.source.text[found.span.start : found.span.end].strip("，。") in case["text"]


@pytest.mark.parametrize(
    "case", CASES["problems"], ids=lambda case: f"{case['place']}:{case['as_of']}:{case['text']}"
)
def test_problems(case: dict[str, Any]) -> None:
    made = document(case)
    found = {p.kind: p for p in find_validity_problems(made, place_of(made), case["as_of"])}
    assert set(found) == set(case["problems"])
    for kind, detail in case["problems"].items():
        assert detail in found[kind].detail
        assert bool(found[kind].doubt) == (kind in case.get("hint", ()))


def test_every_kind_is_made() -> None:
    made = {kind for case in CASES["problems"] for kind in case["problems"]}
    assert made | {"effective_contradictory"} == set(KINDS) == set(get_args(Validity))


def test_a_notice_and_its_text_that_disagree() -> None:
    def kinds(notice: str, text: str) -> list[str]:
        made = parse_text(
            "东林县人民政府关于印发东林县停车办法的通知\n各乡镇人民政府：\n"
            f"现将《东林县停车办法》印发给你们。本通知{notice}。\n东林县人民政府\n2024年5月1日\n"
            f"东林县停车办法\n第一条 禁止占道。\n第二条 本办法{text}。"
        )
        return [p.kind for p in find_validity_problems(made, None, date(2024, 5, 1))]

    assert kinds("自2024年6月1日起施行", "自2024年7月1日起施行") == ["effective_contradictory"]
    assert kinds("自2024年6月1日起施行", "自2024年6月1日起施行") == []
    assert kinds("自印发之日起施行", "自2024年7月1日起施行") == []


def test_a_fragment_lacks_nothing() -> None:
    made = replace(
        parse_text("停车管理办法（节选）\n第三条 本办法自2024年7月1日起施行。"), place="山东"
    )
    assert not find_validity_problems(made, place_of(made), date(2024, 5, 1))


@given(DAYS, st.integers(1, 1200))
def test_terms_follow_one_another(start: date, months: int) -> None:
    end = last_day(start, months)
    following = end + timedelta(days=1)
    assert (following.year * 12 + following.month) - (start.year * 12 + start.month) in (
        months,
        months + 1,
    )
    assert following.day == start.day or (following.day == 1 and start.day > 28)


@given(DAYS, st.integers(1, 50))
def test_years_end_the_day_before_the_same_day(start: date, years: int) -> None:
    try:
        same = start.replace(year=start.year + years)
    except ValueError:  # 29 February in a year without one
        same = date(start.year + years, 3, 1)
    assert last_day(start, years * 12) == same - timedelta(days=1)


def test_leap_days() -> None:
    assert last_day(date(2024, 2, 29), 12) == date(2025, 2, 28)
    assert last_day(date(2024, 2, 29), 48) == date(2028, 2, 28)
    assert last_day(date(2024, 3, 1), 60) == date(2029, 2, 28)
    assert last_day(date(2023, 3, 1), 12) == date(2024, 2, 29)


TEXT = "停车管理办法\n第一条 禁止占道。\n第二条 按位停放。\n第三条 本办法自2024年7月1日起施行，有效期十一年。\n某局\n2024年5月1日"


def test_the_finding_rests_on_the_law_of_the_place() -> None:
    (finding,) = Checker(select=["VAL-021"], place="湖南").check_text(TEXT).findings
    assert [str(b) for b in finding.basis] == [
        "《湖南省行政程序规定》（省政府令第222号、第289号）第五十一条第一款"
    ]
    assert (finding.quote, finding.severity.value, finding.softened) == (
        "有效期十一年",
        "warning",
        "",
    )
    (hint,) = Checker(select=["VAL-021"], place="上海市").check_text(TEXT).findings
    assert (hint.severity.value, hint.softened) == ("info", "本地现行规定的条文未经核对")
    assert not Checker(select=["VAL"], place="新疆").check_text(TEXT).findings
    assert not Checker(select=["VAL"]).check_text(TEXT).findings


def test_the_word_needs_the_whole_document(tmp_path: Path) -> None:
    path = tmp_path / "VAL-901.yaml"
    path.write_text(
        "id: VAL-901\ntitle: 试验规则\nseverity: info\nbasis: [{law: 试验法}]\nfind:\n  - {validity: expired}\n"
        "message: 试验用的说明\nadvice: 试验\nflag: [甲, 乙, 丙]\npass: [甲, 乙, 丙]\n",
        encoding="utf-8",
    )
    (tmp_path / "families.yaml").write_text("VAL: {title: 效力}\n", encoding="utf-8")
    with pytest.raises(DeclarationError, match="第6行：validity 要配合 scope: document"):
        compile_ruleset([(p.name, p) for p in sorted(tmp_path.glob("*.yaml"))], "test")


PIECES = st.lists(
    st.sampled_from(
        [
            "本办法",
            "自",
            "2024年7月1日",
            "二〇二五年",
            "公布之日",
            "起",
            "施行",
            "，",
            "。",
            "\n",
            "有效期",
            "五年",
            "99个月",
            "至",
            "止",
            "第三条 ",
            "《",
            "》",
            "长期有效",
            "试行",
            "九千年",
            "\t",
            "30日后",
        ]
    ),
    max_size=40,
)


@given(PIECES, DAYS, st.sampled_from(places()))
def test_any_text_is_read_and_every_span_is_inside(
    pieces: list[str], day: date, where: Place
) -> None:
    made = parse_text("停车办法（试行）\n第一条 甲。\n第二条 乙。\n第三条 " + "".join(pieces))
    for problem in find_validity_problems(made, where, day):
        assert problem.kind in KINDS and problem.detail
        assert 0 <= problem.start <= problem.end <= len(made.source.text)
        assert problem.basis is None or problem.basis.in_force(day)


SAID = st.sampled_from(
    [
        *(
            "自",
            "从",
            "于",
            "2024年5月1日",
            "公布之日",
            "起",
            "后",
            "日",
            "止",
            "至",
            "，",
            "。",
            "为",
            "：",
            "5年",
            "三个月",
        ),
        *(
            "施行",
            "实施",
            "实行",
            "执行",
            "生效",
            "试行",
            "暂行",
            "有效",
            "有效期",
            "施行期",
            "暂行期",
            "适用期",
            "执行期限",
        ),
        *(
            "废止",
            "失效",
            "截至",
            "长期有效",
            "永久有效",
            "不设有效期",
            "二〇二七年十二月三十一日",
            "本办法",
        ),
    ]
)


@settings(max_examples=1000)
@given(st.lists(SAID, max_size=8).map("".join))
def test_a_sentence_passed_over_says_nothing(text: str) -> None:
    assert _SAYS.search(text) or not (_EFFECT.search(text) or _TERM.search(text))
