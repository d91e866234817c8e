"""Stages: the clocks add up, change no finding, and leave nothing behind."""

from __future__ import annotations

from pathlib import Path

from bench.stages import STAGES, check_all, clocks
from checker import structure
from checker.api import Checker
from checker.clauses import Clause

NOTICE = Path(__file__).parent.parent / "examples" / "notice.txt"


def test_stages_add_up_and_every_one_is_entered() -> None:
    checker = Checker()
    before = checker.check_file(NOTICE).to_json()
    with clocks() as clock:
        whole = check_all(checker, [NOTICE])
        during = checker.check_file(NOTICE).to_json()
        seconds = dict(clock.seconds)
    assert during == before
    assert not clock.open
    assert [stage for stage in STAGES if seconds[stage] <= 0] == []
    assert whole < sum(seconds.values())


def test_nothing_is_left_behind() -> None:
    parse, governor = structure.parse, Clause.governor
    speech = Clause.__dict__["speech"].func
    with clocks():
        assert structure.parse is not parse
    assert structure.parse is parse
    assert Clause.governor is governor
    assert Clause.__dict__["speech"].func is speech
