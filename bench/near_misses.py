"""Near misses: texts one word away from an example, for what no example of a rule notices.

    python bench/near_misses.py [RULE or FAMILY …]

For each thing that bench/mutation.py takes out of a rule unnoticed, words are deleted from, put into
or exchanged in the rule's own examples until the whole rule and the rule without the thing disagree.
The texts go to tests/cases/near_misses/, with what the whole rule says of them; a test runs them.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import chain, islice
from typing import Any

import yaml

from bench.mutation import NEAR_MISSES, mutants, near_misses, view
from checker.compilation import Compiler
from checker.compiled import CompiledRule
from checker.examples import unmarked
from checker.faults import Declared
from checker.patterns import Lists, PatternFault, compile_pattern
from checker.resources import resource
from checker.rules import Example, RuleModel, read_rule
from checker.ruleset import ruleset_files

_WORD = re.compile(r"[\u4e00-\u9fff%‰]+")
_TRIES = 90


def candidates(model: RuleModel, what: str) -> Iterator[str]:
    """Texts near the examples, likeliest first; ``what`` says what was taken out."""
    removed, rest = _words_of(what)
    flags = [unmarked(e.text) for e in model.flag]
    for text in flags:
        for word in removed:
            for other in rest:
                if other in text:
                    yield text.replace(other, word, 1)
    for text in flags:
        for word in removed:
            yield text.replace(word, "") if word in text else _with(text, f"，{word}")
            yield f"{word}，{text}"
            for at in (2, len(text) // 2):
                yield text[:at] + word + text[at:]
    for text in flags:
        for word in sorted(set(_WORD.findall(what)), key=len, reverse=True):
            if word in text:
                yield text.replace(word, "", 1)
    for example in model.flag:
        for quote in re.findall("〔([^〔〕]+)〕", example.text):
            for size in (2, 3, 4):
                for at in range(len(quote) - size + 1):
                    yield unmarked(example.text).replace(quote, quote[:at] + quote[at + size :], 1)
    for text in (unmarked(e.text) for e in model.pass_):
        for other in flags:
            yield _with(text, f"；{other}")


_SAMPLES = {
    "数": "20",
    "金额": "五千元",
    "比例": "百分之二十",
    "倍数": "三倍",
    "时长": "三年",
    "日期": "2024年",
    "分值": "10分",
    "书名": "《某办法》",
    "地区": "某某县",
}


def made_up(patterns: list[str], lists: Lists) -> list[str]:
    """Texts that hold the first ways of each pattern, word after word."""
    made = []
    for pattern in patterns:
        try:
            ways = compile_pattern(pattern, lists, anchored=False)
        except PatternFault:
            continue
        for way in (ways[0], ways[-1]):
            made.append("".join(s.words[0] if s.words else _SAMPLES[s.measure] for s in way.slots))
    return made


def composed(model: RuleModel, what: str, lists: Lists) -> Iterator[str]:
    """Texts made of the patterns themselves: the one changed, with what its line asks for besides."""
    changed = what.partition(": ")[2].split(" -> ") if " -> " in what else []
    where = re.match(r"(find|unless)\[(\d+)\]", what)
    line = model.find[int(where[2])] if where and where[1] == "find" else None
    around = ["", "应当", "企业应当"]
    extra = [""]
    if line is not None:
        for field in ("with_", "after", "about", "lead", "before"):
            words = made_up(getattr(line, field), lists)
            extra += [f"，{w}" for w in words[:2]]
            around += [f"{w}，" for w in words[:2]]
    if model.when is not None:
        for field in ("with_", "about", "title"):
            extra += [f"，{w}" for w in made_up(getattr(model.when, field), lists)[:1]]
    cores = made_up(changed[::-1], lists) or (made_up([*line.text], lists) if line else [])
    for core in cores:
        for head in around:
            for tail in extra:
                yield f"{head}{core}{tail}。"
    for flag in (unmarked(e.text) for e in model.flag):
        for core in cores:
            yield _with(flag, f"，{core}")
            yield f"{core}，{flag}"


def _words_of(what: str) -> tuple[list[str], list[str]]:
    """Words that stand only before the arrow of a mutant's description, and those after it."""
    before, _, after = what.partition(" -> ")
    old, new = _WORD.findall(before), _WORD.findall(after)
    removed = list(old)
    for word in new:
        if word in removed:
            removed.remove(word)
    return removed or old, new or old


