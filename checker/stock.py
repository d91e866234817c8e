"""Stock: what became of each document of a stock (存量文件) by a day, and what to do with it.

The four proposals are those of a clean-up (文件清理): 继续有效, 修改, 废止, 失效. What the facts do not
settle is 待核. A proposal gives its reasons with dates; a person decides.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from checker.holdings import Holding, Mention, cites, same_number, unlike_number
from checker.statutes import Standing, Statute, plain_name, plain_number, register


class Proposal(StrEnum):
    """What to do with a document; the gravest first."""

    LAPSED = "失效"
    REPEAL = "废止"
    AMEND = "修改"
    CHECK = "待核"
    KEEP = "继续有效"


class State(StrEnum):
    """How a document stands on the day."""

    VALID = "有效"
    ENDING = "即将到期"
    EXPIRED = "已过有效期"
    REPEALED = "已被废止"
    NOT_YET = "尚未施行"
    UNKNOWN = "不明"


@dataclass(frozen=True, slots=True)
class Change:
    """A law that a document rests on and that was repealed or amended by the day.

    ``since`` is the first day of the change, ``made`` the day the new text was promulgated, ``by`` what
    replaced it, ``times`` how often the document relies on it; ``checked`` is false where the register
    rests on memory.
    """

    law: str
    repealed: bool
    since: date | None
    made: date | None
    by: tuple[str, ...]
    checked: bool
    address: str
    quote: str
    times: int

    @property
    def words(self) -> str:
        """The change in a sentence."""
        doubt = "" if self.checked else "（效力状态未经核对）"
        if self.repealed:
            since = f"自{self.since}起" if self.since else ""
            new = "、".join(f"《{name}》" for name in self.by)
            instead = f"，由{new}替代" if new else ""
            return f"依据的《{self.law}》{since}已废止{instead}{doubt}（{self.address}）"
        made = f"{self.made}公布、" if self.made else ""
        return (
            f"依据的《{self.law}》后来有新文本，{made}{self.since}起施行{doubt}（{self.address}）"
        )


@dataclass(frozen=True, slots=True)
class Link:
    """Another document of the stock that repeals this one, or is repealed by it.

    ``partial``: only a part of it is repealed. ``sure`` is false where name or days leave a doubt.
    """

    name: str
    cited: str
    since: date | None
    partial: bool
    sure: bool
    address: str
    quote: str

    @property
    def weight(self) -> tuple[bool, bool]:
        """What orders links: the whole document before a part, the sure before the doubtful."""
        return self.partial, not self.sure


@dataclass(frozen=True, slots=True)
class Row:
    """One document of the stock, judged: its facts, how it stands, what is proposed and why."""

    holding: Holding
    state: State
    expires: date | None
    repealed: tuple[Change, ...]
    amended: tuple[Change, ...]
    superseded_by: tuple[Link, ...]
    supersedes: tuple[Link, ...]
    proposal: Proposal
    reasons: tuple[str, ...]

    @property
    def standing(self) -> str:
        """The state, with the day where it is about to expire."""
        return f"将于{self.expires}到期" if self.state is State.ENDING else str(self.state)


@dataclass(frozen=True, slots=True)
class Citing:
    """A document that names a law, with every place where it does."""

    holding: Holding
    places: tuple[Mention, ...]

    @property
    def relies(self) -> bool:
        """Whether it relies on the law somewhere."""
        return any(mention.by for mention in self.places)


def judge(holdings: Iterable[Holding], as_of: date, within: int) -> tuple[Row, ...]:
    """Every document that could be read, in order of name, judged on a day.

    ``within`` is how many days before its end a document is about to expire.
    """
    stock = sorted((h for h in holdings if not h.problem), key=lambda h: h.name)
    repealing: dict[str, list[tuple[Holding, Link]]] = {}
    supersedes: dict[str, list[Link]] = {}
    for old, new, link in _repeals(stock):
        repealing.setdefault(old.name, []).append((new, link))
        turned = replace(link, name=old.name, cited=old.cited)
        supersedes.setdefault(new.name, []).append(turned)
    return tuple(
        _row(h, repealing.get(h.name, []), supersedes.get(h.name, []), as_of, within) for h in stock
    )


def find_citing(holdings: Iterable[Holding], law: str) -> tuple[Citing, ...]:
    """The documents that name a law or document, with the places; those that rely on it first.

    ``law`` is a full name, a short one that the register knows, or a number.
    """
    known = register().find(law, law)
    name, number = plain_name(law), plain_number(law) if law.endswith("号") else ""
    full = known.name if known else ""
    found: list[Citing] = []
    for holding in sorted(holdings, key=lambda h: h.name):
        places = tuple(m for m in holding.mentions if cites(m, name, number, full))
        if places:
            found.append(Citing(holding, places))
    return tuple(sorted(found, key=lambda citing: not citing.relies))


def _repeals(stock: list[Holding]) -> Iterator[tuple[Holding, Holding, Link]]:
    """(repealed document, document that repeals it, link) for the whole stock."""
    named: dict[str, list[Holding]] = {}
    for holding in stock:
        numbers = {plain_number(holding.number)} - {""}
        for key in holding.titles | holding.parts | numbers:
            named.setdefault(key, []).append(holding)
    for holding in stock:
        if holding.draft:
            continue
        best: dict[str, tuple[Holding, Link]] = {}
        for mention in holding.mentions:
            keys = (mention.number, plain_name(mention.name)) if mention.ended else ()
            for old in (old for key in keys if key for old in named.get(key, ())):
                link = _link(holding, old, mention)
                if link and (old.name not in best or link.weight < best[old.name][1].weight):
                    best[old.name] = old, link
        for old, link in best.values():
            yield old, holding, link


def _link(new: Holding, old: Holding, mention: Mention) -> Link | None:
    """How one document repeals another that it names, or None where that one cannot be meant."""
    if old is new or unlike_number(mention, old) or _copies(old, new):
        return None
    if new.known_by and ((old.made and old.made > new.known_by) or old.year > new.known_by.year):
        return None
    numbered = same_number(mention, old)
    whole = numbered or plain_name(mention.name) in old.titles
    later = bool(old.made and new.known_by and old.made < new.known_by)
    return Link(
        new.name,
        new.cited,
        new.first,
        mention.partial or not whole,
        numbered or later,
        mention.address,
        mention.quote,
    )


def _copies(one: Holding, other: Holding) -> bool:
    """Whether two files hold the same document."""
    same = bool(one.titles & other.titles) and one.number == other.number
    return same and (one.made == other.made or not (one.made and other.made))


def _row(
    holding: Holding,
    repealing: list[tuple[Holding, Link]],
    supersedes: list[Link],
    as_of: date,
    within: int,
) -> Row:
    links = [link for new, link in repealing if not _after(new, as_of)]
    changes = sorted(_changes(holding, as_of), key=lambda change: not change.repealed)
    state = _state(holding, links, as_of, within)
    proposal, reasons = _proposed(holding, state, links, changes, as_of)
    return Row(
        holding,
        state,
        holding.term.day if holding.term else None,
        tuple(change for change in changes if change.repealed),
        tuple(change for change in changes if not change.repealed),
        tuple(links),
        tuple(supersedes),
        proposal,
        tuple(reasons),
    )


def _after(holding: Holding, as_of: date) -> bool:
    """Whether a document was made, or took effect, only after the day."""
    return any(day > as_of for day in (holding.made, holding.effective) if day) or (
        holding.year > as_of.year
    )


def _made_after(holding: Holding, as_of: date) -> bool:
    return bool(holding.made and holding.made > as_of) or holding.year > as_of.year


def _certain(links: list[Link]) -> list[Link]:
    return [link for link in links if link.sure and link.since and not link.partial]


def _state(holding: Holding, links: list[Link], as_of: date, within: int) -> State:
    if _after(holding, as_of):
        return State.NOT_YET
    if _certain(links):
        return State.REPEALED
    term = holding.term
    if holding.draft:
        return State.UNKNOWN
    if term is not None and term.latest is not None and term.latest < as_of:
        return State.EXPIRED if term.sure else State.UNKNOWN
    vague = holding.first is None and (not holding.year or holding.year == as_of.year)
    if vague and (term is None or term.latest is None):
        return State.UNKNOWN
    if term is None or term.endless:
        return State.VALID
    if term.earliest is None or term.earliest < as_of:
        return State.UNKNOWN
    soon = term.earliest <= as_of + timedelta(days=within)
    return State.ENDING if soon and term.sure else State.VALID


def _proposed(
    holding: Holding,
    state: State,
    links: list[Link],
    changes: list[Change],
    as_of: date,
) -> tuple[Proposal, list[str]]:
    """The proposal and every reason that is known, the one that decides first."""
    if _made_after(holding, as_of):
        return Proposal.CHECK, [f"晚于清理的基准日{as_of}，不作评价"]
    if holding.draft:
        return Proposal.CHECK, ["是征求意见稿、草案一类，不是印发的文件"]
    old_names = _old_name_words(holding, as_of)
    changed = [change.words for change in changes]
    reasons = [*_link_words(links), *_term_words(holding, state), *changed, *old_names]
    if state is State.REPEALED:
        return Proposal.REPEAL, reasons
    if state is State.EXPIRED:
        return Proposal.LAPSED, reasons
    sole = _sole_base_gone(holding, changes)
    if sole:
        return Proposal.REPEAL, [
            f"制定时唯一的依据《{sole}》已经废止，目录没有替代它的法规",
            *reasons,
        ]
    doubtful = [link for link in links if not link.partial]
    if doubtful:
        return Proposal.CHECK, reasons
    if holding.last_year and holding.last_year < as_of.year:
        return Proposal.CHECK, [f"标题限于{holding.last_year}年，适用期可能已过", *reasons]
    if changed or old_names or links:
        return Proposal.AMEND, reasons
    if state is State.UNKNOWN:
        return Proposal.CHECK, reasons
    return Proposal.KEEP, reasons or ["没有发现到期、被废止或者所依据的法规变化"]


def _link_words(links: list[Link]) -> Iterator[str]:
    for link in sorted(links, key=lambda link: (link.weight, link.name)):
        since = f"，{link.since}起" if link.since else "，该文件日期不明"
        part = "部分" if link.partial else ""
        doubt = "" if link.sure else "（是不是同一份文件，请核对）"
        yield f"被{link.cited}{part}废止{since}{doubt}"


def _term_words(holding: Holding, state: State) -> Iterator[str]:
    """What is said of validity where it matters for the proposal."""
    term = holding.term
    if term is not None and (state is not State.VALID or term.day is not None):
        told = {
            State.EXPIRED: "，已经届满",
            State.ENDING: "，即将到期，需要继续执行的应当在到期前评估",
        }
        yield term.words + told.get(state, "")
    if holding.first is None:
        year = f"，从文号看是{holding.year}年的" if holding.year else ""
        yield f"没有读到成文日期和施行日期{year}"
    elif state is State.NOT_YET:
        yield f"{holding.effective}起施行"


def _old_name_words(holding: Holding, as_of: date) -> list[str]:
    """One sentence on the old names of organs, or none."""
    old = [name for name in holding.old_names if name.since <= as_of]
    if not old:
        return []
    now = "、".join(dict.fromkeys(name.now for name in old))
    words = "、".join(name.word for name in old)
    return [f"使用机构改革前的名称{sum(n.times for n in old)}处：{words}（现为{now}）"]


def _sole_base_gone(holding: Holding, changes: list[Change]) -> str:
    """The one law a document was made under, where it is repealed and nothing took its place."""
    founding = {plain_name(m.law or m.name) for m in holding.mentions if m.founding and m.by}
    gone = [c for c in changes if c.repealed and not c.by and c.checked]
    gone = [c for c in gone if plain_name(c.law) in founding]
    return gone[0].law if len(founding) == 1 and gone else ""


def _changes(holding: Holding, as_of: date) -> Iterator[Change]:
    """The laws a document rests on that were repealed or amended by the day, in order of place."""
    relied: dict[str, list[Mention]] = {}
    for mention in holding.mentions:
        if mention.by and mention.law:
            relied.setdefault(mention.law, []).append(mention)
    for law, mentions in relied.items():
        statute = register().find(law)
        found = _change(statute, holding.known_by, as_of) if statute else None
        if statute is None or found is None:
            continue
        repealed, since, made = found
        yield Change(
            statute.name,
            repealed,
            since,
            made,
            statute.replaced_by if repealed else (),
            statute.checked is not None,
            mentions[0].address,
            mentions[0].quote,
            len(mentions),
        )


def _change(
    statute: Statute, known_by: date | None, as_of: date
) -> tuple[bool, date | None, date | None] | None:
    """(repealed, since, promulgated) of what happened to a law by the day, or None for nothing."""
    if statute.standing(as_of) == Standing.REPEALED:
        return True, statute.repealed, None
    now = statute.version(as_of)
    if known_by is None or now is None or now.effective is None:
        return None
    made = now.promulgated or now.effective
    if (
        now.effective <= known_by
        or made <= known_by
        or statute.standing(as_of) != Standing.IN_FORCE
    ):
        return None
    return False, now.effective, now.promulgated
