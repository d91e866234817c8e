"""Profile (适用方案): which place and level a run is for, and which rulesets it uses."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Literal

from checker.resources import resource

if TYPE_CHECKING:
    from checker.document import Document

Level = Literal["", "国家", "部委", "省", "市", "县", "乡", "村"]
#: Whether rules whose basis began after the document was made are shown as what would apply today.
Later = Literal["show", "hide"]
Rank = Literal["", "法律", "行政法规", "国务院文件", "地方性法规", "规章", "规范性文件"]


class UnknownProfile(ValueError):
    """There is no profile of that name; the message offers the nearest one."""


@dataclass(frozen=True, slots=True)
class Profile:
    """A named set of choices.

    ``level`` stands in where a document does not say how high its issuer is; ``rank`` overrides what
    a document seems to be (a draft regulation that is judged as one); ``setting`` are words that the
    whole document is taken to be about, such as 招标投标; ``place`` is whose local rules apply, whatever
    the document seems to say; ``later`` whether rules that did not yet apply when the document was
    made are shown as what would apply today; ``rulesets`` are folders laid over the national rules;
    ``select`` and ``ignore`` hold rule ids and families.
    """

    name: str
    level: Level = ""
    rank: Rank = ""
    setting: str = ""
    rulesets: tuple[Path, ...] = ()
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    place: str = ""
    later: Later = "hide"

    def applied(self, document: Document) -> Document:
        """The document with what the profile says of its level, rank, setting and place."""
        if self.level and not document.issuer.level:
            document = replace(document, issuer=replace(document.issuer, level=self.level))
        if self.rank:
            document = replace(document, rank=self.rank)
        if self.setting or self.place:
            document = replace(document, setting=self.setting, place=self.place)
        return document


@dataclass(frozen=True, slots=True)
class _Written:
    """What a profile file may say; its name is the name of the file."""

    __pydantic_config__: ClassVar[dict[str, str]] = {"extra": "forbid"}
    title: str = ""
    level: Level = ""
    rank: Rank = ""
    setting: str = ""
    rulesets: tuple[str, ...] = ()
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    place: str = ""
    later: Later = "hide"


#: What applies where nothing is configured: the same as rulesets/profiles/county-draft.yaml, so that
#: a plain start reads no YAML.
DEFAULT = Profile("county-draft", "县")


def load_profile(name: str | Path | None) -> Profile:
    """The profile in a YAML file, or the shipped one of that name; None is the default one.

    Folders in the file are relative to it. Raises UnknownProfile, DeclarationError.
    """
    if name is None or str(name) == DEFAULT.name:
        return DEFAULT
    path = Path(name)
    if path.suffix not in (".yaml", ".yml"):
        path = _shipped(str(name))
    from checker.faults import DeclarationError, read_declared

    declared = read_declared(path, _Written, name=str(name))
    written = declared.value
    folders = tuple(path.parent / folder for folder in written.rulesets)
    faults = [
        declared.fault(f"没有规则文件夹“{folder}”", "rulesets", i)
        for i, folder in enumerate(written.rulesets)
        if not folders[i].is_dir()
    ]
    if written.place:
        from checker.places import UnknownPlace, place

        try:
            place(written.place)
        except UnknownPlace as fault:
            faults.append(declared.fault(str(fault), "place"))
    if faults:
        raise DeclarationError(faults)
    return Profile(
        path.stem,
        written.level,
        written.rank,
        written.setting,
        folders,
        written.select,
        written.ignore,
        written.place,
        written.later,
    )


def _shipped(name: str) -> Path:
    from checker.faults import nearest

    try:
        folder = resource("rulesets", "profiles")
    except FileNotFoundError:
        known = {}
    else:
        known = {path.stem: path for path in sorted(folder.glob("*.yaml"))}
    if name not in known:
        raise UnknownProfile(f"没有适用方案“{name}”{nearest(name, [*known])}")
    return known[name]
