"""Settlement: which findings of a report are set aside, by waivers and by a baseline."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import NamedTuple

from checker import baseline as baselines
from checker import waivers as lists
from checker.baseline import Baseline, read_baseline
from checker.catalog import step_rules
from checker.compiled import CompiledRule, Ruleset
from checker.globs import located, plain
from checker.report import Report
from checker.steps import StepRule
from checker.waivers import Scope, WaiverRule, Waivers, read_waivers, refuse_faulty


class Settled(NamedTuple):
    """A document that was settled: its path or name, whether all of it was checked, and the entries
    of the list of waivers that its findings speak of (from 1)."""

    place: Path | str
    complete: bool
    entries: frozenset[int]


@dataclass(frozen=True, slots=True)
class Settlement:
    """Waivers and a baseline made ready for one set of rules; ``told`` are rules about waivers."""

    waivers: Waivers
    baseline: Baseline
    ran: frozenset[str]
    steps: frozenset[str]
    mandatory: frozenset[str]
    told: tuple[WaiverRule, ...]

    def settle(self, report: Report, day: date, *places: Path | str) -> Report:
        """The report with what is covered or known set aside, on a day.

        ``places`` are paths or names of the document; a baseline goes by the first.
        """
        scope = self._scope(day, bool(report.steps))
        names = [_name(place, self.waivers.base) for place in places]
        report = lists.settle(self.waivers, report, names, scope)
        return baselines.settle(
            self.baseline, report, _name(places[0], self.baseline.base), scope.ran
        )

    def over(self, reports: Iterable[Report], day: date, paths: Iterable[Path]) -> Iterator[Report]:
        """Settled reports of many documents, and one about waivers that none of them used."""
        names = (_name(path, self.waivers.base) for path in paths)
        pairs = zip(reports, names, strict=True)
        return lists.unused(self.waivers, pairs, self._scope(day, False))

    def unused(self, documents: Iterable[Settled], day: date) -> Report | None:
        """As :meth:`over`, of documents whose reports are no longer there: the one about waivers."""
        use = lists.PatternUse(self.waivers)
        for place, complete, covering in documents:
            use.add(_name(place, self.waivers.base), complete, covering)
        return use.report(self._scope(day, False))

    def _scope(self, day: date, dossier: bool) -> Scope:
        ran = self.ran | self.steps if dossier else self.ran
        return Scope(ran, self.mandatory, self.told, day)


def read_settlement(
    waivers: Waivers | str | Path | None,
    baseline: Baseline | str | Path | None,
    ruleset: Ruleset,
    ran: Iterable[str],
    told: Iterable[WaiverRule],
) -> Settlement:
    """Read what is a path. ``ran`` are the rules of text that run.

    Raises DeclarationError with every fault of the list of waivers, or for a file that is no
    baseline.
    """
    steps = step_rules() if waivers is not None else ()
    rules: list[CompiledRule | StepRule] = [*ruleset.rules, *steps]
    if isinstance(waivers, str | Path):
        waivers = read_waivers(Path(waivers), rules)
    elif waivers is not None:
        refuse_faulty(waivers, rules)
    if isinstance(baseline, str | Path):
        baseline = read_baseline(Path(baseline))
    return Settlement(
        waivers or Waivers(()),
        baseline or Baseline(),
        frozenset(ran),
        frozenset(rule.id for rule in steps),
        frozenset(rule.id for rule in ruleset.rules if rule.mandatory),
        tuple(told),
    )


def _name(place: Path | str, base: Path | None) -> str:
    """Name of a document as a list or baseline in the folder ``base`` calls it."""
    if isinstance(place, str):
        return plain(place)
    return located(place, base) if base is not None else plain(place.as_posix())
