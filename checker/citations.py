"""Citations: which law, number and provision a text names, by grammars/citation.lark."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Set
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from checker.numerals import NUMERAL_CHARS, chinese_number, read_number
from checker.shapes import Shape, shape
from checker.statutes import register


@dataclass(frozen=True, slots=True)
class Place:
    """A provision inside a law; 0 where the citation does not say. ``through``: 至 this place."""

    article: int = 0
    paragraph: int = 0
    item: int = 0
    subitem: int = 0
    branch: int = 0
    through: bool = False

    @property
    def address(self) -> str:
        """As it is written: 第五条之一第二款第三项; empty where it names nothing."""
        steps = ((self.paragraph, "款"), (self.item, "项"), (self.subitem, "目"))
        branch = f"之{chinese_number(self.branch)}" if self.branch else ""
        article = f"第{chinese_number(self.article)}条{branch}" if self.article else ""
        return article + "".join(f"第{chinese_number(n)}{unit}" for n, unit in steps if n)


@dataclass(frozen=True, slots=True)
class Citation:
    """A law named in a text: span in that text (code points), name, document number, places.

    ``own`` is set for 本办法 and the like, and for a provision without a law (第三条、第四条), whose
    name is empty; ``relative`` is 前款, 本条 and the like; ``bare`` where a name stands without 《》;
    ``short`` is the short name it is given (以下简称《条例》); ``by`` where words such as 依照
    introduce it.
    """

    start: int
    end: int
    name: str
    number: str = ""
    places: tuple[Place, ...] = ()
    own: bool = False
    by: bool = False
    relative: str = ""
    bare: bool = False
    short: str = ""


class _Token(NamedTuple):
    letter: str
    start: int
    end: int


_N = f"[{NUMERAL_CHARS}]"
_SELF = (
    "办法|规定|条例|实施细则|细则|意见|通知|方案|规则|规程|规范|标准|通告|公告|制度|解释|准则|章程|公约"
    "|安排|措施|政策|决定|法(?![院人定律规治官务])"
)
_SEVERAL = "[两二三四五六七八九十]"
_TITLE = r"《(?:[^《》\n]|\n{1,2}(?=[^《》\n。；]{1,60}》)|〈[^〉\n]*〉|《[^《》\n]*》){1,90}》"
_YEAR = r"[〔（](?:19|20)\d{2}年?[〕）]"
_AND = r"(?:、|以及|或者|和|及|或|与)"
_NUMBERED = rf"{_YEAR}第?\d{{1,5}}号(?:文件?(?!名))?）?"
_ORDER = r"令〔?第?\d{1,4}号）?"
_ORGAN = r"[^\s，。；：（）《》、据照依按根\d]{0,14}"
_MAKER = r"[^\s，。；：（）《》、\d日据照依按]{2,24}?"
#: Tokens that may begin a citation; each begins with one of the characters of _FIRST.
_OPENING = (
    ("N", _TITLE + rf"|本(?:{_SELF})(?!第?号)|其实施(?:条例|细则|办法)"),
    (
        "R",
        rf"前{_SEVERAL}?(?:条(?![件例目])|款(?!项)|项(?![目资]))|上[条款](?=规定|第)|本(?:条(?!例)|款|项(?!目))",
    ),
    ("O", f"{_NUMBERED}|{_ORDER}"),
    ("a", rf"第{_N}{{1,8}}条(?:之[一二三四五六七八九十\d]{{1,3}})?(?!例)"),
    ("k", rf"第（?{_N}{{1,4}}）?款"),
    ("x", rf"第（?{_N}{{1,4}}）?项(?!目)"),
    ("m", rf"第（?{_N}{{1,4}}）?目(?![标录的])"),
    ("h", rf"第（?{_N}{{1,8}}）?(?=(?:{_AND}|[至到—～~-])(?:第|（)?{_N}|（{_N}{{1,4}}）)"),
)
#: Tokens that only follow another one without a gap.
_FOLLOWING = (
    ("q", r"（(?:[^（）]|（[^（）]*）){2,90}）"),
    ("O", rf"（?{_ORGAN}{_NUMBERED}|（?{_MAKER}{_ORDER}"),
    ("g", r"(?:公布|发布|颁布|印发|下发|制定)的?(?=《)"),
    ("n", rf"\n(?=第{_N}{{1,8}}条(?:第（?{_N}{{1,4}}）?[款项])*(?:的|、|和|，|所|之|规定))"),
    ("e", rf"(?:第{_N}{{1,3}}编|[\u4e00-\u9fff]{{2,6}}编)(?=第)"),
    ("c", r"，(?=(?:国务院|主席)令第)"),
    ("s", rf"，?{_AND}(?=第?（?{_N})|，(?=第{_N}{{1,8}}条[、，。；：的所规之第])"),
    ("r", rf"[至到—～~-](?=第?（?{_N})"),
)
#: Numbers without 第, which only follow a separator: 第五十一条、五十二条.
_JOINED = (
    ("a", rf"{_N}{{1,8}}条(?:之[一二三四五六七八九十\d]{{1,3}})?(?!例)"),
    ("k", rf"{_N}{{1,4}}款"),
    ("x", rf"（?{_N}{{1,4}}）?项(?!目)"),
    ("m", rf"（?{_N}{{1,4}}）?目(?![标录的])"),
    ("h", rf"（?{_N}{{1,8}}）?(?=(?:{_AND}|[至到—～~-])(?:第|（)?{_N}|（{_N}{{1,4}}）)"),
)
_FIRST = re.compile("[《本前上第〔（令其]")


class _Lexer:
    """Alternatives tried at one position, each with its letter."""

    def __init__(self, *alternatives: tuple[str, str]) -> None:
        self.letters = tuple(letter for letter, _ in alternatives)
        self.pattern = re.compile("|".join(f"({pattern})" for _, pattern in alternatives))

    def at(self, text: str, position: int) -> _Token | None:
        """The token at the position, or None."""
        m = self.pattern.match(text, position)
        return _Token(self.letters[(m.lastindex or 1) - 1], *m.span()) if m else None


_OPENS = _Lexer(*_OPENING)
_FOLLOWS = _Lexer(*_OPENING, *_FOLLOWING)
_JOINS = _Lexer(*_OPENING, *_JOINED)
_NUMBER = re.compile(rf"{_ORGAN}{_NUMBERED}|{_MAKER}{_ORDER}")
_NUMBER_HEAD = re.compile(rf"（?{_ORGAN}$")
_ORDER_HEAD = re.compile(
    r"（?(?:(?<=[与和及])|(?![与和及]))[^\s，。；：（）《》、\d日据照依按]{2,24}$"
)
_CARRIED_OUT = re.compile(r"[\u4e00-\u9fff]{2,9}实施$")
_MEASURE = re.compile(r"(?:若干)?(?:实施)?(?:办法|细则|规定|条例)")
_BEFORE = re.compile("[目之以事]")
_SHAPE = re.compile(
    r"(?:Og?)?N(?:q|c?O)*e?n?(?:[akxm](?:[akxmsr]*[akxm])?)?|[RO]?[akxm](?:[akxmsr]*[akxm])?|[RO]"
)
_BY = re.compile(r"(?:依照|按照|根据|依据|遵照|执行|违反|适用|符合|依|按)[^，。；]{0,6}$")
_OWN = re.compile(rf"本(?:{_SELF})$")
#: What a law is called: a provision after such a word, in no register, belongs to that other law.
_LAWLIKE = re.compile(
    r"(?:法典?|条例|办法|规定|细则|规则|规程|解释|决定|章程|合同|协议|通则|公约|标准|规范)$"
)
_SHORT = re.compile(r"(?:以下|下)(?:简称|统称|称)[：:]?[《“\"]?([^《》“”\"，。；）]{2,30})[》”\"]?")
_GOES_ON = re.compile(
    r"[、，。；：）”》的所规之外中至到和及或与以（\s]|$|第|明确|要求|条件|情形|内容|行为|措施|约定"
)
_LED = re.compile("[依按照据反合用]")
_LINE_HEAD = re.compile(r"(?:[、至到和或及与的规所第，]|之[一二三四五六七八九十])")


#: What finds citations as :func:`find_citations` does.
CitationReader = Callable[[str, Set[str]], tuple[Citation, ...]]


def find_citations(text: str, names: Set[str] = frozenset()) -> tuple[Citation, ...]:
    """Every citation in a unified text, in order.

    ``names`` are short names that the text defines for itself, which may stand without 《》; laws of
    the register are known by name where a provision or an order number follows.
    """
    if not _may_cite(text):
        return ()
    found: list[Citation] = []
    for run in _runs(text, names):
        found.extend(_from_run(text, run))
    return tuple(found)


@lru_cache(maxsize=8)
def citations_of(text: str, names: Set[str] = frozenset()) -> tuple[Citation, ...]:
    """:func:`find_citations` of a whole document, kept while it is looked at from several sides."""
    return find_citations(text, names)


def _may_cite(text: str) -> bool:
    return any(sign in text for sign in ("《", "号", "条", "款", "本", "项"))


def _runs(text: str, names: Set[str]) -> Iterator[list[_Token]]:
    """Tokens that touch each other, in order; every name begins a run of its own."""
    at = floor = 0
    while (m := _FIRST.search(text, at)) is not None:
        token = _opening(text, m.start(), floor)
        if token is None:
            at = m.start() + 1
            continue
        run = [*_before(text, token, names, floor), token]
        while (token := _next(text, run)) is not None:
            if token.letter in "NR" and run[-1].letter != "g" and not _is_number(run):
                yield run
                run = []
            run.append(token)
        yield run
        at = floor = run[-1].end


def _is_number(run: list[_Token]) -> bool:
    """Whether only a number has been read, which may belong to the name after it."""
    return len(run) == 1 and run[0].letter == "O"


def _opening(text: str, position: int, floor: int) -> _Token | None:
    """The token that begins a citation here, with what belongs to it before the position."""
    token = _OPENS.at(text, position)
    if token is None:
        return None
    if token.letter == "O":
        head = _ORDER_HEAD if text[position] == "令" else _NUMBER_HEAD
        m = head.search(text, max(floor, position - 26), position)
        return _Token("O", m.start(), token.end) if m else None
    if token.letter == "R" and position and _BEFORE.match(text, position - 1):
        return None
    if text[position] == "《":
        before = _CARRIED_OUT.search(text, max(floor, position - 11), position)
        measure = _MEASURE.match(text, token.end)
        if before and measure:
            return _Token("N", before.start(), measure.end())
    return token


def _before(text: str, token: _Token, names: Set[str], floor: int) -> list[_Token]:
    """A bare name before a provision or a number (住房租赁条例，国务院令第812号), with its comma."""
    if token.letter not in "Oa":
        return []
    comma = token.letter == "O" and text[token.start - 1 : token.start] == "，"
    end = token.start - comma
    name = _bare_name(text, end, names, floor)
    if name is None:
        return []
    return [name, _Token("c", end, token.start)] if comma else [name]


def _next(text: str, run: list[_Token]) -> _Token | None:
    """The token that follows without a gap."""
    last = run[-1]
    if last.end >= len(text):
        return None
    if last.letter in "sr" or (last.letter == "h" and text[last.end] == "（"):
        return _JOINS.at(text, last.end)
    token = _FOLLOWS.at(text, last.end)
    if token is not None and token.letter in "qen" and last.letter not in "Nq":
        return None
    return token


#: The longest name that is looked for before a provision (characters).
_LONGEST = 40


def _bare_name(text: str, end: int, names: Set[str], floor: int) -> _Token | None:
    """The name without 《》 that ends at a position: 刑法第…条."""
    before = text[max(floor, end - _LONGEST) : end]
    stop = max(before.rfind(sign) for sign in "。；：，\n》“”（〔") + 1
    before = before[stop:]
    if not _LAWLIKE.search(before) and not any(before.endswith(name) for name in names):
        return None
    known = register()
    for i in range(len(before) - 1):
        if before[i:] in names or known.has_name(before[i:]):
            return _Token("N", end - len(before) + i, end)
    return None


def _from_run(text: str, run: list[_Token]) -> Iterator[Citation]:
    """Citations in tokens that touch each other."""
    tokens = _with_levels(run)
    letters = "".join(token.letter for token in tokens)
    for m in _SHAPE.finditer(letters):
        own = tokens[m.start() : m.end()]
        if m.group()[0] in "kxm" or (m.group()[0] == "a" and _is_head(text, own)):
            continue
        citation = _citation(text, m.group(), own)
        if citation is not None:
            yield citation


def _with_levels(run: list[_Token]) -> list[_Token]:
    """The run with each number that lacks its unit (第三、四条) given the unit said after it."""
    leveled: list[_Token] = []
    unit = ""
    for token in reversed(run):
        if token.letter in "akxm":
            unit = token.letter
        elif token.letter not in "hsr":
            unit = ""
        lacks = token.letter == "h"
        leveled.append(_Token(unit or "-", token.start, token.end) if lacks else token)
    return leveled[::-1]


def _is_head(text: str, tokens: list[_Token]) -> bool:
    """Whether 第N条 is a line's own number, or counts something else (第一条生产线), not a citation."""
    start, end = tokens[0].start, tokens[-1].end
    if len(tokens) == 1 and not _GOES_ON.match(text, end):
        return not _LED.match(text, max(0, start - 1))
    return (start == 0 or text[start - 1] == "\n") and not _LINE_HEAD.match(text, end)


