"""What one document says of itself and of others."""

from __future__ import annotations

from datetime import date

import pytest

from checker.holdings import Holding, Mention, read_holding
from checker.parsing import parse_text

HEAD = "东林县人民政府关于印发《东林县集市管理办法》的通知\n东政规〔2020〕3号\n各乡镇：\n现予印发。\n东林县人民政府\n2020年5月10日\n东林县集市管理办法\n第一条 为了管理，制定本办法。\n第二条 "


def held(words: str) -> Holding:
    return read_holding(parse_text(HEAD + words, "甲.txt"), "甲.txt")


def ended(words: str) -> list[Mention]:
    return [mention for mention in held(words).mentions if mention.ended]


def test_a_notice_is_known_by_its_title_and_by_what_it_issues() -> None:
    holding = held("无。")
    assert holding.titles == {
        "东林县人民政府关于印发东林县集市管理办法的通知",
        "东林县集市管理办法",
    }
    assert (holding.number, holding.issuer) == ("东政规〔2020〕3号", "东林县人民政府")
    assert (holding.made, holding.year) == (date(2020, 5, 10), 2020)


@pytest.mark.parametrize(
    ("words", "count", "partial"),
    [
        ("《东林县旧集市办法》同时废止。", 1, False),
        ("《东林县旧集市办法》第三条同时废止。", 1, True),
        ("《东林县旧集市办法》中的有关规定同时废止。", 1, True),
        ("《东林县旧集市办法》继续有效，其他规定同时废止。", 0, False),
        ("《东林县新集市办法》施行之日起，原有规定同时废止。", 0, False),
        ("依照《东林县旧集市办法》办理的许可同时废止。", 0, False),
    ],
)
def test_what_a_document_ends(words: str, count: int, partial: bool) -> None:
    found = ended(words)
    assert len(found) == count
    assert all(mention.partial is partial for mention in found)


def test_a_decision_that_only_ends_others_ends_every_one_in_its_lists() -> None:
    text = (
        "某县人民政府关于废止部分文件的决定\n各乡镇：\n经清理，决定废止下列文件：\n"
        "一、《某县甲办法》\n二、《某县乙办法》\n某县人民政府\n2020年3月1日"
    )
    mentions = read_holding(parse_text(text, "甲"), "甲").mentions
    assert [m.name for m in mentions if m.ended] == ["某县甲办法", "某县乙办法"]
    kept = text.replace("废止部分文件", "公布继续有效文件目录和废止部分文件")
    assert not any(m.ended for m in read_holding(parse_text(kept, "甲"), "甲").mentions)


@pytest.mark.parametrize(
    ("words", "earliest", "latest", "told"),
    [
        ("本办法自2020年7月1日起施行，有效期5年。", "2025-06-30", "2025-06-30", "至2025-06-30止"),
        (
            "本办法自2020年7月1日起施行，有效期至2022年12月31日。",
            "2022-12-31",
            "2022-12-31",
            "有效期至2022-12-31",
        ),
        ("本办法有效期2年。", "2022-05-09", "2023-05-10", "没有读到施行日期"),
    ],
)
def test_until_when_it_is_in_force(words: str, earliest: str, latest: str, told: str) -> None:
    term = held(words).term
    assert term is not None and told in term.words
    assert (str(term.earliest), str(term.latest)) == (earliest, latest)
    assert (term.day is not None) == (earliest == latest)


@pytest.mark.parametrize(
    ("title", "year"),
    [
        ("某县2016年小学招生意见", 2016),
        ("某县2016—2018年度救助方案", 2018),
        ("某县“十三五”教育规划", 2020),
        ("某县政府定价目录（2016年版）", 0),
        ("某县人民政府公告2016年第3号", 0),
        ("某县停车办法", 0),
    ],
)
def test_the_year_that_a_title_is_for(title: str, year: int) -> None:
    assert (
        read_holding(parse_text(f"{title}\n第一条 无。\n第二条 无。", "甲"), "甲").last_year == year
    )


def test_a_base_is_founding_where_the_document_was_made_under_it() -> None:
    words = "根据《物业管理条例》，制定本办法。违反《价格法》的，由市场监督管理部门处理。"
    found = {
        m.name: (m.by, m.founding)
        for m in held(words).mentions
        if m.name.endswith(("例", "价格法"))
    }
    assert found == {"物业管理条例": (True, True), "中华人民共和国价格法": (True, False)}
