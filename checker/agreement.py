"""Agreement: what the papers of a dossier say of the draft, held against the draft itself."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from difflib import SequenceMatcher

from checker.comments import Answer, read_comments, read_tally
from checker.document import Document
from checker.dossier import Dossier
from checker.materials import DRAFT, Material, core_title, heading_of
from checker.numerals import NUMERAL_CHARS, read_number
from checker.periods import find_days, read_period
from checker.subject import (
    MINUTES,
    NOTICE,
    OPINION,
    ORGAN,
    RECORD,
    SPEAKING,
    About,
    Disagreement,
    against,
    cores_of,
    same_name,
    sentences,
    speaking,
)
from checker.versions import changes, clauses, counts, versions

_N = f"[{NUMERAL_CHARS}]{{1,4}}"


def disagreements(dossier: Dossier, about: About) -> tuple[Disagreement, ...]:
    """Every disagreement of one kind, in order of role and file; none without a draft."""
    if dossier.draft is None:
        return ()
    return tuple(dict.fromkeys(_FINDERS[about](dossier, dossier.draft)))


# Titles and issuers

_QUOTE = re.compile(
    r"《([^《》\n]*(?:《[^《》\n]*》[^《》\n]*)*)》(?P<number>（?[^\s，。（）]{0,12}〔\d{4}〕)?"
)
_ISSUER_LABEL = re.compile(r"(?:制定机关|发文机关|印发机关)(?:名称)?[：:]\s*([^\s，。；]{4,30})")
_SIMILAR = 0.6


def _titles(dossier: Dossier, draft: Document) -> Iterator[Disagreement]:
    cores = cores_of(draft)
    for material in speaking(dossier):
        text = re.sub(r"\s", "", material.text)
        heading = [m for m in _QUOTE.finditer(heading_of(material.text)) if not m["number"]]
        known = any(core in text for core in cores)
        quotes = (
            heading if known else [m for m in _QUOTE.finditer(material.text) if not m["number"]]
        )
        names = [m[1] for m in quotes]
        if any(same_name(name, cores) for name in names):
            continue
        like = [(_likeness(name, cores), name) for name in names]
        best = max(like, default=(0.0, ""))
        if best[0] >= _SIMILAR:
            yield against("title", material, f"《{best[1]}》", f"《{cores[0]}》")


def _likeness(name: str, cores: tuple[str, ...]) -> float:
    name = core_title(name)
    return max(SequenceMatcher(None, name, core, autojunk=False).ratio() for core in cores)


def _issuers(dossier: Dossier, draft: Document) -> Iterator[Disagreement]:
    issuer, cores = draft.issuer.name, cores_of(draft)
    if not issuer:
        return
    for material in speaking(dossier):
        named = [m[1] for m in _ISSUER_LABEL.finditer(material.text)]
        for m in _QUOTE.finditer(material.text):
            organ = ORGAN.match(m[1])
            if organ and "印发" in m[1] and same_name(m[1], cores):
                named.append(organ[1])
        for name in named:
            if not (name.endswith(issuer) or issuer.endswith(name)):
                yield against("issuer", material, name, issuer)


# Dates

_ASKED = re.compile(
    r"(?:公开|向社会|网站|社会公众)[^。\n]{0,40}?征[求集]|征[求集][^。\n]{0,20}?社会"
)
_PASSED = re.compile(r"(?:审议|讨论|研究)[^。\n]{0,12}?(?:通过|同意)|集体(?:审议|讨论)")
_ORDINAL = re.compile(
    rf"第\s*({_N})\s*次\s*(?:[^，。\s]{{0,6}}?)(?:常务会议|办公会|局务会|党组会|全体会议|会议)"
)


def _periods(dossier: Dossier, draft: Document) -> Iterator[Disagreement]:
    asked = {
        (m.dates.start, m.dates.end) for m in dossier.of(NOTICE) if m.dates.start and m.dates.end
    }
    if not asked:
        return
    actual = "、".join(f"{a} 至 {b}" for a, b in sorted(asked, key=str))
    for material in speaking(dossier, *(r for r in SPEAKING if r != NOTICE)):
        for sentence in sentences(material.text):
            if _ASKED.search(sentence):
                stated = read_period(sentence, None)
                if stated.start and stated.end and (stated.start, stated.end) not in asked:
                    yield against("period", material, str(stated), actual)


def _meetings(dossier: Dossier, draft: Document) -> Iterator[Disagreement]:
    """Day and ordinal of the meeting, in the other papers and in the notice that issues the text."""
    minutes = [m for m in dossier.of(MINUTES) if m.text]
    days = {m.dates.day for m in minutes if m.dates.day}
    ordinals = {o for m in minutes for o in _ordinals(m.text)}
    issuing = [m for m in dossier.of(DRAFT) if m.text]
    for material in (*speaking(dossier, *(r for r in SPEAKING if r != MINUTES)), *issuing):
        for sentence in sentences(material.text):
            if not re.search(r"会", sentence) or not _PASSED.search(sentence):
                continue
            stated = {m.day for m in find_days(sentence)}
            if days and stated and not stated & days:
                actual = "、".join(map(str, sorted(days)))
                yield against("meeting", material, "、".join(map(str, sorted(stated))), actual)
            named = _ordinals(sentence)
            if ordinals and named and not named & ordinals:
                actual = "、".join(f"第{n}次会议" for n in sorted(ordinals))
                yield against("meeting", material, f"第{min(named)}次会议", actual)


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


def effective_day(text: str, cores: tuple[str, ...] = ()) -> date | None:
    """The last day from which a text says it holds (自2024年7月1日起施行).

    What is said of another document is left out; ``cores`` are the names of the document itself.
    """
    found = []
    for m in find_days(text):
        clause = re.split("[。；，\n]", text[: m.start])[-1]
        own = all(same_name(quote[1], cores) for quote in _QUOTE.finditer(clause))
        if _FROM.match(text, m.end) and own:
            found.append(m.day)
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
            yield against(
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
    for material in speaking(dossier, "起草说明", "解读材料", "备案报告", "公布记录", OPINION):
        for sentence in sentences(material.text):
            if (
                word in sentence
                and not _OLD.search(sentence)
                and not re.search("建议|应当", sentence)
            ):
                yield material, sentence


def _effects(dossier: Dossier, draft: Document) -> Iterator[Disagreement]:
    actual = effective_day(draft.source.shadow)
    for material, sentence in _about_life(dossier, "施行"):
        stated = effective_day(sentence, cores_of(draft))
        if stated and actual and stated != actual:
            yield against("effect", material, f"自 {stated} 起施行", f"自 {actual} 起施行")


def _records(dossier: Dossier) -> Iterator[Material]:
    return speaking(dossier, RECORD)


def _answers(dossier: Dossier, draft: Document) -> Iterator[Disagreement]:
    for material in _records(dossier):
        for c in read_comments(material.text):
            if c.answer is Answer.NONE:
                yield against(
                    "answer", material, f"第{c.label}条意见“{_short(c.text)}”", c.answer.value
                )


def _reasons(dossier: Dossier, draft: Document) -> Iterator[Disagreement]:
    for material in _records(dossier):
        for c in read_comments(material.text):
            if c.answer in (Answer.REJECTED, Answer.PARTLY) and not c.reasoned:
                yield against(
                    "reason", material, f"第{c.label}条意见“{_short(c.text)}”", c.answer.value
                )


def _short(text: str) -> str:
    text = re.sub(r"\s", "", text)
    return text if len(text) <= 24 else text[:24] + "…"


def _tallies(dossier: Dossier, draft: Document) -> Iterator[Disagreement]:
    """Numbers of comments that do not add up, or that differ from paper to paper."""
    received: dict[str, int] = {}
    for material in speaking(dossier, RECORD, "起草说明", "备案报告"):
        tally = read_tally(material.text)
        if not tally.adds_up:
            parts = (
                ("采纳", tally.adopted),
                ("部分采纳", tally.partly),
                ("不采纳", tally.rejected),
            )
            words = "、".join(f"{word}{n}条" for word, n in parts if n is not None)
            yield against("tally", material, f"收到{tally.received}条", words)
        comments = read_comments(material.text) if material.role == RECORD else ()
        listed = sum(c.count for c in comments)
        if len(comments) > 1 and tally.received and listed != tally.received:
            yield against("tally", material, f"收到{tally.received}条", f"逐条列出{listed}条")
        if tally.received is not None:
            first = next(iter(received.items()), None)
            if first and first[1] != tally.received and material.name != first[0]:
                yield against(
                    "tally", material, f"收到{tally.received}条", f"{first[0]}写的是{first[1]}条"
                )
            received.setdefault(material.name, tally.received)


#: How to find each kind.
_FINDERS: dict[str, Callable[[Dossier, Document], Iterator[Disagreement]]] = {
    "title": _titles, "issuer": _issuers, "articles": counts, "period": _periods,
    "meeting": _meetings, "validity": _lives, "effect": _effects, "version": versions,
    "changed": changes, "answer": _answers, "reason": _reasons, "tally": _tallies,
    "clause": clauses,
}  # fmt: skip
