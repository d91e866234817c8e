"""Identity: title, number, issuer, date and validity of a document, read from its frame and body."""

from __future__ import annotations

import re
from datetime import date
from typing import NamedTuple

from checker.document import Document, Issuer, Provision
from checker.findings import Span
from checker.numerals import find_dates, read_date
from checker.sources.text import SourceText

_NUMBER = re.compile(
    r"[^\s，。：；（）《》]{1,16}[〔（](?:19|20)\d{2}[〕）]第?\d{1,5}号|第\d{1,4}号令?"
)
_LETTERHEAD = re.compile(r"(?:文件|令)$")
_ORGAN_END = (
    "人民政府办公厅|人民政府办公室|人民政府|人民代表大会常务委员会|人民代表大会|委员会办公室|委员会|管委会"
    "|办公厅|办公室|管理局|监督局|总局|局|厅|部|署|院|街道办事处|村民委员会|居民委员会"
)
_ISSUER = re.compile(rf"^(.{{2,40}}?(?:{_ORGAN_END}))(?=关于|印发|令|公告|通告|文件|$|、|，| |（)")
_LEVELS = (
    ("村", re.compile(r"村民委员会|居民委员会|村委会|居委会|村规民约|居民公约")),
    ("乡", re.compile(r"[乡镇]人民政府|街道办事处|[^城]镇政府")),
    ("国家", re.compile(r"^(?:国务院|全国人民代表大会|中共中央|中央)")),
    (
        "部委",
        re.compile(
            r"^(?:国家|中国)?[^省市县区州]{1,12}(?:部|总局|委员会|署|总署|银行)(?:办公厅)?$|^国家.{2,14}(?:局|委|部)$|最高人民"
        ),
    ),
    ("省", re.compile(r"省|自治区|^(?:北京|天津|上海|重庆)市(?!.{1,4}[区县])")),
    ("县", re.compile(r"县|[^地矿]区(?!域)|旗|开发区|管委会")),
    ("市", re.compile(r"市|州|地区行署|盟")),
)
_RANKS = (
    ("法律", re.compile(r"全国人民代表大会(?:常务委员会)?.{0,20}通过")),
    (
        "行政法规",
        re.compile(
            r"国务院(?:、中央军委|、中央军事委员会)?(?:令|第.{1,6}次常务会议|.{0,12}(?:批准|发布|公布|批转))"
        ),
    ),
    (
        "地方性法规",
        re.compile(
            r"(?:省|市|自治区|自治州|自治县|县).{0,12}(?:人民代表大会|人大)(?:常务委员会|常委会)?.{0,24}(?:通过|批准|修正|修订)"
        ),
    ),
    (
        "规章",
        re.compile(r"(?:部|委员会|总局|局|署|人民政府|总署|银行|委)(?:令|第\d+号令)|令第?\d+号"),
    ),
)
_CLAUSE = re.compile("[。；\n]")
#: Only laws of these two ranks are called 条例 (规章制定程序条例第七条); a notice's frame says otherwise.
_REGULATION = re.compile(r"条例(?:（.{1,20}）)?$|条例实施细则$")
_PLACE = re.compile(r"^.{2,8}?(?:省|市|自治区|自治州|自治县|县|特区)|^(?:北京|天津|上海|重庆)")
_EFFECTIVE = re.compile(
    r"(?:自|从|于).{1,40}?(?:起|后|日)(?:正式)?(?:施行|实施|执行|生效)|自(?:发布|公布|印发|颁布|下发)之日起"
)
_VALIDITY = re.compile(r"有效期|有效至|试行期|执行至|施行期限")


class _Frame(NamedTuple):
    title: str
    number: str
    addressee: str
    signers: tuple[str, ...]
    day: date | None
    day_from: str
    front: str


def identify(source: SourceText, provisions: tuple[Provision, ...]) -> Document:
    """The document with what its frame says about it."""
    frame = _frame(source, provisions)
    issuer = _issuer(frame)
    return Document(
        source,
        provisions,
        frame.title,
        frame.number,
        frame.addressee,
        issuer,
        _rank(frame, issuer),
        frame.day,
        frame.day_from,
        _find(source, _EFFECTIVE),
        _find(source, _VALIDITY),
        _attachments(source, provisions),
        source.name,
    )


