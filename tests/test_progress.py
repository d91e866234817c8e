"""The bar of progress: on a terminal only, for many documents only, and never in the results."""

from __future__ import annotations

import io

import pytest

from checker.progress import MANY, _duration, with_progress, with_rate
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


def rated(monkeypatch: pytest.MonkeyPatch, stream: io.StringIO) -> str:
    monkeypatch.setattr("sys.stderr", stream)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "100")
    clock = iter(range(0, 1000, 50))
    monkeypatch.setattr("checker.progress.time.monotonic", lambda: float(next(clock)))
    assert list(with_rate(iter([200, 200, 200]), 10_000, lambda step: step)) == [200, 200, 200]
    return stream.getvalue()


def test_a_log_is_told_once_a_minute_how_fast_it_goes(monkeypatch: pytest.MonkeyPatch) -> None:
    assert rated(monkeypatch, io.StringIO()).splitlines() == [
        "已检查 400/10,000 份，每秒 4 份，还要 40 分"
    ]


def test_a_terminal_shows_how_fast_it_goes(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "已检查 600/10000 份，每秒" in rated(monkeypatch, Terminal())


@pytest.mark.parametrize(
    ("seconds", "words"), [(42.4, "42 秒"), (89, "1 分"), (3540, "59 分"), (7260, "2 小时 1 分")]
)
def test_time_left_is_in_words(seconds: float, words: str) -> None:
    assert _duration(seconds) == words
