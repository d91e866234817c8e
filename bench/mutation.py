"""Mutation of rules: take one thing out of a rule; one of its examples must then turn out otherwise.

    python bench/mutation.py [RULE or FAMILY …] [--survivors]

Taken out in turn: each line of find, each word, list or measure of a pattern, each alternative of a
group, each condition, each exemption of the rule's own. The score is the share that some example
notices. Alternatives are also counted apart: a group of twenty words would need twenty examples.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from lark import Tree

from checker.compilation import LIMIT_WORDS, PATTERN_WORDS, VALUE_WORDS, Compiler
from checker.compiled import CompiledRule, Ruleset
from checker.document import Document
from checker.examples import EXAMPLE_DAY, example_document
from checker.faults import Declared
from checker.matching import Matcher
from checker.patterns import pattern_parser
from checker.resources import resource
from checker.rules import Example, RuleModel, Words, read_rule
from checker.ruleset import ruleset_files

_PATTERNS = ("text", "act", "object", *PATTERN_WORDS)
_OTHERS = (*VALUE_WORDS, *LIMIT_WORDS, "cites", "count", "condition")


def thinner(pattern: str) -> Iterator[tuple[str, str]]:
    """(kind, pattern without one element or alternative) in turn."""
    tree = pattern_parser().parse(pattern)
    elements = [
        e
        for e in tree.children
        if isinstance(e, Tree) and isinstance(e.children[0], Tree) and e.children[0].data != "gap"
    ]
    if len(elements) > 1:
        for element in elements:
            yield "element", _without(pattern, element)
    for group in tree.find_data("group"):
        alternatives = list(group.children)
        for alternative in alternatives if len(alternatives) > 1 else ():
            yield "alternative", _without(pattern, alternative, bar=True)


def _without(pattern: str, tree: Any, bar: bool = False) -> str:
    start, end = tree.meta.start_pos, tree.meta.end_pos
    if bar:
        if pattern[end : end + 1] in "|｜" and end < len(pattern):
            end += 1
        else:
            start -= 1
    return pattern[:start] + pattern[end:]


def mutants(model: RuleModel) -> Iterator[tuple[str, str, RuleModel]]:
    """(kind, what was taken out, the rule without it)."""
    for i, line in enumerate(model.find):
        if len(model.find) > 1:
            rest = [*model.find[:i], *model.find[i + 1 :]]
            yield "line", f"find[{i}]", model.model_copy(update={"find": rest})
        for kind, what, words in _words(line, keep_text=True):
            rest = [*model.find[:i], words, *model.find[i + 1 :]]
            yield kind, f"find[{i}] {what}", model.model_copy(update={"find": rest})
    for i, exemption in enumerate(model.unless):
        rest = [*model.unless[:i], *model.unless[i + 1 :]]
        yield "exemption", f"unless[{i}]", model.model_copy(update={"unless": rest})
        for kind, what, words in _words(exemption, keep_text=False):
            rest = [*model.unless[:i], words, *model.unless[i + 1 :]]
            yield kind, f"unless[{i}] {what}", model.model_copy(update={"unless": rest})
    if model.when is not None:
        for kind, what, words in _words(model.when, keep_text=False):
            yield kind, f"when {what}", model.model_copy(update={"when": words})


def _words(words: Words, keep_text: bool) -> Iterator[tuple[str, str, Words]]:
    given = [f for f in (*_PATTERNS, *_OTHERS) if getattr(words, f) not in (None, [])]
    main = {"text", "act", "object"} if keep_text else set()
    for field in given:
        if field not in main and len(given) > 1:
            empty: object = [] if isinstance(getattr(words, field), list) else None
            yield "condition", field, words.model_copy(update={field: empty})
        if field not in _PATTERNS:
            continue
        patterns = getattr(words, field)
        for i, pattern in enumerate(patterns):
            if len(patterns) > 1:
                yield (
                    "alternative",
                    f"{field}[{i}]",
                    words.model_copy(update={field: [*patterns[:i], *patterns[i + 1 :]]}),
                )
            for kind, thin in thinner(pattern):
                yield (
                    kind,
                    f"{field}: {pattern} -> {thin}",
                    words.model_copy(update={field: [*patterns[:i], thin, *patterns[i + 1 :]]}),
                )


@cache
def _document(text: str, place: str = "") -> Document:
    return example_document(Example(text=text, place=place))


NEAR_MISSES = Path(__file__).resolve().parents[1] / "tests" / "cases" / "near_misses"


@cache
def near_misses(family: str) -> dict[str, list[str]]:
    """Texts one word away from an example, by rule (bench/near_misses.py makes them)."""
    path = NEAR_MISSES / f"{family}.yaml"
    if not path.exists():
        return {}
    cases = yaml.safe_load(path.read_text(encoding="utf-8"))
    return {rule: [text for text, _ in texts(rows)] for rule, rows in cases.items()}


def texts(rows: list[dict[str, Any]]) -> Iterator[tuple[str, list[str]]]:
    """(text, expected quotes) of each case; a case with ``words`` stands for one text a word."""
    for row in rows:
        for word in row.get("words", [""]):
            yield row["text"].replace("{}", word), [q.replace("{}", word) for q in row["quotes"]]


def view(rule: CompiledRule, examples: list[Example]) -> list[list[tuple[str, str]]]:
    """What a rule says of each example: quotes, and why it was softened."""
    matcher = Matcher(Ruleset((replace(rule, status="test"),), {}, ""))
    return [
        [
            (f.quote, f.softened)
            for f in matcher.check(_document(e.text, e.place), e.as_of or EXAMPLE_DAY).findings
        ]
        for e in examples
    ]


def survivors(
    compiler: Compiler,
    declared: Declared[RuleModel],
    origin: str,
    seen: Counter[str],
    killed: Counter[str],
) -> list[str]:
    """What was taken out unnoticed; counts by kind go into ``seen`` and ``killed``."""
    model = declared.value
    more = near_misses(model.id.split("-")[0]).get(model.id, [])
    examples = [*model.flag, *model.pass_, *(Example(text=text) for text in more)]
    expected = view(compiler.rule(declared, origin), examples)
    left = []
    for kind, what, mutant in mutants(model):
        faults = len(compiler.faults)
        rule = compiler.rule(replace(declared, value=mutant), origin)
        if len(compiler.faults) > faults:  # nothing left to look for: not a rule any more
            del compiler.faults[faults:]
            continue
        seen[kind] += 1
        if view(rule, examples) != expected:
            killed[kind] += 1
        else:
            left.append(f"{model.id} {kind}: {what}")
    return left


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("only", nargs="*")
    parser.add_argument("--survivors", action="store_true")
    options = parser.parse_args()
    files = ruleset_files((resource("rulesets"),))
    compiler = Compiler(files)
    seen: Counter[str] = Counter()
    killed: Counter[str] = Counter()
    for name, path in files:
        code = path.stem
        if not name.startswith("national/") or (
            options.only and code not in options.only and code.split("-")[0] not in options.only
        ):
            continue
        for line in survivors(compiler, read_rule(path, name), name, seen, killed):
            if options.survivors:
                print(line)
    for kind in sorted(seen):
        print(f"{kind:12} {killed[kind]:6} of {seen[kind]:6} = {killed[kind] / seen[kind]:.3f}")
    main_kinds = [kind for kind in seen if kind != "alternative"]
    total, found = sum(seen[k] for k in main_kinds), sum(killed[k] for k in main_kinds)
    print(
        f"score without alternatives {found / max(total, 1):.3f}; with them "
        f"{sum(killed.values()) / max(sum(seen.values()), 1):.3f}"
    )


if __name__ == "__main__":
    main()
