"""What is done with one portion: read, checked, written; by whatever process it is handed to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple

from checker.api import Checker
from checker.bulk.columns import Checked
from checker.bulk.intake import Entry, Portion, entries
from checker.bulk.parts import Parts
from checker.faults import internal_error
from checker.report import Report
from checker.workers import Loss, in_processes

if TYPE_CHECKING:
    from pyarrow.fs import FileSystem


class Outcome(NamedTuple):
    """What became of a portion of so many documents.

    It was ``checked``, or ``kept`` from an earlier run, or checked again because its documents have
    ``changed`` since.
    """

    documents: int
    how: Literal["checked", "kept", "changed"]


@dataclass(frozen=True, slots=True)
class EntryCheck:
    """Checks one entry of many: whatever goes wrong is told in its report.

    ``folder`` is the local folder that the entries are files of, None where they are not.
    """

    checker: Checker
    as_of: date | None
    folder: Path | None = None

    def __call__(self, entry: Entry) -> Checked:
        """The report of an entry; never raises."""
        return self._of(entry, self._report(entry))

    def lost(self, entry: Entry, loss: Loss) -> Checked:
        """The report of an entry that went beyond a limit, or that the engine itself failed on."""
        unread = self.checker.unread(entry.name, loss.reason)
        return self._of(entry, replace(unread, internal=not loss.limit))

    def _of(self, entry: Entry, report: Report) -> Checked:
        return Checked(report, len(entry.data), entry.sha256)

    def _report(self, entry: Entry) -> Report:
        name, content = entry.name, entry.content
        path = self.folder / name if self.folder is not None else None
        if entry.problem:
            return self.checker.unread(name, entry.problem)
        try:
            if isinstance(content, str):
                return self.checker.check_text(content, name, self.as_of, path)
            return self.checker.check_bytes(content, name, self.as_of, path)
        except Exception as fault:
            return replace(self.checker.unread(name, internal_error(fault)), internal=True)


@dataclass(frozen=True, slots=True)
class PortionCheck:
    """Checks a portion and writes its rows; equal whoever does it and however often."""

    check: EntryCheck
    files: FileSystem
    root: str
    parts: Parts

    def __call__(self, portion: Portion) -> Outcome:
        """Do a portion, unless it is done and its documents are still the same.

        One that was begun before and not ended may hold a document that kills the process: its
        documents are checked in a process of their own, and only that document is lost.
        """
        done = self.parts.done(portion.number)
        if done and self.parts.digests(portion.number) == self._digests(portion):
            return Outcome(portion.size, "kept")
        begun = self.parts.begin(portion.number)
        found = entries(self.files, self.root, portion)
        self.parts.write(portion.number, self._apart(found) if begun else map(self.check, found))
        return Outcome(portion.size, "changed" if done else "checked")

    def _digests(self, portion: Portion) -> list[str]:
        return [entry.sha256 for entry in entries(self.files, self.root, portion)]

    def _apart(self, found: Iterable[Entry]) -> Iterator[Checked]:
        limits = self.check.checker.limits
        return in_processes(self.check, found, 1, self.check.lost, limits=limits)
