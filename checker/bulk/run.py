"""A bulk run: the documents of a source through an engine into a folder of Parquet files."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from checker.api import Checker
from checker.bulk.engines import ENGINES, require
from checker.bulk.intake import PORTION, Intake, find
from checker.bulk.parts import Parts
from checker.bulk.portions import EntryCheck, PortionCheck
from checker.report import Tally, __version__
from checker.statutes import register_coverage


@dataclass(frozen=True, slots=True)
class Bulk:
    """A run made ready: what is to be checked, by whom, where to, and what is done already."""

    work: PortionCheck
    intake: Intake
    done: frozenset[int]

    @property
    def documents(self) -> int:
        """How many documents the source holds."""
        return sum(portion.size for portion in self.intake.portions)

    @property
    def ready(self) -> int:
        """How many of them were done before."""
        return sum(p.size for p in self.intake.portions if p.number in self.done)

    def run(self, engine: str = "local", jobs: int | None = None) -> Iterator[int]:
        """Do what is left, and say of each portion that is done how many documents it held."""
        left = [p for p in self.intake.portions if p.number not in self.done]
        if left:
            for portion in ENGINES[engine](self.work, left, jobs):
                yield portion.size
        self.work.parts.close()

    def tally(self) -> Tally:
        """What all that is done adds up to."""
        return self.work.parts.tally()


def prepare(
    checker: Checker,
    source: str,
    target: str,
    *,
    engine: str = "local",
    as_of: date | None = None,
    resume: bool = False,
    size: int = PORTION,
) -> Bulk:
    """Find the documents and open the target.

    ``source`` is a folder, a Parquet file (columns name, and text or bytes), a folder of such, or
    a URL of one; ``target`` a folder or its URL, which all workers must reach; ``size`` the
    documents of a portion. Raises SourceFault, and MissingLibrary where a library is missing.
    """
    require(engine)
    intake = find(source, size)
    parts = Parts.at(target)
    day, count = register_coverage()
    settings = (checker.profile, checker.select, checker.ignore, checker.place, as_of)
    run = {
        "listing": intake.digest,
        "engine": __version__,
        "ruleset": checker.ruleset.version,
        "register": f"{day.isoformat()}/{count}",
        "settings": repr((*map(str, settings), str(checker.statutes))),
    }
    done = parts.open(run, resume)
    work = PortionCheck(EntryCheck(checker, as_of), intake.files, intake.root, parts)
    return Bulk(work, intake, done)
