"""Subject: which papers of a dossier speak of its draft, by what names, and how they may disagree."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal, get_args

from checker.document import Document
from checker.dossier import Dossier
from checker.materials import Material, core_title

#: What may disagree.
About = Literal[
    "title", "articles", "issuer", "period", "meeting", "validity", "effect",
    "version", "changed", "answer", "reason", "tally", "clause",
]  # fmt: skip
ABOUT = get_args(About)
#: Materials that speak of the draft; the others may rightly name other documents.
SPEAKING = (
    "起草说明", "征求意见公告", "意见采纳情况", "合法性审核意见", "公平竞争审查", "集体审议记录",
    "送审材料", "备案报告", "解读材料", "公布记录",
)  # fmt: skip
OPINION, NOTICE, RECORD, MINUTES = "合法性审核意见", "征求意见公告", "意见采纳情况", "集体审议记录"


@dataclass(frozen=True, slots=True)
class Disagreement:
    """What one paper states and what stands against it, in words for the reader."""

    about: About
    role: str
    name: str
    stated: str
    actual: str


def speaking(dossier: Dossier, *roles: str) -> Iterator[Material]:
    """Papers of their own (not those found inside another) that speak of the draft."""
    for role in roles or SPEAKING:
        yield from (m for m in dossier.of(role) if m.text and not m.within)


def against(about: About, material: Material, stated: str, actual: str) -> Disagreement:
    """The disagreement of a paper with what stands against it."""
    return Disagreement(about, material.role, material.name, stated, actual)


#: The organ with which a title begins.
ORGAN = re.compile(
    r"^(.{2,30}?(?:人民政府办公[厅室]|人民政府|委员会|管理局|监督局|局|厅))(?=关于|印发)"
)


def cores_of(draft: Document) -> tuple[str, ...]:
    """Names of the draft: of what a notice issues, without the issuer, and what the title quotes (the
    document that is amended or repealed)."""
    core = core_title(draft.title)
    quoted = re.findall("[《〈]([^《》〈〉]+)[》〉]", draft.title)
    return tuple(dict.fromkeys(name for name in (core, ORGAN.sub("", core), *quoted) if name))


def same_name(name: str, cores: Iterable[str]) -> bool:
    """Whether a title is one of the names of the draft; either may leave out the name of the place."""
    name = core_title(name)
    return any(
        name == core
        or (len(name) >= 6 and core.endswith(name))
        or (len(core) >= 6 and name.endswith(core))
        for core in cores
    )


def sentences(text: str) -> list[str]:
    """A text in sentences and lines."""
    return [s for s in re.split(r"[。；\n]", text) if s]
