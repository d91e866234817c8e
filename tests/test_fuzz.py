"""Fuzzing: 500 changed inputs of every target (100 of the two that print whole reports), always the same."""

from __future__ import annotations

import io
import os
import time
import warnings
import zipfile
from random import Random

import pytest

from bench.fuzz import running, seeds
from bench.fuzz.__main__ import counts, report
from bench.fuzz.running import Tally, add, execute, run
from bench.fuzz.targets import TARGETS, Target
from checker.sources import UnreadableSource

_FEW = {"render": 100, "compare": 100}


@pytest.mark.parametrize("target", TARGETS, ids=[target.name for target in TARGETS])
def test_every_input_ends_in_a_result_or_a_declared_error(target: Target) -> None:
    outcomes, crashes = set(), []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # zipfile tells of names that stand twice
        for number in range(_FEW.get(target.name, 500)):
            outcome, crash, _ = execute(target, 0, number)
            outcomes.add(outcome)
            crashes += [crash] if crash else []
    assert crashes == []
    assert len(outcomes) > 1  # more than the first check of the input was reached


@pytest.mark.parametrize("target", TARGETS, ids=[target.name for target in TARGETS])
def test_inputs_are_the_same_each_time(target: Target) -> None:
    given = [target.make(Random(f"7/{target.name}/{n}")) for n in range(5)]
    assert given == [target.make(Random(f"7/{target.name}/{n}")) for n in range(5)]


def _act(number: int) -> str:
    if number == 3:
        raise KeyError("undeclared")
    if number == 5:
        os._exit(7)
    if number == 7:
        time.sleep(60)
    return f"outcome {number % 2}"


def _number(rng: Random) -> int:
    """The number of the input that the generator was made for."""
    return _NUMBERS[rng.random()]


_NUMBERS = {Random(f"1/trial/{n}").random(): n for n in range(10)}


def test_a_process_that_raises_dies_or_hangs_costs_one_input(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(running, "HANG_SECONDS", 2)
    trial = Target("trial", _number, _act, 1)
    whole = Tally("trial")
    for part in run([trial], 1, {"trial": 10}):
        add(whole, part)
    found = {crash.number: crash.kind for crash in whole.crashes}
    assert found == {3: "KeyError: 'undeclared'", 5: "process ended with 7", 7: "hangs"}
    assert whole.outcomes >= {"outcome 0", "outcome 1"}
    told = report({"trial": whole}, 1, 60.0, "python -m bench.fuzz")
    assert "trial 7 号：hangs" in told and "| trial |" in told


def test_a_slow_input_and_an_error_that_is_not_declared_are_crashes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuse(_: object) -> str:
        raise UnreadableSource("a", "b")

    assert execute(Target("t", lambda rng: 1, refuse, 1), 1, 1)[1] is not None
    monkeypatch.setattr(running, "MOST_SECONDS", -1.0)
    assert "slow" in str(execute(Target("t", lambda rng: 1, str, 1), 1, 1)[1])


def test_executions_are_shared_out_by_weight() -> None:
    shares = counts([*TARGETS], 1_000_000)
    assert 1_000_000 <= sum(shares.values()) <= 1_000_000 + len(TARGETS)
    assert shares["docx"] == max(shares.values())


def test_seeds_do_not_hold_the_hour() -> None:
    packages = [*seeds.docx(), *seeds.odt(), *seeds.ofd_files(), *seeds.archives()]
    for package in packages:
        with zipfile.ZipFile(io.BytesIO(package)) as opened:
            assert {entry.date_time[0] for entry in opened.infolist()} == {1980}