def _texts(source: SourceText, provisions: tuple[Provision, ...], kind: str) -> list[str]:
    unit = next((node for node in provisions if node.kind == "unit"), None)
    return [
        source.shadow[node.head : node.own_end].strip()
        for node in provisions
        if node.kind == kind and node.parent is unit
    ]


def _frame(source: SourceText, provisions: tuple[Provision, ...]) -> _Frame:
    unit = next((node for node in provisions if node.kind == "unit"), None)
    own = [node for node in provisions if node.parent is unit] if unit else []
    text = source.shadow
    pieces = [(node.kind, text[node.head : node.own_end].strip()) for node in own]
    front = [
        (kind, piece)
        for kind, piece in pieces
        if kind in ("title", "front", "doc_number", "addressee")
    ]
    cut = next((i for i, (kind, _) in enumerate(front) if kind == "doc_number"), -1)
    after = [piece for kind, piece in front[cut + 1 :] if kind == "title"]
    titles = after or [piece for kind, piece in front if kind == "title"]
    titles = [t for t in titles if not _LETTERHEAD.search(t)] or _attached_title(text, provisions)
    numbers = [piece for kind, piece in front if kind == "doc_number"]
    number = _NUMBER.search(numbers[0]) if numbers else _NUMBER.search("".join(titles))
    day, day_from = _date(
        [p for k, p in pieces if k == "date"], [p for k, p in front if k == "front"]
    )
    return _Frame(
        _NUMBER.sub("", "".join(titles)).replace("（）", "").strip() if titles else "",
        number.group() if number else "",
        next((p.rstrip("：") for k, p in front if k == "addressee"), ""),
        tuple(p for k, p in pieces if k == "signature"),
        day,
        day_from,
        "\n".join(p for _, p in front),
    )


def _attached_title(text: str, provisions: tuple[Provision, ...]) -> list[str]:
    """Title lines of the first attached text: what a notice without a title of its own issues."""
    titles = [node for node in provisions if node.kind == "title"]
    return (
        [text[node.head : node.own_end] for node in titles if node.parent is titles[0].parent]
        if titles and provisions[1].number == 1 and titles[0].parent is not provisions[1]
        else []
    )


def _date(closing: list[str], front: list[str]) -> tuple[date | None, str]:
    for text in reversed(closing):
        day = read_date(text)
        if day:
            return day, "成文日期"
    days = [day for text in front for _, _, day in find_dates(text)]
    if days:
        return max(days), "题注日期"
    return None, ""


def _issuer(frame: _Frame) -> Issuer:
    names = [*frame.signers]
    m = _ISSUER.match(frame.title)
    if m:
        names.append(m.group(1))
    for line in frame.front.split("\n"):
        m = _ISSUER.match(line)
        if m:
            names.append(m.group(1))
    if not names:
        return Issuer("", level_of(frame.title))
    return Issuer(names[0], level_of(names[0]))


def level_of(organ: str) -> str:
    """Level of an organ by its name: 国家 部委 省 市 县 乡 村, or empty when it cannot be told."""
    for level, pattern in _LEVELS:
        if pattern.search(organ):
            return level
    return ""


def _rank(frame: _Frame, issuer: Issuer) -> str:
    for rank, pattern in _RANKS:
        if pattern.search(frame.front):
            return rank
    if _REGULATION.search(frame.title) and not frame.number and not frame.addressee:
        return "地方性法规" if _PLACE.match(frame.title) else "行政法规"
    return "国务院文件" if issuer.level == "国家" else "规范性文件"


def _find(source: SourceText, pattern: re.Pattern[str]) -> Span | None:
    """Last place of a pattern that is not said of a cited law: closing articles say it of their own."""
    shadow = source.shadow
    found = [m.span() for m in pattern.finditer(shadow)]
    own = [span for span in found if "》" not in _CLAUSE.split(shadow[: span[0]][-60:])[-1]]
    return source.span(*own[-1]) if own else None


def _attachments(source: SourceText, provisions: tuple[Provision, ...]) -> tuple[str, ...]:
    listed = _texts(source, provisions, "attachment_list")
    return tuple(re.sub(r"^附(?:件|表)?\d*[：:]?\s*|^\d+[.．、]\s*", "", text) for text in listed)
