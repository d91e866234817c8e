"""Agreement: what the papers of a dossier say of the draft, held against the draft itself."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from difflib import SequenceMatcher
from typing import Literal, get_args

from checker.citations import find_citations
from checker.comments import Answer, read_comments, read_tally
from checker.document import Document, Provision
from checker.dossier import Dossier
from checker.materials import DRAFT, EARLIER, Material, core_title, heading_of
from checker.numerals import NUMERAL_CHARS, chinese_number, read_number
from checker.periods import find_days, read_period

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


def disagreements(dossier: Dossier, about: About) -> tuple[Disagreement, ...]:
    """Every disagreement of one kind, in order of role and file; none without a draft."""
    if dossier.draft is None:
        return ()
    return tuple(dict.fromkeys(_FINDERS[about](dossier, dossier.draft)))


def _speaking(dossier: Dossier, *roles: str) -> Iterator[Material]:
    """Papers of their own (not those found inside another) that speak of the draft."""
    for role in roles or SPEAKING:
        yield from (m for m in dossier.of(role) if m.text and not m.within)


def _against(about: About, material: Material, stated: str, actual: str) -> Disagreement:
    return Disagreement(about, material.role, material.name, stated, actual)


# Titles and issuers

_QUOTE = re.compile(
    r"《([^《》\n]*(?:《[^《》\n]*》[^《》\n]*)*)》(?P<number>（?[^\s，。（）]{0,12}〔\d{4}〕)?"
)
_ORGAN = re.compile(
    r"^(.{2,30}?(?:人民政府办公[厅室]|人民政府|委员会|管理局|监督局|局|厅))(?=关于|印发)"
)
_ISSUER_LABEL = re.compile(r"(?:制定机关|发文机关|印发机关)(?:名称)?[：:]\s*([^\s，。；]{4,30})")
_SIMILAR = 0.6


def _cores(draft: Document) -> tuple[str, ...]:
    """Names of the draft: of what a notice issues, without the issuer, and what the title quotes (the
    document that is amended or repealed)."""
    core = core_title(draft.title)
    quoted = re.findall("[《〈]([^《》〈〉]+)[》〉]", draft.title)
    return tuple(dict.fromkeys(name for name in (core, _ORGAN.sub("", core), *quoted) if name))


def _same(name: str, cores: Iterable[str]) -> bool:
    name = core_title(name)
    return any(
        name == core
        or (len(name) >= 6 and core.endswith(name))
        or (len(core) >= 6 and name.endswith(core))
        for core in cores
    )


def _titles(dossier: Dossier, draft: Document) -> Iterator[Disagreement]:
    cores = _cores(draft)
    for material in _speaking(dossier):
        text = re.sub(r"\s", "", material.text)
        heading = [m for m in _QUOTE.finditer(heading_of(material.text)) if not m["number"]]
        known = any(core in text for core in cores)
        quotes = (
            heading if known else [m for m in _QUOTE.finditer(material.text) if not m["number"]]
        )
        names = [m[1] for m in quotes]
        if any(_same(name, cores) for name in names):
            continue
        like = [(_likeness(name, cores), name) for name in names]
        best = max(like, default=(0.0, ""))
        if best[0] >= _SIMILAR:
            yield _against("title", material, f"《{best[1]}》", f"《{cores[0]}》")


def _likeness(name: str, cores: tuple[str, ...]) -> float:
    name = core_title(name)
    return max(SequenceMatcher(None, name, core, autojunk=False).ratio() for core in cores)


def _issuers(dossier: Dossier, draft: Document) -> Iterator[Disagreement]:
    issuer, cores = draft.issuer.name, _cores(draft)
    if not issuer:
        return
    for material in _speaking(dossier):
        named = [m[1] for m in _ISSUER_LABEL.finditer(material.text)]
        for m in _QUOTE.finditer(material.text):
            organ = _ORGAN.match(m[1])
            if organ and "印发" in m[1] and _same(m[1], cores):
                named.append(organ[1])
        for name in named:
            if not (name.endswith(issuer) or issuer.endswith(name)):
                yield _against("issuer", material, name, issuer)


# Numbers of articles

_N = f"[{NUMERAL_CHARS}]{{1,4}}"
_ARTICLES = re.compile(
    rf"(?:(?P<c>{_N})章[、，]?(?:共|计)?(?:{_N}节[、，]?)?(?:共|计)?)?(?P<a>{_N})条"
)
_CLAUSE = re.compile(r"[^，。；：\n]*(?:章[、，][^，。；：\n]*)?")
_OTHER_COUNT = re.compile(r"意见|建议|采纳|收到|反馈|措施|第|留言|线索")


def _stated_counts(text: str) -> Iterator[tuple[str, int, int]]:
    """(words, chapters or 0, articles) wherever a paper says how many the draft has."""
    for clause in re.split(r"[。；：\n]|，(?!共|计|[一二三四五六七八九十\d]+条)", text):
        if re.search(r"共|分为?|全文|计|包括", clause) and not _OTHER_COUNT.search(clause):
            for m in _ARTICLES.finditer(clause):
                yield m[0], read_number(m["c"] or ""), read_number(m["a"])


def _articles(document: Document) -> dict[tuple[int, int], Provision]:
    """Articles of the text that has most of them, by number and branch (第五条之一)."""
    units: dict[int, dict[tuple[int, int], Provision]] = {}
    for node in document.walk():
        if node.kind == "article":
            unit = next((p.index for p in node.ancestors() if p.kind == "unit"), 0)
            units.setdefault(unit, {})[(node.number, node.branch)] = node
    return max(units.values(), key=len, default={})


def _wrong_counts(
    dossier: Dossier, draft: Document, *roles: str
) -> Iterator[tuple[Material, str, str]]:
    articles = _articles(draft)
    if len(articles) < 3:
        return
    units = {p.index for p in next(iter(articles.values())).ancestors()}
    chapters = sum(
        n.kind == "chapter" and n.parent is not None and n.parent.index in units
        for n in draft.walk()
    )
    for material in _speaking(dossier, *roles):
        for words, c, a in _stated_counts(material.text):
            if a != len(articles) or (c and c != chapters):
                actual = (f"{chapters}章" if c else "") + f"{len(articles)}条"
                yield material, words, actual


def _counts(dossier: Dossier, draft: Document) -> Iterator[Disagreement]:
    roles = [role for role in SPEAKING if role not in (OPINION, NOTICE, RECORD)]
    for material, stated, actual in _wrong_counts(dossier, draft, *roles):
        yield _against("articles", material, stated, actual)


# Dates

_ASKED = re.compile(
    r"(?:公开|向社会|网站|社会公众)[^。\n]{0,40}?征[求集]|征[求集][^。\n]{0,20}?社会"
)
_PASSED = re.compile(r"(?:审议|讨论|研究)[^。\n]{0,12}?(?:通过|同意)|集体(?:审议|讨论)")
_ORDINAL = re.compile(
    rf"第\s*({_N})\s*次\s*(?:[^，。\s]{{0,6}}?)(?:常务会议|办公会|局务会|党组会|全体会议|会议)"
)


def _sentences(text: str) -> list[str]:
    return [s for s in re.split(r"[。；\n]", text) if s]


def _periods(dossier: Dossier, draft: Document) -> Iterator[Disagreement]:
    asked = {
        (m.dates.start, m.dates.end) for m in dossier.of(NOTICE) if m.dates.start and m.dates.end
    }
    if not asked:
        return
    actual = "、".join(f"{a} 至 {b}" for a, b in sorted(asked, key=str))
    for material in _speaking(dossier, *(r for r in SPEAKING if r != NOTICE)):
        for sentence in _sentences(material.text):
            if _ASKED.search(sentence):
                stated = read_period(sentence, None)
                if stated.start and stated.end and (stated.start, stated.end) not in asked:
                    yield _against("period", material, str(stated), actual)


def _meetings(dossier: Dossier, draft: Document) -> Iterator[Disagreement]:
    """Day and ordinal of the meeting, in the other papers and in the notice that issues the text."""
    minutes = [m for m in dossier.of(MINUTES) if m.text]
    days = {m.dates.day for m in minutes if m.dates.day}
    ordinals = {o for m in minutes for o in _ordinals(m.text)}
    issuing = [m for m in dossier.of(DRAFT) if m.text]
    for material in (*_speaking(dossier, *(r for r in SPEAKING if r != MINUTES)), *issuing):
        for sentence in _sentences(material.text):
            if not re.search(r"会", sentence) or not _PASSED.search(sentence):
                continue
            stated = {m.day for m in find_days(sentence)}
            if days and stated and not stated & days:
                actual = "、".join(map(str, sorted(days)))
                yield _against("meeting", material, "、".join(map(str, sorted(stated))), actual)
            named = _ordinals(sentence)
            if ordinals and named and not named & ordinals:
                actual = "、".join(f"第{n}次会议" for n in sorted(ordinals))
                yield _against("meeting", material, f"第{min(named)}次会议", actual)


def _ordinals(text: str) -> set[int]:
    return {read_number(m[1]) for m in _ORDINAL.finditer(text)}


# Validity and effect

_LIFE = re.compile(
    rf"有效期(?:限)?(?:暂?定|设定|规定|确定)?(?:为|是|：|自[^，。；\n]{{0,24}}?起)?[，、]?(?:共|计)?(?P<n>{_N})年"
)
_UNTIL = re.compile(r"有效期?(?:限)?(?:截)?[至到](?=[\d〇一二])|起施行[，、]?至(?=[\d〇一二])")
_FROM = re.compile(r"起(?:正式)?(?:施行|实施|执行|生效)")
_OLD = re.compile(r"原|旧|届满|到期|废止|失效|修改为|改为")


def lifetime(text: str) -> tuple[int, date | None]:
    """(years, last day) of a text's validity as it states it: 0 and None where it does not."""
    years = [read_number(m["n"]) for m in _LIFE.finditer(text)]
    days = find_days(text)
    ends = [m.day for u in _UNTIL.finditer(text) for m in days if u.end() <= m.start <= u.end() + 1]
    return (years[-1] if years else 0), (ends[-1] if ends else None)