def _citation(text: str, letters: str, tokens: list[_Token]) -> Citation | None:
    values = [text[token.start : token.end] for token in tokens]
    kinds = dict(zip(reversed(letters), reversed(values), strict=True))
    start, end = tokens[0].start, tokens[-1].end
    name = clean_name(kinds.get("N", ""))
    bracket = "".join(v for k, v in zip(letters, values, strict=True) if k == "q")
    number = kinds.get("O", "") or _number_in(bracket)
    bare = bool(name) and not kinds["N"].startswith("《") and not _OWN.match(name)
    unknown = not name and letters[0] == "a" and _other_law(text, start)
    if unknown:
        return None
    short = _SHORT.search(bracket)
    return Citation(
        start,
        end,
        name,
        _clean_number(number),
        _places(letters, values),
        own=bool(_OWN.match(name)) or letters[0] in "aR",
        by=bool(_BY.search(text[max(0, start - 10) : start])),
        relative=kinds.get("R", ""),
        bare=bare,
        short=short.group(1) if short else "",
    )


def _other_law(text: str, start: int) -> bool:
    """Whether a provision follows the name of a law that nothing is known of: 税法第三条."""
    return bool(_LAWLIKE.search(text[max(0, start - 4) : start]))


_INNER = str.maketrans("《》<>", "〈〉〈〉")


def clean_name(words: str) -> str:
    """The name in 《…》 without the marks and line breaks; inner marks become 〈〉."""
    joined = words.replace("\n", "").replace(" ", "")
    if joined.startswith("《") and joined.endswith("》"):
        return joined[1:-1].translate(_INNER)
    return joined


def _number_in(bracket: str) -> str:
    found = _NUMBER.search(bracket.strip("（）"))
    return found.group() if found else ""


def _clean_number(number: str) -> str:
    bare = number.strip("（）〔").removesuffix("件").removesuffix("文")
    return re.sub(r"^.*原(?=[\u4e00-\u9fff]{4,}令)", "", bare)


def _places(letters: str, values: list[str]) -> tuple[Place, ...]:
    places: list[Place] = []
    through = False
    for kind, path in _shape(letters):
        if kind == "range":
            through = True
            continue
        places.append(_place(path, values, places[-1] if places else None, through))
        through = False
    return tuple(places)


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
