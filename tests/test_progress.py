"""The bar of progress: on a terminal only, for many documents only, and never in the results."""

from __future__ import annotations

import io

import pytest

from checker.progress import MANY, with_progress
from checker.report import Report


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def drawn(monkeypatch: pytest.MonkeyPatch, stream: io.StringIO, count: int) -> str:
    monkeypatch.setattr("sys.stderr", stream)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "100")
    reports = [Report(f"{n}.txt") for n in range(count)]
    assert list(with_progress(iter(reports), count)) == reports
    return stream.getvalue()


def test_many_on_a_terminal_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("checker.progress._PAUSE", -1)
    said = drawn(monkeypatch, Terminal(), MANY)
    assert f"已检查 7/{MANY} 份，0 份有问题线索" in said and f"{MANY}/{MANY}" in said


def test_elsewhere_nothing_is_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    assert drawn(monkeypatch, io.StringIO(), MANY) == ""
    assert drawn(monkeypatch, Terminal(), MANY - 1) == ""


def test_a_run_that_is_broken_off_ends_the_bar(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = Terminal()
    monkeypatch.setattr("sys.stderr", stream)
    reports = with_progress((Report(f"{n}") for n in range(MANY)), MANY)
    next(reports)
    reports.close()
    assert "\x1b[?25h" in stream.getvalue()  # the cursor is shown again
