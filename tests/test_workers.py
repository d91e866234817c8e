"""Workers: order, deaths, hangs, memory, what work raises, and back-pressure."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from functools import partial
from multiprocessing import active_children
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checker.sources.limits import DEFAULT, Limits
from checker.workers import AHEAD, Loss, NoProcess, can_cap, can_fork, for_each, in_processes

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="forks")
QUICK = Limits(seconds=2, memory=256 * 2**20)


def act(task: str) -> str:
    """What a task says: sleep, die in some way, take memory, raise; else itself in capitals."""
    what, _, much = task.partition(" ")
    match what:
        case "sleep":
            time.sleep(float(much))
        case "exit":
            os._exit(int(much))
        case "signal":
            os.kill(os.getpid(), getattr(signal, much))
        case "take":
            bytearray(int(much) * 2**20)
        case "raise":
            raise ValueError(much)
    return task.upper()


def told(task: str, loss: Loss) -> str:
    return f"{task}: {loss.reason} {'上限' if loss.limit else '意外'}"


def done(tasks: list[str], processes: int = 2, limits: Limits = QUICK) -> list[str]:
    return list(in_processes(act, tasks, processes, told, fork=True, limits=limits))


@settings(max_examples=12, deadline=None)
@given(
    st.lists(st.sampled_from(["a", "b", "sleep 0.01", "exit 3", "signal SIGKILL"]), max_size=30),
    st.integers(1, 4),
)
def test_results_are_those_of_one_process_in_its_order(tasks: list[str], processes: int) -> None:
    expected = {
        "exit 3": "exit 3: 检查进程意外终止（返回值 3） 意外",
        "signal SIGKILL": "signal SIGKILL: 检查进程意外终止（可能是内存不足） 意外",
    }
    assert done(tasks, processes) == [expected.get(task, task.upper()) for task in tasks]


@pytest.mark.parametrize(
    ("task", "reason"),
    [
        ("sleep 60", "检查超过 2 秒的上限（limits.seconds=2），已终止 上限"),
        ("signal SIGSYS", "检查进程意外终止（SIGSYS） 意外"),
        pytest.param(
            "take 300",
            '检查占用的内存超过 256 MB 的上限（limits.memory="256 MB"），已终止 上限',
            marks=pytest.mark.skipif(not can_cap(), reason="memory cannot be limited here"),
        ),
    ],
)
@pytest.mark.parametrize("processes", [1, 2])
def test_a_task_beyond_a_limit_costs_only_itself(task: str, reason: str, processes: int) -> None:
    start = time.monotonic()
    limits = QUICK if task.startswith("sleep") else Limits(seconds=60, memory=QUICK.memory)
    found = done(["a", task, "b", "take 100", "c"], processes, limits)
    assert found == ["A", f"{task}: {reason}", "B", "TAKE 100", "C"]
    assert time.monotonic() - start < 30 and not active_children()


def test_what_a_queued_task_waits_does_not_count_as_its_own_time() -> None:
    assert done(["sleep 1.2"] * 3, 1) == ["SLEEP 1.2"] * 3


def test_a_reader_that_is_slow_does_not_cost_tasks() -> None:
    results = in_processes(act, ["a", "b", "sleep 0.1", "c"], 1, told, fork=True, limits=QUICK)
    found = []
    for result in results:
        time.sleep(0 if found else 2.5)
        found.append(result)
    assert found == ["A", "B", "SLEEP 0.1", "C"]


def test_what_died_of_something_else_is_done_by_another_process(tmp_path: Path) -> None:
    flag = tmp_path / "once"
    work = partial(die_once, flag)
    assert list(in_processes(work, [1, 2, 3], 2, told, fork=True)) == [2, 4, 6]
    assert flag.exists()


def die_once(flag: Path, task: int) -> int:
    if task == 2 and not flag.exists():
        flag.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return task * 2


def test_what_the_work_raises_is_raised_and_the_processes_end() -> None:
    results = in_processes(act, ["a", "raise 坏", "b"], 2, told, fork=True)
    assert next(results) == "A"
    with pytest.raises(ValueError, match="坏"):
        list(results)
    assert not active_children()


def test_tasks_and_results_may_be_larger_than_a_pipe() -> None:
    tasks = [f"{'x' * 3_000_000}{n}" for n in range(8)]
    assert done(tasks) == [task.upper() for task in tasks]


def test_tasks_are_taken_as_they_are_needed() -> None:
    taken = 0

    def tasks() -> Iterator[str]:
        nonlocal taken
        for _ in range(10 * AHEAD):
            taken += 1
            yield "a"

    results = in_processes(act, tasks(), 2, told, fork=True)
    next(results)
    time.sleep(0.3)
    assert next(results) == "A" and taken <= 2 * AHEAD + 2
    assert len(list(results)) == 10 * AHEAD - 2 and taken == 10 * AHEAD


def test_processes_that_start_afresh_do_the_same() -> None:
    tasks = ["a", "exit 3", "sleep 60", "b"]
    fresh = in_processes(act, tasks, 2, told, limits=QUICK)
    assert list(fresh) == done(tasks)


def test_one_task_is_done_here_and_several_in_other_processes() -> None:
    assert can_fork()
    here = os.getpid()
    assert list(for_each(process, ["a"], None, told)) == [here]
    assert here not in for_each(process, ["a", "b"], None, told)
    assert list(for_each(process, ["a", "b"], 1, told, isolate=False)) == [here, here]
    assert here not in for_each(process, ["a"], None, told, isolate=True)
    assert list(for_each(process, [], None, told, isolate=True)) == []


def process(_: str) -> int:
    return os.getpid()


def test_memory_that_runs_out_here_costs_the_task() -> None:
    found = for_each(no_memory, ["a", "b"], None, told, isolate=False)
    assert list(found) == ["a: 内存不足 上限", "B"]


def no_memory(task: str) -> str:
    if task == "a":
        raise MemoryError
    return task.upper()


def test_the_limit_of_memory_is_over_what_the_process_has(tmp_path: Path) -> None:
    ballast = bytearray(400 * 2**20)
    patient = Limits(seconds=60, memory=QUICK.memory)
    first, second = done(["take 200", "take 300"], limits=patient)
    assert first == "TAKE 200" and "limits.memory" in second
    assert ballast and DEFAULT.memory > QUICK.memory


def test_without_room_for_another_process_fewer_do_the_work(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from multiprocessing.context import ForkProcess

    honest, started = ForkProcess.start, []

    def start(self: ForkProcess) -> None:
        started.append(self)
        if len(started) == 2:
            raise BlockingIOError(11, "Resource temporarily unavailable")
        honest(self)

    monkeypatch.setattr(ForkProcess, "start", start)
    assert done(["a", "b", "c"]) == ["A", "B", "C"] and len(started) == 2


STOPPED = """
import sys, time
from checker.sources.limits import Limits
from checker.workers import in_processes

