"""Where the reports of one run go: any number of formats at once, and the tally of them all."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self, TextIO

from checker.report import Report, Tally

FORMATS = ("text", "json")
#: A format and the file it is written to, None for standard output.
Target = tuple[str, Path | None]


def read_target(written: str, formats: Sequence[str] = FORMATS) -> Target:
    """The target of FORMAT or FORMAT=FILE. Raises ValueError with what is wrong."""
    from checker.faults import nearest

    name, equals, file = written.partition("=")
    if equals and not file:
        raise ValueError(f"“{written}”缺少文件名")
    if name not in formats:
        raise ValueError(f"不能写“{name}”{nearest(name, formats)}")
    return name, Path(file) if file else None


class Writer(Protocol):
    """Writes the reports of a run in one format."""

    def add(self, report: Report) -> None:
        """Write one report."""

    def close(self, tally: Tally) -> None:
        """Write what the run adds up to."""


class Output:
    """Sends each report to every target, and keeps the tally; a context manager.

    ``targets`` are pairs of a format and a file, None for standard output. The closing line goes
    to standard error where no text goes to standard output. Opening a file may raise OSError.
    """

    def __init__(
        self,
        targets: Sequence[Target],
        *,
        quiet: bool = False,
        verbose: bool = False,
    ) -> None:
        self.tally = Tally()
        self._files = ExitStack()
        self._says_closing = ("text", None) in targets
        self._writers = [self._writer(name, file, quiet, verbose) for name, file in targets]

    def _writer(self, name: str, file: Path | None, quiet: bool, verbose: bool) -> Writer:
        stream: TextIO = sys.stdout
        if file is not None:
            stream = self._files.enter_context(
                file.open("w", encoding="utf-8", errors="backslashreplace", newline="\n")
            )
        if name == "json":
            from checker.render.json import JsonWriter

            return JsonWriter(stream)
        from checker.render.text import TextWriter

        terminal = file is None and stream.isatty()
        return TextWriter(stream, terminal=terminal, quiet=quiet, verbose=verbose)

    def add(self, report: Report) -> None:
        """Write one report everywhere."""
        for writer in self._writers:
            writer.add(report)
        self.tally = self.tally.plus(report)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with self._files:
            if kind is None:
                for writer in self._writers:
                    writer.close(self.tally)
        if kind is None and not self._says_closing:
            sys.stderr.write(self.tally.closing + "\n")
