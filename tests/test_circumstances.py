"""Circumstances: what calls for further steps."""

from __future__ import annotations

import pytest

from checker.circumstances import load_circumstances
from checker.findings import Finding, Severity
from checker.parsing import parse_text

KNOWN = {c.name: c for c in load_circumstances().circumstances}


@pytest.mark.parametrize(
    ("name", "text", "so"),
    [
        ("market", "甲县办法\n第一条 经营者申请奖补的，公示。", True),
        ("market", "甲县办法\n第一条 村民申请补助的，公示。", False),
        ("market", "甲县办法\n第一条 经营者守法经营。", False),
        ("price", "甲县方案\n一、调整票价标准。", True),
        ("price", "甲县方案\n一、公开票价。", False),
        ("repealing", "甲县人民政府关于废止《乙办法》的决定\n废止《乙办法》。", True),
        ("repealing", "甲县人民政府关于修改和废止部分文件的决定\n修改甲，废止乙。", False),
        ("amending", "甲县人民政府关于修改《乙办法》的决定\n作如下修改。", True),
        ("amending", "甲县人民政府关于延长《乙办法》有效期的通知\n延长二年。", True),
        ("amending", "甲县乙办法\n第一条 修改时依法办理。", False),
        ("government", "甲县人民政府关于乙的通告\n一、乙。\n甲县人民政府\n2024年3月1日", True),
        ("government", "甲县水利局关于乙的通告\n一、乙。\n甲县水利局\n2024年3月1日", False),
        ("provincial", "东江省人民政府关于乙的通告\n一、乙。\n东江省人民政府\n2024年3月1日", True),
        ("provincial", "南州市人民政府关于乙的通告\n一、乙。\n南州市人民政府\n2024年3月1日", False),
        ("filed", "甲县水利局关于乙的通告\n甲水规〔2024〕1号\n一、乙。\n甲县水利局\n2024年3月1日", True),
        ("filed", "甲县水利局关于乙的通告\n甲水规〔2024〕 号\n一、乙。\n甲县水利局", False),
    ],
)  # fmt: skip
def test_by_the_draft(name: str, text: str, so: bool) -> None:
    assert bool(KNOWN[name].found_in_draft(parse_text(text))) is so


@pytest.mark.parametrize(
    ("name", "family", "severity", "so"),
    [
        ("market", "BID", Severity.INFO, True),
        ("market", "FEE", Severity.ERROR, False),
        ("fee", "FEE", Severity.ERROR, True),
        ("fee", "FEE", Severity.WARNING, False),
        ("licence", "LIC", Severity.ERROR, True),
    ],
)
def test_by_findings(name: str, family: str, severity: Severity, so: bool) -> None:
    finding = Finding(f"{family}-001", "", family, severity, 0, 0, "", "", "", "")
    reason = KNOWN[name].found_in_findings([finding])
    assert bool(reason) is so
    assert not so or f"{family}-001" in reason


def test_by_materials() -> None:
    assert KNOWN["filed"].found_in_dossier(["起草说明", "备案报告"]) == "卷宗里有备案报告"
    assert KNOWN["filed"].found_in_dossier(["起草说明"]) == ""
