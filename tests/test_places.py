"""Places: the data of all of them, which value applies on a day, and where a document comes from."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checker import Checker
from checker.cli import main
from checker.faults import DeclarationError
from checker.parsing import parse_text
from checker.places import (
    KINDS,
    NATION,
    Kind,
    Place,
    PlaceRule,
    UnknownPlace,
    place,
    place_of,
    places,
    read_place,
)

PROVINCES = [
    "北京",
    "天津",
    "河北",
    "山西",
    "内蒙古",
    "辽宁",
    "吉林",
    "黑龙江",
    "上海",
    "江苏",
    "浙江",
    "安徽",
    "福建",
    "江西",
    "山东",
    "河南",
    "湖北",
    "湖南",
    "广东",
    "广西",
    "海南",
    "重庆",
    "四川",
    "贵州",
    "云南",
    "西藏",
    "陕西",
    "甘肃",
    "青海",
    "宁夏",
    "新疆",
]
DAYS = st.dates(date(2000, 1, 1), date(2035, 12, 31))


def test_all_provinces_are_there() -> None:
    assert len(PROVINCES) == 31
    assert set(PROVINCES) | {NATION} <= {p.name for p in places()}
    assert {p.province for p in places()} == {*PROVINCES, NATION}


def test_every_value_says_where_it_comes_from() -> None:
    for rule in (rule for p in places() for rule in p.rules):
        assert rule.law and rule.kind in KINDS and rule.value > 0
        assert rule.at or not rule.verified or rule.kind.startswith("npc_"), rule
        if rule.kind.endswith("_days"):
            assert rule.unit in ("日", "工作日"), rule


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("上海", "上海"),
        ("上海市", "上海"),
        ("内蒙古自治区", "内蒙古"),
        ("广西壮族自治区", "广西"),
        ("厦门市", "厦门"),
        ("长沙市", "湖南"),
        ("长沙", "湖南"),
        ("浏阳市", "湖南"),
        ("番禺区", "广州"),
        ("全国", "全国"),
    ],
)
def test_names(name: str, short: str) -> None:
    assert place(name).name == short


def test_unknown_place_names_the_nearest() -> None:
    with pytest.raises(UnknownPlace, match="“上海”"):
        place("上害")


VALUES: list[tuple[str, Kind, str, int | None, str, str, bool]] = [
    # place, kind, day, value, unit, whose, verified
    ("上海", "validity_max", "2012-01-01", 5, "年", "上海", True),
    ("上海", "validity_max", "2018-01-01", 5, "年", "上海", False),
    ("上海", "trial_max", "2024-01-01", 2, "年", "上海", False),
    ("山东", "effect_days", "2024-01-01", 30, "日", "山东", True),
    ("山东", "effect_days", "2011-12-31", None, "", "", False),
    ("湖北", "validity_default", "2015-03-01", 2, "年", "湖北", True),
    ("湖北", "validity_default", "2024-03-01", 2, "年", "湖北", False),
    ("湖北", "validity_default", "2015-02-28", None, "", "", False),
    ("内蒙古", "trial_max", "2023-11-30", 2, "年", "内蒙古", True),
    ("内蒙古", "trial_max", "2023-12-01", 2, "年", "内蒙古", False),
    ("湖南", "validity_hard_max", "2024-01-01", 10, "年", "湖南", True),
    ("厦门", "review_days_max", "2012-01-01", 15, "日", "厦门", True),
    ("济南", "effect_days", "2024-01-01", 30, "日", "山东", True),  # the city's own is not verified
    ("济南", "effect_days", "2009-01-01", 30, "日", "济南", True),
    ("河南", "review_days_max", "2024-01-01", 15, "工作日", "全国", True),
    ("北京", "effect_days", "2010-01-01", 30, "日", "北京", True),
    ("新疆", "validity_max", "2024-01-01", None, "", "", False),
    ("广东", "trial_max", "2024-01-01", 3, "年", "广东", False),
    ("陕西", "review_days_max", "2010-01-01", 20, "工作日", "陕西", True),
]


@pytest.mark.parametrize("case", VALUES)
def test_value_of_a_day(case: tuple[str, Kind, str, int | None, str, str, bool]) -> None:
    name, kind, day, value, unit, whose, verified = case
    rule = place(name).value(kind, date.fromisoformat(day))
    if value is None:
        assert rule is None
    else:
        assert rule is not None
        assert (rule.value, rule.unit, rule.place, rule.verified) == (value, unit, whose, verified)


def test_matters_are_kept_apart() -> None:
    day = date(2024, 1, 1)
    assert place("湖南").value("comment_days", day, "重大决策").place == NATION  # type: ignore[union-attr]
    assert place("新疆").value("effect_days", day) is None
    assert place("新疆").value("effect_days", day, "规章").value == 30  # type: ignore[union-attr]


@given(st.sampled_from(places()), st.sampled_from(KINDS), DAYS)
def test_a_value_is_in_force_and_near(where: Place, kind: Kind, day: date) -> None:
    rule: PlaceRule | None = where.value(kind, day)
    if rule is None:
        return
    assert rule.in_force(day)
    assert rule.place in (where.name, where.province, NATION)
    if rule.verified:
        assert rule.start is not None and rule.start <= day


DOCUMENTS = [
    (
        "长沙市人民政府关于规范停车的通知\n各区县人民政府：\n请执行。\n长沙市人民政府\n2024年5月1日",
        "湖南",
    ),
    ("广州市番禺区人民政府关于规范停车的通知\n各镇人民政府：\n请执行。", "广州"),
    ("湖南省财政厅关于规范停车的通知\n各市州：\n请执行。\n湖南省财政厅\n2024年5月1日", "湖南"),
    ("厦门市养犬管理办法\n第一条 甲。\n第二条 乙。", "厦门"),
    ("某局关于停车的通知\n各单位：\n根据《山东省停车条例》《济南市停车办法》，请执行。", "山东"),
    ("某局关于停车的通知\n各单位：\n根据《山东省停车条例》《浙江省停车条例》，请执行。", ""),
    ("东林县人民政府关于停车的通知\n各乡镇人民政府：\n请执行。", ""),
    ("国家发展改革委关于北京市停车的通知\n各省：\n请执行。\n国家发展改革委\n2024年5月1日", ""),
    ("桥西区人民政府关于停车的通知\n各街道：\n请执行。", ""),  # two provinces have one
]


@pytest.mark.parametrize(("text", "name"), DOCUMENTS)
def test_place_of_a_document(text: str, name: str) -> None:
    found = place_of(parse_text(text))
    assert (found.name if found else "") == name


def test_profile_and_option_say_the_place(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "qingdao.yaml"
    path.write_text("place: 青岛市\n", encoding="utf-8")
    assert Checker(profile=path)._profile.place == "青岛市"
    assert Checker(profile=path, place="上海市")._profile.place == "上海"
    path.write_text("level: 县\nplace: 上害\n", encoding="utf-8")
    with pytest.raises(DeclarationError, match="第2行：没有“上害”这个地方"):
        Checker(profile=path)
    draft = tmp_path / "a.txt"
    draft.write_text("第一条 甲。", encoding="utf-8")
    with pytest.raises(SystemExit, match="2"):
        main(["check", str(draft), "--place", "上害"])
    assert "没有“上害”这个地方，是否要写“上海”" in capsys.readouterr().err


def test_a_wrong_file_is_refused_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "上海/place.yaml"
    path.parent.mkdir()
    path.write_text(
        "name: 上海\nlaws:\n  - law: 某规定\n    verified: true\n    from: 2020-01-01\n    to: 2019-01-01\n"
        "    values:\n      - {kind: effect_days, value: 30, unit: 日}\n",
        encoding="utf-8",
    )
    with pytest.raises(DeclarationError, match="第6行：止日早于起日"):
        read_place(path)
    path.write_text(path.read_text("utf-8").replace("effect_days", "efect_days"), encoding="utf-8")
    with pytest.raises(
        DeclarationError, match="第8行：“kind”不能写“efect_days”，是否要写“effect_days”"
    ):
        read_place(path)
