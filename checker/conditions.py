"""Conditions: the closed list of words a rule may use, one small function each.

Each function answers whether its condition holds at a site: a clause, the match that stands in it
and the rule that asks. Words with patterns, values or limits are documented in rulesets/README.md.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TypeVar, cast

from checker.citations import find_citations
from checker.clauses import Clause, is_term
from checker.compiled import CompiledRule, Condition
from checker.numerals import find_dates, read_amount, read_number, read_percent
from checker.patterns import MEASURES, Match, find_all, stands
from checker.statutes import rank_of

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Site:
    """Where a condition is asked: the rule, the clause and the match inside it."""

    rule: CompiledRule
    clause: Clause
    match: Match


def holds(condition: Condition, site: Site) -> bool:
    """Whether one condition holds at the site."""
    return WORDS[condition.word](condition, site)


def conditions_of(rule: CompiledRule) -> Iterator[Condition]:
    """Every condition of a rule: of its lines, of ``when``, of its exemptions."""
    for line in rule.lines:
        yield from line.conditions
    yield from rule.when
    for exemption in rule.unless:
        for way in exemption.any:
            yield from way


def first_failing(conditions: Iterable[Condition], site: Site) -> Condition | None:
    """First of the conditions that does not hold, or None when all hold."""
    return next((c for c in conditions if not holds(c, site)), None)


def _once(condition: Condition, known: dict[int, object], answer: Callable[[], T]) -> T:
    """What does not depend on the match, worked out once a clause or document."""
    if id(condition) not in known:
        known[id(condition)] = answer()
    return cast(T, known[id(condition)])


def _with(condition: Condition, site: Site) -> bool:
    clause = site.clause
    return _once(condition, clause.memo, lambda: stands(condition.sequences, clause.text))


def _without(condition: Condition, site: Site) -> bool:
    return not _with(condition, site)


def _lead(condition: Condition, site: Site) -> bool:
    leads = site.clause.leads
    return _once(
        condition,
        site.clause.memo,
        lambda: any(stands(condition.sequences, lead) for lead in leads),
    )


def _about(condition: Condition, site: Site) -> bool:
    clause = site.clause
    return _once(
        condition,
        clause.memo,
        lambda: (
            stands(condition.sequences, clause.text) or stands(condition.sequences, clause.context)
        ),
    )


def _title(condition: Condition, site: Site) -> bool:
    title = site.clause.document.title
    return _once(condition, site.clause.answers, lambda: stands(condition.sequences, title))


def _over(condition: Condition, site: Site) -> bool:
    clause, match = site.clause, site.match
    found = _once(condition, clause.memo, lambda: find_all(condition.sequences, clause.text))
    return any(m.start < match.end and match.start < m.end for m in found)


def _before(condition: Condition, site: Site) -> bool:
    return stands(condition.sequences, site.clause.text[: site.match.start])


def _after(condition: Condition, site: Site) -> bool:
    return stands(condition.sequences, site.clause.text[site.match.end :])


def _missing(condition: Condition, site: Site) -> bool:
    clause = site.clause
    shadow, words = clause.document.source.shadow, clause.words
    return not _once(condition, clause.answers, lambda: stands(condition.sequences, shadow, words))


def _modality(condition: Condition, site: Site) -> bool:
    found = site.clause.modalities
    return bool(found & set(condition.values)) or ("none" in condition.values and not found)


def _bearer(condition: Condition, site: Site) -> bool:
    return bool(site.clause.bearers & set(condition.values))


def _speech(condition: Condition, site: Site) -> bool:
    return site.clause.speech in condition.values


def _issuer(condition: Condition, site: Site) -> bool:
    return site.clause.document.issuer.level in condition.values


def _rank(condition: Condition, site: Site) -> bool:
    return site.clause.document.rank in condition.values


def _cites(condition: Condition, site: Site) -> bool:
    for c in site.clause.citations:
        if c.own or (condition.flag and not c.places):
            continue
        if condition.values and rank_of(c.name, c.number) not in condition.values:
            continue
        if not condition.sequences or find_all(condition.sequences, c.name + c.number):
            return True
    return False


def _within(condition: Condition, value: float | None) -> bool:
    return (
        value is not None
        and (condition.above is None or value > condition.above)
        and (condition.below is None or value < condition.below)
    )


def _measured(site: Site, measure: str) -> str:
    """Words of the measure in the match, or the first of its kind in the clause."""
    for slot, (start, end) in zip(site.match.sequence.slots, site.match.slots, strict=True):
        if slot.measure == measure:
            return site.clause.text[start:end]
    found = MEASURES[measure].search(site.clause.text)
    return found.group() if found else ""


def _percent(condition: Condition, site: Site) -> bool:
    value = read_percent(_measured(site, "比例"))
    return _within(condition, None if value is None else value * 100)


def _amount(condition: Condition, site: Site) -> bool:
    return _within(condition, read_amount(_measured(site, "金额")))


_DAYS = (
    ("工作日", 1),
    ("自然日", 1),
    ("周年", 365),
    ("年", 365),
    ("个月", 30),
    ("周", 7),
    ("小时", 1 / 24),
    ("日", 1),
    ("天", 1),
)


def _period(condition: Condition, site: Site) -> bool:
    words = _measured(site, "时长")
    number = re.match(r"[^周年个工自日天小月]+", words)
    unit = next((days for name, days in _DAYS if words.endswith(name)), 0)
    return bool(number) and _within(condition, read_number(number.group()) * unit if number else 0)


def _count(condition: Condition, site: Site) -> bool:
    return len(find_all(condition.sequences, site.clause.text)) > (condition.above or 0)


def _dates(condition: Condition, site: Site) -> bool:
    days = [day for _, _, day in find_dates(site.clause.text)]
    falling = any(later < earlier for earlier, later in itertools.pairwise(days))
    return len(days) > 1 and ("falling" if falling else "rising") in condition.values


def _condition(condition: Condition, site: Site) -> bool:
    return site.clause.condition_at(site.match.start) == condition.flag


_TAIL = re.compile(
    r"^[^。；]{0,14}?(?:的|行为|等|做法|规定|政策|要求)?，?(?:一律|坚决|予以|应当|要|应|全部|立即|均)*"
    r"(?<!待遇)(?<!资格)(?<!福利)(?<!补贴)(?<!一并)(?<!补助)(?<!名额)"
    r"(?:严禁|禁止|取消|废止|纠正|制止|停止|清理|杜绝|停止执行|不再执行|撤销)(?=[，；。）]|$)"
)
_NOT = re.compile(r"(?:不|没有|勿|无需|无须)$")


def _governed(site: Site, letters: str) -> bool:
    token = site.clause.governor(site.match.start)
    return token is not None and token.letter in letters


def _between(site: Site, letter: str) -> bool:
    """Whether an operator lies in a gap of the match, or the match begins inside one (无【须注册】)."""
    match, text = site.match, site.clause.text
    for token in site.clause.operators_within(match.start, match.end):
        if token.letter != letter or any(a == token.start for a, _ in match.slots):
            continue
        inside = [a for a, _ in match.slots if token.start < a < token.end]
        if inside and not is_term(text[inside[0] : token.end], letter):
            return True
        if not any(a < token.end and token.start < b for a, b in match.slots):
            return True
    return False


def _prohibited(_: Condition, site: Site) -> bool:
    text, match = site.clause.text, site.match
    return (
        _governed(site, "X")
        or _between(site, "X")
        or bool(_NOT.search(text[max(0, match.start - 2) : match.start]))
    )


def _repealed(_: Condition, site: Site) -> bool:
    return (
        _governed(site, "R")
        or _between(site, "R")
        or site.clause.speech == "repeals"
        or bool(_TAIL.match(site.clause.text[site.match.end :]))
    )


_MODIFIER = re.compile(
    r"(?:违规|违法|擅自|非法|变相|借机|乱|以任何名义|巧立名目|强行|强制)[^，。；]{0,6}$"
)


def _described(_: Condition, site: Site) -> bool:
    clause, match = site.clause, site.match
    if _governed(site, "V") or clause.speech == "describes":
        return True
    before = clause.text[max(0, match.start - 9) : match.start]
    return bool(_MODIFIER.search(before)) and bool(
        re.match(r"[^，。；]{0,10}(?:行为|问题|现象|的，|的$|做法|情形)", clause.text[match.end :])
    )


def _defined(_: Condition, site: Site) -> bool:
    return site.clause.speech == "defines"


def _quoted(_: Condition, site: Site) -> bool:
    return site.clause.speech == "quotes"


def _restated(_: Condition, site: Site) -> bool:
    ranks, clause = site.rule.ranks, site.clause
    own = [c for c in find_citations(clause.text) if c.places or c.by]
    near = (*clause.leads[:1], clause.sentence_before)
    above = [c for text in near for c in find_citations(text) if c.places and c.by]
    return any(not c.own and rank_of(c.name, c.number) in ranks for c in (*own, *above))


_ENCOURAGE = ("鼓励", "支持", "引导", "倡导", "提倡", "自愿")


def _encouraged(_: Condition, site: Site) -> bool:
    token = site.clause.governor(site.match.start)
    if token is None or token.letter != "Y":
        return "自愿" in site.clause.text
    word = (
        site.clause.text[token.start : token.end]
        if token.start >= 0
        else "".join(site.clause.leads[:1])
    )
    return any(w in word for w in _ENCOURAGE)


def _internal(_: Condition, site: Site) -> bool:
    bearers = site.clause.bearers
    return "internal" in bearers and not bearers & {"firm", "citizen"}


def _conditional(_: Condition, site: Site) -> bool:
    return site.clause.condition_at(site.match.start)


def _irregular(condition: Condition, site: Site) -> bool:
    return any(i.kind in condition.values for i in site.clause.irregularities)


def _reference(condition: Condition, site: Site) -> bool:
    return any(i.kind in condition.values for i in site.clause.base_problems)


def _validity(condition: Condition, site: Site) -> bool:
    return any(i.kind in condition.values for i in site.clause.validity_problems)


#: A text with fewer articles or headings than this is a fragment: nothing can be missing from it.
_WHOLE = 3


def _lacks(condition: Condition, site: Site) -> bool:
    document = site.clause.document
    heads = sum(node.kind in ("article", "heading1") for node in document.walk())
    return heads >= _WHOLE and any(not getattr(document, _PARTS[p]) for p in condition.values)


_PARTS = {
    "title": "title",
    "doc_number": "doc_number",
    "addressee": "addressee",
    "issuer": "issuer_name",
    "date": "date",
    "effective": "effective",
    "validity": "validity",
}

#: Condition words that read the whole document, and give the same answer in all of it.
WIDE_WORDS = frozenset({"missing", "irregular", "reference", "validity", "lacks"})

WORDS: dict[str, Callable[[Condition, Site], bool]] = {
    "with": _with,
    "without": _without,
    "lead": _lead,
    "about": _about,
    "title": _title,
    "over": _over,
    "before": _before,
    "after": _after,
    "missing": _missing,
    "modality": _modality,
    "bearer": _bearer,
    "speech": _speech,
    "issuer": _issuer,
    "rank": _rank,
    "cites": _cites,
    "percent": _percent,
    "amount": _amount,
    "period": _period,
    "count": _count,
    "condition": _condition,
    "dates": _dates,
    "irregular": _irregular,
    "reference": _reference,
    "validity": _validity,
    "lacks": _lacks,
    "prohibited": _prohibited,
    "repealed": _repealed,
    "described": _described,
    "defined": _defined,
    "quoted": _quoted,
    "restated": _restated,
    "encouraged": _encouraged,
    "internal": _internal,
    "conditional": _conditional,
}
