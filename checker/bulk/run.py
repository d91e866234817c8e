"""A bulk run: the documents of a source through an engine into a folder of Parquet files."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path, PurePath

from checker.api import Checker
from checker.bulk.engines import ENGINES, require
from checker.bulk.intake import PORTION, Intake, find
from checker.bulk.parts import Parts
from checker.bulk.portions import EntryCheck, Outcome, PortionCheck
from checker.profile import Profile
from checker.recall import engine_digest
from checker.report import Tally, __version__
from checker.settlement import Settled
from checker.statutes import register_coverage


@dataclass(frozen=True, slots=True)
class Bulk:
    """A run made ready: what is to be checked, by whom, and where to."""

    work: PortionCheck
    intake: Intake

    @property
    def documents(self) -> int:
        """How many documents the source holds."""
        return sum(portion.size for portion in self.intake.portions)

    def run(self, engine: str = "local", jobs: int | None = None) -> Iterator[Outcome]:
        """Do every portion that is not done or whose documents have changed; say what became of each."""
        yield from ENGINES[engine](self.work, self.intake.portions, jobs)
        self.close()

    def close(self) -> None:
        """End the run after its last portion: say what is to be said of the waivers as a whole."""
        check, parts = self.work.check, self.work.parts
        if check.checker.waivers is None:
            parts.close(None)
            return
        folder = check.folder
        settled = (
            Settled(folder / name if folder is not None else name, complete, entries)
            for name, complete, entries in parts.documents()
        )
        parts.close(check.checker.unused_waivers(settled, check.as_of))

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
    excludes: Callable[[PurePath], bool] | None = None,
) -> Bulk:
    """Find the documents and open the target.

    ``source`` is a folder, a Parquet file (columns name, and text or bytes), a folder of such, or
    a URL of one; ``target`` a folder or its URL, which all workers must reach; ``size`` the
    documents of a portion; ``excludes`` as of :func:`checker.bulk.intake.find`. Raises SourceFault,
    and MissingLibrary where a library is missing.
    """
    require(engine)
    parts = Parts.at(target)
    intake = find(source, size, excludes, parts.root)
    parts.open(_conditions(checker, intake, as_of), resume)
    check = EntryCheck(checker, as_of, intake.folder)
    return Bulk(PortionCheck(check, intake.files, intake.root, parts), intake)


def _conditions(checker: Checker, intake: Intake, as_of: date | None) -> dict[str, str]:
    """What all rows of a run have in common: a run is not taken up again with another one."""
    profile, selection, ruleset, texts, limits = checker.rests_on()
    if isinstance(
        profile, Profile
    ):  # what its folders of rules hold, the version of the rules says
        profile = replace(profile, rulesets=())
    day, count = register_coverage()
    return {
        "listing": intake.digest,
        "engine": __version__,
        "code": engine_digest()[:16],
        "ruleset": str(ruleset),
        "register": f"{day.isoformat()}/{count}",
        "texts": str(texts),
        "settings": _digest(repr((profile, selection, limits)).encode("utf-8", "surrogatepass")),
        "as_of": as_of.isoformat() if as_of else "",
        "waivers": _content(checker.waivers),
        "baseline": _content(checker.baseline),
    }


def _content(aside: object) -> str:
    """Digest of a list of waivers or a baseline, "" without one."""
    if aside is None:
        return ""
    if isinstance(aside, str | Path):
        return _digest(Path(aside).read_bytes())
    return _digest(repr(aside).encode("utf-8", "surrogatepass"))


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:16]