def effective_day(text: str) -> date | None:
    """The last day from which a text says it holds (自2024年7月1日起施行)."""
    found = [
        m.day
        for m in find_days(text)
        if _FROM.match(text, m.end) and "》" not in re.split("[。；，\n]", text[: m.start])[-1]
    ]
    return found[-1] if found else None


def _lives(dossier: Dossier, draft: Document) -> Iterator[Disagreement]:
    text = draft.source.shadow
    years, last = lifetime(text)
    start = effective_day(text)
    actual = _life_words(years, last)
    for material, sentence in _about_life(dossier, "有效"):
        said, until = lifetime(sentence)
        if not said and until is None:
            continue
        agrees = (
            (said and said == years)
            or (until and until == last)
            or (until and years and start and abs(until - _after(start, years)) <= timedelta(1))
            or (said and last and start and abs(last - _after(start, said)) <= timedelta(1))
        )
        if not agrees:
            yield _against(
                "validity", material, _life_words(said, until), actual or "没有写明有效期"
            )


def _life_words(years: int, last: date | None) -> str:
    return f"有效期{years}年" if years else (f"有效期至 {last}" if last else "")


def _after(start: date, years: int) -> date:
    """The last day of so many years from ``start``."""
    try:
        return start.replace(year=start.year + years) - timedelta(1)
    except ValueError:
        return date(start.year + years, 2, 28)


