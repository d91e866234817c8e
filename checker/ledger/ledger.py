"""Ledger: records checks and steps, finds entries, counts for the statistics."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from types import TracebackType
from typing import Any, Self

from sqlalchemy import ColumnElement, Connection, Row, Select, Table, func, select
from sqlalchemy.dialects import postgresql, sqlite

from checker.ledger.entries import Check, Entry, Event, LedgerError, State, Step, identity
from checker.ledger.statistics import Occurrence
from checker.ledger.store import Store
from checker.ledger.tables import checks, documents, events
from checker.particulars import Particulars
from checker.render.text import visible
from checker.report import Counts, Report

_Insert = Callable[[Table], sqlite.Insert | postgresql.Insert]
_INSERTS: dict[str, _Insert] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}
_FIELDS = frozenset(
    ("title", "number", "issuer", "place", "made", "effective", "expires", "validity", "state")
)


@dataclass(frozen=True, slots=True)
class Recorded:
    """The entry a report went to, and whether it is new."""

    id: int
    new: bool


class Ledger:
    """A ledger in a SQLite file or a PostgreSQL database; a context manager.

    Every method is one transaction: when it returns, what it wrote is kept; any number of processes
    may write at once. Raises LedgerError everywhere.
    """

    def __init__(self, place: str, *, create: bool = False) -> None:
        self._store = Store(place, create=create)
        self._insert = _INSERTS[self._store.dialect]

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the database."""
        self._store.close()

    def record(
        self, report: Report, day: date, route: Step | None = None, note: str = ""
    ) -> Recorded:
        """Record a check: a new entry, or one more check of the document it is about.

        ``route`` is how the document came in, 接收 where a new one does not say; the same route is
        recorded once a document. What the ledger says of a document changes only where its words
        did, and never to nothing. Raises ValueError for a report that read no document.
        """
        if report.particulars is None:
            raise ValueError("a report without particulars cannot be recorded")
        said, digest = _kept(report.particulars), report.particulars.digest
        key = identity(report.particulars.title, report.particulars.number, digest)
        values = {**said, "identity": key, "route": route or Step.RECEIVED, "state": State.PENDING}
        # A document without a title goes by the name of its file.
        values["title"] = said["title"] or visible(report.name)
        with self._store.writing() as connection:
            id, new = self._entry_for(connection, key, digest, values)
            if not new:
                renewed = said if key == digest else {**said, "identity": key}
                self._renew(connection, id, digest, renewed)
            connection.execute(checks.insert().values(_check_row(id, report, digest, day)))
            if new or route:
                self._take(connection, id, Event(route or Step.RECEIVED, day, note), once=True)
            return Recorded(id, new)

    def _entry_for(
        self, connection: Connection, key: str, digest: str, values: Mapping[str, object]
    ) -> tuple[int, bool]:
        """The entry of a document, made of ``values`` if there is none, and whether it is new."""
        known = self._find(connection, key, digest)
        if known is None:
            insert = self._insert(documents).values(values).on_conflict_do_nothing()
            new: int | None = connection.execute(insert.returning(documents.c.id)).scalar()
            if new is not None:
                return new, True
            # Another writer was first.
            known = self._find(connection, key, digest)
        if known is None:
            raise LedgerError("登记时另有程序改动了同一文件，请重试")
        return known, False

    def _find(self, connection: Connection, key: str, digest: str) -> int | None:
        """The entry of a document by number and title, else by any words it ever had; locked."""
        same = select(documents.c.id).where(documents.c.identity == key).with_for_update()
        found: int | None = connection.execute(same).scalar()
        if found is None:
            seen = select(checks.c.document_id).where(checks.c.digest == digest).limit(1)
            found = connection.execute(seen).scalar()
            if found is not None:
                self._lock(connection, found)
        return found

    def _lock(self, connection: Connection, id: int) -> Row[Any]:
        row = connection.execute(
            select(documents).where(documents.c.id == id).with_for_update()
        ).one_or_none()
        if row is None:
            raise LedgerError(f"没有编号为 {id} 的文件")
        return row

    def _renew(
        self, connection: Connection, id: int, digest: str, said: Mapping[str, object]
    ) -> None:
        """Take over what new words say of a document."""
        last = select(checks.c.digest).where(checks.c.document_id == id)
        if connection.execute(last.order_by(checks.c.id.desc()).limit(1)).scalar() == digest:
            return
        filled = {name: value for name, value in said.items() if value}
        connection.execute(documents.update().where(documents.c.id == id).values(filled))

    def _take(self, connection: Connection, id: int, event: Event, *, once: bool = False) -> None:
        """Record a step; the same on the same day only renews the note."""
        done = (events.c.document_id == id) & (events.c.step == event.step)
        if once and connection.execute(select(events.c.id).where(done).limit(1)).scalar():
            return
        row = {"document_id": id, "step": event.step, "day": event.day, "note": visible(event.note)}
        insert = self._insert(events).values(row)
        keys = [events.c.document_id, events.c.step, events.c.day]
        connection.execute(
            insert.on_conflict_do_update(index_elements=keys, set_={"note": insert.excluded.note})
            if event.note
            else insert.on_conflict_do_nothing()
        )

    def take(self, id: int, event: Event) -> None:
        """Record a step about an entry; its state follows."""
        with self._store.writing() as connection:
            self._lock(connection, id)
            self._take(connection, id, event)
            if event.step.state:
                changed = {"state": event.step.state}
                connection.execute(documents.update().where(documents.c.id == id).values(changed))

    def correct(self, id: int, **fields: str | date | None) -> None:
        """Correct what the ledger says of a document, field by field (title, issuer, state …).

        Raises TypeError for a field there is not, ValueError for a state there is not.
        """
        if "state" in fields:
            State(str(fields["state"]))
        if unknown := set(fields) - _FIELDS:
            raise TypeError(f"no such fields: {sorted(unknown)}")
        values = {n: visible(v) if isinstance(v, str) else v for n, v in fields.items()}
        with self._store.writing() as connection:
            row = self._lock(connection, id)
            title, number = (values.get(n, getattr(row, n)) for n in ("title", "number"))
            if {"title", "number"} & set(values) and title and number:
                values["identity"] = identity(str(title), str(number), "")
                same = documents.c.identity == values["identity"]
                other = connection.execute(select(documents.c.id).where(same)).scalar()
                if other not in (None, id):
                    raise LedgerError(f"编号 {other} 已经是这个标题、文号的文件")
            connection.execute(documents.update().where(documents.c.id == id).values(values))

    def entry(self, id: int) -> Entry:
        """One entry."""
        found = self._read([documents.c.id == id])
        if not found:
            raise LedgerError(f"没有编号为 {id} 的文件")
        return found[0]

    def entries(self, state: State | None = None, issuer: str = "") -> tuple[Entry, ...]:
        """Entries in order of id: all, or those in a state, or of an issuer."""
        conditions = [documents.c.state == state] if state else []
        return self._read([*conditions, *([documents.c.issuer == issuer] if issuer else [])])

    def _read(self, conditions: Iterable[ColumnElement[bool]]) -> tuple[Entry, ...]:
        chosen = select(documents).where(*conditions).order_by(documents.c.id)
        ids = select(documents.c.id).where(*conditions)
        with self._store.reading() as connection:
            rows = connection.execute(chosen).all()
            seen = _grouped(connection, select(checks).where(checks.c.document_id.in_(ids)))
            taken = _grouped(connection, select(events).where(events.c.document_id.in_(ids)))
        return tuple(_entry(row, seen[row.id], taken.get(row.id, [])) for row in rows)

    def occurrences(self) -> Iterator[Occurrence]:
        """What the statistics count: every step, and the first check of a document with findings."""
        steps = select(documents.c.id, documents.c.issuer, events.c.step, events.c.day).join(events)
        flagged = (
            select(documents.c.id, documents.c.issuer, func.min(checks.c.day).label("day"))
            .join(checks)
            .where(checks.c.error + checks.c.warning > 0)
            .group_by(documents.c.id, documents.c.issuer)
        )
        with self._store.reading() as connection:
            for id, issuer, step, day in connection.execute(steps):
                yield Occurrence(id, issuer, day, Step(step))
            for id, issuer, day in connection.execute(flagged):
                yield Occurrence(id, issuer, day, None)


