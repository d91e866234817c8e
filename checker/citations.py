"""Citations: which law, number and provision a text names, by grammars/citation.lark."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from checker.numerals import NUMERAL_CHARS, read_number
from checker.shapes import Shape, shape


@dataclass(frozen=True, slots=True)
class Place:
    """A provision inside a law; 0 where the citation does not say. ``through``: 至 this place."""

    article: int = 0
    paragraph: int = 0
    item: int = 0
    subitem: int = 0
    branch: int = 0
    through: bool = False


@dataclass(frozen=True, slots=True)
class Citation:
    """A law named in a text: span in that text (code points), name, document number, places.

    ``own`` is set for 本办法 and the like; ``by`` where words such as 依照 introduce it.
    """

    start: int
    end: int
    name: str
    number: str = ""
    places: tuple[Place, ...] = ()
    own: bool = False
    by: bool = False


_N = f"[{NUMERAL_CHARS}]"
_TOKENS = (
    (
        "N",
        r"《(?:[^《》\n]|〈[^〉\n]*〉|《[^《》\n]*》){1,80}》|本(?:办法|规定|条例|细则|实施细则|意见|通知|方案|规则|规程|规范|法|决定|标准|通告|公告|制度)(?!第?号)",
    ),
    (
        "O",
        r"（?[^\s，。；：（）《》、据照依按根]{0,14}[〔（](?:19|20)\d{2}[〕）]第?\d{1,5}号(?:文件?)?）?|（?(?:国务院|[^\s，。；：（）《》、]{2,14})令第?\d{1,4}号）?",
    ),
    ("a", rf"第{_N}{{1,8}}条(?:之[一二三四五六七八九十]{{1,3}})?"),
    ("k", rf"第{_N}{{1,4}}款"),
    ("x", rf"第（?{_N}{{1,4}}）?项"),
    ("m", rf"第（?{_N}{{1,4}}）?目"),
    ("s", r"[、和及或](?=第|（)|以及(?=第)|或者(?=第)"),
    ("r", r"[至到](?=第)"),
)
_TOKEN = re.compile("|".join(f"(?P<{name}>{pattern})" for name, pattern in _TOKENS))
_SHAPE = re.compile(r"NO?(?:[akxm](?:[akxmsr]*[akxm])?)?|O(?:[akxm](?:[akxmsr]*[akxm])?)?")
_BY = re.compile(r"(?:依照|按照|根据|依据|遵照|执行|违反|适用|符合|依|按)[^，。；]{0,6}$")
_OWN = re.compile(
    r"本(?:办法|规定|条例|细则|实施细则|意见|通知|方案|规则|规程|规范|法|决定|标准|通告|公告|制度)$"
)


def find_citations(text: str) -> tuple[Citation, ...]:
    """Every citation in a unified text, in order."""
    if "《" not in text and "号" not in text and "本" not in text:
        return ()
    tokens = [(m.lastgroup or "", m.start(), m.end()) for m in _TOKEN.finditer(text)]
    found: list[Citation] = []
    run: list[tuple[str, int, int]] = []
    for token in tokens:
        if run and (token[1] > run[-1][2] or token[0] == "N"):
            found.extend(_from_run(text, run))
            run = []
        run.append(token)
    return tuple(found + _from_run(text, run))


def _from_run(text: str, run: list[tuple[str, int, int]]) -> list[Citation]:
    """Citations in tokens that touch each other."""
    letters = "".join(kind for kind, _, _ in run)
    found = []
    for m in _SHAPE.finditer(letters):
        tokens = run[m.start() : m.end()]
        values = [text[a:b] for _, a, b in tokens]
        found.append(_citation(text, m.group(), tokens, values))
    return found


def _citation(
    text: str, letters: str, tokens: list[tuple[str, int, int]], values: list[str]
) -> Citation:
    start, end = tokens[0][1], tokens[-1][2]
    name = values[0].strip("《》") if letters[0] == "N" else ""
    number = next((v.strip("（）") for k, v in zip(letters, values, strict=True) if k == "O"), "")
    places: list[Place] = []
    through = False
    for kind, path in _shape(letters):
        if kind == "range":
            through = True
            continue
        places.append(_place(path, values, places[-1] if places else None, through))
        through = False
    return Citation(
        start,
        end,
        name,
        number,
        tuple(places),
        bool(_OWN.match(name)),
        bool(_BY.search(text[max(0, start - 10) : start])),
    )


def _place(
    path: tuple[tuple[str, int], ...], values: list[str], before: Place | None, through: bool
) -> Place:
    """Place of one path of (level, token); what it leaves out comes from the place before it."""
    numbers = {level: values[index] for level, index in path}
    article, branch = before.article if before else 0, before.branch if before else 0
    paragraph = before.paragraph if before and "paragraph" not in numbers else 0
    if "article" in numbers:
        head, _, tail = numbers["article"].partition("之")
        article, branch, paragraph = _ordinal(head), read_number(tail), 0
    if "paragraph" in numbers:
        paragraph = _ordinal(numbers["paragraph"])
    item = _ordinal(numbers.get("item", ""))
    if "subitem" in numbers and not item and before:
        item = before.item
    return Place(article, paragraph, item, _ordinal(numbers.get("subitem", "")), branch, through)


def _ordinal(text: str) -> int:
    return read_number(text.strip("第条款项目（）")) if text else 0


@lru_cache(maxsize=4096)
def _shape(letters: str) -> tuple[tuple[str, tuple[tuple[str, int], ...]], ...]:
    """The places of a citation as paths of (level, token index); ("range", ()) before 至."""
    rows = shape("citation", "citation", letters)
    steps: list[tuple[str, tuple[tuple[str, int], ...]]] = []
    for i, (rule, _) in enumerate(rows):
        if letters[i] == "r":
            steps.append(("range", ()))
        elif rule in _LEVELS and not _heads_level(rows, i):
            path = [i]
            while rows[path[0]][1] >= 0 and rows[rows[path[0]][1]][0] in _LEVELS:
                path.insert(0, rows[path[0]][1])
            steps.append(("place", tuple((rows[j][0], j) for j in path)))
    return tuple(steps)


_LEVELS = frozenset({"article", "paragraph", "item", "subitem"})


def _heads_level(rows: Shape, index: int) -> bool:
    """Whether a deeper level of the same place stands below the letter."""
    return any(above == index and rule in _LEVELS for rule, above in rows)
