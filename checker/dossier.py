"""Dossier: a folder with a draft and its materials; dossier.yaml may state and correct anything."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, ClassVar

from checker.document import Document
from checker.faults import Place, nearest, read_declared
from checker.materials import (
    DRAFT,
    OTHER,
    Likeness,
    Material,
    Vocabulary,
    contained_in,
    likenesses,
    load_vocabulary,
    read_material,
    title_of,
)
from checker.numerals import read_date
from checker.periods import Dates
from checker.sources.text import SourceText

STATEMENT = "dossier.yaml"


class DossierError(ValueError):
    """A folder that cannot be checked at all; the message names it and the cause."""


@dataclass(frozen=True, slots=True)
class StatedMaterial:
    """What dossier.yaml says of one material.

    ``none`` is the reason why there is none; without ``file`` the words hold for the material of
    that role wherever it is kept.
    """

    __pydantic_config__: ClassVar[dict[str, Any]] = {
        "extra": "forbid",
        "alias_generator": lambda name: "date" if name == "day" else name,
    }
    role: str
    file: str = ""
    day: date | None = None
    start: date | None = None
    end: date | None = None
    days: int = 0
    conclusion: str = ""
    none: str = ""


@dataclass(frozen=True, slots=True)
class Facts:
    """What dossier.yaml says of the whole: ``urgent`` and ``secret`` hold the reason."""

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid"}
    name: str = ""
    issued: date | None = None
    market: bool | None = None
    major: bool = False
    urgent: str = ""
    secret: str = ""
    materials: tuple[StatedMaterial, ...] = ()


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

    ``absent`` gives, by role, the reason why dossier.yaml says there is no such material;
    ``market_words`` are the words of the draft that touch the business of firms.
    """

    name: str
    draft: Document | None
    materials: tuple[Material, ...]
    facts: Facts = Facts()
    unreadable: tuple[Unreadable, ...] = ()
    absent: tuple[tuple[str, str], ...] = ()
    market_words: tuple[str, ...] = ()

    def of(self, role: str) -> tuple[Material, ...]:
        """The materials of a role."""
        return tuple(m for m in self.materials if m.role == role)

    @property
    def unrecognised(self) -> tuple[Material, ...]:
        """Papers that are read but prove no step."""
        return self.of(OTHER)


def read_dossier(path: Path, vocabulary: Vocabulary | None = None) -> Dossier:
    """Read a folder. A file that cannot be read is listed with the reason.

    Raises DossierError where there is no such folder or nothing in it can be read, and
    DeclarationError with every fault of dossier.yaml.
    """
    vocabulary = vocabulary or load_vocabulary()
    names = _file_names(path)
    facts = _read_facts(path / STATEMENT, names, vocabulary)
    sources, unreadable = _read_all(path, names)
    if not sources:
        reasons = "；".join(map(str, unreadable)) or "没有文件"
        raise DossierError(f"卷宗 {path} 中没有可以读取的材料：{reasons}")
    stated = {s.file: s for s in facts.materials if s.file}
    materials = [
        *_recognise(sources, stated, vocabulary),
        *_known_by_name(unreadable, stated, vocabulary),
    ]
    for host in tuple(materials):
        text = sources[host.name].shadow if host.name in sources else ""
        for inner in contained_in(host, text, vocabulary):
            if not any(m.role == inner.role for m in materials):
                materials.append(inner)
    materials = _state(materials, facts)
    draft = next((m.name for m in materials if m.role == DRAFT), None)
    document = _parse(sources[draft]) if draft in sources else None
    return Dossier(
        facts.name or path.resolve().name,
        document,
        tuple(sorted(materials, key=lambda m: (m.name, m.role))),
        facts,
        tuple(unreadable),
        tuple((s.role, s.none) for s in facts.materials if s.none),
        vocabulary.market.found(document.source.shadow) if document else (),
    )


def _file_names(path: Path) -> list[str]:
    """Names of the papers inside the folder, sorted; hidden and temporary files are none."""
    if not path.exists():
        raise DossierError(f"没有这个卷宗文件夹：{path}")
    if not path.is_dir():
        raise DossierError(f"卷宗应当是文件夹，这是一个文件：{path}")
    found = []
    for file in path.rglob("*"):
        parts = file.relative_to(path).parts
        hidden = any(part.startswith((".", "~$")) for part in parts)
        if file.is_file() and not hidden and parts != (STATEMENT,) and file.name != "Thumbs.db":
            found.append("/".join(parts))
    return sorted(found)


