"""Law store (法规原文库): the law texts that a user has imported, in one SQLite file.

With the trigram tokenizer of FTS5 a search is indexed; without it the same query reads every row.
A store is never shipped and never needed: without one the engine works as if there were none.
"""

from __future__ import annotations

import hashlib
import re
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple

from checker.citations import Place
from checker.lawtexts import LawText
from checker.sources.text import replace_variants
from checker.statutes import Statute, plain_name, register

#: Marks a SQLite file as a store of this form; rises when the tables change.
FORMAT = 0x4C615701
#: How many texts of laws stay in memory.
_KEPT = 256
#: What the index can look up: three characters or more, none with a meaning of its own to LIKE.
_INDEXED = re.compile(r"[^%_]{3,}")
_TABLES = """
CREATE TABLE laws (id INTEGER PRIMARY KEY, key TEXT NOT NULL, name TEXT NOT NULL,
    promulgated TEXT NOT NULL, source TEXT NOT NULL, digest TEXT NOT NULL,
    UNIQUE (key, promulgated));
CREATE TABLE provisions (id INTEGER PRIMARY KEY, law INTEGER NOT NULL, article INTEGER NOT NULL,
    branch INTEGER NOT NULL, paragraph INTEGER NOT NULL, item INTEGER NOT NULL,
    subitem INTEGER NOT NULL, text TEXT NOT NULL);
CREATE INDEX of_law ON provisions (law);
"""
_INDEX = """
CREATE VIRTUAL TABLE words USING fts5 (text, content='provisions', content_rowid='id',
    tokenize='trigram', detail='none', columnsize=0);
CREATE TRIGGER added AFTER INSERT ON provisions BEGIN
    INSERT INTO words (rowid, text) VALUES (new.id, new.text); END;
CREATE TRIGGER removed AFTER DELETE ON provisions BEGIN
    INSERT INTO words (words, rowid, text) VALUES ('delete', old.id, old.text); END;
"""


class LawStoreError(Exception):
    """The store cannot be opened, read or written; the message names the file and the cause."""


class Put(StrEnum):
    """What became of a text that was handed to a store."""

    NEW = "新增"
    REPLACED = "更新"
    SAME = "没有变化"


class Edition(NamedTuple):
    """A text of a law for a day. ``current`` tells whether it is the one in force; None: not known."""

    text: LawText
    current: bool | None


class Hit(NamedTuple):
    """A row that a search found."""

    law: str
    promulgated: date | None
    place: Place
    text: str
    source: str


@dataclass(frozen=True)
class LawStore:
    """A store opened for reading: safe to share between threads and processes.

    ``version`` names what it holds. Raises LawStoreError where the file is missing or is no store.
    """

    path: Path
    version: str = field(init=False, compare=False)
    _listed: dict[str, list[str]] = field(init=False, repr=False, compare=False)
    _kept: dict[tuple[str, str], LawText] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if not self.path.is_file():
            raise LawStoreError(f"没有这个法规原文库：{self.path}")
        with self._reading() as db:
            rows = db.execute("SELECT key, promulgated, digest FROM laws ORDER BY 1, 2").fetchall()
        digest = hashlib.sha256(repr(rows).encode()).hexdigest()[:8]
        days: dict[str, list[str]] = {}
        for key, day, _ in rows:
            days.setdefault(key, []).append(day)
        object.__setattr__(self, "version", f"{len(rows)} 个文本 {digest}")
        object.__setattr__(self, "_listed", days)
        object.__setattr__(self, "_kept", {})

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        with _told(self.path), closing(_connect(self.path, "ro")) as db:
            yield db

    def edition(self, name: str, day: date) -> Edition | None:
        """The text of a law in force on the day, else the nearest earlier one; None without any."""
        statute = register().find(name)
        key = _key(name, statute)
        version = statute.version(day) if statute else None
        wanted = version.promulgated if version else None
        latest = (wanted or day).isoformat()
        made = [listed for listed in self._listed.get(key, ()) if listed <= latest]
        if not made:
            return None
        current = made[-1] == latest if wanted and made[-1] else None
        return Edition(self._text(key, made[-1]), current)

    def _text(self, key: str, made: str) -> LawText:
        text = self._kept.get((key, made))
        if text is None:
            if len(self._kept) >= _KEPT:
                self._kept.clear()
            text = self._kept[key, made] = self._read(key, made)
        return text

    def _read(self, key: str, made: str) -> LawText:
        with self._reading() as db:
            law, name, source = db.execute(
                "SELECT id, name, source FROM laws WHERE key = ? AND promulgated = ?", (key, made)
            ).fetchone()
            rows = db.execute(
                "SELECT article, paragraph, item, subitem, branch, text FROM provisions"
                " WHERE law = ? ORDER BY id",
                (law,),
            )
            return LawText(
                name, _day(made), source, tuple((Place(*at), text) for *at, text in rows)
            )

    def search(self, words: Sequence[str], law: str = "") -> Iterator[Hit]:
        """Rows with any of the words, of articles that hold them all; in order of law and place.

        ``law`` is the name of a law, or a part of names.
        """
        wanted = [replace_variants(word) for word in words]
        if not wanted:
            return
        with self._reading() as db:
            indexed = db.execute("SELECT 1 FROM sqlite_master WHERE name = 'words'").fetchone()
            query, values = _query(wanted, bool(indexed) and _has_trigram())
            key = _key(law, register().find(law)) if law else ""
            named = "laws.key = ?" if key in self._listed else "instr(laws.key, ?)"
            rows = db.execute(f"{query} AND {named} {_IN_ORDER}", (*values, key))
            for name, made, source, text, *at in rows:
                yield Hit(name, _day(made), Place(*at), text, source)


