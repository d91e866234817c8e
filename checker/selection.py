"""Selection: which rules a run uses, by the ids and families that are chosen or left out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from checker.catalog import PROCEDURE, WAIVERS, step_rules

if TYPE_CHECKING:
    from checker.compiled import CompiledRule, Ruleset
    from checker.steps import StepRule
    from checker.waivers import WaiverRule


@dataclass(frozen=True, slots=True)
class Selection:
    """Rule ids and families to run (none: all) and not to run."""

    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()

    def has(self, rule: str, family: str) -> bool:
        """Whether a rule is chosen."""
        wanted = not self.select or rule in self.select or family in self.select
        return wanted and rule not in self.ignore and family not in self.ignore

    def steps(self) -> list[StepRule]:
        """The chosen rules of procedure."""
        return [rule for rule in step_rules() if self.has(rule.id, PROCEDURE)]

    def waiver_rules(self) -> list[WaiverRule]:
        """The chosen rules about lists of waivers."""
        from checker.waivers import waiver_rules

        return [rule for rule in waiver_rules() if self.has(rule.id, WAIVERS)]

    def rules(self, ruleset: Ruleset) -> tuple[CompiledRule | StepRule | WaiverRule, ...]:
        """Every chosen rule in order of id."""
        texts = [rule for rule in ruleset.rules if self.has(rule.id, rule.family)]
        rules: list[CompiledRule | StepRule | WaiverRule] = [*texts, *self.steps()]
        return tuple(sorted([*rules, *self.waiver_rules()], key=lambda rule: rule.id))

    def notes(self, running: Iterable[CompiledRule]) -> tuple[str, ...]:
        """What a reader should know of the choice; mandatory rules run although left out."""
        kept = [rule.id for rule in running if {rule.id, rule.family} & {*self.ignore}]
        notes = (
            (self.select, "只运行指定的规则"),
            (self.ignore, "按要求不运行的规则"),
            (kept, "必须运行、没有排除的规则"),
        )
        return tuple(f"{words}：{'、'.join(codes)}" for codes, words in notes if codes)
