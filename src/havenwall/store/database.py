"""One database, two dialects: opening, migrating, reading and writing in turn."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, OperationalError

from havenwall.errors import BadConfig, RecordRefused, StoreError
from havenwall.store import migrate

_WRITE = "havenwall_write"
_LASTING = "havenwall_lasting"
_PATIENCE = 30.0
"""Seconds that a writer waits for those of other processes on SQLite."""
_POOL: dict[str, Any] = {"pool_size": 20, "max_overflow": 20}
"""As many requests as a process answers at once; connections are opened when they are needed."""
_WRITER_LOCK = 0x4841_5645_4E57  # any constant: all our writers on one PostgreSQL database share it


class Database:
    """An open database whose schema is up to date.

    Writers take turns on both dialects (`BEGIN IMMEDIATE`, an advisory lock): a stream's `seq` then
    rises in commit order, so a reader that has seen seq n never misses a smaller one.
    """

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine
        # PostgreSQL by itself shows each query another moment: a list would not fit its count.
        whole = {"isolation_level": "REPEATABLE READ"} if engine.dialect.name == "postgresql" else {}
        self._reader = engine.execution_options(**whole)
        # SQLite's own waiting is by chance: among twenty threads one could wait in vain until its time-out.
        self._turn: AbstractContextManager[object] = (
            threading.Lock() if engine.dialect.name == "sqlite" else nullcontext()
        )

    @classmethod
    def open(cls, url: str) -> Database:
        """Open, and on first start create, the database at `url` (`sqlite:///path`, `postgresql://...`).

        Raises:
            BadConfig: the URL is of no supported kind.
            StoreError: the database cannot be reached or migrated.
        """
        engine = _sqlite(url) if url.startswith("sqlite:///") else _postgres(url)
        database = cls(engine)
        with database.write() as connection:
            migrate.upgrade(connection)
        return database

    @property
    def dialect(self) -> str:
        """`sqlite` or `postgresql`."""
        return self._engine.dialect.name

    @contextmanager
    def read(self) -> Iterator[sa.Connection]:
        """A transaction that only reads and sees one moment."""
        with _errors(), self._reader.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def write(self) -> Iterator[sa.Connection]:
        """A transaction that may write; commits at the end, rolls back on any error."""
        with self._writing(lasting=True) as connection:
            if self.dialect == "postgresql":
                connection.execute(sa.text("SELECT pg_advisory_xact_lock(:k)"), {"k": _WRITER_LOCK})
            yield connection

    @contextmanager
    def write_aside(self, *, lasting: bool = True) -> Iterator[sa.Connection]:
        """As `write`, for tables that no stage reads as a stream: on PostgreSQL it waits for no other writer.

        Args: `lasting`: False for what nobody misses after a power cut; it does not wait for the disk.
        """
        with self._writing(lasting=lasting) as connection:
            if self.dialect == "postgresql" and not lasting:
                connection.execute(sa.text("SET LOCAL synchronous_commit = off"))
            yield connection

    @contextmanager
    def _writing(self, *, lasting: bool) -> Iterator[sa.Connection]:
        with self._turn, _errors(), self._engine.connect() as connection:
            connection = connection.execution_options(**{_WRITE: True, _LASTING: lasting})
            with connection.begin():
                yield connection

    def close(self) -> None:
        """Close all connections."""
        self._engine.dispose()


@contextmanager
def _errors() -> Iterator[None]:
    try:
        yield
    except (DataError, IntegrityError) as problem:
        raise RecordRefused(f"the database refuses a record: {problem.orig}") from problem
    except DBAPIError as problem:
        raise StoreError(f"the database failed: {problem.orig}") from problem


def _sqlite(url: str) -> sa.Engine:
    path = Path(url.removeprefix("sqlite:///"))
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as problem:
        raise StoreError(f"cannot make the folder of {path}: {problem}") from problem
    engine = sa.create_engine(url, connect_args={"timeout": 1, "check_same_thread": False}, **_POOL)
    event.listen(engine, "connect", _sqlite_connect)
    event.listen(engine, "begin", _sqlite_begin)
    return engine


def _sqlite_connect(connection: Any, _record: Any) -> None:
    # The driver must not open transactions by itself: the listener below says which kind.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=1000"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _sqlite_begin(connection: sa.Connection) -> None:
    options = connection.get_execution_options()
    if not options.get(_WRITE, False):
        connection.exec_driver_sql("BEGIN")
        return
    connection.exec_driver_sql(f"PRAGMA synchronous={'FULL' if options[_LASTING] else 'NORMAL'}")
    _begin_immediate(connection)


def _begin_immediate(connection: sa.Connection) -> None:
    # SQLite waits ever longer between its tries: who came first may come last. Here all have one chance.
    until = time.monotonic() + _PATIENCE
    while True:
        try:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
            return
        except OperationalError as problem:
            if "locked" not in str(problem.orig) or time.monotonic() > until:
                raise
        time.sleep(random.uniform(0.001, 0.02))  # noqa: S311 - a pause, not a secret


def _postgres(url: str) -> sa.Engine:
    scheme, _, rest = url.partition("://")
    if scheme not in ("postgresql", "postgres", "postgresql+psycopg"):
        raise BadConfig(
            f"cannot open a database of kind {scheme!r}",
            field="database",
            hint="use sqlite:///path/to/file or postgresql://user@host/name",
        )
    return sa.create_engine(f"postgresql+psycopg://{rest}", pool_pre_ping=True, **_POOL)
