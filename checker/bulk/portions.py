"""What is done with one portion: read, checked, written; by whatever process it is handed to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from checker.api import Checker, internal_error
from checker.batch import in_processes
from checker.bulk.intake import Entry, Portion, entries
from checker.bulk.parts import Parts
from checker.report import Report

if TYPE_CHECKING:
    from pyarrow.fs import FileSystem


@dataclass(frozen=True, slots=True)
class EntryCheck:
    """Checks one entry of many: whatever goes wrong is told in its report."""

    checker: Checker
    as_of: date | None

    def __call__(self, entry: Entry) -> Report:
        """The report of an entry; never raises."""
        name, content = entry.name, entry.content
        if entry.problem:
            return self.checker.unread(name, entry.problem)
        try:
            if isinstance(content, str):
                return self.checker.check_text(content, name, self.as_of)
            return self.checker.check_bytes(content, name, self.as_of)
        except Exception as fault:
            return self.lost(entry, internal_error(fault))

    def lost(self, entry: Entry, why: str) -> Report:
        """The report of an entry that the engine itself failed on."""
        return replace(self.checker.unread(entry.name, why), internal=True)


@dataclass(frozen=True, slots=True)
class PortionCheck:
    """Checks a portion and writes its rows; equal whoever does it and however often."""

    check: EntryCheck
    files: FileSystem
    root: str
    parts: Parts

    def __call__(self, portion: Portion) -> Portion:
        """Do a portion, unless it is done; it comes back as the sign that it is.

        One that was begun before and not ended may hold a document that kills the process: its
        documents are checked in a process of their own, and only that document is lost.
        """
        if not self.parts.done(portion.number):
            again = self.parts.begin(portion.number)
            found = entries(self.files, self.root, portion)
            self.parts.write(
                portion.number, self._apart(found) if again else map(self.check, found)
            )
        return portion

    def _apart(self, found: Iterable[Entry]) -> Iterable[Report]:
        return in_processes(self.check, found, 1, self.check.lost)