def _read_all(path: Path, names: Iterable[str]) -> tuple[dict[str, SourceText], list[Unreadable]]:
    from checker.sources import UnreadableSource, read_path

    sources: dict[str, SourceText] = {}
    unreadable: list[Unreadable] = []
    for name in names:
        if name == "dossier.yml":
            unreadable.append(Unreadable(name, f"没有作为说明读取，请改名为 {STATEMENT}"))
            continue
        try:
            source = replace(read_path(path / name), name=name)
        except UnreadableSource as fault:
            unreadable.append(Unreadable(name, fault.reason))
            continue
        sources[name] = source
        unreadable += [Unreadable(name, gap, partly=True) for gap in source.gaps]
    return sources, unreadable


def _parse(source: SourceText) -> Document:
    from checker.structure import parse

    return parse(source)


def _recognise(
    sources: Mapping[str, SourceText], stated: Mapping[str, StatedMaterial], vocabulary: Vocabulary
) -> Iterator[Material]:
    """The material that each readable file is: as stated, else as it looks."""
    texts = {name: source.shadow for name, source in sources.items()}
    likely = {name: likenesses(name, texts[name], vocabulary) for name in texts}
    draft = _draft_among(texts, likely, stated)
    for name, text in texts.items():
        if name in stated:
            yield _taken_for(name, text, stated[name].role, f"{STATEMENT} 载明", vocabulary)
        elif name == draft and not likely[name]:
            yield _taken_for(name, text, DRAFT, "其他材料以《》提到它的标题", vocabulary)
        elif likely[name] and (likely[name][0].kind.name != DRAFT or name == draft):
            yield read_material(name, text, likely[name][0])
        else:
            yield Material(OTHER, name, title_of(text), confidence=0.0)


def _draft_among(
    texts: Mapping[str, str],
    likely: Mapping[str, tuple[Likeness, ...]],
    stated: Mapping[str, StatedMaterial],
) -> str | None:
    """The one draft: of those that look like one, what the other papers speak of most."""
    if any(statement.role == DRAFT for statement in stated.values()):
        return None
    named = {name: _mentions(name, texts) for name in sorted(texts) if name not in stated}
    drafts = [name for name in named if likely[name] and likely[name][0].kind.name == DRAFT]
    if drafts:
        return max(drafts, key=lambda name: (named[name], likely[name][0].points))
    unlike = [name for name in named if named[name] and not likely[name]]
    return max(unlike, key=lambda name: named[name], default=None)


def _taken_for(name: str, text: str, role: str, why: str, vocabulary: Vocabulary) -> Material:
    kind = vocabulary.kind(role)
    if kind is None:
        return Material(role, name, title_of(text), evidence=(why,))
    return replace(read_material(name, text, Likeness(kind, 0, (why,))), confidence=1.0)


_FRAMES = re.compile(r"^.*关于印发|（[^（）]*）$|的通知$|[《》]")


def _mentions(name: str, texts: Mapping[str, str]) -> int:
    """How many other papers name the title of this one: the draft is what all others speak of."""
    core = _FRAMES.sub("", _FRAMES.sub("", title_of(texts[name])))
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
    if stated.day:
        dates = replace(dates, day=stated.day)
    return replace(material, dates=dates, conclusion=stated.conclusion or material.conclusion)


def _read_facts(path: Path, names: list[str], vocabulary: Vocabulary) -> Facts:
    if not path.exists():
        return Facts()

    def wrong(data: object) -> Iterator[tuple[Place, str]]:
        entries = data.get("materials") if isinstance(data, dict) else None
        for i, entry in enumerate(entries if isinstance(entries, list) else ()):
            if isinstance(entry, dict):
                for key, message in _wrong_entry(entry, names, vocabulary.names):
                    yield ("materials", i, key), message

    name = f"{path.resolve().parent.name}/{path.name}"
    return read_declared(path, Facts, wrong, name=name).value


def _wrong_entry(
    entry: Mapping[str, object], names: list[str], roles: tuple[str, ...]
) -> Iterator[tuple[str, str]]:
    """What is wrong with one material of dossier.yaml that its types do not show."""
    role, file = entry.get("role"), entry.get("file")
    start, end = (read_date(str(entry.get(key, ""))) for key in ("start", "end"))
    if isinstance(role, str) and role not in roles:
        yield "role", f"没有“{role}”这种材料{nearest(role, roles)}"
    if isinstance(file, str) and file not in names:
        yield "file", f"卷宗里没有文件“{file}”{nearest(file, names)}"
    if start and end and end < start:
        yield "end", f"截止日 {end} 早于起始日 {start}"
    if entry.get("none") and file:
        yield "none", "既写了文件又写了没有这种材料的理由，请留其一"