def _about_life(dossier: Dossier, word: str) -> Iterator[tuple[Material, str]]:
    """Sentences on the life of this draft, not of a former document."""
    for material in _speaking(dossier, "起草说明", "解读材料", "备案报告", "公布记录", OPINION):
        for sentence in _sentences(material.text):
            if (
                word in sentence
                and not _OLD.search(sentence)
                and not re.search("建议|应当", sentence)
            ):
                yield material, sentence


def _effects(dossier: Dossier, draft: Document) -> Iterator[Disagreement]:
    actual = effective_day(draft.source.shadow)
    for material, sentence in _about_life(dossier, "施行"):
        stated = effective_day(sentence)
        if stated and actual and stated != actual:
            yield _against("effect", material, f"自 {stated} 起施行", f"自 {actual} 起施行")


# Versions


def _versions(dossier: Dossier, draft: Document) -> Iterator[Disagreement]:
    """Signs that the opinion reviewed another version than the draft."""
    for material, stated, actual in _wrong_counts(dossier, draft, OPINION):
        yield _against("version", material, f"所审文本{stated}", f"草案{actual}")
    head = heading_of(draft.source.shadow)
    for material in _speaking(dossier, OPINION):
        if "（征求意见稿）" in heading_of(material.text) and "征求意见稿" not in head:
            yield _against("version", material, "所审文本是征求意见稿", "草案不是征求意见稿")
        written = [
            m for m in find_days(head) if re.match(r"(?:修改|送审|审议|定)?稿", head[m.end :])
        ]
        seen = [
            m for m in find_days(material.text)
            if re.match(r"(?:的)?(?:修改|送审|审议)?稿", material.text[m.end :])
        ]  # fmt: skip
        if written and seen and written[-1].day not in {m.day for m in seen}:
            yield _against(
                "version", material, f"所审文本是 {seen[-1].day} 稿", f"草案是 {written[-1].day} 稿"
            )


