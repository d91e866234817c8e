"""Isolation: documents from anyone checked in processes of their own, for a portal that serves many."""

from __future__ import annotations

import pickle
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path
from queue import SimpleQueue
from types import TracebackType
from typing import Any, NamedTuple, Self

from checker.api import Checker
from checker.report import Report
from checker.workers import TRIES, Loss, Worker, processors


class _Call(NamedTuple):
    """A method of Checker, what it is given, and how the document is called."""

    method: str
    given: tuple[Any, ...]
    name: str


class Workers:
    """Checks documents with one Checker in processes of their own. A context manager; safe to share
    between threads, of which each waits until a process is free.

    A document that hangs, takes too much memory or ends its process gives a report that says why
    (``Checker.limits`` says how long and how much), and a new process takes the place of the old.
    Processes start afresh, so a script needs the usual ``if __name__ == "__main__":``, and what the
    Checker was made with must be such that it can be pickled. ``processes`` None means one per
    processor.
    """

    def __init__(self, checker: Checker, processes: int | None = None) -> None:
        self._checker = checker
        self._processes = processes or processors()
        #: Workers that nobody uses; None and closed ones stand for one to be started when it is needed.
        self._free: SimpleQueue[Worker | None] = SimpleQueue()
        for _ in range(self._processes):
            self._free.put(self._start())

    def _start(self) -> Worker:
        return Worker(partial(_perform, self._checker), self._checker.limits, fork=False)

    def check_bytes(self, data: bytes, name: str, as_of: date | None = None) -> Report:
        """As :meth:`Checker.check_bytes`."""
        return self._report(_Call("check_bytes", (data, name, as_of), name))

    def check_text(self, text: str, name: str = "草案", as_of: date | None = None) -> Report:
        """As :meth:`Checker.check_text`."""
        return self._report(_Call("check_text", (text, name, as_of), name))

    def check_file(self, path: str | Path, as_of: date | None = None) -> Report:
        """As :meth:`Checker.check_file`. Raises FileNotFoundError."""
        return self._report(_Call("check_file", (path, as_of), Path(path).name))

    def check_dossier(self, path: str | Path, as_of: date | None = None) -> Report:
        """As :meth:`Checker.check_dossier`, the whole in one process and within the limits of one
        document. Raises FileNotFoundError, DeclarationError."""
        return self._report(_Call("check_dossier", (path, as_of), Path(path).name))

    def _report(self, call: _Call) -> Report:
        data = pickle.dumps(call)
        worker = self._free.get()
        try:
            for _ in range(TRIES):
                if worker is None or worker.closed:
                    worker = self._start()
                outcome = worker.do(data)
                if not isinstance(outcome, Loss) or outcome.limit:
                    break
        finally:
            self._free.put(worker)
        if isinstance(outcome, Loss):
            unread = self._checker.unread(call.name, outcome.reason)
            return replace(unread, internal=not outcome.limit)
        report: Report = outcome
        return report

    def close(self) -> None:
        """End every process, when what they are at is done. Not to be used any more."""
        for _ in range(self._processes):
            worker = self._free.get()
            if worker is not None and not worker.closed:
                worker.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self.close()


def _perform(checker: Checker, call: _Call) -> Report:
    report: Report = getattr(checker, call.method)(*call.given)
    return report
