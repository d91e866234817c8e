"""Near misses: texts one word away from an example say of each rule what they said when made.

bench/near_misses.py makes them; a change here means that a rule now speaks or is silent elsewhere.
"""

from __future__ import annotations

import pytest

from bench.mutation import NEAR_MISSES, texts, view
from checker.resources import resource
from checker.rules import Example
from checker.ruleset import load_ruleset

FILES = sorted(path.stem for path in NEAR_MISSES.glob("*.yaml"))


@pytest.mark.parametrize("family", FILES)
def test_near_misses(family: str) -> None:
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    cases = yaml.load((NEAR_MISSES / f"{family}.yaml").read_text(encoding="utf-8"), Loader=loader)
    ruleset = load_ruleset()
    for rule_id, rows in cases.items():
        rule = ruleset.rule(rule_id)
        assert rule is not None, f"{rule_id} is gone: make the near misses anew"
        for text, quotes in texts(rows):
            found = [quote for quote, _ in view(rule, [Example(text=text)])[0]]
            assert found == quotes, f"{rule_id}: {text}"


def test_there_are_near_misses_for_every_family_of_clauses() -> None:
    families = {p.name for p in resource("rulesets", "national").iterdir() if p.is_dir()}
    assert families - {"FMT", "TXT", "VAL", "PRO", "CIT"} <= set(FILES)
