"""Frame: title, number, addressee, attachments, signature and date around the body of a document.

Works on the letters of :mod:`checker.lines`; every letter it gives keeps the order that
grammars/structure.lark expects, so that the grammar parses any text.
Source of the parts and their order: GB/T 9704-2012 §7.
"""

from __future__ import annotations

import re

from checker.lines import Line
from checker.numerals import NUMERAL_CHARS

_STRUCTURAL = frozenset("BCJTab")
_NUMBER = re.compile(
    r"[〔（]\s*(?:19|20)\d{2}\s*[〕）]\s*(?:第?\s*)?\d{1,5}\s*号|第\s*\d{1,4}\s*号$"
)
_DAY = rf"(?:[12]\d{{3}}|[一二][〇零一二三四五六七八九]{{3}})年[{NUMERAL_CHARS}]{{1,3}}月[{NUMERAL_CHARS}]{{1,3}}日"
_ORGAN = (
    "政府|委员会|局|厅|部|院|办公室|办公厅|办|处|所|中心|公司|法院|检察院|银行|署|会|领导小组|指挥部|委|站"
    "|大队|支队|街道办事处|协会"
)
_DATE_LINE = re.compile(
    rf"^(?:[^，。；：]{{2,40}}(?:{_ORGAN}))?（?(?:{_DAY}(?:印发|发布)?|\d{{4}}[-./]\d{{1,2}}[-./]\d{{1,2}})）?$"
)
_PASSED = re.compile(
    rf"^（?{_DAY}.*(?:通过|公布|发布|施行|修正|修订|批准|修改|印发|起实施|令).*$|^（.*{_DAY}.*）?$"
)
_ADDRESSEE = re.compile(r"[：:]$")
_ADDRESSED = re.compile(
    r"政府|委|局|办|厅|部|院|处|所|单位|机构|企业|公司|街道|乡|镇|区|县|市|中心|同志|各"
)
_ATTACHMENT = re.compile(
    r"^附(?:件|表|录|图)?\s*([0-9一二三四五六七八九十]{0,3})\s*(?:[：:]|$|(?=[^，。；]{0,40}$))"
)
_KIND_OF_TEXT = (
    "办法|规定|细则|方案|意见|规则|规程|标准|制度|条例|章程|预案|规划|目录|清单|指引|指南|守则|公约|措施|政策"
    "|计划|要点|基准|名单|合同|协议|申请表|登记表|通知|决定|公告|通告|说明|名录|规范|准则|一览表"
)
_TITLE_END = re.compile(rf"(?:{_KIND_OF_TEXT})(?:（[^）]{{1,20}}）)*$")
_IMPRINT = re.compile(r"^（?(?:此件|公开方式|信息公开|抄送|主题词|印发|附注|联系人)|印发$|^分送")
_SIGNER = re.compile(rf"(?:{_ORGAN})$")
#: How many lines of imprint may stand between a date and the title of what is attached.
_FAR = 100
_STOP = ("。", "；", "，", "、", "！", "？")


def frame_lines(shadow: str, lines: list[Line]) -> None:
    """Give the lines of title, addressee, signature and the like their letters, in place."""
    _part_untitled(shadow, lines)
    texts = [shadow[line.start : line.end] for line in lines]
    _contents(texts, lines)
    starts = [0, *_attached(texts, lines)]
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        body = _front(texts, lines, start, end)
        closing = _closing(texts, lines, body, end)
        _lists_in_articles(lines, body, closing)
    _notes_last(lines)


def _part_untitled(shadow: str, lines: list[Line]) -> None:
    """Put an empty title line before a text that begins with its first article after a signature."""
    for i in range(len(lines) - 1, 1, -1):
        line, before = lines[i], shadow[lines[i - 1].start : lines[i - 1].end]
        if line.letter in "BCT" and line.number == 1 and _DATE_LINE.match(before):
            if any(
                earlier.letter == "A" or shadow[earlier.end - 1] == "。"
                for earlier in lines[: i - 1]
            ):
                lines.insert(i, Line(line.start, line.start, "Y", 0, 0, line.start))
            return


