"""One hostile file: how it is made, and how a check of it must end."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

#: What every file says that can be read at all; a rule answers to it.
SAID = "第一条 经营者应当缴存保证金。"


@dataclass(frozen=True, slots=True)
class Case:
    """``make`` writes it below a folder and gives the path to check.

    ``expected`` is ``read`` (every document complete), ``gap`` (read, but not all of it) or
    ``refused`` (not read); ``words`` must stand in the text or a note, in a gap, or in the reason.
    ``heavy`` ones take seconds and are not for every run of the tests. ``under`` names what the check
    runs under: ``few_files`` (no file can be opened), ``nobody`` (a user without rights).
    """

    title: str
    make: Callable[[Path], Path]
    expected: str
    words: str
    heavy: bool = False
    under: str = ""


def file(
    title: str,
    name: str,
    make: Callable[[], bytes],
    expected: str,
    words: str,
    *,
    heavy: bool = False,
) -> Case:
    """A case that is one file of this name."""

    def write(folder: Path) -> Path:
        (folder / name).write_bytes(make())
        return folder / name

    return Case(title, write, expected, words, heavy)


def cut(
    name: str, make: Callable[[], bytes], shares: tuple[float, ...], expected: str, words: str
) -> list[Case]:
    """The same file broken off after these shares of its bytes."""

    def part(share: float) -> Callable[[], bytes]:
        return lambda: (whole := make())[: int(len(whole) * share)]

    return [file(f"断在 {share:.0%} 处", name, part(share), expected, words) for share in shares]
