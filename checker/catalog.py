"""Catalog: which rules there are, of text and of procedure, by id and family."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from checker.resources import resource

if TYPE_CHECKING:
    from checker.compiled import CompiledRule, Ruleset
    from checker.steps import StepRule
    from checker.waivers import WaiverRule

#: The families of the rules of procedure and of those about waivers, by the folder they are in.
PROCEDURE, WAIVERS = "PRO", "WVR"
_FOLDERS = {PROCEDURE: "procedure", WAIVERS: "waivers"}


class UnknownCode(ValueError):
    """A rule id or family that the rulesets do not have; the message offers the nearest one."""


def step_rules() -> tuple[StepRule, ...]:
    """The shipped rules of procedure. Raises DeclarationError."""
    from checker.steps import load_procedure_rules

    return load_procedure_rules(resource("rulesets", "procedure"))


def refuse_unknown(codes: Iterable[str], ruleset: Ruleset) -> None:
    """Raise UnknownCode for the first of the codes that is neither a rule nor a family."""
    known = {*_FOLDERS, *ruleset.families, *(rule.id for rule in ruleset.rules)}
    unknown = [code for code in codes if code not in known]
    if not unknown:
        return
    for family, folder in _FOLDERS.items():
        known |= {path.stem for path in resource("rulesets", folder).glob(f"{family}-*.yaml")}
    for code in unknown:
        if code not in known:
            from difflib import get_close_matches

            close = get_close_matches(code.upper(), sorted(known), n=1, cutoff=0.4)
            hint = f"，是否要写“{close[0]}”？" if close else "，可用 checker rules list 查看"
            raise UnknownCode(f"没有编号或者门类为“{code}”的规则{hint}")


def find_rule(rule: str, ruleset: Ruleset) -> CompiledRule | StepRule | WaiverRule:
    """The rule of an id. Raises UnknownCode."""
    from checker.waivers import waiver_rules

    refuse_unknown((rule,), ruleset)
    rules: Iterable[CompiledRule | StepRule | WaiverRule] = ruleset.rules
    if rule.startswith(f"{PROCEDURE}-"):
        rules = step_rules()
    elif rule.startswith(f"{WAIVERS}-"):
        rules = waiver_rules()
    found = next((candidate for candidate in rules if candidate.id == rule), None)
    if found is None:
        raise UnknownCode(f"“{rule}”是门类，请写规则编号，如 {rule}-001")
    return found


def rule_file(rule: str, ruleset: Ruleset, folders: Iterable[str | Path] = ()) -> Path:
    """The file of a rule; of several with its id, that in the last folder. Raises UnknownCode."""
    find_rule(rule, ruleset)
    places = (resource("rulesets"), *map(Path, folders))
    return next(path for place in reversed(places) for path in sorted(place.rglob(f"{rule}.yaml")))
