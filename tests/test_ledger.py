"""Ledger: entries, checks, steps, statistics; on SQLite and on a PostgreSQL server of our own."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

pytest.importorskip("sqlalchemy", reason="needs the extra ledger")

from sqlalchemy import create_engine, inspect, text

from bench.ledger import SHARED, compare, killed, report, together, writer
from bench.servers import NoServer, postgresql
from checker.ledger import migrations
from checker.ledger.entries import Event, LedgerError, State, Step, identity
from checker.ledger.ledger import Ledger
from checker.ledger.statistics import BUCKETS, Occurrence, count
from checker.ledger.tables import metadata
from checker.report import Report

DAY, LATER = date(2026, 3, 2), date(2026, 5, 6)


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    try:
        with postgresql() as url:
            yield url
    except NoServer as fault:
        pytest.skip(f"no PostgreSQL: {fault}")


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Where a ledger can be made that is not there yet."""
    if request.param == "sqlite":
        yield str(tmp_path / "台账.db")
        return
    url = request.getfixturevalue("server")
    yield url
    engine = create_engine(url.replace("postgresql:", "postgresql+psycopg:"))
    with engine.begin() as connection:
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))
    engine.dispose()


@pytest.fixture
def ledger(place: str) -> Iterator[Ledger]:
    with Ledger(place, create=True) as opened:
        yield opened


def of(which: int, /, version: int = 1, **said: object) -> Report:
    """A report of a made-up document, with some of its particulars different."""
    made = report(which, version)
    assert made.particulars is not None
    return replace(made, particulars=replace(made.particulars, **said))


def counts(ledger: Ledger) -> tuple[int, int]:
    """Number of documents, and of checks."""
    entries = ledger.entries()
    return len(entries), sum(len(entry.checks) for entry in entries)


def test_a_new_document_is_an_entry_with_its_check(ledger: Ledger) -> None:
    done = ledger.record(of(5, expires=LATER, validity="有效期至2026年5月6日"), DAY)
    entry = ledger.entry(done.id)
    assert done.new
    assert (entry.title, entry.number) == ("某县人民政府关于第5号事项的通知", "某政发〔2026〕5号")
    assert (entry.issuer, entry.place, entry.made) == ("某县第5局", "某县", DAY)
    assert (entry.effective, entry.expires, entry.validity) == (
        None, LATER, "有效期至2026年5月6日",
    )  # fmt: skip
    assert (entry.route, entry.state) == (Step.RECEIVED, State.PENDING)
    assert entry.events == (Event(Step.RECEIVED, DAY, ""),)
    (check,) = entry.checks
    assert (check.day, check.as_of, check.engine) == (DAY, DAY, of(5).engine)
    assert (check.ruleset, check.profile, check.file) == ("abc", "county-draft", "文件5.docx")
    assert check.complete
    assert (check.counts.error, check.counts.warning, check.counts.info) == (1, 0, 0)


@pytest.mark.parametrize(
    ("again", "known"),
    [
        (of(1), True),
        (of(1, version=2), True),
        (of(1, version=2, number="某政发 [2026] 1号"), True),
        (of(1, title="别的标题", number=""), True),
        (of(1, version=2, number=""), False),
        (of(1, version=2, title="别的标题"), False),
        (of(2), False),
    ],
)
def test_the_same_words_or_number_and_title_are_the_same_document(
    ledger: Ledger, again: Report, known: bool
) -> None:
    first = ledger.record(of(1), DAY)
    second = ledger.record(again, LATER)
    assert (second.id == first.id, second.new) == (known, not known)
    assert [c.day for c in ledger.entry(first.id).checks] == ([DAY, LATER] if known else [DAY])
    assert counts(ledger) == ((1, 2) if known else (2, 2))


def test_words_seen_before_are_known_after_others_came_in_between(ledger: Ledger) -> None:
    first = ledger.record(of(1), DAY)
    ledger.record(of(1, version=2), DAY)
    again = ledger.record(of(1, number="", title=""), DAY)
    assert again.id == first.id
    # … and what they do not say takes nothing away: title, and what makes it the same document.
    assert ledger.entry(first.id).title == "某县人民政府关于第1号事项的通知"
    assert ledger.record(of(1, version=3), DAY).id == first.id


