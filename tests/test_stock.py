"""A stock of documents judged: states, proposals, repeals, and the documents that rest on a law."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from checker.holdings import Holding, Term, read_holding
from checker.parsing import parse_text
from checker.stock import Proposal, Row, State, find_citing, judge

CASES: dict[str, Any] = yaml.safe_load(
    (Path(__file__).parent / "cases/stock.yaml").read_text("utf-8")
)
STOCK = tuple(
    read_holding(parse_text(text, name), name) for name, text in CASES["documents"].items()
)
EXPECTED = [(day, name, *row) for day, rows in CASES["rows"].items() for name, row in rows.items()]


def rows_on(day: date, stock: tuple[Holding, ...] = STOCK, within: int = 183) -> dict[str, Row]:
    return {row.holding.name: row for row in judge(stock, day, within)}


@pytest.mark.parametrize(
    ("day", "name", "standing", "proposal", "words"),
    EXPECTED,
    ids=[f"{day} {name}" for day, name, *_ in EXPECTED],
)
def test_case(day: date, name: str, standing: str, proposal: str, words: list[str]) -> None:
    row = rows_on(day)[name]
    assert (row.standing, str(row.proposal)) == (standing, proposal), row.reasons
    for word in words:
        assert any(word in reason for reason in row.reasons), row.reasons


@given(st.permutations(STOCK))
def test_the_order_of_files_does_not_change_rows(stock: list[Holding]) -> None:
    day = date(2025, 1, 31)
    assert judge(stock, day, 183) == judge(STOCK, day, 183)


@given(st.dates(date(2010, 1, 1), date(2030, 12, 31)), st.integers(1, 2000))
def test_every_row_has_a_reason_and_a_proposal_that_its_facts_bear(day: date, within: int) -> None:
    for row in judge(STOCK, day, within):
        assert row.reasons
        if row.proposal is Proposal.LAPSED:
            assert row.state is State.EXPIRED and row.expires and row.expires < day
        if row.proposal is Proposal.KEEP:
            assert not (row.repealed or row.amended or row.superseded_by)
        if row.state is State.ENDING:
            assert row.expires and 0 <= (row.expires - day).days <= within


def test_both_sides_of_a_repeal_name_each_other() -> None:
    rows = rows_on(date(2025, 1, 31))
    (by,) = rows["停车旧办法"].superseded_by
    (old,) = rows["停车新办法"].supersedes
    assert (by.name, old.name) == ("停车新办法", "停车旧办法")
    assert (
        by.quote
        == old.quote
        == "《东林县人民政府关于印发〈东林县公共停车场管理办法〉的通知》（东政发〔2015〕8号）"
    )
    assert by.address == "第三条"


@pytest.mark.parametrize(
    ("within", "state"), [(149, State.VALID), (150, State.ENDING), (400, State.ENDING)]
)
def test_the_window_before_the_end_is_counted_in_days(within: int, state: State) -> None:
    assert rows_on(date(2025, 1, 31), within=within)["停车新办法"].state is state


def test_a_repealer_without_a_day_leaves_a_doubt() -> None:
    old = Holding(
        "旧",
        title="某县甲办法甲办法",
        titles=frozenset({"某县甲办法甲办法"}),
        made=date(2010, 1, 1),
    )
    text = "某县乙办法\n第一条 为了管理，制定本办法。\n第二条 《某县甲办法甲办法》同时废止。"
    new = read_holding(parse_text(text, "新"), "新")
    row = rows_on(date(2020, 1, 1), (old, new))["旧"]
    assert row.proposal is Proposal.CHECK
    assert any("日期不明" in reason for reason in row.reasons)


def test_a_part_named_before_the_whole_hides_nothing() -> None:
    text = (
        "某县甲通知\n（2020年3月1日某县人民政府公布）\n第一条 《某县乙办法乙办法》第三条废止。\n"
        "第二条 《某县乙办法乙办法》自2020年6月1日起同时废止。\n第三条 本通知自2020年4月1日起施行。"
    )
    new = read_holding(parse_text(text, "新"), "新")
    name = "某县乙办法乙办法"
    old = Holding("旧", title=name, titles=frozenset({name}), made=date(2015, 1, 1))
    assert rows_on(date(2021, 1, 1), (old, new))["旧"].state is State.REPEALED


def test_an_old_document_known_by_its_year_is_repealed_within_that_year() -> None:
    text = (
        "某县甲通知\n某政发〔2020〕9号\n各乡镇：\n一、《某县乙办法》（某政发〔2020〕2号）同时废止。\n"
        "二、本通知自2020年6月1日起施行。\n某县人民政府\n2020年5月1日"
    )
    new = read_holding(parse_text(text, "新"), "新")
    old = Holding("旧", title="某县乙办法", number="某政发〔2020〕2号", year=2020)
    assert rows_on(date(2021, 1, 1), (old, new))["旧"].proposal is Proposal.REPEAL


def test_a_number_of_another_year_means_another_document_of_the_name() -> None:
    def old(made: date) -> Holding:
        return Holding(
            "旧", title="某县甲办法甲办法", titles=frozenset({"某县甲办法甲办法"}), made=made
        )

    text = (
        "某县甲办法甲办法\n（2020年3月1日某县人民政府公布）\n第一条 为了管理，制定本办法。\n"
        "第二条 本办法自2020年4月1日起施行。《某县甲办法甲办法》（某政发〔2015〕3号）同时废止。"
    )
    new = read_holding(parse_text(text, "新"), "新")
    for made, proposal in ((date(2015, 5, 1), "废止"), (date(2012, 5, 1), "继续有效")):
        assert str(rows_on(date(2021, 1, 1), (old(made), new))["旧"].proposal) == proposal


@pytest.mark.parametrize(
    ("day", "state"),
    [
        (date(2021, 1, 1), State.VALID),
        (date(2023, 2, 1), State.UNKNOWN),
        (date(2024, 2, 1), State.EXPIRED),
    ],
)
def test_a_term_without_a_known_start_is_told_only_where_both_bounds_agree(
    day: date, state: State
) -> None:
    term = Term("有效期2年", date(2022, 12, 31), date(2024, 1, 1))
    held = Holding("甲", title="甲", made=date(2021, 1, 1), term=term)
    assert rows_on(day, (held,))["甲"].state is state


@pytest.mark.parametrize("law", ["物权法", "《中华人民共和国物权法》"])
def test_the_documents_that_rest_on_a_law(law: str) -> None:
    (found,) = find_citing(STOCK, law)
    assert found.holding.name == "物权通知" and found.relies
    (place,) = found.places
    assert (place.address, place.quote) == ("一、", "《中华人民共和国物权法》第七十条")


def test_a_law_is_found_by_its_number() -> None:
    (found,) = find_citing(STOCK, "国务院令第283号")
    assert found == find_citing(STOCK, "国有企业监事会暂行条例")[0]
    assert found.holding.name == "监事会办法"


def test_the_documents_that_name_a_document_of_no_register() -> None:
    by_name = find_citing(STOCK, "东林县人民政府关于加强河道保洁的通知")
    assert [c.holding.name for c in by_name] == ["征求意见", "部分废止"]
    assert not any(c.relies for c in by_name)
    assert by_name == find_citing(STOCK, "东政发〔2021〕2号")
    assert find_citing(STOCK, "东林县不存在的办法") == ()
