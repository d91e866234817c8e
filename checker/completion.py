"""Completion: what a shell offers for an argument: words, names of files, ids of rules."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem


class Completed(click.types.FuncParamType):  # type: ignore[type-arg]  # generic since click 8.4
    """A type read by a function, completed by the shell with some words or with names of files.

    ``files`` is "file", "dir" or empty.
    """

    def __init__(self, read: Callable[[str], Any], files: str = "", words: Iterable[str] = ()):
        super().__init__(read)
        self._files, self._words = files, tuple(words)

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        """What the shell offers."""
        from click.shell_completion import CompletionItem

        if self._files:
            return [CompletionItem(incomplete, type=self._files)]
        return [CompletionItem(word) for word in self._words if word.startswith(incomplete)]


def complete_codes(
    ctx: click.Context, param: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    """Ids of rules and, where several may be given, families; the last of a list with commas."""
    from click.shell_completion import CompletionItem

    from checker.catalog import PROCEDURE, step_rules
    from checker.ruleset import load_ruleset

    before, comma, begun = incomplete.rpartition(",")
    ruleset = load_ruleset(ctx.params.get("rules") or ctx.params.get("rulesets") or ())
    codes = {rule.id: rule.title for rule in ruleset.rules}
    codes |= {rule.id: rule.title for rule in step_rules()}
    if param.multiple or param.nargs == -1:
        codes |= {**ruleset.families, PROCEDURE: "制定程序"}
    return [
        CompletionItem(before + comma + code, help=title)
        for code, title in sorted(codes.items())
        if code.startswith(begun.upper())
    ]
