"""Comparison of two drafts (两稿对照): provisions, modal words and findings that came, went or changed."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from checker.alignment import Alignment, align, align_documents, piece_of
from checker.clauses import MODALITIES, Clause
from checker.document import HEADING_KINDS, Document, Provision
from checker.findings import Finding
from checker.segments import Segments

#: Kinds whose label is written in the text, so that its change is worth a line.
_LABELLED = frozenset({"part", "chapter", "section", "article", "item", "subitem", *HEADING_KINDS})
#: Equal words shorter than this between two changes are read as part of the change (characters).
_ISLAND = 3


class Fate(StrEnum):
    """What became of a provision."""

    ADDED = "新增"
    REMOVED = "删去"
    CHANGED = "修改"
    MOVED = "移动"
    RENUMBERED = "序号变动"


class Mark(StrEnum):
    """What became of a few words."""

    KEPT = "kept"
    REMOVED = "removed"
    ADDED = "added"


@dataclass(frozen=True, slots=True)
class Passage:
    """Words of a changed provision and what became of them."""

    mark: Mark
    text: str


@dataclass(frozen=True, slots=True)
class Change:
    """One provision that differs. Addresses and texts are empty where there is none.

    ``passages`` are given where the words differ; without the removed ones they join to the new
    text, without the added ones to the old. ``step`` tells renumbered neighbours: their kind, their
    holder in the new draft, and by how much the number moved.
    """

    fate: Fate
    old_address: str
    new_address: str
    old_text: str
    new_text: str
    passages: tuple[Passage, ...] = ()
    step: tuple[str, int, int] = ("", 0, 0)


@dataclass(frozen=True, slots=True)
class ModalityChange:
    """A clause whose modality differs: the modal words before and now, each with its modality.

    ``led`` marks a clause that says nothing itself and follows its lead-in.
    """

    old_address: str
    new_address: str
    old_words: tuple[tuple[str, str], ...]
    new_words: tuple[tuple[str, str], ...]
    old_clause: str
    new_clause: str
    led: bool = False


@dataclass(frozen=True, slots=True)
class Comparison:
    """What differs between two drafts, in order of the text; ``kept`` are findings old and new."""

    changes: tuple[Change, ...]
    modalities: tuple[ModalityChange, ...]
    gained: tuple[Finding, ...]
    lost: tuple[Finding, ...]
    kept: tuple[tuple[Finding, Finding], ...]

    def of(self, fate: Fate) -> tuple[Change, ...]:
        """The changes of one fate."""
        return tuple(change for change in self.changes if change.fate is fate)

    @property
    def same(self) -> bool:
        """Whether nothing differs."""
        return not (self.changes or self.modalities or self.gained or self.lost)


def compare(
    old: Document, new: Document, before: Sequence[Finding], after: Sequence[Finding]
) -> Comparison:
    """Compare two drafts and the findings in each."""
    alignment = align_documents(old, new)
    changes = [
        *_only(old, alignment.there, Fate.REMOVED),
        *_only(new, alignment.back, Fate.ADDED),
        *_rewritten(old, new, alignment),
        *_moved(old, new, alignment),
    ]
    kept = _kept(old, new, alignment, before, after)
    ours, theirs = {i for i, _ in kept}, {j for _, j in kept}
    return Comparison(
        tuple(changes),
        tuple(_modalities(old, new, alignment)),
        tuple(f for j, f in enumerate(after) if j not in theirs),
        tuple(f for i, f in enumerate(before) if i not in ours),
        tuple((before[i], after[j]) for i, j in sorted(kept)),
    )


def _only(document: Document, paired: dict[int, int], fate: Fate) -> Iterator[Change]:
    """Provisions without a counterpart; one that has none of its parts in the other is told whole."""
    partly = {0}
    for index in paired:
        partly.update(node.index for node in document.provisions[index].ancestors())
    whole_until = -1
    for node in document.walk():
        if node.index in paired or node.start < whole_until:
            continue
        if node.index not in partly:
            text = document.text_of(node)
            whole_until = node.end
        else:
            text = document.own_text(node)
        if not text.strip():
            continue
        if fate is Fate.ADDED:
            yield Change(fate, "", node.address, "", text.strip())
        else:
            yield Change(fate, node.address, "", text.strip(), "")


def _rewritten(old: Document, new: Document, alignment: Alignment) -> Iterator[Change]:
    for i, j in sorted(alignment.texts.items(), key=lambda pair: pair[1]):
        node, other = old.provisions[i], new.provisions[j]
        if piece_of(old, node)[1] != piece_of(new, other)[1]:
            was, now = old.own_text(node).strip(), new.own_text(other).strip()
            yield Change(Fate.CHANGED, node.address, other.address, was, now, passages_of(was, now))


def passages_of(old: str, new: str) -> tuple[Passage, ...]:
    """The words of two texts with what was removed, added and kept; removed words come first."""
    from rapidfuzz.distance import Indel

    stretches: list[list[str]] = [["", "", ""]]  # removed, added, kept after them
    for block in Indel.opcodes(old, new):
        was, now = old[block.src_start : block.src_end], new[block.dest_start : block.dest_end]
        last = stretches[-1]
        if block.tag != "equal":
            if last[2]:
                stretches.append(last := ["", "", ""])
            last[0] += was
            last[1] += now
        elif len(was) < _ISLAND and block.src_end < len(old) and block.dest_end < len(new):
            last[0] += was
            last[1] += was
        else:
            last[2] = was
    marks = (Mark.REMOVED, Mark.ADDED, Mark.KEPT)
    return tuple(
        Passage(mark, words)
        for stretch in stretches
        for mark, words in zip(marks, stretch, strict=True)
        if words
    )


def _moved(old: Document, new: Document, alignment: Alignment) -> Iterator[Change]:
    """Provisions in another place or under another number."""
    siblings: dict[tuple[int, int], list[tuple[int, int]]] = defaultdict(list)
    astray: set[tuple[int, int]] = set()
    for i, j in sorted(alignment.there.items()):
        node, other = old.provisions[i], new.provisions[j]
        a, b = (n.parent.index if n.parent else 0 for n in (node, other))
        if a == b == 0 or alignment.there.get(a) == b:
            siblings[a, b].append((i, j))
        else:
            astray.add((i, j))
    for pairs in siblings.values():
        astray.update(set(pairs) - _longest_in_order(pairs))
    for i, j in sorted(alignment.there.items(), key=lambda pair: pair[1]):
        node, other = old.provisions[i], new.provisions[j]
        if (i, j) in astray and node.address != other.address:
            fate = Fate.MOVED
        elif node.kind in _LABELLED and _number(node) != _number(other):
            fate = Fate.RENUMBERED
        else:
            continue
        texts = old.text_of(node), new.text_of(other)
        holder = other.parent.index if other.parent else 0
        step = (other.kind, holder if other.kind != "article" else 0, other.number - node.number)
        yield Change(fate, node.address, other.address, *texts, step=step)


def _number(node: Provision) -> tuple[str, int, int]:
    return node.kind, node.number, node.branch


def _longest_in_order(pairs: Sequence[tuple[int, int]]) -> set[tuple[int, int]]:
    """The most pairs (rising in the first) that rise in the second too."""
    ends: list[int] = []
    best: list[tuple[int, int]] = []
    before: dict[tuple[int, int], tuple[int, int] | None] = {}
    for pair in pairs:
        at = bisect_left(ends, pair[1])
        before[pair] = best[at - 1] if at else None
        ends[at:], best[at:] = [pair[1], *ends[at + 1 :]], [pair, *best[at + 1 :]]
    chosen: set[tuple[int, int]] = set()
    node = best[-1] if best else None
    while node is not None:
        chosen.add(node)
        node = before[node]
    return chosen


def _modalities(old: Document, new: Document, alignment: Alignment) -> Iterator[ModalityChange]:
    ours, theirs = _clauses(old), _clauses(new)
    for i, j in sorted(alignment.texts.items(), key=lambda pair: pair[1]):
        left, right = ours.get(i, []), theirs.get(j, [])
        pairs = align([("", c.text) for c in left], [("", c.text) for c in right])
        for a, b in sorted(pairs.items(), key=lambda pair: pair[1]):
            change = _modality_change(left[a], right[b])
            if change is not None:
                yield change


def _clauses(document: Document) -> dict[int, list[Clause]]:
    """Index of a provision -> its clauses in order."""
    segments = Segments(document)
    found: dict[int, list[Clause]] = defaultdict(list)
    for span in segments.every("clause"):
        clause = segments.clause(*span)
        if clause is not None and clause.text.strip():
            found[clause.provision.index].append(clause)
    return found


def _modality_change(old: Clause, new: Clause) -> ModalityChange | None:
    if (old.text, old.leads[:1]) == (new.text, new.leads[:1]):
        return None
    was, now = _modal_words(old), _modal_words(new)
    led = not was and not now
    if led:
        was, now = (tuple(("", m) for m in sorted(c.modalities)) for c in (old, new))
    if _weights(was) == _weights(now):
        return None
    was, now = _without(was, now), _without(now, was)
    places = old.provision.address, new.provision.address
    return ModalityChange(*places, was, now, old.text.strip(), new.text.strip(), led)


def _modal_words(clause: Clause) -> tuple[tuple[str, str], ...]:
    """Modal words of the clause itself, in order, each with its modality."""
    return tuple(
        (clause.text[t.start : t.end], MODALITIES[t.letter])
        for t in clause.operators()
        if t.letter in MODALITIES
    )


def _without(
    words: Iterable[tuple[str, str]], others: Iterable[tuple[str, str]]
) -> tuple[tuple[str, str], ...]:
    """The words that the other side does not have as often."""
    left = Counter(others)
    kept = []
    for word in words:
        left[word] -= 1
        if left[word] < 0:
            kept.append(word)
    return tuple(kept)


def _weights(words: Iterable[tuple[str, str]]) -> tuple[int, int, bool]:
    """Permissions, prohibitions, and whether there is an obligation: 应当由 says it once, not twice."""
    modalities = [modality for _, modality in words]
    permissions, prohibitions = (modalities.count(m) for m in ("permission", "prohibition"))
    return permissions, prohibitions, "obligation" in modalities


def _kept(
    old: Document,
    new: Document,
    alignment: Alignment,
    before: Sequence[Finding],
    after: Sequence[Finding],
) -> list[tuple[int, int]]:
    """Pairs of findings that are the same question: by rule and clause, then rule and quoted words,
    then rule and provision."""

    def ours(finding: Finding) -> Hashable:
        return alignment.there.get(old.provision_at(finding.start).index)

    def theirs(finding: Finding) -> Hashable:
        return new.provision_at(finding.start).index

    def clause(finding: Finding) -> Hashable:
        return "".join(finding.clause.split())

    def quote(finding: Finding) -> Hashable:
        return "".join(finding.quote.split())

    pairs: list[tuple[int, int]] = []
    for a, b in ((clause, clause), (quote, quote), (ours, theirs)):
        pairs += _same(before, after, a, b, pairs)
    return pairs


def _same(
    before: Sequence[Finding],
    after: Sequence[Finding],
    ours: Callable[[Finding], Hashable],
    theirs: Callable[[Finding], Hashable],
    pairs: Sequence[tuple[int, int]],
) -> list[tuple[int, int]]:
    """Further pairs of findings of one rule with the same key, in order."""
    left, right = {i for i, _ in pairs}, {j for _, j in pairs}
    waiting: dict[Hashable, list[int]] = defaultdict(list)
    for j, finding in enumerate(after):
        if j not in right:
            waiting[finding.rule, theirs(finding)].append(j)
    found = []
    for i, finding in enumerate(before):
        same = waiting.get((finding.rule, ours(finding)))
        if i not in left and same:
            found.append((i, same.pop(0)))
    return found
