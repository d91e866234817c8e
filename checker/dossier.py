"""Dossier: a draft with its materials, recognised; dossier.yaml may state and correct anything."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from pathlib import Path

from checker.document import Document
from checker.faults import internal_error
from checker.materials import (
    DRAFT,
    EARLIER,
    OTHER,
    Likeness,
    Material,
    Vocabulary,
    contained_in,
    core_title,
    heading_of,
    likenesses,
    load_vocabulary,
    read_material,
    title_of,
)
from checker.papers import NoPapers, Papers, open_papers
from checker.periods import Dates
from checker.sources.errors import UnreadableSource
from checker.sources.limits import DEFAULT, Limits
from checker.sources.text import SourceText
from checker.statement import STATEMENT, Facts, StatedMaterial, read_facts, statement_of
from checker.workers import Each, Loss, for_each


class DossierError(ValueError):
    """A folder that cannot be checked at all; the message names it and the cause."""


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A file that could not be read, or was read ``partly``."""

    name: str
    reason: str
    partly: bool = False

    def __str__(self) -> str:
        return f"{self.name}：{self.reason}"


@dataclass(frozen=True, slots=True)
class Dossier:
    """A draft with its materials. ``materials`` holds the draft too, in order of file name.

    ``absent`` gives, by role, the reason why dossier.yaml says there is no such material.
    """

    name: str
    draft: Document | None
    materials: tuple[Material, ...]
    facts: Facts = field(default_factory=Facts)
    unreadable: tuple[Unreadable, ...] = ()
    absent: tuple[tuple[str, str], ...] = ()

    def of(self, role: str) -> tuple[Material, ...]:
        """The materials of a role."""
        return tuple(m for m in self.materials if m.role == role)

    @property
    def last_day(self) -> date | None:
        """The latest day that any of its papers bears; None where none is dated."""
        return max((m.dates.last for m in self.materials if m.dates.last), default=None)

    def law_day(self, as_of: date | None) -> tuple[date | None, str]:
        """The day it is judged by, and how it was found: given, of issue, of its latest paper; None
        where the draft itself says, or nothing does."""
        if as_of or self.facts.issued:
            return as_of or self.facts.issued, "指定" if as_of else "印发日期"
        if self.draft is not None and self.draft.date is not None:
            return None, ""
        last = self.last_day
        return (min(last, date.today()), "材料日期") if last else (None, "今天")

    @property
    def unrecognised(self) -> tuple[Material, ...]:
        """Papers that are read but prove no step."""
        return self.of(OTHER)


def read_dossier(
    path: Path,
    vocabulary: Vocabulary | None = None,
    *,
    stated: bool = True,
    limits: Limits = DEFAULT,
    isolate: bool = False,
) -> Dossier:
    """Read a folder or a .zip. A file that cannot be read is listed with the reason.

    Without ``stated`` dossier.yaml is left aside; with ``isolate`` files are read in a process of
    their own, and one that takes too long or too much memory is listed too.

    Raises DossierError where there is no such dossier or nothing in it can be read, and
    DeclarationError with every fault of dossier.yaml.
    """
    vocabulary = vocabulary or load_vocabulary()
    try:
        papers = open_papers(path)
    except NoPapers as fault:
        raise DossierError(str(fault)) from fault
    facts = _facts(papers, path, vocabulary) if stated else Facts()
    each = partial(for_each, processes=1, limits=limits, isolate=isolate)
    sources, unreadable = _read_all(papers, each)
    if not sources:
        reasons = "；".join(map(str, unreadable)) or "没有文件"
        raise DossierError(f"卷宗 {path} 中没有可以读取的材料：{reasons}")
    by_file = {s.file: s for s in facts.materials if s.file}
    materials = [
        *_recognise(sources, by_file, vocabulary),
        *_known_by_name(unreadable, by_file, vocabulary),
    ]
    for host in tuple(materials):
        text = sources[host.name].shadow if host.name in sources else ""
        for inner in contained_in(host, text, vocabulary):
            if not any(m.role == inner.role for m in materials):
                materials.append(inner)
    materials = _state(materials, facts)
    draft = next((m.name for m in materials if m.role == DRAFT), None)
    document = None
    if draft in sources:
        (parsed,) = each(_parse, [sources[draft]], lost=_lost_source)
        document = parsed if isinstance(parsed, Document) else None
        unreadable += [parsed] if isinstance(parsed, Unreadable) else []
    return Dossier(
        facts.name or (path.resolve().name if path.is_dir() else path.stem),
        document,
        tuple(sorted(materials, key=lambda m: (m.name, m.role))),
        facts,
        tuple(unreadable),
        tuple((s.role, s.none) for s in facts.materials if s.none),
    )


