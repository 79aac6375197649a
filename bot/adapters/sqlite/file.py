"""The file behind the store: a writing thread that commits many callers' work together, and a reading thread.

The standard library's sqlite3 in threads of our own, rather than aiosqlite: a transaction is one visit to the thread instead of
one a statement, so concurrent callers share one commit (and its fsync), and no other task's statement can slip into it.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, TypeVar

from bot.adapters.sqlite.schema import prepare
from bot.adapters.sqlite.trouble import RAISED, translated
from bot.errors import ConfigError, StoreUnavailable

T = TypeVar("T")
Work = Callable[[sqlite3.Connection], Any]

MOST = 200  # callers in one commit
BACKLOG = 5_000  # callers that may wait


class StoreFile:
    """Made by ``open``. ``write`` and ``read`` hand a function to the thread that owns a connection."""

    def __init__(self, writing: sqlite3.Connection, reading: sqlite3.Connection, timeout: float) -> None:
        self._writing = writing
        self._reading = reading
        self._timeout = timeout
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="sqlite-write")
        self._reader = ThreadPoolExecutor(1, thread_name_prefix="sqlite-read")
        self._loop = asyncio.get_running_loop()
        self._queue: list[tuple[Work, asyncio.Future[Any]]] = []
        self._idle = asyncio.Event()
        self._idle.set()
        self._closed = False

    @classmethod
    @asynccontextmanager
    async def open(cls, path: Path, timeout: float) -> AsyncIterator[StoreFile]:
        """Raises ConfigError when the file cannot be opened or was written by a newer release."""
        writing = await asyncio.to_thread(_connect, path, timeout)
        try:
            reading = await asyncio.to_thread(_connect, path, timeout)
        except BaseException:
            writing.close()
            raise
        file = cls(writing, reading, timeout)
        try:
            yield file
        finally:
            await asyncio.shield(file._close())

    async def write(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Run ``work`` in a transaction; return after its commit is on the disk. It may run twice: rolled back the first time.

        A caller that gives up (deadline, cancellation) leaves its work in the queue: every write here is idempotent.
        """
        if self._closed or len(self._queue) >= BACKLOG:
            raise StoreUnavailable(code="sqlite_closed" if self._closed else "sqlite_backlog")
        future: asyncio.Future[T] = self._loop.create_future()
        self._queue.append((work, future))
        if self._idle.is_set():
            self._next_commit()
        return await self._in_time(future)

    async def read(self, work: Callable[[sqlite3.Connection], T]) -> T:
        return await self._in_time(self._loop.run_in_executor(self._reader, work, self._reading))

    async def _in_time(self, future: asyncio.Future[T]) -> T:
        try:
            async with asyncio.timeout(self._timeout):
                return await future
        except TimeoutError as error:
            raise StoreUnavailable(code="sqlite_timeout") from error
        except RAISED as error:
            raise translated(error) from error

    def _next_commit(self) -> None:
        batch, self._queue = self._queue[:MOST], self._queue[MOST:]
        if not batch:
            self._idle.set()
            return
        self._idle.clear()
        works = [work for work, _ in batch]
        done = self._loop.run_in_executor(self._writer, _commit, self._writing, works)
        done.add_done_callback(lambda _: self._settle([future for _, future in batch], done.result()))

    def _settle(self, futures: list[asyncio.Future[Any]], answers: list[Any]) -> None:
        for future, answer in zip(futures, answers, strict=True):
            if future.done():  # its caller gave up
                continue
            if isinstance(answer, BaseException):
                future.set_exception(answer)
            else:
                future.set_result(answer)
        self._next_commit()

    async def _close(self) -> None:
        """What was handed in is still committed. Each commit ends by itself: sqlite3 waits for the file a bounded time."""
        self._closed = True
        await self._idle.wait()
        await asyncio.to_thread(self._writer.shutdown)
        await asyncio.to_thread(self._reader.shutdown)
        self._reading.close()
        self._writing.close()


def _commit(connection: sqlite3.Connection, works: list[Work]) -> list[Any]:
    """All in one transaction; where one fails, each in its own, so that only that caller hears of it."""
    try:
        return _transaction(connection, works)
    except Exception as error:
        if len(works) == 1:
            return [error]
    return [_commit(connection, [work])[0] for work in works]


def _transaction(connection: sqlite3.Connection, works: list[Work]) -> list[Any]:
    connection.execute("BEGIN IMMEDIATE")
    try:
        answers = [work(connection) for work in works]
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
    return answers


def _connect(path: Path, timeout: float) -> sqlite3.Connection:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        connection = sqlite3.connect(path, timeout=timeout / 2, isolation_level=None, check_same_thread=False)
    except (OSError, sqlite3.Error) as error:
        raise ConfigError("The SQLite file cannot be opened.", code="sqlite_open") from error
    try:
        connection.execute("PRAGMA journal_mode = WAL")
        # FULL, not NORMAL: an input is acknowledged after its journal entry, and NORMAL may lose the last commits with the
        # power. Callers share a commit, so the fsync is paid once for all who wait.
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA fullfsync = ON")  # macOS: an fsync that reaches the disk
        prepare(connection)
    except sqlite3.Error as error:
        connection.close()
        raise ConfigError("The SQLite file cannot be used.", code="sqlite_open") from error
    except BaseException:
        connection.close()
        raise
    return connection