def _kept(said: Particulars) -> dict[str, Any]:
    """Particulars as columns."""
    return {
        "title": visible(said.title),
        "number": visible(said.number),
        "issuer": visible(said.issuer),
        "place": visible(said.place),
        "made": said.made,
        "effective": said.effective,
        "expires": said.expires,
        "validity": visible(said.validity),
    }


def _check_row(id: int, report: Report, digest: str, day: date) -> dict[str, object]:
    counts = report.counts
    return {
        "document_id": id,
        "day": day,
        "as_of": report.as_of,
        "engine": report.engine,
        "ruleset": report.ruleset,
        "profile": report.profile,
        "file": visible(report.name),
        "digest": digest,
        "complete": report.complete,
        "error": counts.error,
        "warning": counts.warning,
        "info": counts.info,
        "waived": len(report.waived),
    }


def _grouped(connection: Connection, chosen: Select[Any]) -> dict[int, list[Row[Any]]]:
    """Rows by document, oldest first."""
    rows: dict[int, list[Row[Any]]] = {}
    for row in connection.execute(chosen.order_by("id")):
        rows.setdefault(row.document_id, []).append(row)
    return rows


def _entry(row: Row[Any], seen: Iterable[Row[Any]], taken: Iterable[Row[Any]]) -> Entry:
    history = tuple(
        Check(
            c.day, c.as_of, c.engine, c.ruleset, c.profile, c.file, c.digest, c.complete,
            Counts(c.error, c.warning, c.info), c.waived,
        )
        for c in seen
    )  # fmt: skip
    steps = tuple(sorted((Event(Step(e.step), e.day, e.note) for e in taken), key=_by_day))
    return Entry(
        row.id, row.title, row.number, row.issuer, row.place, row.made, row.effective, row.expires,
        row.validity, Step(row.route), State(row.state), history, steps,
    )  # fmt: skip


def _by_day(event: Event) -> date:
    return event.day