def _contents(texts: list[str], lines: list[Line]) -> None:
    """Lines of a table of contents are no chapters: they end where the first head comes again."""
    for i, text in enumerate(texts):
        if text not in ("目录", "目 录", "目次"):
            continue
        j = i + 1
        first = texts[j] if j < len(texts) else ""
        while j < len(lines) and (lines[j].letter in "BCJa" or len(texts[j]) < 30):
            if j > i + 1 and texts[j].startswith(first[:12]):
                break
            j += 1
        else:
            continue
        for line in lines[i:j]:
            line.letter, line.number, line.head = "P", 0, line.start
        return


def _attached(texts: list[str], lines: list[Line]) -> list[int]:
    """Indices of the lines at which an attached text begins; they get the letters X or Y."""
    found = []
    stopped = next((i for i, text in enumerate(texts) if text.endswith("。")), len(texts))
    for i, line in enumerate(lines):
        if line.letter == "Y":
            found.append(i)
        if i == 0 or line.letter != "P" or len(texts[i]) > 60:
            continue
        if texts[i].startswith("附") and _is_attachment_mark(texts, lines, i):
            line.letter, line.number = "X", _mark_number(texts[i])
            found.append(i)
        elif i > stopped and _is_attached_title(texts, lines, i):
            line.letter = "Y"
            found.append(i)
    return found


def _mark_number(text: str) -> int:
    from checker.numerals import read_number

    m = _ATTACHMENT.match(text)
    return read_number(m.group(1)) if m else 0


def _is_attachment_mark(texts: list[str], lines: list[Line], i: int) -> bool:
    text = texts[i]
    m = _ATTACHMENT.match(text)
    if (
        m is None
        or text.endswith(_STOP)
        or text.startswith(("附则", "附近", "附带", "附属", "附加"))
    ):
        return False
    rest = text[m.end() :]
    if not rest:
        following = _next_plain(texts, i)
        return not (text.endswith(("：", ":")) and _leads_to_date(texts, lines, i) and following)
    return not _leads_to_date(texts, lines, i) and not text.startswith("附：1")


def _next_plain(texts: list[str], i: int) -> str:
    return texts[i + 1] if i + 1 < len(texts) else ""


def _leads_to_date(texts: list[str], lines: list[Line], i: int) -> bool:
    """Whether a date line comes soon with nothing but short lines before it: then it is the list."""
    for j in range(i + 1, min(i + 14, len(texts))):
        if _DATE_LINE.match(texts[j]):
            return True
        if len(texts[j]) > 60 or lines[j].letter in "TBC":
            return False
    return False


def _is_attached_title(texts: list[str], lines: list[Line], i: int) -> bool:
    """A short line that names a kind of text and stands after a signature or before a first head.

    A sentence must have ended above it.
    """
    if texts[i].startswith("附") or texts[i].endswith(_STOP):
        return False
    joined = texts[i] + _next_plain(texts, i)
    above = (texts[j] for j in range(i - 1, max(i - _FAR, 0) - 1, -1))
    before = next((text for text in above if not _IMPRINT.search(text)), "")
    if _DATE_LINE.match(before):
        return bool(_TITLE_END.search(texts[i]) or _TITLE_END.search(joined)) and not (
            _IMPRINT.search(texts[i])
        )
    if not _TITLE_END.search(texts[i]):
        return False
    for j in range(i + 1, min(i + 7, len(lines))):
        if lines[j].letter in "BCT" and lines[j].number == 1:
            return True
        if lines[j].letter in _STRUCTURAL or len(texts[j]) > 60 or texts[j].endswith(_STOP[:2]):
            return False
    return False


def _front(texts: list[str], lines: list[Line], start: int, end: int) -> int:
    """Letter the lines above the body; index of the first body line."""
    letters: list[str] = []
    i = start
    if i < end and lines[i].letter in "XY":
        i += 1
    first = i
    while i < end and i < first + 16:
        text, letter = texts[i], lines[i].letter
        if letter != "P" and not (letter in "cd" and i == first):
            break
        kind = _front_kind(text)
        if kind == "P":
            break
        letters.append(kind)
        i += 1
        if kind == "A":
            break
    if start == 0 and i == len(lines) and "A" not in letters and "N" not in letters:
        letters = ["P"] * len(letters)  # nothing follows: no title
    for line, kind in zip(lines[first:i], letters, strict=True):
        line.letter, line.number, line.head = kind, 0, line.start
    return i


