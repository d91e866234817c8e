"""Patterns: the word-and-gap language of rules, compiled to sequences that match in linear time.

A pattern (grammars/pattern.lark) expands into sequences of slots; a slot is a set of words or a
measure such as a sum of money; between two slots lies a gap of at most so many characters. A match
is the tightest span: for each place where the last slot stands, the latest start that reaches it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from checker.frequencies import expected
from checker.numerals import NUMERAL_CHARS
from checker.resources import resource

if TYPE_CHECKING:
    from lark import Lark, Tree

#: A gap written without a length reaches this many characters: further than any clause.
UNBOUNDED = 400
_MAX_SEQUENCES = 256

#: A numeral begins and ends with a digit or Chinese numeral; a point or comma may stand inside.
_D = f"[{NUMERAL_CHARS}万亿]"
_N = f"{_D}(?:[.，]?{_D}){{0,11}}"
_PLACE = "省|自治区|市|自治州|州|县|区|旗|镇|乡|街道|村|园区|新区|开发区"
#: Measures: what is recognised by its form. Every expression is one run of a character class with
#: fixed words around it, so none can backtrack.
MEASURES: Mapping[str, re.Pattern[str]] = {
    "数": re.compile(_N),
    "金额": re.compile(rf"{_N}(?:余|多)?元"),
    "比例": re.compile(rf"{_N}(?:%|个百分点|‰)|[百千]分之{_N}"),
    "倍数": re.compile(rf"{_N}倍"),
    "时长": re.compile(rf"{_N}(?:周年|年|个月|个工作日|工作日|个自然日|日|天|个小时|小时|周)"),
    "日期": re.compile(rf"{_D}{{2,5}}年(?:{_D}{{1,3}}月(?:{_D}{{1,3}}日)?)?"),
    "分值": re.compile(
        rf"{_N}分(?!公司|支|之|别|类|期|批|级|包|配|管|项|开|立|布|析|户|工|局|院|店|厂|行|社)"
    ),
    "书名": re.compile(r"《[^《》]{1,60}》"),
    # every beginning counts, so that words before the place are not swallowed (注册地在【某某县】)
    "地区": re.compile(rf"(?=([\u4e00-\u9fff×X某]{{1,6}}?(?:{_PLACE})))"),
}


class PatternFault(ValueError):
    """A pattern that cannot be read; ``str()`` says in Chinese what and where."""


@dataclass(frozen=True, slots=True)
class Slot:
    """What may stand at one place: any of ``words``, or what the ``measure`` recognises.

    ``excepted`` are longer phrases inside which a word does not count. ``label`` names the slot in
    messages: the list, measure or word as the rule writes it.
    """

    words: tuple[str, ...]
    measure: str = ""
    label: str = ""
    excepted: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sequence:
    """Slots with the largest gap allowed before each (0 for the first and for adjacent ones).

    ``anchor`` is the slot by whose words the matcher finds its clauses: the rarest one.
    """

    slots: tuple[Slot, ...]
    gaps: tuple[int, ...]
    anchor: int = 0


@dataclass(frozen=True, slots=True)
class Match:
    """One match: span in the text searched and the span of each slot in order."""

    start: int
    end: int
    slots: tuple[tuple[int, int], ...]
    sequence: Sequence


@dataclass(frozen=True, slots=True)
class WordList:
    """A named list of rulesets/lists: its words, and longer phrases in which they do not count."""

    words: tuple[str, ...]
    excepted: tuple[str, ...] = ()


Lists = Mapping[str, WordList]


@cache
def pattern_parser() -> Lark:
    """The parser of grammars/pattern.lark; its trees know their positions in characters."""
    from lark import Lark

    return Lark(
        resource("grammars", "pattern.lark").read_text(encoding="utf-8"),
        parser="lalr",
        start="pattern",
        lexer="contextual",
        propagate_positions=True,
    )


def compile_pattern(text: str, lists: Lists, *, anchored: bool = True) -> tuple[Sequence, ...]:
    """Sequences of a pattern; ``anchored`` ones need a slot of fixed words by which to be found.

    Raises PatternFault for bad syntax, an unknown list or measure.
    """
    from lark.exceptions import UnexpectedInput

    try:
        tree = pattern_parser().parse(text)
    except UnexpectedInput as error:
        at = getattr(error, "column", 0) or len(text)
        raise PatternFault(f"写法“{text}”在第 {at} 个字处读不懂") from None
    sequences = _Expansion(lists).sequence(tree.children)
    made = []
    for items in sequences:
        made.append(_sequence(items, text, anchored))
    return tuple(dict.fromkeys(made))


_Item = Slot | int  # a slot, or the length of a gap


def _sequence(items: tuple[_Item, ...], text: str, anchored: bool) -> Sequence:
    slots: list[Slot] = []
    gaps: list[int] = []
    gap = 0
    for item in items:
        if isinstance(item, int):
            gap += item
            continue
        slots.append(item)
        gaps.append(gap if len(slots) > 1 else 0)
        gap = 0
    worded = [i for i, slot in enumerate(slots) if slot.words]
    if not slots or (anchored and not worded):
        raise PatternFault(f"写法“{text}”里至少要有一处固定的词")
    anchor = min(worded, key=lambda i: expected(slots[i].words), default=0)
    return Sequence(tuple(slots), tuple(gaps), anchor)


class _Expansion:
    """Turns a parsed pattern into its alternatives, each a tuple of slots and gaps."""

    def __init__(self, lists: Lists) -> None:
        self.lists = lists

    def sequence(self, elements: Iterable[Any]) -> list[tuple[_Item, ...]]:
        ways: list[tuple[_Item, ...]] = [()]
        for element in elements:
            options = self._element(element)
            ways = [way + option for way in ways for option in options]
            if len(ways) > _MAX_SEQUENCES:
                raise PatternFault(f"展开后超过 {_MAX_SEQUENCES} 种写法，请拆成几行或者改用词表")
        return ways

    def _element(self, element: Tree[Any]) -> list[tuple[_Item, ...]]:
        node = element.children[0]
        if node.data == "gap":
            length = int(str(node.children[0])) if node.children else UNBOUNDED
            return [(length,)]
        options = getattr(self, f"_{node.data}")(node)
        if len(element.children) > 1:
            options = [*options, ()]
        return list(options)

    def _word(self, node: Tree[Any]) -> list[tuple[_Item, ...]]:
        word = str(node.children[0])
        return [(Slot((word,), label=word),)]

    def _list(self, node: Tree[Any]) -> list[tuple[_Item, ...]]:
        name = str(node.children[0])
        found = self.lists.get(name)
        if found is None:
            from difflib import get_close_matches

            near = get_close_matches(name, list(self.lists), 1, 0.4)
            hint = f"，是不是“[{near[0]}]”？" if near else "；词表在 rulesets/lists/"
            raise PatternFault(f"没有词表“[{name}]”{hint}")
        return [(Slot(found.words, label=name, excepted=found.excepted),)]

    def _measure(self, node: Tree[Any]) -> list[tuple[_Item, ...]]:
        name = str(node.children[0])
        if name not in MEASURES:
            raise PatternFault(f"没有“<{name}>”，可用的有：{'、'.join(MEASURES)}")
        return [(Slot((), name, name),)]

    def _group(self, node: Tree[Any]) -> list[tuple[_Item, ...]]:
        ways = [way for alternative in node.children for way in self.sequence(alternative.children)]
        plain = [way[0] for way in ways if len(way) == 1 and isinstance(way[0], Slot)]
        words = [slot for slot in plain if slot.words and not slot.excepted]
        others = [way for way in ways if not (len(way) == 1 and way[0] in words)]
        if not words:
            return others
        merged = tuple(dict.fromkeys(word for slot in words for word in slot.words))
        label = words[0].label if len(words) == 1 else "|".join(slot.label for slot in words)
        return [(Slot(merged, label=label),), *others]


Occurrences = list[tuple[int, int]]

_BIG_LIST = 48


def measured(name: str, text: str, start: int = 0, end: int | None = None) -> Occurrences:
    """Spans in ``text[start:end]`` that a measure recognises."""
    pattern = MEASURES[name]
    found = pattern.finditer(text, start, len(text) if end is None else end)
    return [m.span(pattern.groups) for m in found]


def occurrences(slot: Slot, text: str) -> Occurrences:
    """Every span at which the slot stands in the text, in order of start, then end."""
    if slot.measure:
        return measured(slot.measure, text)
    found: Occurrences = []
    if len(slot.words) > _BIG_LIST:
        found = [
            (a, b)
            for _, a, b in _automaton(slot.words).find_matches_as_indexes(text, overlapping=True)
        ]
    else:
        for word in slot.words:
            found += [(at, at + len(word)) for at in _everywhere(word, text)]
    found.sort()
    covers = [
        (at, at + len(phrase)) for phrase in slot.excepted for at in _everywhere(phrase, text)
    ]
    return uncovered(found, sorted(covers))


def _everywhere(word: str, text: str) -> Iterator[int]:
    at = text.find(word)
    while at >= 0:
        yield at
        at = text.find(word, at + 1)


def uncovered(spans: Occurrences, covers: Occurrences) -> Occurrences:
    """The spans that lie in none of the covers; both in order."""
    if not covers:
        return spans
    kept = []
    at = reach = 0  # reach: the furthest end of the covers that begin before the span
    for a, b in spans:
        while at < len(covers) and covers[at][0] <= a:
            reach = max(reach, covers[at][1])
            at += 1
        if reach < b:
            kept.append((a, b))
    return kept


def words_of(sequences: Iterable[Sequence]) -> tuple[str, ...]:
    """The words of all slots, each once."""
    words = (word for sequence in sequences for slot in sequence.slots for word in slot.words)
    return tuple(dict.fromkeys(words))


def words_in(words: tuple[str, ...], text: str) -> frozenset[str]:
    """Which of the words stand in the text, found in one pass."""
    hits = _automaton(words).find_matches_as_indexes(text, overlapping=True) if words else ()
    return frozenset(words[index] for index in {hit[0] for hit in hits})


@lru_cache(maxsize=4096)
def _automaton(words: tuple[str, ...]) -> Any:
    from ahocorasick_rs import AhoCorasick

    return AhoCorasick(words)


def join(sequence: Sequence, places: Iterable[Occurrences]) -> Iterator[Match]:
    """Tightest matches of a sequence by rising start, given where each of its slots stands.

    For every place of the last slot the chain with the latest start is kept; of chains that start
    together only the shortest is a match. Linear in the occurrences times the slots; a match is put
    together only when it is asked for.
    """
    reached: list[_Reached] = []
    for gap, spans in zip(sequence.gaps, places, strict=True):
        reached.append(_reach(reached[-1], spans, gap) if reached else _Reached.first(spans))
        if not reached[-1].spans:
            return
    last = reached[-1]
    best: dict[int, int] = {}
    for index, start in enumerate(last.starts):
        kept = best.setdefault(start, index)
        if last.spans[index][1] < last.spans[kept][1]:
            best[start] = index
    for start in sorted(best):
        index = best[start]
        slots = []
        for level in reversed(reached):
            slots.append(level.spans[index])
            index = level.before[index]
        yield Match(start, slots[0][1], tuple(reversed(slots)), sequence)


class _Reached(NamedTuple):
    """Spans of one slot that a chain reaches: the start of each chain, and its span before (index)."""

    spans: Occurrences
    starts: list[int]
    before: list[int]

    @classmethod
    def first(cls, spans: Occurrences) -> _Reached:
        return cls(spans, [start for start, _ in spans], list(range(len(spans))))


def _reach(chains: _Reached, spans: Occurrences, gap: int) -> _Reached:
    """Chains that end at one of ``spans``: for each, the one with the latest start that reaches."""
    ends = [end for _, end in chains.spans]
    order = sorted(range(len(ends)), key=ends.__getitem__)
    starts = chains.starts
    found = _Reached([], [], [])
    low = high = 0
    best: list[int] = []  # chains in reach, by falling start (a monotonic queue)
    for span in spans:
        begin = span[0]
        while high < len(order) and ends[order[high]] <= begin:
            chain = order[high]
            while len(best) > low and starts[best[-1]] <= starts[chain]:
                best.pop()
            best.append(chain)
            high += 1
        while low < len(best) and ends[best[low]] < begin - gap:
            low += 1
        if low < len(best):
            found.spans.append(span)
            found.starts.append(starts[best[low]])
            found.before.append(best[low])
    return found


def find_all(sequences: Iterable[Sequence], text: str) -> list[Match]:
    """Matches of any of the sequences in the text, without prefilter; sorted by position."""
    return sorted(_found(sequences, text), key=lambda match: (match.start, match.end))


def stands(sequences: Iterable[Sequence], text: str, words: frozenset[str] | None = None) -> bool:
    """Whether any of the sequences stands in the text; ``words``: those of its words that are there."""

    def there(slot: Slot) -> bool:
        if words is None:
            return any(word in text for word in slot.words)
        return not words.isdisjoint(slot.words)

    near = [q for q in sequences if all(not slot.words or there(slot) for slot in q.slots)]
    plain = any(len(q.slots) == 1 and q.slots[0].words and not q.slots[0].excepted for q in near)
    return plain or any(True for _ in _found(near, text))


def _found(sequences: Iterable[Sequence], text: str) -> Iterator[Match]:
    memo: dict[int, Occurrences] = {}

    def spans(slot: Slot) -> Occurrences:
        found = memo.get(id(slot))  # a slot's hash would read all its words
        if found is None:
            found = memo[id(slot)] = occurrences(slot, text)
        return found

    for sequence in sequences:
        yield from join(sequence, map(spans, sequence.slots))
