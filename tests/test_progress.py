"""Progress of a long run."""

from __future__ import annotations

import io

from checker import progress
from checker.progress import Progress


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


def test_the_line_tells_rate_and_time_left_of_this_run_alone() -> None:
    shown = Progress(1000, 400, io.StringIO())
    assert shown.line(0) == "已检查 400／1000 份"
    shown.add(100)
    assert shown.line(50) == "已检查 500／1000 份，每秒 2 份，约剩 4 分 10 秒"
    assert shown.line(3600).endswith("约剩 5 小时 0 分")


def test_only_a_terminal_sees_it(monkeypatch) -> None:
    monkeypatch.setattr(progress, "_PAUSE", 0)
    file, terminal = io.StringIO(), Terminal()
    for stream in (file, terminal):
        shown = Progress(2, stream=stream)
        shown.add()
        shown.close()
    assert file.getvalue() == ""
    assert "已检查 1／2 份" in terminal.getvalue()
    assert terminal.getvalue().endswith("\r\x1b[K")


def test_the_total_may_be_told_later() -> None:
    shown = Progress(stream=io.StringIO())
    shown.expect(10)
    assert shown.line(0) == "已检查 0／10 份"