def _with(text: str, words: str) -> str:
    body = text.rstrip("。；")
    return body + words + (text[len(body) :] or "。")


def telling(whole: CompiledRule, mutant: CompiledRule, texts: Iterator[str]) -> str | None:
    """First of the texts on which the two rules disagree."""
    for text in islice(dict.fromkeys(texts), _TRIES):
        example = [Example(text=text)]
        if view(whole, example) != view(mutant, example):
            return text
    return None


def missing(
    compiler: Compiler, declared: Declared[RuleModel], origin: str, alternatives: bool
) -> list[Row]:
    """Cases that make the examples of a rule notice what they do not notice yet."""
    model = declared.value
    whole = compiler.rule(declared, origin)
    known = [*model.flag, *model.pass_]
    known += [Example(text=t) for t in near_misses(model.id.split("-")[0]).get(model.id, [])]
    rows: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    for kind, what, changed in mutants(model):
        if kind == "alternative" and not alternatives:
            continue
        faults = len(compiler.faults)
        mutant = compiler.rule(replace(declared, value=changed), origin)
        if len(compiler.faults) > faults:
            del compiler.faults[faults:]
            continue
        if view(mutant, known) != view(whole, known):
            continue
        tries = chain(composed(model, what, compiler.lists), candidates(model, what))
        text = telling(whole, mutant, tries)
        if text is not None:
            known.append(Example(text=text))
            quotes = [quote for quote, _ in view(whole, known[-1:])[0]]
            word = next((w for w in _words_of(what)[0] if text.count(w) == 1), "")
            shape = (_open(text, word), tuple(_open(quote, word) for quote in quotes))
            rows.setdefault(shape, []).append(word)
    return [_row(text, list(quotes), words) for (text, quotes), words in rows.items()]


Row = dict[str, Any]


def _open(text: str, word: str) -> str:
    return text.replace(word, "{}") if word else text


def _row(text: str, quotes: list[str], words: list[str]) -> Row:
    if words == [""]:
        return {"text": text, "quotes": quotes}
    if len(words) == 1:
        fill = words[0]
        return {"text": text.replace("{}", fill), "quotes": [q.replace("{}", fill) for q in quotes]}
    return {"text": text, "quotes": quotes, "words": words}


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("only", nargs="*")
    parser.add_argument("--alternatives", action="store_true", help="also single alternatives")
    options = parser.parse_args()
    only = options.only
    files = ruleset_files((resource("rulesets"),))
    compiler = Compiler(files)
    made: dict[str, dict[str, list[Row]]] = {}
    for name, path in files:
        family = path.stem.split("-")[0]
        if name.startswith("national/") and (not only or {path.stem, family} & set(only)):
            rows = missing(compiler, read_rule(path, name), name, options.alternatives)
            if rows:
                made.setdefault(family, {})[path.stem] = rows
            print(path.stem, len(rows), flush=True)
    NEAR_MISSES.mkdir(parents=True, exist_ok=True)
    for family, rules in made.items():
        path = NEAR_MISSES / f"{family}.yaml"
        old = yaml.safe_load(path.read_text(encoding="utf-8")) if path.exists() else {}
        for rule, rows in rules.items():
            old[rule] = old.get(rule, []) + rows
        path.write_text(
            yaml.safe_dump(dict(sorted(old.items())), allow_unicode=True, width=10_000),
            encoding="utf-8",
        )


if __name__ == "__main__":
    main()