_SPACE = re.compile(r"\s")


def _changes(dossier: Dossier, draft: Document) -> Iterator[Disagreement]:
    """Articles that differ from the version handed in for review and that the opinion is silent on."""
    opinions = [m for m in dossier.of(OPINION) if m.text]
    reviewed = next((m for m in dossier.of(EARLIER) if "送审稿" in heading_of(m.text)), None)
    if reviewed is None or not opinions:
        return
    from checker.sources import unify
    from checker.structure import parse

    old = _article_texts(parse(unify(reviewed.name, reviewed.text)))
    new = _article_texts(draft)
    asked = {
        number for m in opinions for _, (number, _), _ in _own_references(m.text, _cores(draft))
    }
    changed = [k for k in sorted({*old, *new}) if old.get(k) != new.get(k) and k[0] not in asked]
    if changed and old:
        names = "、".join(map(_article_name, changed[:8]))
        more = f"等{len(changed)}条" if len(changed) > 8 else ""
        yield _against("changed", opinions[-1], f"送审稿（{reviewed.name}）", f"{names}{more}")


def _article_texts(document: Document) -> dict[tuple[int, int], str]:
    return {key: _SPACE.sub("", document.text_of(a)) for key, a in _articles(document).items()}


def _article_name(key: tuple[int, int]) -> str:
    number, branch = key
    return f"第{chinese_number(number)}条" + (f"之{chinese_number(branch)}" if branch else "")


# Comments and the clauses they cite

_REFERENCE = re.compile(
    rf"第(?P<a>{_N})条(?:之(?P<b>[一二三四五六七八九十]))?(?:第{_N}款)?(?:第[（(]?{_N}[）)]?项)?"
)
_NOT_HERE = re.compile(
    r"(?:增加|新增|增设|删去|删除|删掉|原|原来的|征求意见稿|(?<!本)(?:条例|法|规定|办法|细则|决定)》?(?:的)?|[第条款项、和及至])$"
)
_GONE = re.compile(r"^[^。；，\n]{0,6}(?:已?删[去除])")