def write_statement(path: Path, *, force: bool = False) -> Path:
    """Write dossier.yaml into a folder from what is recognised in it, and give its path.

    Raises DossierError for what is no folder and where there is one already, unless ``force``.
    """
    file = path / STATEMENT
    if not path.is_dir():
        raise DossierError(f"只能写进文件夹，这不是文件夹：{path}")
    if file.exists() and not force:
        raise DossierError(f"已经有 {file}，没有改动；要重写的，加 --force")
    dossier = read_dossier(path, stated=False)
    own = [m for m in dossier.materials if not m.within]
    unread = [(u.name, u.reason) for u in dossier.unreadable if not u.partly]
    file.write_text(statement_of(own, dossier.name, unread), encoding="utf-8", newline="\n")
    return file


def _facts(papers: Papers, path: Path, vocabulary: Vocabulary) -> Facts:
    if STATEMENT not in papers.names:
        return Facts()
    name = f"{path.resolve().name}/{STATEMENT}"
    return read_facts(papers.data(STATEMENT), name, papers.names, vocabulary.names)


def _read_all(papers: Papers, each: Each) -> tuple[dict[str, SourceText], list[Unreadable]]:
    sources: dict[str, SourceText] = {}
    unreadable = [Unreadable(name, reason) for name, reason in papers.refused]
    names = [name for name in papers.names if name != STATEMENT]
    for found in each(partial(_read, papers), names, lost=_lost):
        if isinstance(found, Unreadable):
            unreadable.append(found)
        else:
            sources[found.name] = found
            unreadable += [Unreadable(found.name, gap, partly=True) for gap in found.gaps]
    return sources, unreadable


def _read(papers: Papers, name: str) -> SourceText | Unreadable:
    """One of many papers: whatever goes wrong is told of it."""
    if name == "dossier.yml":
        return Unreadable(name, f"没有作为说明读取，请改名为 {STATEMENT}")
    try:
        return replace(papers.read(name), name=name)
    except UnreadableSource as fault:
        return Unreadable(name, fault.reason)
    except MemoryError:
        raise
    except Exception as fault:
        return Unreadable(name, internal_error(fault))


def _lost(name: str, loss: Loss) -> Unreadable:
    return Unreadable(name, loss.reason)


def _parse(source: SourceText) -> Document | Unreadable:
    from checker.structure import parse

    return parse(source)


def _lost_source(source: SourceText, loss: Loss) -> Unreadable:
    return Unreadable(source.name, loss.reason)


def _recognise(
    sources: Mapping[str, SourceText], stated: Mapping[str, StatedMaterial], vocabulary: Vocabulary
) -> Iterator[Material]:
    """The material that each readable file is: as stated, else as it looks."""
    texts = {name: source.shadow for name, source in sources.items()}
    likely = {name: likenesses(name, texts[name], vocabulary) for name in texts}
    draft = _draft_among(texts, likely, stated)
    subject = core_of(texts[draft]) if draft else ""
    for name, text in texts.items():
        like = likely[name][0] if likely[name] else None
        if name in stated:
            yield _taken_for(name, text, stated[name].role, f"{STATEMENT} 载明", vocabulary)
        elif name == draft and like is None:
            yield _taken_for(name, text, DRAFT, "其他材料以《》提到它的标题", vocabulary)
        elif like and (like.kind.name != DRAFT or name == draft):
            yield read_material(name, text, like)
        elif like and subject and core_of(text) == subject:
            why = ("与草案同名的另一稿",)
            yield Material(EARLIER, name, title_of(text), evidence=why, text=text)
        else:
            yield Material(OTHER, name, title_of(text), confidence=0.0, text=text)


