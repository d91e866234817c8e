"""Comments: what a record of public comments says of each: adopted or not, and why."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from checker.numerals import NUMERAL_CHARS, read_number


class Answer(StrEnum):
    """What became of a comment."""

    NONE = "没有写明是否采纳"
    ADOPTED = "采纳"
    PARTLY = "部分采纳"
    REJECTED = "不采纳"
    EXPLAINED = "解释说明"


@dataclass(frozen=True, slots=True)
class Comment:
    """One comment: its number as written, its words, the answer, and whether a reason is given.

    ``count`` is how many comments it stands for (关于增加班次的意见18条).
    """

    label: str
    text: str
    answer: Answer
    reasoned: bool
    count: int = 1


@dataclass(frozen=True, slots=True)
class Tally:
    """The numbers a paper gives of comments received, adopted, partly adopted and rejected; None
    where it gives none."""

    received: int | None = None
    adopted: int | None = None
    partly: int | None = None
    rejected: int | None = None

    @property
    def adds_up(self) -> bool:
        """Whether the parts make up the whole; true where that cannot be told."""
        parts = [n for n in (self.adopted, self.partly, self.rejected) if n is not None]
        if self.received is None or self.adopted is None or len(parts) < 2:
            return True
        return sum(parts) == self.received


_LABELS = (
    re.compile(r"^(?P<n>\d{1,3})$", re.MULTILINE),
    re.compile(r"^(?P<n>\d{1,3})[.．、)）](?!\d)", re.MULTILINE),
    re.compile(r"^（(?P<n>\d{1,3})）", re.MULTILINE),
    re.compile(r"^意见(?P<n>[一二三四五六七八九十\d]{1,3})[：:、]", re.MULTILINE),
    re.compile(r"^（(?P<n>[一二三四五六七八九十]{1,3})）", re.MULTILINE),
    re.compile(r"^(?P<n>[一二三四五六七八九十]{1,3})、", re.MULTILINE),
)
_SPOKEN = re.compile(r"建议|意见|认为|提出|希望|反映|要求|删除|增加|修改|采纳")
_ANSWERS = (
    (Answer.PARTLY, re.compile(r"部分(?:予以)?(?:采纳|吸收)|采纳部分")),
    (
        Answer.REJECTED,
        re.compile(r"(?:不予|未予?|不|暂不|暂未|没有)(?:以)?(?:采纳|吸收)|维持原(?:条|文|稿)"),
    ),
    (
        Answer.ADOPTED,
        re.compile(r"(?:予以|已|全部|同意)?(?:采纳|吸收)|已(?:按|作|予|经)[^，。；\n]{0,12}修改"),
    ),
    (Answer.EXPLAINED, re.compile(r"已(?:作)?(?:解释|说明|沟通|答复)|作解释说明|无需采纳")),
)
_REASON = re.compile(r"(?:理由|原因|因为|由于|鉴于|考虑到|依据|根据)[是为：:]?[^，。；\n\s]{3,}")
_CLOSING = re.compile(r"^[^，。；：\n]{2,30}\n(?:\d{4}|二〇)\S{4,12}日\s*\Z", re.MULTILINE)
_WORDS = re.compile(r"[\w]")


def read_comments(text: str) -> tuple[Comment, ...]:
    """Every comment listed in a shadow text, in order; each begins with a number of its own."""
    closing = _CLOSING.search(text)
    body = text[: closing.start()] if closing else text
    lists = [list(_entries(body, label)) for label in _LABELS]
    return max((tuple(entries) for entries in lists), key=_answered, default=())


def _answered(entries: tuple[Comment, ...]) -> tuple[int, int]:
    return sum(c.answer is not Answer.NONE for c in entries), len(entries)


def _entries(text: str, label: re.Pattern[str]) -> Iterator[Comment]:
    heads = list(label.finditer(text))
    for i, head in enumerate(heads):
        end = heads[i + 1].start() if i + 1 < len(heads) else len(text)
        words = text[head.end() : end].strip()
        first = words.split("\n", 1)[0]
        is_heading = not head["n"].isdigit() and len(first) < 15 and not re.search("[：。]", first)
        if _SPOKEN.search(words) and not is_heading:
            yield _comment(head["n"], words)


_COUNTED = re.compile(
    rf"(?:意见|建议)(?:共|有)?(?P<n>[{NUMERAL_CHARS}]+)条|(?P<m>[{NUMERAL_CHARS}]+)条(?:意见|建议)"
)


def _comment(label: str, words: str) -> Comment:
    counted = _COUNTED.search(words)
    count = read_number(counted["n"] or counted["m"]) if counted else 1
    for answer, pattern in _ANSWERS:
        found = list(pattern.finditer(words))
        if found:
            after = words[found[-1].end() :]
            reasoned = bool(_REASON.search(words)) or len(_WORDS.findall(after)) >= 6
            return Comment(label, words, answer, reasoned, count)
    return Comment(label, words, Answer.NONE, False, count)


_N = rf"(?P<n>[{NUMERAL_CHARS}]+)"
_TALLIES = {
    "received": re.compile(
        rf"(?:收到|收集|征集|征得|反馈)(?:到|的)?[^。；，\n]{{0,24}}?(?:意见|建议)[^。；，\n\d]{{0,10}}?{_N}[条件份]"
        rf"|(?:收到|收集|征集)[^。；，\n]{{0,16}}?(?P<m>[{NUMERAL_CHARS}]+)[条件份][^。；，\n]{{0,6}}(?:意见|建议)"
    ),
    "partly": re.compile(rf"部分(?:予以)?采纳(?:的)?(?:意见|建议)?{_N}条"),
    "rejected": re.compile(rf"(?:不予|未予?|不)采纳(?:的)?(?:意见|建议)?{_N}条"),
    "adopted": re.compile(
        rf"(?<![不未分予])(?:其中)?(?:予以|全部|已)?采纳(?:的)?(?:意见|建议)?{_N}条"
    ),
}


def read_tally(text: str) -> Tally:
    """The numbers of comments that a shadow text gives; several for the same are none, except that
    one said to be the whole (共收到) counts."""
    found: dict[str, int] = {}
    for key, pattern in _TALLIES.items():
        matches = [m for m in pattern.finditer(text) if text[m.start() - 1 : m.start()] != "另"]
        whole = [m for m in matches if text[m.start() - 1 : m.start()] in ("共", "计")] or matches
        numbers = {read_number(m["n"] or m.groupdict().get("m") or "") for m in whole}
        if len(numbers) == 1:
            found[key] = numbers.pop()
    return Tally(**found)
