"""Segments: where clauses, sentences and provisions begin and end, and the lead-ins above a clause."""

from __future__ import annotations

import re
from bisect import bisect_left
from functools import cached_property

from checker.clauses import Clause, headings_above
from checker.document import BODY_KINDS, Document, Provision

_CLAUSE_END = re.compile("[。；！？\n]")
_SENTENCE_END = re.compile("[。！？\n]")
_ANNOUNCES = re.compile(r"[：:]$|下列|以下|如下")
#: 现将有关事项通知如下： announces the document itself, not a list that it governs.
_PREAMBLE = re.compile(
    r"(?:通知|公告|通告|意见|决定|方案|措施|办法|规定|事项|要求|说明|批复|政策)如下|现(?:就|将|提出|制定|通知|公告)|提出(?:以下|如下)|制定(?:以下|如下|本)"
)

#: Clauses are asked for in order of position: so many are kept, to bound memory.
_KEPT = 256


class Segments:
    """Clause boundaries of one document, found once, and its clauses, made on demand."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.shadow = document.source.shadow
        self._ends: dict[str, list[int]] = {}
        self._clauses: dict[tuple[int, int], Clause | None] = {}
        self._leads: dict[int, tuple[str, ...]] = {}
        self._answers: dict[int, object] = {}
        self._announced: dict[int, str] = {}
        self._headings: dict[int, tuple[str, ...]] = {}

    def scope(self, position: int, scope: str) -> tuple[int, int] | None:
        """Shadow span of the clause, sentence, provision or title that holds a shadow position."""
        if scope in ("clause", "sentence"):
            return self.bounds(position, scope)
        provision = self.document.provision_at(self.document.source.origin(position))
        if scope == "title":
            return (provision.head, provision.own_end) if provision.kind == "title" else None
        for node in (provision, *provision.ancestors()):
            if node.kind == "article" or node.parent is None or node.parent.kind == "unit":
                return self.provision_span(node)
        return None

    def own_end(self, position: int) -> int:
        """Where the own words of the provision that holds a shadow position end; shadow position."""
        return self.document.provision_at(self.document.source.origin(position)).own_end

    def ends(self, scope: str) -> list[int]:
        """Where clauses or sentences end, rising."""
        ends = self._ends.get(scope)
        if ends is None:
            pattern = _CLAUSE_END if scope == "clause" else _SENTENCE_END
            ends = self._ends[scope] = [m.start() for m in pattern.finditer(self.shadow)]
        return ends

    def bounds(self, position: int, scope: str) -> tuple[int, int]:
        """Shadow span of the clause or sentence that holds a position or ends there."""
        ends = self.ends(scope)
        i = bisect_left(ends, position)
        return (ends[i - 1] + 1 if i else 0, ends[i] if i < len(ends) else len(self.shadow))

    def every(self, scope: str) -> list[tuple[int, int]]:
        """Every span of a scope in order."""
        if scope in ("clause", "sentence"):
            ends = [*self.ends(scope), len(self.shadow)]
            return [
                (a, b) for a, b in zip([0, *(e + 1 for e in ends)], ends, strict=False) if a < b
            ]
        spans = {self.scope(node.head, scope) for node in self.document.walk()}
        return sorted(span for span in spans if span is not None)

    def clause(self, start: int, end: int) -> Clause | None:
        """Clause of a span, cut at the provision's label; None outside the body of the document."""
        key = (start, end)
        if key not in self._clauses:
            if len(self._clauses) == _KEPT:
                self._clauses.clear()
            self._clauses[key] = self._make(start, end)
        return self._clauses[key]

    def _make(self, start: int, end: int) -> Clause | None:
        document = self.document
        while start < end and self.shadow[start].isspace():
            start += 1
        provision = document.provision_at(document.source.origin(start))
        if provision.kind == "article":
            inner = document.children(provision)
            provision = inner[0] if inner else provision
        if provision.kind not in BODY_KINDS and provision.kind != "title":
            return None
        start = max(start, provision.head) if provision.head < end else start
        leads = (*self._inline_leads(provision, start), *self.leads(provision))
        text = self.shadow[start:end]
        return Clause(document, provision, start, end, text, leads, answers=self._answers)

    def body(self, start: int) -> int:
        """Where the words of the clause that begins at a position begin: after the label of an article."""
        return self._bodies.get(start, start)

    @cached_property
    def _bodies(self) -> dict[int, int]:
        nodes = self.document.provisions
        return {
            node.head: nodes[node.index + 1].head
            for node in nodes
            if node.kind == "article" and self._has_words(nodes[node.index + 1].head)
        }

    def _has_words(self, start: int) -> bool:
        return start < len(self.shadow) and not _CLAUSE_END.match(self.shadow, start)

    def provision_span(self, provision: Provision) -> tuple[int, int]:
        """Shadow span of a provision with its children."""
        provisions = self.document.provisions
        index = provision.index
        while index + 1 < len(provisions) and provisions[index + 1].start < provision.end:
            index += 1
        return provision.head, max(provisions[index].own_end, provision.head)

    def _inline_leads(self, provision: Provision, start: int) -> tuple[str, ...]:
        """A lead-in earlier in the same sentence: 不得有下列行为：1.…；2.…"""
        before = self.shadow[provision.head : start]
        sentence = before[max(before.rfind("。"), before.rfind("\n")) + 1 :]
        colon = sentence.rfind("：")
        if colon < 0:
            return ()
        lead = sentence[: colon + 1]
        return (lead[lead.rfind("；") + 1 :],)

    def leads(self, provision: Provision) -> tuple[str, ...]:
        """Lead-ins above a provision, nearest first."""
        found = self._leads.get(provision.index)
        if found is None:
            found = self._leads[provision.index] = self._find_leads(provision)
        return found

    def above(self, provision: Provision) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Lead-ins and headings above a provision."""
        parent = provision.parent.index if provision.parent is not None else -1
        headings = self._headings.get(parent)
        if headings is None:
            headings = tuple(headings_above(self.document, provision))
            self._headings[parent] = headings
        return self.leads(provision), headings

    def _find_leads(self, provision: Provision) -> tuple[str, ...]:
        parent = provision.parent
        if parent is None:
            return ()
        before = self.document.before_other(provision)
        near = (self._announced_by(before) if before else "", self._announced_by(parent))
        return tuple(dict.fromkeys((*filter(None, near), *self.leads(parent))))

    def _announced_by(self, provision: Provision) -> str:
        """The last sentence of a provision where it announces what follows, or empty."""
        found = self._announced.get(provision.index)
        if found is None:
            text = self.document.own_text(provision).strip()
            sentence = text[max(text[:-1].rfind("。"), text[:-1].rfind("；")) + 1 :]
            announces = _ANNOUNCES.search(sentence) and not _PREAMBLE.search(sentence)
            found = self._announced[provision.index] = sentence if announces else ""
        return found
