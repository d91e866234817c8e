"""Clauses: the deontic frame of a clause, by grammars/clause.lark.

A clause is a stretch of text between 。；！？ and line ends. Its words of obligation, permission and
prohibition, its actors, its conditions and exceptions are tokens; what they govern is decided here,
over the clause and the lead-ins above it. Only clauses that the prefilter lets through come here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from checker.bases import find_base_problems
from checker.citations import Citation, CitationReader, citations_of, find_citations
from checker.document import HEADING_KINDS, Document, Irregularity, Provision
from checker.irregularities import find_irregularities
from checker.places import place_of
from checker.resources import resource
from checker.shapes import shape
from checker.validity import find_validity_problems

if TYPE_CHECKING:
    from checker.lawstore import LawStore

#: Letter of a token in grammars/clause.lark for each terminal of grammars/terms.lark.
LETTERS = {
    "MUST": "M",
    "MAY": "Y",
    "BAN": "X",
    "REPEAL": "R",
    "RECTIFY": "V",
    "GATE": "G",
    "EXCEPT": "E",
    "OUTSIDE": "e",
    "BUT": "U",
    "ELSE": "L",
    "SANCTION": "S",
    "AGENCY": "A",
    "FIRM": "F",
    "CITIZEN": "Z",
    "INTERNAL": "I",
    "NEUTRAL": "",
}
MODALITIES = {"M": "obligation", "G": "obligation", "Y": "permission", "X": "prohibition"}
BEARERS = {"A": "agency", "F": "firm", "Z": "citizen", "I": "internal"}
_OPERATORS = frozenset("MYXRVG")
_TERMINAL = re.compile(r"^([A-Z]+):((?:\s*\|?\s*\"[^\"]+\")+)", re.M)
#: How far back a sentence is followed (characters).
_FAR = 1000
_CONDITION_END = ("的", "时", "后", "前", "情形", "期间", "之日起")


class Token(NamedTuple):
    """A term in the clause: its letter and span in the clause text."""

    letter: str
    start: int
    end: int


class Phrase(NamedTuple):
    """A stretch between commas: kind (plain, condition, norm, exception, contrast, otherwise)."""

    kind: str
    start: int
    end: int
    tokens: tuple[Token, ...]


@cache
def _vocabulary() -> tuple[Any, tuple[str, ...], tuple[str, ...]]:
    """Matcher of all terms, their words and their letters."""
    from ahocorasick_rs import AhoCorasick, MatchKind

    text = resource("grammars", "terms.lark").read_text(encoding="utf-8")
    letters: dict[str, str] = {}
    for m in _TERMINAL.finditer(text):
        for word in re.findall(r'"([^"]+)"', m[2]):
            letters[word] = LETTERS[m[1]]
    words = tuple(letters)
    matcher = AhoCorasick(words, matchkind=MatchKind.LeftmostLongest)
    return matcher, words, tuple(letters.values())


def is_term(word: str, letter: str) -> bool:
    """Whether a word by itself is a term of that letter, as 不得 inside 一律不得 is."""
    return _letters().get(word) == letter


@cache
def _letters() -> dict[str, str]:
    _, words, letters = _vocabulary()
    return dict(zip(words, letters, strict=True))


def analyse(text: str) -> tuple[Phrase, ...]:
    """Phrases of a clause text. Total: any text gives at least one phrase."""
    tokens = _tokens(text)
    starts = [0, *(m.end() for m in re.finditer("[，：]", text))]
    ends = [*(start - 1 for start in starts[1:]), len(text)]
    groups = [[t for t in tokens if a <= t.start < b] for a, b in zip(starts, ends, strict=True)]
    return tuple(
        Phrase(_kind(_phrase_letters(text, a, b, group)), a, b, tuple(group))
        for a, b, group in zip(starts, ends, groups, strict=True)
    )


def _kind(letters: str) -> str:
    """Kind of a phrase: the rule that its first letter belongs to."""
    return shape("clause", "phrase", letters)[0][0] if letters else "plain"


def _tokens(text: str) -> list[Token]:
    matcher, _, letters = _vocabulary()
    tokens = [
        Token(letters[i], a, b)
        for i, a, b in matcher.find_matches_as_indexes(text)
        if letters[i] and not (letters[i] in "RV" and _is_modifier(text, a, b))
    ]
    tokens.extend(Token("C", c.start, c.end) for c in find_citations(text) if not c.own)
    tokens.sort(key=lambda token: token.start)
    return tokens


def _is_modifier(text: str, start: int, end: int) -> bool:
    """Whether 清退、取消 and the like only describe a noun: 被清退的商户."""
    return text[start - 1 : start] == "被" or text[end : end + 1] == "的"


def _phrase_letters(text: str, start: int, end: int, group: list[Token]) -> str:
    """Letters of one phrase; terms that stand where the grammar gives them no part are left out."""
    letters: list[str] = []
    opened = False
    closing = next((t.start for t in reversed(group) if t.letter == "e"), -1)
    for token in group:
        letter = token.letter
        if letter in "UL" and (letters or token.start > start + 1):
            continue
        if letter == "E":
            if opened or token.start >= closing or _OPERATORS.union("UL") & set(letters):
                continue
            opened = True
        if letter == "e" and (token.start != closing or not opened):
            continue
        letters.append(letter)
    if text.endswith("外", start, end) and opened and "e" not in letters:
        letters.append("e")
    elif opened and "e" not in letters:
        letters.remove("E")
    if text.endswith(_CONDITION_END, start, end):
        letters.append("T")
    return "".join(letters)


@dataclass(frozen=True)
class Clause:
    """One clause of a provision with its context.

    ``start`` and ``end`` are shadow positions; ``text`` is ``shadow[start:end]``; ``leads`` are the
    lead-ins above it, nearest first, each ending in a colon or announcing what follows; ``day`` is
    the day whose law applies, where the whole document is judged, ``store`` the law store, ``cite``
    what finds its citations, and ``words`` which of the words that rules miss in a document it has.
    """

    document: Document
    provision: Provision
    start: int
    end: int
    text: str
    leads: tuple[str, ...]
    day: date | None = None
    store: LawStore | None = None
    #: Answers of conditions that depend on the document alone, shared by its clauses.
    answers: dict[int, object] = field(default_factory=dict, repr=False, compare=False)
    cite: CitationReader = citations_of
    words: frozenset[str] | None = None

    @cached_property
    def phrases(self) -> tuple[Phrase, ...]:
        """Phrases in order; they cover the text up to its commas and colons."""
        return analyse(self.text)

    @cached_property
    def citations(self) -> tuple[Citation, ...]:
        """Laws and provisions that the clause or its nearest lead-in names."""
        return find_citations(self.text) + tuple(
            c for lead in self.leads[:1] for c in find_citations(lead)
        )

    def operators_within(self, start: int, end: int) -> Iterator[Token]:
        """Modal words that lie between two positions or reach over the first of them."""
        for token in self.operators():
            if token.start < start < token.end or (start <= token.start and token.end <= end):
                yield token

    def operators(self) -> Iterator[Token]:
        """Modal words of the clause in order."""
        for phrase in self.phrases:
            yield from (t for t in phrase.tokens if t.letter in _OPERATORS)

    @cached_property
    def sentence_before(self) -> str:
        """What stands before the clause in its own sentence: 依照……处罚；情节严重的，……"""
        shadow = self.document.source.shadow
        floor = max(self.provision.head, self.start - _FAR)
        before = shadow[floor : self.start]
        return before[max(before.rfind("。"), before.rfind("\n")) + 1 :]

    @cached_property
    def modalities(self) -> frozenset[str]:
        """Modalities of the clause: obligation, permission, prohibition; from the lead-in if none."""
        own = frozenset(MODALITIES[t.letter] for t in self.operators() if t.letter in MODALITIES)
        if own or not self.leads:
            return own
        return frozenset(
            MODALITIES[t.letter]
            for phrase in analyse(self.leads[0])
            for t in phrase.tokens
            if t.letter in MODALITIES
        )

    @cached_property
    def bearers(self) -> frozenset[str]:
        """Kinds of actors the clause or its lead-in names: agency, firm, citizen, internal."""
        texts = (self.phrases, *(analyse(lead) for lead in self.leads[:1]))
        return frozenset(
            BEARERS[t.letter]
            for phrases in texts
            for phrase in phrases
            for t in phrase.tokens
            if t.letter in BEARERS
        )

    @cached_property
    def context(self) -> str:
        """What the clause is about: title, headings, lead-ins and the whole provision around it."""
        return "\n".join((*self.leads, *_surroundings(self.document, self.provision)))

    @cached_property
    def memo(self) -> dict[int, object]:
        """Answers of conditions that do not depend on the match, by identity of the condition."""
        return {}

    @cached_property
    def irregularities(self) -> tuple[Irregularity, ...]:
        """What looks wrong in the form of the document."""
        return find_irregularities(self.document, self.cite)

    @cached_property
    def base_problems(self) -> tuple[Irregularity, ...]:
        """What is wrong with the laws that the document relies on; empty where no day is given."""
        if self.day is None:
            return ()
        return find_base_problems(self.document, self.day, self.store, self.cite)

    @cached_property
    def validity_problems(self) -> tuple[Irregularity, ...]:
        """What is wrong with day of effect and validity; empty where no day is given."""
        if self.day is None:
            return ()
        return find_validity_problems(self.document, place_of(self.document), self.day)

    def phrase_at(self, position: int) -> int:
        """Index of the phrase that holds a position of the clause text."""
        for index, phrase in enumerate(self.phrases):
            if position <= phrase.end:
                return index
        return len(self.phrases) - 1

    def governor(self, position: int) -> Token | None:
        """The operator whose scope a position lies in: of its phrase, an earlier one, or the lead-in.

        Inside a phrase a prohibition covers what follows it, even past a second modal word
        (不得要求企业必须…). Over a comma an operator holds on while no new actor, condition, contrast
        or consequence begins. Tokens from a lead-in have negative positions.
        """
        index = self.phrase_at(position)
        found = _operator_before(self.text, self.phrases[index], position)
        deed = bool(_DEED.search(self.text, position, self.phrases[index].end))
        while found is None and index > 0 and _carries_on(self.text, self.phrases[index], position):
            index -= 1
            phrase = self.phrases[index]
            if phrase.kind in ("condition", "exception"):
                break
            operators = [t for t in phrase.tokens if t.letter in _OPERATORS]
            far = "XVR" if deed or self.text[phrase.end : phrase.end + 1] == "：" else "XV"
            found = _last(operators, far) or _last(operators, "MYXG")
            position = phrase.end
        return found or self._lead_governor()

    def _lead_governor(self) -> Token | None:
        for lead in self.leads:
            if re.search(r"情形|条件|标准|材料|之一的", lead[-12:]):
                return None
            operators = [
                t for phrase in analyse(lead) for t in phrase.tokens if t.letter in _OPERATORS
            ]
            if operators:
                chosen = next((t for t in operators if t.letter in "XRV"), operators[-1])
                return Token(chosen.letter, -1, -1)
        return None

    def condition_at(self, position: int) -> bool:
        """Whether the position stands in a condition (…的，) rather than in what the clause sets."""
        return self.phrases[self.phrase_at(position)].kind == "condition"

    @cached_property
    def speech(self) -> str:
        """What the clause does: sets, restates, describes, defines, repeals or quotes."""
        return _speech(self)


_HEADINGS = frozenset({"part", "chapter", "section", *HEADING_KINDS})


def _surroundings(document: Document, provision: Provision) -> Iterator[str]:
    yield from headings_above(document, provision)
    yield document.title
    yield document.setting
    yield document.own_text(provision)
    for node in provision.ancestors():
        if node.kind == "article":
            yield from map(document.own_text, document.inside(node))


def headings_above(document: Document, provision: Provision) -> Iterator[str]:
    """The headings above a provision, the nearest first; of a long one its beginning."""
    for node in provision.ancestors():
        if node.kind in _HEADINGS:
            yield document.own_text(node)[:80]


_CONJUNCTION = re.compile(r"并|且|后|同时|再|，")
_DEED = re.compile(
    r"行为|做法|问题|现象|情形|乱象|违法|违规|的规定|的政策|的文件|的条款|的措施|等规定"
)
_FRESH = re.compile(
    r"^(?:并处|处以?|并由|由|将|一律|即|则|视为|可|并可|应|须|统一|列入|纳入|并列入|并纳入|清退|取消)"
)


def _operator_before(text: str, phrase: Phrase, position: int) -> Token | None:
    before = [t for t in phrase.tokens if t.letter in _OPERATORS and t.end <= position]
    ban = next((t for t in reversed(before) if t.letter == "X"), None)
    if ban is not None:
        return ban
    for token in reversed(before):
        between = text[token.end : position + 1]
        if token.letter == "V" and _DEED.search(text, position, phrase.end):
            return token
        if token.letter in "RV" and len(between) <= 31 and not _CONJUNCTION.search(between):
            return token
    return next((t for t in reversed(before) if t.letter not in "RV"), None)


def _last(operators: list[Token], letters: str) -> Token | None:
    return next((t for t in reversed(operators) if t.letter in letters), None)


def _carries_on(text: str, phrase: Phrase, position: int) -> bool:
    """Whether a phrase leaves the operator before the comma in force up to the position."""
    if phrase.kind in ("condition", "exception", "contrast", "otherwise"):
        return False
    if _FRESH.match(text[phrase.start : phrase.end]):
        return False
    for token in phrase.tokens:
        if token.end <= position and token.letter in "AFZIS" and token.start <= phrase.start + 3:
            return False
    return True


_REPEALS = re.compile(
    r"同时废止|予以废止|即行废止|停止执行|不再执行|不再履行|不再适用|予以删除|删去|修改为|修订为|(?:的|等)(?:规定|约定|做法|要求)(?:一律|全部|予以)*取消"
)
_DEFINES = re.compile(
    r"(?:本(?:办法|规定|细则|意见|通知|方案|条例|规则)?所称|是指|指的是|系指|所称的?)"
)
_DESCRIBES = re.compile(
    r"(?:存在|反映|暴露|查处|整治|纠正|近年来|一些).{0,40}(?:问题|现象|乱象|行为|线索|做法)(?!的[，。；：])"
    r"|(?:督查|审计|检查|巡视|巡察|抽查|核查|调查|经查)(?:组)?发现[，：]|(?:已|均已|正在)(?:责令|督促|依法|逐户|逐一|全部|全额)?(?:纠正|整改|清退|废止|取消|退回|退还)"
)
_FOUND = re.compile(
    r"(?:(?:督查|审计|检查|巡视|巡察|调查|抽查)(?:组|结果|报告)?(?:发现|显示|表明|指出)|被举报|被投诉|被通报).*(?:责令|纠正|整改|改正|清退|废止|取消|终止)"
    r"|是否存在.*(?:情形|问题|行为|现象)|未发现.*(?:行为|问题|现象|情形)|(?:线索|问题)(?:征集|范围|清单)[：，]"
)
_QUOTES = re.compile(r"修改为|删去|删除|修订为|增加一[条款项]|规定[：:]“")


def _speech(clause: Clause) -> str:
    text = clause.text
    around = text + "".join(clause.leads)
    if _QUOTES.search(around) and ("“" in text or any(_QUOTES.search(x) for x in clause.leads)):
        return "quotes"
    if _REPEALS.search(around):
        return "repeals"
    if _DEFINES.search(text):
        return "defines"
    if (_DESCRIBES.search(text) and not clause.modalities & {"obligation", "permission"}) or (
        _FOUND.search(text)
    ):
        return "describes"
    if any(c.by and not c.own and c.places for c in clause.citations):
        return "restates"
    return "sets"