def work(task):
    print("begun", flush=True)
    time.sleep(task)
    return task

if __name__ == "__main__":
    limits = Limits(seconds=3)
    lost = lambda task, loss: loss.reason
    print(*in_processes(work, [2], 1, lost, fork=True, limits=limits))
"""


def test_time_in_which_the_whole_run_stood_still_does_not_count(tmp_path: Path) -> None:
    script = tmp_path / "run.py"
    script.write_text(STOPPED, encoding="utf-8")
    env = {**os.environ, "PYTHONPATH": str(Path(__file__).parent.parent)}
    with subprocess.Popen(
        [sys.executable, script], env=env, stdout=subprocess.PIPE, text=True, start_new_session=True
    ) as run:
        assert run.stdout is not None and run.stdout.readline() == "begun\n"
        time.sleep(0.2)
        os.killpg(run.pid, signal.SIGSTOP)
        time.sleep(5)
        os.killpg(run.pid, signal.SIGCONT)
        assert run.stdout.read() == "2\n"


def test_without_a_word_for_the_lost_tasks_are_handed_out_until_nothing_gets_done(
    tmp_path: Path,
) -> None:
    work = partial(die_once, tmp_path / "once")
    assert list(in_processes(work, [1, 2, 3], 2, None, fork=True, ahead=2)) == [2, 4, 6]
    found = in_processes(act, ["a", "exit 3", "b"], 1, None, fork=True)
    assert next(found) == "A"
    with pytest.raises(NoProcess, match="没有进展"):
        list(found)


LEFT = """
from checker.workers import in_processes

def work(task):
    return list(in_processes(str, [task], 1, lambda task, loss: loss.reason))

if __name__ == "__main__":
    results = in_processes(work, [1, 2, 3], 2, lambda task, loss: loss.reason, fork=True)
    print(next(results))
"""


def test_a_program_ends_though_nobody_closed_its_workers_and_workers_may_have_workers(
    tmp_path: Path,
) -> None:
    script = tmp_path / "run.py"
    script.write_text(LEFT, encoding="utf-8")
    env = {**os.environ, "PYTHONPATH": str(Path(__file__).parent.parent)}
    ran = subprocess.run(
        [sys.executable, script], env=env, capture_output=True, text=True, timeout=60, check=False
    )
    assert (ran.returncode, ran.stdout) == (0, "['1']\n"), ran.stderr
