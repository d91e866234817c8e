"""Progress of a long run: one line on a terminal, with the rate and the time left."""

from __future__ import annotations

import sys
from time import monotonic
from typing import TextIO

#: Seconds between two changes of the line.
_PAUSE = 0.2


class Progress:
    """Counts documents and shows it on a terminal; elsewhere nothing is written.

    ``total`` documents, of which ``ready`` were done before the run.
    """

    def __init__(self, total: int = 0, ready: int = 0, stream: TextIO | None = None) -> None:
        self._stream = stream or sys.stderr
        self._total, self._done, self._ready = total, ready, ready
        self._began = self._shown = monotonic()
        self._visible = self._stream.isatty()

    def expect(self, total: int) -> None:
        """How many documents there are, where that was not known at first."""
        self._total = total

    def add(self, documents: int = 1) -> None:
        """So many more documents are done."""
        self._done += documents
        if self._visible and monotonic() - self._shown >= _PAUSE:
            self._shown = monotonic()
            self._stream.write(f"\r\x1b[K{self.line(self._shown - self._began)}")
            self._stream.flush()

    def line(self, seconds: float) -> str:
        """What is shown when the run has lasted for so many seconds."""
        rate = (self._done - self._ready) / seconds if seconds > 0 else 0.0
        line = f"已检查 {self._done}／{self._total} 份"
        if rate <= 0:
            return line
        return f"{line}，每秒 {rate:.0f} 份，约剩 {_lasting((self._total - self._done) / rate)}"

    def close(self) -> None:
        """Clear the line."""
        if self._visible:
            self._stream.write("\r\x1b[K")
            self._stream.flush()


def _lasting(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours} 小时 {minutes} 分"
    return f"{minutes} 分 {rest} 秒" if minutes else f"{rest} 秒"
