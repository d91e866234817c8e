"""The database of a ledger: opening it, transactions, and its faults in Chinese."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from checker.extras import lacking
from checker.ledger.entries import LedgerError
from checker.ledger.migrations import MIGRATIONS, migrate, version

#: Seconds a writer waits for the others before it gives up.
PATIENCE = 60


class Store:
    """A database at a file (SQLite) or a PostgreSQL URL, its tables up to date.

    ``create`` makes a SQLite file that is not there yet. Raises LedgerError.
    """

    def __init__(self, place: str, *, create: bool = False) -> None:
        url = _url(place)
        self._file = url.database if url.drivername == "sqlite" else None
        self.name = self._file or url.set(drivername="postgresql").render_as_string()
        if self._file and not create and not Path(self._file).exists():
            raise LedgerError(f"没有这个台账：{place}（用 checker ledger add 登记文件时建立）")
        with self._faults():
            self._engine = _engine(url)
            self._writer = self._engine.execution_options(ledger_writes=True)
            self._reader = self._engine
            if not self._file:
                self._reader = self._engine.execution_options(isolation_level="REPEATABLE READ")
            if self._file:
                self._log_ahead()
            with self._engine.begin() as connection:
                current = version(connection)
            if current < len(MIGRATIONS):
                with self._writer.begin() as connection:
                    migrate(connection)

    @property
    def dialect(self) -> str:
        """``sqlite`` or ``postgresql``."""
        return self._engine.dialect.name

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A transaction that reads the ledger as it was at one moment. Raises LedgerError."""
        with self._faults(), self._reader.begin() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that writes, committed at its end; on SQLite the only one at its time.

        Raises LedgerError; nothing is written then.
        """
        with self._faults(), self._writer.begin() as connection:
            yield connection

    def close(self) -> None:
        """Close every connection."""
        self._engine.dispose()

    def _log_ahead(self) -> None:
        """Write-ahead log: readers and a writer at once, and a killed writer leaves it whole.

        The switch is remembered by the file. SQLite does not wait for others here, so we do.
        """
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                with self._engine.connect().execution_options(ledger_bare=True) as connection:
                    if connection.exec_driver_sql("PRAGMA journal_mode=WAL").scalar() == "wal":
                        return
                raise LedgerError("这个位置不支持预写日志，请把台账放在本机磁盘上")
            except DBAPIError as fault:
                if "locked" not in str(fault.orig) or time.monotonic() > deadline:
                    raise
            time.sleep(0.02)

    @contextmanager
    def _faults(self) -> Iterator[None]:
        try:
            yield
        except LedgerError as fault:
            raise LedgerError(f"台账 {self.name}：{fault}") from fault
        except (DBAPIError, PoolTimeoutError) as fault:
            raise LedgerError(f"台账 {self.name}：{_reason(fault)}") from fault


def _url(place: str) -> URL:
    if "://" not in place:
        return URL.create("sqlite", database=place)
    try:
        url = make_url(place)
    except ArgumentError as fault:
        raise LedgerError("台账的地址写得不对，应当像 postgresql://用户@主机/库名") from fault
    if url.get_backend_name() == "sqlite" and url.database:
        return URL.create("sqlite", database=url.database)
    if url.get_backend_name() not in ("postgresql", "postgres"):
        raise LedgerError(f"台账只能是 SQLite 文件或者 PostgreSQL，不能是 {url.get_backend_name()}")
    return url.set(drivername="postgresql+psycopg")


def _engine(url: URL) -> Engine:
    if url.drivername == "sqlite":
        engine = create_engine(url, connect_args={"timeout": PATIENCE})
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    try:
        return create_engine(url, connect_args={"connect_timeout": PATIENCE})
    except (ModuleNotFoundError, NoSuchModuleError) as missing:
        raise LedgerError(lacking("PostgreSQL 台账", "psycopg", "ledger")) from missing


def _prepare_sqlite(connection: Any, _: object) -> None:
    # Transactions begin where _begin_sqlite says, not where the driver guesses.
    connection.isolation_level = None
    connection.execute("PRAGMA foreign_keys=ON")
    connection.execute("PRAGMA synchronous=FULL")


def _begin_sqlite(connection: Connection) -> None:
    options = connection.get_execution_options()
    if not options.get("ledger_bare"):
        # A writer that begins as a reader could be refused halfway; one that begins as a writer waits.
        kind = "IMMEDIATE" if options.get("ledger_writes") else "DEFERRED"
        connection.exec_driver_sql(f"BEGIN {kind}")


_REASONS = (
    ("database is locked", f"正被别的程序占用，等了 {PATIENCE} 秒；请稍后再试"),
    ("not a database", "这个文件不是台账"),
    ("malformed", "文件已经损坏，请用备份恢复"),
    ("unable to open", "无法打开：没有这个文件夹，或者没有权限"),
    ("readonly", "不能写入：文件或者文件夹是只读的"),
    ("disk is full", "磁盘已满"),
    ("disk I/O error", "磁盘读写出错"),
    ("connection refused", "连接不上数据库服务"),
    ("password authentication failed", "用户名或者密码不对"),
    ("does not exist", "数据库、用户或者表不存在"),
    ("permission denied", "没有权限"),
)


def _reason(fault: Exception) -> str:
    """Why a database refused, in Chinese where the reason is a common one."""
    words = str(getattr(fault, "orig", None) or fault)
    known = next((chinese for sign, chinese in _REASONS if sign.lower() in words.lower()), "")
    detail = " ".join(words.split())[:200]
    return f"{known}（{detail}）" if known else f"数据库出错：{detail}"