def _front_kind(text: str) -> str:
    if _DATE_LINE.match(text) or _PASSED.match(text):
        return "Q"
    if len(text) < 50 and _NUMBER.search(text) and not re.search(r"关于|[，。；]", text):
        return "N"
    if _ADDRESSEE.search(text) and len(text) < 400:
        return "A" if _ADDRESSED.search(text) and not re.search(r"如下[：:]$|下列", text) else "P"
    if _TITLE_END.search(text) and len(text) <= 140 and "。" not in text and "关于" in text:
        return "H"
    if len(text) <= 80 and not text.endswith((*_STOP[:4], "：")) and "。" not in text:
        return "H"
    return "P"


def _closing(texts: list[str], lines: list[Line], body: int, end: int) -> int:
    """Letter the list of attachments, signature, date and imprint; index of the first of them."""
    day = next(
        (
            i
            for i in range(end - 1, body - 1, -1)
            if lines[i].letter in "Pc" and _DATE_LINE.match(texts[i])
        ),
        None,
    )
    if day is None or not _only_imprint(texts, lines, day + 1, end):
        return _bare_imprint(texts, lines, body, end)
    first = day
    while first > body and _is_signature(texts[first - 1], lines[first - 1]):
        first -= 1
    _set(lines, first, day, "S")
    _set(lines, day, day + 1, "D")
    _set(lines, day + 1, end, "F", keep="KO")
    listed = _attachment_list(texts, lines, body, first)
    _set(lines, listed, first, "L")
    return listed


def _set(lines: list[Line], start: int, end: int, letter: str, keep: str = "") -> None:
    for line in lines[start:end]:
        if line.letter not in keep:
            line.letter, line.number, line.head = letter, 0, line.start


def _only_imprint(texts: list[str], lines: list[Line], start: int, end: int) -> bool:
    rest = [i for i in range(start, end) if lines[i].letter not in "O"]
    if any(lines[i].letter in "BCTabK" for i in rest):
        return False
    return len(rest) <= 8 and all(len(texts[i]) < 120 for i in rest)


def _is_signature(text: str, line: Line) -> bool:
    return (
        line.letter == "P"
        and len(text) <= 40
        and bool(_SIGNER.search(text))
        and not re.search(r"[，。；：]", text)
    )


def _attachment_list(texts: list[str], lines: list[Line], body: int, first: int) -> int:
    for i in range(first - 1, max(body, first - 14) - 1, -1):
        if texts[i].startswith(("附件", "附：", "附表")) and len(texts[i]) < 120:
            return i
        if len(texts[i]) > 80 or lines[i].letter not in "Pcd":
            break
    return first


def _bare_imprint(texts: list[str], lines: list[Line], body: int, end: int) -> int:
    """No signature: only 抄送 and the like at the very end are set apart."""
    i = end
    while (
        i > body
        and lines[i - 1].letter in "PO"
        and (
            lines[i - 1].letter == "O" or (_IMPRINT.search(texts[i - 1]) and len(texts[i - 1]) < 80)
        )
    ):
        i -= 1
    _set(lines, i, end, "F", keep="O")
    return i


def _lists_in_articles(lines: list[Line], body: int, closing: int) -> None:
    """一、 below an article is a heading where it goes on counting headings, else a list in it."""
    heading = 0
    in_article = False
    for line in lines[body:closing]:
        if line.letter in "BCJ":
            in_article = False
        elif line.letter == "T":
            in_article = True
        elif line.letter == "a":
            if in_article and not (heading and line.number == heading + 1):
                line.letter = "i"
            else:
                heading, in_article = line.number, False


def _notes_last(lines: list[Line]) -> None:
    """Notes that stand inside the running order are kept as plain text; those at the end stay O."""
    last = len(lines)
    while last and lines[last - 1].letter == "O":
        last -= 1
    for line in lines[:last]:
        if line.letter == "O":
            line.letter = "P"
