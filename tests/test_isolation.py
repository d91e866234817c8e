"""Isolation: a portal's documents in processes of their own; threads, limits, deaths, dossiers."""

from __future__ import annotations

import json
import os
import signal
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from multiprocessing import active_children
from pathlib import Path

import pytest

from checker import Checker, Workers
from checker.sources.limits import Limits

EXAMPLES = Path(__file__).parent.parent / "examples"
TEXT = "第一条　经营者应当在开业前缴存安全保证金五千元。\n第二条　本办法自2025年1月1日起施行。\n"
#: So many words that to check them takes several seconds.
LONG = TEXT * 100_000
DAY = date(2025, 6, 1)


@pytest.fixture(scope="module")
def checker() -> Checker:
    return Checker(limits=Limits(seconds=60))


@pytest.fixture(scope="module")
def workers(checker: Checker) -> Iterator[Workers]:
    with Workers(checker, 2) as shared:
        yield shared


def test_reports_are_those_of_the_checker(checker: Checker, workers: Workers) -> None:
    data = (EXAMPLES / "faulty.docx").read_bytes()
    assert workers.check_bytes(data, "a.docx", DAY) == checker.check_bytes(data, "a.docx", DAY)
    assert workers.check_text(TEXT, "甲", DAY) == checker.check_text(TEXT, "甲", DAY)
    assert workers.check_bytes(b"PK\3\4", "b.docx") == checker.check_bytes(b"PK\3\4", "b.docx")
    path = EXAMPLES / "notice.txt"
    assert workers.check_file(path, DAY) == checker.check_file(path, DAY)
    dossier = EXAMPLES / "dossiers" / "faulty"
    assert workers.check_dossier(dossier, DAY) == checker.check_dossier(dossier, DAY)


def test_wrong_use_is_raised_as_by_the_checker(workers: Workers, tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="没有这个文件"):
        workers.check_file(tmp_path / "无.txt")
    with pytest.raises(FileNotFoundError, match="没有这个卷宗"):
        workers.check_dossier(tmp_path / "无")
    assert workers.check_text(TEXT).findings


def test_many_threads_share_a_few_processes(checker: Checker, workers: Workers) -> None:
    texts = [f"{TEXT}第三条　经营者应当缴纳保证金{n}元。\n" for n in range(24)]
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(lambda text: workers.check_text(text, "甲", DAY), texts))
    assert together == [checker.check_text(text, "甲", DAY) for text in texts]


def test_a_document_that_takes_too_long_costs_only_itself() -> None:
    with Workers(Checker(limits=Limits(seconds=3)), 2) as workers, ThreadPoolExecutor(3) as pool:
        long, *short = pool.map(workers.check_text, [LONG, TEXT, TEXT])
        assert workers.check_text(TEXT).findings
    assert long.error == "检查超过 3 秒的上限（limits.seconds=3），已终止"
    assert not long.internal and not long.complete and all(report.findings for report in short)


def test_a_process_that_is_killed_costs_nothing(checker: Checker) -> None:
    with Workers(checker, 1) as workers:
        assert workers.check_text(TEXT).findings
        (process,) = set(active_children()) - _of_others(workers)
        os.kill(process.pid or 0, signal.SIGKILL)
        assert workers.check_text(TEXT).findings


def _of_others(workers: Workers) -> set[object]:
    worker = workers._free.get()
    workers._free.put(worker)
    assert worker is not None
    return {child for child in active_children() if child.pid != worker._process.pid}


def test_processes_end_with_the_block(checker: Checker) -> None:
    before = set(active_children())
    with Workers(checker, 2) as workers:
        assert len(set(active_children()) - before) == 2
        workers.check_text(TEXT)
    assert set(active_children()) == before


def test_too_much_memory_is_told() -> None:
    with Workers(Checker(limits=Limits(memory=32 * 2**20)), 1) as workers:
        report = workers.check_text(LONG)
        assert "limits.memory" in report.error and not report.internal
        assert workers.check_text(TEXT).findings


def test_it_works_beside_threads() -> None:
    stop = threading.Event()
    thread = threading.Thread(target=stop.wait)
    thread.start()
    try:
        with Workers(Checker(), 1) as workers:
            assert json.loads(workers.check_text(TEXT).to_json())["findings"]
    finally:
        stop.set()
        thread.join()