def test_what_a_person_corrected_stays_until_the_words_change(ledger: Ledger) -> None:
    id = ledger.record(of(1), DAY).id
    ledger.correct(id, issuer="某县财政局", expires=LATER)
    ledger.record(of(1), LATER)
    entry = ledger.entry(id)
    assert (entry.issuer, entry.expires) == ("某县财政局", LATER)
    ledger.record(of(1, version=2, issuer="某县民政局", place=""), LATER)
    entry = ledger.entry(id)
    assert (entry.issuer, entry.place, entry.expires) == ("某县民政局", "某县", LATER)


def test_two_entries_never_become_one(ledger: Ledger) -> None:
    first, second = ledger.record(of(1), DAY).id, ledger.record(of(2), DAY).id
    one = ledger.entry(first)
    with pytest.raises(LedgerError, match=f"编号 {first} 已经是"):
        ledger.correct(second, title=one.title, number=one.number)
    assert ledger.entry(second).number == "某政发〔2026〕2号"


def test_a_route_is_recorded_once_and_never_replaces_the_first(ledger: Ledger) -> None:
    id = ledger.record(of(1), DAY).id
    for day in (DAY, LATER):
        ledger.record(of(1), day, Step.EXAMINED, "专项")
        ledger.record(of(1), day)
    entry = ledger.entry(id)
    assert entry.route == Step.RECEIVED
    assert entry.events == (Event(Step.RECEIVED, DAY, ""), Event(Step.EXAMINED, DAY, "专项"))
    assert len(entry.checks) == 5


@pytest.mark.parametrize(
    ("step", "state"),
    [
        (Step.OPINION, "已提意见"),
        (Step.AMENDED, "已修改"),
        (Step.REPEALED, "已废止"),
        (Step.KEPT, "继续有效"),
        (Step.EXAMINED, "待审"),
    ],
)
def test_a_step_leads_to_a_state(ledger: Ledger, step: Step, state: str) -> None:
    id = ledger.record(of(1), DAY).id
    ledger.take(id, Event(step, LATER, "某府法意〔2026〕3号"))
    entry = ledger.entry(id)
    assert (entry.state, entry.events[-1]) == (state, Event(step, LATER, "某府法意〔2026〕3号"))
    assert [e.id for e in ledger.entries(State(state))] == [id]


def test_the_same_step_of_a_day_renews_its_note_but_never_to_nothing(ledger: Ledger) -> None:
    id = ledger.record(of(1), DAY).id
    for note in ("初稿", "定稿", ""):
        ledger.take(id, Event(Step.OPINION, LATER, note))
    assert ledger.entry(id).events[-1] == Event(Step.OPINION, LATER, "定稿")


def test_an_unknown_entry_is_refused(ledger: Ledger) -> None:
    for call in (
        lambda: ledger.entry(7),
        lambda: ledger.take(7, Event(Step.OPINION, DAY, "")),
        lambda: ledger.correct(7, title="标题"),
    ):
        with pytest.raises(LedgerError, match="没有编号为 7 的文件"):
            call()


@pytest.mark.parametrize(("field", "fault"), [("state", ValueError), ("author", TypeError)])
def test_only_what_there_is_can_be_corrected(ledger: Ledger, field: str, fault: type) -> None:
    id = ledger.record(of(1), DAY).id
    with pytest.raises(fault):
        ledger.correct(id, **{field: "某某"})


def test_entries_can_be_chosen(ledger: Ledger) -> None:
    for number in range(8):
        ledger.record(of(number), DAY)
    assert [e.title for e in ledger.entries(issuer="某县第0局")] == [
        "某县人民政府关于第0号事项的通知", "某县人民政府关于第7号事项的通知",
    ]  # fmt: skip
    assert ledger.entries(State.REPEALED) == ()


def test_what_a_database_cannot_keep_is_left_out(ledger: Ledger) -> None:
    id = ledger.record(of(1, title="标\x00题\ud800\n二"), DAY, note="\x00").id
    assert ledger.entry(id).title == "标题 二"


def test_a_report_that_read_nothing_is_not_recorded(ledger: Ledger) -> None:
    with pytest.raises(ValueError, match="particulars"):
        ledger.record(Report("坏.docx", error="读不出"), DAY)
    assert counts(ledger) == (0, 0)


def test_writers_at_once_lose_nothing(place: str) -> None:
    assert together(place, 400, 4) == []
    # compare() itself must notice a document too few.
    assert compare(place, 401, 4)


def test_a_killed_writer_loses_nothing_that_was_kept(place: str) -> None:
    with Ledger(place, create=True):
        pass
    said, lost = killed(place, 60)
    assert said >= 60
    assert lost == []