def _own_references(
    text: str, cores: tuple[str, ...]
) -> Iterator[tuple[str, tuple[int, int], str]]:
    """References to articles of the draft: words, (number, branch), full address."""
    others = [
        (c.start, c.end)
        for c in find_citations(text)
        if c.name and not c.own and not _same(c.name, cores)
    ]
    for m in _REFERENCE.finditer(text):
        inside = any(a <= m.start() < b for a, b in others)
        if (
            inside
            or _NOT_HERE.search(text[max(0, m.start() - 8) : m.start()])
            or _GONE.search(text[m.end() :][:10])
        ):
            continue
        yield m[0], (read_number(m["a"]), read_number(m["b"] or "")), m[0]


def _clauses(dossier: Dossier, draft: Document) -> Iterator[Disagreement]:
    articles = _articles(draft)
    earlier = [m.text for m in dossier.of(EARLIER)]
    if len(articles) < 3:
        return
    last = _article_name(max(articles))
    for material in _speaking(dossier, RECORD, OPINION, "起草说明"):
        for words, key, address in _own_references(material.text, _cores(draft)):
            missing = key not in articles or draft.at(address) is None
            if missing and not any(_article_name(key) in text for text in earlier):
                yield _against("clause", material, words, f"草案没有{words}（最后一条是{last}）")


def _records(dossier: Dossier) -> Iterator[Material]:
    return _speaking(dossier, RECORD)


def _answers(dossier: Dossier, draft: Document) -> Iterator[Disagreement]:
    for material in _records(dossier):
        for c in read_comments(material.text):
            if c.answer is Answer.NONE:
                yield _against(
                    "answer", material, f"第{c.label}条意见“{_short(c.text)}”", c.answer.value
                )


def _reasons(dossier: Dossier, draft: Document) -> Iterator[Disagreement]:
    for material in _records(dossier):
        for c in read_comments(material.text):
            if c.answer in (Answer.REJECTED, Answer.PARTLY) and not c.reasoned:
                yield _against(
                    "reason", material, f"第{c.label}条意见“{_short(c.text)}”", c.answer.value
                )


def _short(text: str) -> str:
    text = _SPACE.sub("", text)
    return text if len(text) <= 24 else text[:24] + "…"


def _tallies(dossier: Dossier, draft: Document) -> Iterator[Disagreement]:
    """Numbers of comments that do not add up, or that differ from paper to paper."""
    received: dict[str, int] = {}
    for material in _speaking(dossier, RECORD, "起草说明", "备案报告"):
        tally = read_tally(material.text)
        if not tally.adds_up:
            parts = (
                ("采纳", tally.adopted),
                ("部分采纳", tally.partly),
                ("不采纳", tally.rejected),
            )
            words = "、".join(f"{word}{n}条" for word, n in parts if n is not None)
            yield _against("tally", material, f"收到{tally.received}条", words)
        comments = read_comments(material.text) if material.role == RECORD else ()
        listed = sum(c.count for c in comments)
        if len(comments) > 1 and tally.received and listed != tally.received:
            yield _against("tally", material, f"收到{tally.received}条", f"逐条列出{listed}条")
        if tally.received is not None:
            first = next(iter(received.items()), None)
            if first and first[1] != tally.received and material.name != first[0]:
                yield _against(
                    "tally", material, f"收到{tally.received}条", f"{first[0]}写的是{first[1]}条"
                )
            received.setdefault(material.name, tally.received)


_FINDERS: dict[str, Callable[[Dossier, Document], Iterator[Disagreement]]] = {
    "title": _titles, "issuer": _issuers, "articles": _counts, "period": _periods,
    "meeting": _meetings, "validity": _lives, "effect": _effects, "version": _versions,
    "changed": _changes, "answer": _answers, "reason": _reasons, "tally": _tallies,
    "clause": _clauses,
}  # fmt: skip
