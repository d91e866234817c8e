"""Materials: the papers that go with a draft, recognised by what they say, then by file name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any, ClassVar, Literal

from checker.faults import read_declared
from checker.periods import Dates, meeting_day, read_period, received_day, signed_day
from checker.resources import resource

DRAFT = "文件草案"
EARLIER = "先前文本"
OTHER = "其他材料"
#: Points for a word in the title and in the file name; taken off for a word it cannot have there;
#: the most that phrases can bring; the fewest points that make a material.
IN_TITLE, IN_FILE, UNLIKE, PHRASES_MOST, ENOUGH = 5, 3, 6, 5, 3
_STRICT: dict[str, Any] = {"extra": "forbid"}


@dataclass(frozen=True, slots=True)
class Conclusion:
    """Words that say how a review ended, and words that only look like it."""

    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT
    words: tuple[str, ...] = ()
    unlike: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Within:
    """Another kind of material in which these words show that this one is contained."""

    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT
    material: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MaterialKind:
    """How to recognise one kind of material; the words are patterns, see :func:`compile_words`."""

    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT
    name: str
    title: tuple[str, ...]
    phrases: tuple[str, ...]
    file: tuple[str, ...]
    date: Literal["signed", "review", "meeting", "period", "none"]
    unlike: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    received: tuple[str, ...] = ()
    conclusion: Conclusion = Conclusion()
    within: tuple[Within, ...] = ()


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Every kind of material, the likelier first where points are equal."""

    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT
    materials: tuple[MaterialKind, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the kinds, with those for earlier drafts and for what is none of them."""
        return (*(kind.name for kind in self.materials), EARLIER, OTHER)

    def kind(self, name: str) -> MaterialKind | None:
        """The kind of that name."""
        return next((kind for kind in self.materials if kind.name == name), None)


@cache
def load_vocabulary(path: Path | None = None) -> Vocabulary:
    """The shipped vocabulary, or that of a file. Raises DeclarationError."""
    path = path or resource("rulesets", "procedure", "materials.yaml")
    return read_declared(path, Vocabulary).value


@dataclass(frozen=True, slots=True)
class Material:
    """One paper of a dossier and the step it proves.

    ``role`` is the name of a MaterialKind; ``name`` the file's path inside the dossier, empty where
    only dossier.yaml speaks of it; ``confidence`` lies between 0 and 1; ``evidence`` says why the
    role was chosen. ``conclusion`` holds the words with which a review ended. ``unread`` is the
    reason why the content could not be read: then nothing is known but what dossier.yaml states.
    ``text`` is the shadow of the paper; ``within`` the role of the paper that contains this one.
    """

    role: str
    name: str
    title: str = ""
    dates: Dates = field(default_factory=Dates)
    evidence: tuple[str, ...] = ()
    confidence: float = 1.0
    conclusion: str = ""
    unread: str = ""
    text: str = field(default="", repr=False)
    within: str = ""

    @property
    def known(self) -> bool:
        """Whether more than the name is known."""
        return not self.unread or bool(self.conclusion) or self.dates != Dates()


@dataclass(frozen=True, slots=True)
class Likeness:
    """How well a paper fits a kind of material."""

    kind: MaterialKind
    points: int
    evidence: tuple[str, ...]

    @property
    def confidence(self) -> float:
        """Share of the points that a paper with title, phrases and file name would have."""
        return round(min(1.0, self.points / (IN_TITLE + PHRASES_MOST)), 2)


@cache
def compile_words(words: tuple[str, ...]) -> re.Pattern[str]:
    """One pattern for words in which … stands for up to 40 characters of a line, ^ and $ for its
    ends. Linear: every gap is bounded."""
    ordered = sorted(words, key=lambda word: (-len(word), word))
    joined = "|".join(re.escape(word) for word in ordered) or r"(?!)"
    for sign, meaning in (("…", r"[^\n]{0,40}?"), (r"\^", "^"), (r"\$", "$")):
        joined = joined.replace(sign, meaning)
    return re.compile(joined, re.MULTILINE)


#: Running text, or a label with what it holds (起草单位：某市商务局).
_BODY_LINE = re.compile(r"[。；：]$|^第[一1]条|^一、|^[^《》：，]{2,12}：\S")


def heading_of(text: str) -> str:
    """The first lines of a shadow text up to the first that is running text; at most six."""
    head: list[str] = []
    for line in filter(None, map(str.strip, text.splitlines())):
        if head and (len(head) == 6 or len(line) > 60 or _BODY_LINE.search(line)):
            break
        head.append(line[:80])
    return "\n".join(head)


#: The title of another paper, which says nothing about the kind of this one.
_QUOTED = re.compile(r"《[^《》]*(?:《[^《》]*》[^《》]*)*》")


def likenesses(name: str, text: str, vocabulary: Vocabulary) -> tuple[Likeness, ...]:
    """The kinds a paper may be, the best first; ``name`` is its path, ``text`` its shadow."""
    head, stem = _QUOTED.sub("《》", heading_of(text)), Path(name).stem
    found = []
    for kind in vocabulary.materials:
        like = _likeness(kind, stem, head, text)
        if like.points >= ENOUGH:
            found.append(like)
    return tuple(sorted(found, key=lambda like: -like.points))


def _likeness(kind: MaterialKind, stem: str, head: str, text: str) -> Likeness:
    points, evidence = 0, []
    title = compile_words(kind.title).search(head)
    if title:
        points += IN_TITLE
        evidence.append(f"标题有“{title[0]}”")
    if kind.unlike and compile_words(kind.unlike).search(head):
        points -= UNLIKE
    phrases = [m[0] for phrase in kind.phrases if (m := compile_words((phrase,)).search(text))]
    if phrases:
        points += min(PHRASES_MOST, len(phrases))
        evidence.append(f"正文有“{'”“'.join(phrases[:3])}”" + ("等" if len(phrases) > 3 else ""))
    named = compile_words(kind.file).search(stem)
    if named:
        points += IN_FILE
        evidence.append(f"文件名有“{named[0]}”")
    return Likeness(kind, points, tuple(evidence))


_UNTICKED = re.compile(r"[□☐][^□☐☑■√✓\s]{1,24}")


def conclusion_of(text: str, kind: MaterialKind) -> str:
    """The last words in a shadow text that say how the review ended; empty if there are none."""
    words = compile_words(kind.conclusion.words)
    either = compile_words(kind.conclusion.words + kind.conclusion.unlike)
    found = [m[0] for m in either.finditer(_UNTICKED.sub("\n", text)) if words.fullmatch(m[0])]
    return found[-1] if found else ""


def dates_of(text: str, kind: MaterialKind) -> Dates:
    """The dates of a shadow text that matter for this kind."""
    if kind.date == "period":
        return read_period(text, signed_day(text, kind.labels))
    if kind.date == "review":
        return Dates(signed_day(text, kind.labels), received=received_day(text, kind.received))
    if kind.date == "meeting":
        return Dates(meeting_day(text, kind.labels))
    return Dates(signed_day(text, kind.labels)) if kind.date == "signed" else Dates()


def read_material(name: str, text: str, like: Likeness) -> Material:
    """The material that a paper is taken for."""
    return Material(
        like.kind.name,
        name,
        title_of(text),
        dates_of(text, like.kind),
        like.evidence,
        like.confidence,
        conclusion_of(text, like.kind),
        text=text,
    )


#: Lines above a title: letterhead, document number, mark of an attachment.
_ABOVE = re.compile(
    r".{2,40}(?:文件|便函|办公室函|局函)$|^附件?[0-9一二三四五]*[：:]?$|^[^《》，。]{1,20}[〔（]\d{4}[〕）]第?\s*\d*\s*号$"
)


def title_of(text: str) -> str:
    """The heading of a paper in one line, without what is not its title."""
    lines = heading_of(text).splitlines()
    while len(lines) > 1 and _ABOVE.search(lines[0]):
        lines.pop(0)
    whole = lines[0] if lines else ""
    if len(lines) > 1 and re.search(r"(?:关于|印发|的|和|及|、|政府|局)$|《[^》]*$", whole):
        whole += lines[1]
    return whole[:80]


_ISSUED = re.compile(r"(?:印发|发布|公布)(?:《(?P<a>.+)》|(?P<b>.+?))的?(?:通知|公告|通告|函)$")
_VERSION = re.compile(r"（[^（）]*(?:稿|草案)[^（）]*）")


def core_title(title: str) -> str:
    """The name of what a title is about: without the notice that issues it, the mark of a version
    (送审稿) and signs."""
    title = _VERSION.sub("", re.sub(r"\s", "", title))
    issued = _ISSUED.search(title)
    core = (issued["a"] or issued["b"]) if issued else title
    return re.sub("[《》〈〉]", "", core)


def contained_in(host: Material, text: str, vocabulary: Vocabulary) -> Iterator[Material]:
    """Materials of another kind that a paper contains (意见采纳情况 in a 起草说明)."""
    for kind in vocabulary.materials:
        for within in kind.within:
            words = compile_words(within.words).search(text)
            if host.role == within.material and words:
                evidence = (f"{host.role}中写有“{words[0]}”",)
                found = Material(kind.name, host.name, host.title, host.dates, evidence, 0.5)
                yield replace(found, text=text, within=host.role)
