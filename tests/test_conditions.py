"""Every condition word: a rule that holds by it, and the same rule that does not."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
import yaml

from checker.compilation import compile_ruleset
from checker.conditions import WORDS
from checker.matching import Matcher
from checker.sources.text import unify
from checker.structure import parse

CASES = yaml.safe_load((Path(__file__).parent / "cases/conditions.yaml").read_text("utf-8"))
RULE = """\
id: FEE-001
title: 试验规则
severity: error
basis: [{law: 试验法, at: 第一条}]
message: 试验用的说明
advice: 试验
flag: [甲, 乙, 丙]
pass: [甲, 乙, 丙]
defaults: false
"""


def matcher(folder: Path, body: dict[str, object]) -> Matcher:
    """A matcher of one rule."""
    (folder / "FEE-001.yaml").write_text(
        RULE + yaml.safe_dump(body, allow_unicode=True), encoding="utf-8"
    )
    (folder / "families.yaml").write_text(
        "FEE: {title: 收费, ranks: [法律, 行政法规]}\n", encoding="utf-8"
    )
    files = [(p.name, p) for p in sorted(folder.glob("*.yaml"))]
    return Matcher(compile_ruleset(files, "test"))


@pytest.mark.parametrize("case", CASES, ids=[f"{c['word']}:{c['rule']}"[:60] for c in CASES])
def test_condition(case: dict[str, object], tmp_path: Path) -> None:
    made = matcher(tmp_path, case["rule"])  # type: ignore[arg-type]

    def finds(text: str) -> bool:
        return bool(made.check(parse(unify("案例", text)), date(2026, 1, 1)).findings)

    assert finds(str(case["hit"]))
    assert not finds(str(case["miss"]))


def test_every_condition_word_has_a_case() -> None:
    assert {c["word"] for c in CASES} == set(WORDS)