def test_a_reader_never_sees_half_an_entry(place: str) -> None:
    with Ledger(place, create=True) as ledger:
        process = writer(place, 0, 150)
        while process.poll() is None:
            for entry in ledger.entries():
                assert entry.checks and entry.events
        assert process.stdout is not None
        process.stdout.close()
        assert counts(ledger)[0] == 150 + SHARED


def test_migrations_make_the_tables_that_are_used(ledger: Ledger, place: str) -> None:
    engine = create_engine(_url(place))
    found = inspect(engine)
    for table in metadata.sorted_tables:
        columns = {c["name"]: c["nullable"] for c in found.get_columns(table.name)}
        columns["id"] = False  # SQLite says that its keys may be NULL
        assert columns == {c.name: bool(c.nullable) for c in table.columns}, table.name
        indexed = {tuple(i["column_names"]) for i in found.get_indexes(table.name)}
        indexed |= {tuple(u["column_names"]) for u in found.get_unique_constraints(table.name)}
        wanted = {tuple(c.name for c in index.columns) for index in table.indexes}
        assert wanted <= indexed, table.name
    engine.dispose()


def test_an_older_ledger_is_brought_up_to_date_once(
    place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Ledger(place, create=True) as ledger:
        id = ledger.record(of(1), DAY).id
    newer = (*migrations.MIGRATIONS, ("ALTER TABLE ledger_documents ADD COLUMN copy TEXT",))
    for module in ("checker.ledger.migrations", "checker.ledger.store"):
        monkeypatch.setattr(f"{module}.MIGRATIONS", newer)
    for _ in range(2):
        with Ledger(place) as ledger:
            assert ledger.entry(id).number == "某政发〔2026〕1号"
    engine = create_engine(_url(place))
    assert "copy" in {c["name"] for c in inspect(engine).get_columns("ledger_documents")}
    engine.dispose()
    monkeypatch.undo()
    with pytest.raises(LedgerError, match="更新的版本"):
        Ledger(place)


def test_a_migration_that_fails_leaves_the_ledger_as_it_was(
    place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Ledger(place, create=True) as ledger:
        ledger.record(of(1), DAY)
    wrong = ("ALTER TABLE ledger_documents ADD COLUMN copy TEXT", "ALTER TABLE nowhere ADD x TEXT")
    with monkeypatch.context() as patch:
        for module in ("checker.ledger.migrations", "checker.ledger.store"):
            patch.setattr(f"{module}.MIGRATIONS", (*migrations.MIGRATIONS, wrong))
        with pytest.raises(LedgerError, match="nowhere"):
            Ledger(place)
    with Ledger(place) as ledger:
        assert counts(ledger) == (1, 1)


def _url(place: str) -> str:
    return (
        place.replace("postgresql:", "postgresql+psycopg:")
        if ":" in place
        else f"sqlite:///{place}"
    )


def test_places_that_are_no_ledger_are_refused(tmp_path: Path) -> None:
    words, other, missing = tmp_path / "a.txt", tmp_path / "b.db", tmp_path / "没有" / "c.db"
    words.write_text("不是数据库" * 200, encoding="utf-8")
    with sqlite3.connect(other) as connection:
        connection.execute("CREATE TABLE something (a)")
    connection.close()
    for place, create, why in (
        (str(words), True, "不是台账"),
        (str(other), True, "不是台账"),
        (str(missing), True, "无法打开"),
        (str(tmp_path / "d.db"), False, "没有这个台账"),
        ("mysql://host/x", True, "只能是 SQLite 文件或者 PostgreSQL"),
        ("postgresql://a:b:c@/x?=", True, "台账"),
        ("postgresql://某人:秘密@127.0.0.1:1/x", True, "连接不上"),
    ):
        with pytest.raises(LedgerError, match=why) as refused:
            Ledger(place, create=create)
        assert "秘密" not in str(refused.value)
    assert other.read_bytes().startswith(b"SQLite")
    assert not (tmp_path / "d.db").exists()


def test_a_busy_ledger_is_waited_for_and_then_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = str(tmp_path / "台账.db")
    monkeypatch.setattr("checker.ledger.store.PATIENCE", 0.1)
    with Ledger(place, create=True) as ledger:
        other = sqlite3.connect(place, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(LedgerError, match="正被别的程序占用"):
            ledger.record(of(1), DAY)
        assert counts(ledger) == (0, 0)  # reading does not wait
        other.execute("ROLLBACK")
        other.close()
        assert ledger.record(of(1), DAY).new


OCCURRENCES = [
    Occurrence(1, "甲局", date(2025, 12, 31), Step.RECEIVED),
    Occurrence(2, "甲局", date(2026, 1, 1), Step.RECEIVED),
    Occurrence(2, "甲局", date(2026, 1, 5), Step.EXAMINED),
    Occurrence(2, "甲局", date(2026, 1, 5), None),
    Occurrence(3, "乙局", date(2026, 4, 1), Step.REQUESTED),
    Occurrence(3, "乙局", date(2026, 4, 9), Step.OPINION),
    Occurrence(3, "乙局", date(2026, 6, 30), Step.OPINION),
    Occurrence(3, "乙局", date(2026, 7, 1), Step.AMENDED),
    Occurrence(3, "乙局", date(2026, 7, 2), Step.REPEALED),
    Occurrence(4, "", date(2026, 7, 2), Step.KEPT),
]


@pytest.mark.parametrize(
    ("by", "start", "end", "unit", "rows", "total"),
    [
        (["unit"], None, None, "",
         {"乙局": (0, 0, 1, 0, 1, 1), "甲局": (2, 1, 0, 1, 0, 0)}, (2, 1, 1, 1, 1, 1)),
        (["quarter"], date(2026, 1, 1), date(2026, 6, 30), "",
         {"2026年第1季度": (1, 1, 0, 1, 0, 0), "2026年第2季度": (0, 0, 1, 0, 1, 0)},
         (1, 1, 1, 1, 1, 0)),
        (["year"], None, date(2025, 12, 31), "", {"2025年": (1, 0, 0, 0, 0, 0)},
         (1, 0, 0, 0, 0, 0)),
        (["month"], date(2026, 6, 30), None, "乙局",
         {"2026年06月": (0, 0, 0, 0, 1, 0), "2026年07月": (0, 0, 0, 0, 0, 1)},
         (0, 0, 0, 0, 1, 1)),
        (["unit"], date(2027, 1, 1), None, "", {}, (0, 0, 0, 0, 0, 0)),
    ],
)  # fmt: skip
def test_statistics_count_documents_by_unit_and_period(
    *, by, start, end, unit, rows, total
) -> None:
    counted = count(OCCURRENCES, by, start, end, unit)
    assert {row.labels[0]: row.counts for row in counted.rows} == rows
    assert counted.total.counts == total
    assert len(total) == len(BUCKETS)


def test_statistics_can_be_by_several_things() -> None:
    counted = count(OCCURRENCES, ["year", "unit"])
    assert counted.by == ("年份", "制定机关")
    assert [row.labels for row in counted.rows] == [
        ("2025年", "甲局"), ("2026年", "乙局"), ("2026年", "甲局"),
    ]  # fmt: skip


@given(
    st.lists(
        st.builds(
            Occurrence,
            st.integers(1, 5),
            st.sampled_from(["甲局", "乙局"]),
            st.dates(date(2025, 1, 1), date(2026, 12, 31)),
            st.sampled_from([*Step, None]),
        )
    ),
    st.sampled_from(["unit", "month", "quarter", "year"]),
)
def test_no_group_is_more_than_the_total_and_together_they_are_no_less(occurrences, by) -> None:
    counted = count(occurrences, [by])
    for at, total in enumerate(counted.total.counts):
        groups = [row.counts[at] for row in counted.rows]
        assert max(groups, default=0) <= total <= sum(groups)


def test_a_ledger_counts_its_first_findings_and_its_steps(ledger: Ledger) -> None:
    id = ledger.record(of(1), DAY, Step.REQUESTED).id
    ledger.record(of(1), LATER)
    ledger.record(replace(of(2), findings=()), DAY)
    ledger.take(id, Event(Step.OPINION, LATER, ""))
    counted = count(ledger.occurrences(), ["month"])
    assert {row.labels[0]: row.counts for row in counted.rows} == {
        "2026年03月": (1, 0, 1, 1, 0, 0), "2026年05月": (0, 0, 0, 0, 1, 0),
    }  # fmt: skip


@given(st.text(), st.text(), st.text())
def test_identity_does_not_see_spacing(title: str, number: str, digest: str) -> None:
    spaced = " ".join(title) + "　"
    if title.strip() and number:
        assert identity(title, number, digest) == identity(spaced, number, "")


def test_a_plain_check_imports_nothing_of_this() -> None:
    heavy = "{'sqlalchemy', 'openpyxl', 'psycopg', 'checker.ledger.ledger'} & set(sys.modules)"
    ran = subprocess.run(
        [sys.executable, "-c", f"import sys, checker.cli; print({heavy})"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert ran.stdout.strip() == "set()"