def _draft_among(
    texts: Mapping[str, str],
    likely: Mapping[str, tuple[Likeness, ...]],
    stated: Mapping[str, StatedMaterial],
) -> str | None:
    """The one draft: of those that look like one, what the other papers speak of most; of several
    versions of it the latest."""
    for name, statement in stated.items():
        if statement.role == DRAFT:
            return name if name in texts else None
    named = {name: _mentions(name, texts) for name in sorted(texts) if name not in stated}
    drafts = [name for name in named if likely[name] and likely[name][0].kind.name == DRAFT]
    if drafts:
        return max(
            drafts,
            key=lambda name: (named[name], version_of(texts[name]), likely[name][0].points),
        )
    unlike = [name for name in named if named[name] and not likely[name]]
    return max(unlike, key=lambda name: named[name], default=None)


def _taken_for(name: str, text: str, role: str, why: str, vocabulary: Vocabulary) -> Material:
    kind = vocabulary.kind(role)
    if kind is None:
        return Material(role, name, title_of(text), evidence=(why,), text=text)
    return replace(read_material(name, text, Likeness(kind, 0, (why,))), confidence=1.0)


#: Versions of a draft in the order they are made; a text without such a mark is the last.
_VERSIONS = ("讨论稿", "征求意见稿", "修改稿", "送审稿", "草案", "审议稿", "报批稿")


def version_of(text: str) -> int:
    """How late a version of a draft is, by the mark in its heading."""
    head = heading_of(text)
    return next((i for i, mark in enumerate(_VERSIONS) if mark in head), len(_VERSIONS))


def core_of(text: str) -> str:
    """The name of what a draft is, without the notice that issues it and the mark of its version."""
    return core_title(title_of(text))


def _mentions(name: str, texts: Mapping[str, str]) -> int:
    """How many other papers name the title of this one: the draft is what all others speak of."""
    core = core_of(texts[name])
    return sum(core in text for other, text in texts.items() if other != name) if core else 0


def _known_by_name(
    unreadable: Iterable[Unreadable], stated: Mapping[str, StatedMaterial], vocabulary: Vocabulary
) -> Iterator[Material]:
    """Unreadable files whose role is stated or plain from the name: there, but unread."""
    for file in unreadable:
        like = likenesses(file.name, "", vocabulary)
        if file.partly:
            continue
        if file.name in stated:
            evidence = (f"{STATEMENT} 载明",)
            yield Material(stated[file.name].role, file.name, evidence=evidence, unread=file.reason)
        elif like:
            yield Material(
                like[0].kind.name,
                file.name,
                evidence=like[0].evidence,
                confidence=like[0].confidence,
                unread=file.reason,
            )


def _state(materials: Iterable[Material], facts: Facts) -> list[Material]:
    """The materials with what dossier.yaml says of them; a stated one that is no file is added."""
    result = list(materials)
    for stated in facts.materials:
        if stated.none:
            result = [m for m in result if m.role != stated.role]
            continue
        places = [
            i for i, m in enumerate(result) if m.role == stated.role and stated.file in ("", m.name)
        ]
        if not places:
            places = [len(result)]
            why = f"卷内没有文件，仅由 {STATEMENT} 载明"
            result.append(Material(stated.role, "", evidence=(why,), unread=why))
        for i in places:
            result[i] = _corrected(result[i], stated)
    return result


def _corrected(material: Material, stated: StatedMaterial) -> Material:
    dates = material.dates
    if stated.start or stated.end or stated.days:
        start = stated.start or dates.start
        end = stated.end or (None if stated.days else dates.end)
        dates = Dates(dates.day, start, end, stated.days)
    if stated.received:
        dates = replace(dates, received=stated.received)
    if stated.day:
        dates = replace(dates, day=stated.day)
    return replace(material, dates=dates, conclusion=stated.conclusion or material.conclusion)
