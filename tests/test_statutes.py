"""The register of laws: names, numbers, texts in time, ranks."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checker.statutes import (
    Standing,
    Statute,
    Version,
    plain_number,
    rank_of,
    read_register,
    register,
    register_coverage,
)


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("行政处罚法", "中华人民共和国行政处罚法"),
        ("中华人民共和国 行政处罚法", "中华人民共和国行政处罚法"),
        ("行政处罚法（2021年修订）", "中华人民共和国行政处罚法"),
        ("土地承包法", "中华人民共和国农村土地承包法"),
        (
            "关于适用〈中华人民共和国民事诉讼法〉的解释",
            "最高人民法院关于适用《中华人民共和国民事诉讼法》的解释",
        ),
        ("家用汽车产品修理、更换、退货责任规定", "家用汽车产品修理更换退货责任规定"),
    ],
)
def test_names(name: str, found: str) -> None:
    statute = register().find(name)
    assert statute is not None and statute.name == found


@pytest.mark.parametrize("name", ["", "办法", "某县停车办法", "处方管理办法（试行）"])
def test_unknown_names(name: str) -> None:
    assert register().find(name) is None


def test_numbers() -> None:
    known = register()
    for written in ("国务院令第722号", "国务院令722号", "中华人民共和国国务院令第722号"):
        statute = known.find("", written)
        assert statute is not None and statute.name == "优化营商环境条例"
    assert known.find("", "某政发〔2020〕3号") is None


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("国办发〔2018〕37号文件", "国办发〔2018〕37号"),
        ("建安政 [2020] 12号", "建安政〔2020〕12号"),
        ("某政发（2020年）第3号", "某政发〔2020〕3号"),
        ("原公安部令35号", "公安部令第35号"),
    ],
)
def test_plain_number(written: str, plain: str) -> None:
    assert plain_number(written) == plain


def law(**changes: object) -> Statute:
    fields: dict[str, object] = {
        "name": "试验法", "rank": "行政法规", "kind": "", "region": "", "number": "",
        "status": "有效", "repealed": None, "replaced_by": (), "sure": 1,
        "checked": date(2026, 9, 30), "versions": (),
    }  # fmt: skip
    return Statute(**(fields | changes))  # type: ignore[arg-type]


FIRST = Version(date(2000, 1, 1), date(2000, 3, 1), date(2009, 12, 31), 20)
SECOND = Version(date(2009, 10, 1), date(2010, 1, 1), None, 30, "试令第2号")


@pytest.mark.parametrize(
    ("statute", "day", "standing"),
    [
        (law(versions=(FIRST, SECOND)), date(2005, 1, 1), Standing.IN_FORCE),
        (law(versions=(FIRST, SECOND)), date(2000, 2, 1), Standing.NOT_YET),
        (law(versions=(FIRST, SECOND)), date(1990, 1, 1), Standing.UNKNOWN),
        (law(versions=(FIRST, SECOND), rank="法律"), date(1990, 1, 1), Standing.NOT_YET),
        (law(versions=(SECOND,), status="已废止", repealed=date(2020, 5, 1)), date(2020, 4, 30),
         Standing.IN_FORCE),
        (law(versions=(SECOND,), status="已废止", repealed=date(2020, 5, 1)), date(2020, 5, 1),
         Standing.REPEALED),
        (law(versions=(SECOND,), status="已废止"), date(2012, 1, 1), Standing.UNKNOWN),
        (law(versions=(SECOND,), status="已废止"), date(2026, 10, 1), Standing.REPEALED),
        (law(status="已废止", repealed=date(2020, 5, 1)), date(2019, 1, 1), Standing.IN_FORCE),
        (law(status="已废止"), date(2019, 1, 1), Standing.REPEALED),
        (law(), date(2019, 1, 1), Standing.IN_FORCE),
    ],
)  # fmt: skip
def test_standing(statute: Statute, day: date, standing: Standing) -> None:
    assert statute.standing(day) is standing


def test_articles_are_those_of_the_text_in_force() -> None:
    statute = law(versions=(FIRST, SECOND))
    assert statute.has_article(25, 0, date(2009, 12, 31)) is False
    assert statute.has_article(25, 0, date(2010, 1, 1)) is True
    assert statute.has_article(5, 1, date(2010, 1, 1)) is None
    assert statute.has_article(5, 0, date(1999, 1, 1)) is None


@given(st.integers(min_value=0, max_value=9000))
def test_a_law_in_force_never_loses_its_text(days: int) -> None:
    day = date(2000, 3, 1) + timedelta(days=days)
    statute = law(versions=(FIRST, SECOND))
    assert statute.standing(day) is Standing.IN_FORCE
    version = statute.version(day)
    assert version is not None and version.effective is not None and version.effective <= day


def test_every_row_of_the_register_can_be_read() -> None:
    known = register()
    day, size = register_coverage()
    assert (known.as_of, known.size) == (day, size) and size == sum(n for _, n in known.counts())
    for row in known._rows:
        name = row.split("\t")[1]
        statute = known.find(name)
        assert statute is not None and statute.name == name
        effective = [v.effective for v in statute.versions if v.effective]
        assert effective == sorted(effective)


def test_the_first_of_two_rows_keeps_a_name() -> None:
    row = "甲|乙\t甲\t法律\t\t\t\t有效\t\t\t0\t\t"
    other = row.replace("甲", "丙")
    known = read_register(f"#\t2026-01-01\t2\n{row}\n{other}\n")
    assert known.find("乙") == known.find("甲") and known.find("丙") != known.find("甲")


def test_the_register_tells_a_rank_that_a_name_hides() -> None:
    assert rank_of("信访工作条例") == "行政法规"
    assert rank_of("规章制定程序条例") == "行政法规"
    assert rank_of("优化营商环境条例") == "行政法规"