_IN_ORDER = "ORDER BY laws.key, laws.promulgated, p.id"


def _query(wanted: list[str], index: bool) -> tuple[str, list[str]]:
    """SQL and its values: the index narrows the rows by LIKE, ``instr`` decides."""
    held = " INTERSECT ".join(
        "SELECT DISTINCT p.law, p.article, p.branch FROM "
        + ("words JOIN provisions p ON p.id = words.rowid" if quick else "provisions p")
        + (" WHERE words.text LIKE ? AND" if quick else " WHERE ? <> '' AND")
        + " instr(p.text, ?)"
        for quick in (index and bool(_INDEXED.fullmatch(word)) for word in wanted)
    )
    values = [value for word in wanted for value in (f"%{word}%", word)]
    some = " OR ".join("instr(p.text, ?)" for _ in wanted)
    return (
        "SELECT laws.name, laws.promulgated, laws.source, p.text,"
        " p.article, p.paragraph, p.item, p.subitem, p.branch"
        f" FROM ({held}) found JOIN provisions p ON p.law = found.law"
        " AND p.article = found.article AND p.branch = found.branch"
        f" JOIN laws ON laws.id = p.law WHERE ({some})",
        [*values, *wanted],
    )


class LawWriter:
    """A store opened for writing, made where there is none. Raises LawStoreError.

    Every text is written in one transaction: whoever breaks off loses only the one at hand.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as fault:
            raise LawStoreError(f"无法建立文件夹 {path.parent}：{fault.strerror}") from fault
        with _told(path):
            self._db = _connect(path, "rwc")

    def __enter__(self) -> LawWriter:
        return self

    def __exit__(self, *_: object) -> None:
        self._db.close()

    def put(self, law: LawText) -> Put:
        """Keep a text in place of the one of the same law and day."""
        made = law.promulgated.isoformat() if law.promulgated else ""
        row = (_key(law.name, register().find(law.name)), made)
        digest = hashlib.sha256(repr((law.name, law.rows)).encode()).hexdigest()
        with _told(self.path), self._db as db:
            old = db.execute(
                "SELECT id, digest FROM laws WHERE key = ? AND promulgated = ?", row
            ).fetchone()
            if old and old[1] == digest:
                return Put.SAME
            if old:
                db.execute("DELETE FROM provisions WHERE law = ?", old[:1])
                db.execute("DELETE FROM laws WHERE id = ?", old[:1])
            added = db.execute(
                "INSERT INTO laws (key, promulgated, name, source, digest) VALUES (?, ?, ?, ?, ?)",
                (*row, law.name, law.source, digest),
            ).lastrowid
            db.executemany(
                "INSERT INTO provisions (law, article, branch, paragraph, item, subitem, text)"
                " VALUES (?, ?, ?, ?, ?, ?, ?)",
                (
                    (added, at.article, at.branch, at.paragraph, at.item, at.subitem, words)
                    for at, words in law.rows
                ),
            )
        return Put.REPLACED if old else Put.NEW

    def size(self) -> tuple[int, int]:
        """How many laws and how many texts the store holds."""
        with _told(self.path):
            counted = self._db.execute("SELECT count(DISTINCT key), count(*) FROM laws").fetchone()
        return int(counted[0]), int(counted[1])


def _connect(path: Path, mode: str) -> sqlite3.Connection:
    """A connection to a store; in mode rwc an empty or missing file becomes one."""
    db = sqlite3.connect(f"{path.absolute().as_uri()}?mode={mode}", uri=True)
    try:
        (found,) = db.execute("PRAGMA application_id").fetchone()
        empty = not db.execute("SELECT 1 FROM sqlite_master").fetchone()
        if mode == "rwc" and empty and not found:
            index = _INDEX if _has_trigram() else ""
            db.executescript(f"BEGIN; {_TABLES} {index} PRAGMA application_id = {FORMAT}; COMMIT;")
        elif found != FORMAT:
            raise sqlite3.DatabaseError("这个文件不是法规原文库，或者由其他版本建立")
    except BaseException:
        db.close()
        raise
    return db


def _has_trigram() -> bool:
    """Whether this SQLite has FTS5 with the trigram tokenizer."""
    try:
        with closing(sqlite3.connect(":memory:")) as trial:
            trial.execute("CREATE VIRTUAL TABLE t USING fts5 (x, tokenize='trigram')")
    except sqlite3.OperationalError:
        return False
    return True


_CAUSES = {
    "file is not a database": "这个文件不是法规原文库",
    "database is locked": "另一个程序正在使用它",
    "unable to open database file": "打不开这个文件",
    "attempt to write a readonly database": "没有写入的权限",
    "database disk image is malformed": "文件已经损坏，请重新导入",
    "database or disk is full": "磁盘已满",
}


@contextmanager
def _told(path: Path) -> Iterator[None]:
    """Tell faults of SQLite in Chinese, with the file."""
    try:
        yield
    except sqlite3.Error as fault:
        cause = _CAUSES.get(str(fault), str(fault))
        raise LawStoreError(f"法规原文库 {path}：{cause}") from fault


def _key(name: str, statute: Statute | None) -> str:
    return plain_name(statute.name if statute else name)


def _day(made: str) -> date | None:
    return date.fromisoformat(made) if made else None
