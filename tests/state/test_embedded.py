"""The embedded engine is started, attached to, taken over and brought back, whatever was killed."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import stat
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest

from bot.adapters.embedded import answering
from bot.adapters.embedded.answering import answers
from bot.adapters.embedded.valkey import LONGEST_SOCKET_PATH, EmbeddedValkey, socket_path
from bot.adapters.redis import Coalescing
from bot.errors import ConfigError, SessionsUnavailable

OTHER_PROCESS = """
import asyncio, sys
from pathlib import Path
from bot.adapters.embedded.valkey import EmbeddedValkey
async def main():
    async with EmbeddedValkey.open(Path(sys.argv[1])) as server:
        print("owner" if server.owner else "guest", flush=True)
        await asyncio.to_thread(sys.stdin.read)
asyncio.run(main())
"""


@contextmanager
def other_process(folder: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process that has the engine of that folder open, until its standard input ends or it is killed."""
    command = [sys.executable, "-c", OTHER_PROCESS, str(folder)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline().strip() == "owner"
        try:
            yield process
        finally:
            process.kill()


@pytest.fixture(autouse=True)
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that a busy machine holds up is there."""
    monkeypatch.setattr(answering, "SECONDS", 60.0)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


async def call(server: EmbeddedValkey, *words: str) -> object:
    async with Coalescing.open(server.url, connections=1, timeout=20.0) as client:
        return await client.call(*words)


async def answers_again(server: EmbeddedValkey) -> None:
    async with asyncio.timeout(60.0):
        while True:
            try:
                await call(server, "PING")
                return
            except SessionsUnavailable:
                await asyncio.sleep(0.05)


async def pid_of(server: EmbeddedValkey) -> int:
    information = await call(server, "INFO", "server")
    assert isinstance(information, bytes)
    return int(information.split(b"process_id:")[1].split()[0])


async def test_data_survives_a_restart_and_nothing_listens_on_the_network(short_path: Path) -> None:
    async with EmbeddedValkey.open(short_path) as server:
        assert server.owner
        await call(server, "SET", "k", "आशा")
        assert await call(server, "CONFIG", "GET", "port") == [b"port", b"0"]
        pid = await pid_of(server)
        socket = Path(server.unix_socket_path)
        assert (mode(socket), mode(socket.parent)) == (0o700, 0o700)
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
    async with EmbeddedValkey.open(short_path) as server:
        assert await call(server, "GET", "k") == "आशा".encode()


async def test_an_error_of_the_user_leaves_as_it_came_and_the_server_is_stopped(short_path: Path) -> None:
    pids: list[int] = []

    async def use() -> None:
        async with EmbeddedValkey.open(short_path) as server:
            pids.append(await pid_of(server))
            raise ValueError("mine")

    with pytest.raises(ValueError, match="mine"):
        await use()
    with pytest.raises(ProcessLookupError):
        os.kill(pids[0], 0)


async def test_a_second_opener_attaches_and_does_not_stop_it(short_path: Path) -> None:
    async with EmbeddedValkey.open(short_path) as first:
        async with EmbeddedValkey.open(short_path) as second:
            assert (first.owner, second.owner) == (True, False)
            assert await pid_of(first) == await pid_of(second)
        assert await call(first, "PING") == b"PONG"


async def test_many_openers_at_once_start_one_server(short_path: Path) -> None:
    inside, leave = asyncio.Event(), asyncio.Event()
    opened: list[tuple[bool, int]] = []

    async def one() -> None:
        async with EmbeddedValkey.open(short_path) as server:
            opened.append((server.owner, await pid_of(server)))
            if len(opened) == 5:
                inside.set()
            await leave.wait()

    async with asyncio.TaskGroup() as tasks, asyncio.timeout(60.0):
        for _ in range(5):
            tasks.create_task(one())
        await inside.wait()
        leave.set()
    assert [owner for owner, _ in opened].count(True) == 1
    assert len({pid for _, pid in opened}) == 1


async def test_another_process_is_attached_to(short_path: Path) -> None:
    with other_process(short_path):
        async with EmbeddedValkey.open(short_path) as server:
            assert not server.owner
            assert await call(server, "PING") == b"PONG"
        async with EmbeddedValkey.open(short_path) as server:
            assert await call(server, "PING") == b"PONG"
            os.kill(await pid_of(server), signal.SIGTERM)  # leave nothing behind when the process is killed


async def test_the_server_of_a_killed_process_is_taken_over_and_stopped_at_the_end(short_path: Path) -> None:
    with other_process(short_path) as process:
        async with EmbeddedValkey.open(short_path) as server:
            pid = await pid_of(server)
            await call(server, "SET", "k", "v")
        process.kill()
        process.wait()
    async with EmbeddedValkey.open(short_path) as server:
        assert server.owner
        assert await pid_of(server) == pid
        assert await call(server, "GET", "k") == b"v"
    async with EmbeddedValkey.open(short_path) as server:
        assert await pid_of(server) != pid
        assert await call(server, "GET", "k") == b"v"


async def test_a_start_after_everything_was_killed_clears_the_stale_socket(short_path: Path) -> None:
    with other_process(short_path) as process:
        async with EmbeddedValkey.open(short_path) as server:
            pid, socket = await pid_of(server), Path(server.unix_socket_path)
            await call(server, "SET", "k", "v")
            await call(server, "WAITAOF", "1", "0", "2000")  # on the disk
        process.kill()
        process.wait()
        os.kill(pid, signal.SIGKILL)
    assert mode(socket) == 0o700, "it is stale, but there"
    async with EmbeddedValkey.open(short_path) as server:
        assert server.owner
        assert await call(server, "GET", "k") == b"v"


async def test_a_server_that_dies_is_started_again_with_its_data(short_path: Path) -> None:
    async with EmbeddedValkey.open(short_path) as server:
        await call(server, "SET", "k", "v")
        await call(server, "WAITAOF", "1", "0", "2000")
        pid = await pid_of(server)
        os.kill(pid, signal.SIGKILL)
        await answers_again(server)
        assert await pid_of(server) != pid
        assert await call(server, "GET", "k") == b"v"


@pytest.mark.skipif(sys.platform != "linux", reason="needs /proc")
async def test_a_server_without_its_socket_is_ended_before_a_second_one_writes_its_file(short_path: Path) -> None:
    with other_process(short_path) as process:
        async with EmbeddedValkey.open(short_path) as server:
            pid = await pid_of(server)
            await call(server, "SET", "k", "v")
        process.kill()
        process.wait()
    os.unlink(server.unix_socket_path)  # noqa: PTH108
    async with EmbeddedValkey.open(short_path) as server:
        assert await pid_of(server) != pid
        assert await call(server, "GET", "k") == b"v"
        # Gone, or dead and not yet waited for: never two servers on one file.
        with pytest.raises((FileNotFoundError, PermissionError)):
            os.readlink(f"/proc/{pid}/cwd")  # noqa: PTH115


@pytest.mark.parametrize("name", ["a" * 120, "with space % 'quote' \"q\"", "दवा"])
async def test_folders_with_odd_or_long_names_work(short_path: Path, name: str) -> None:
    folder = short_path / name
    async with EmbeddedValkey.open(folder) as server:
        assert len(os.fsencode(server.unix_socket_path)) <= LONGEST_SOCKET_PATH
        await call(server, "SET", "k", name)
        socket = Path(server.unix_socket_path)
        assert mode(socket.parent) == 0o700
        assert socket_path((folder / "valkey").resolve()) == socket, "every process must find the same"
    async with EmbeddedValkey.open(folder) as server:
        assert await call(server, "GET", "k") == name.encode()
    if socket.parent != folder / "valkey":
        socket.parent.rmdir()


async def test_a_folder_that_cannot_be_made_is_a_matter_of_configuration(short_path: Path) -> None:
    (short_path / "file").write_text("not a folder")
    with pytest.raises(ConfigError):
        async with EmbeddedValkey.open(short_path / "file"):
            pass


@pytest.mark.parametrize(
    ("word", "lives"),
    [(b"+PONG\r\n", True), (b"-MISCONF Errors writing to the AOF file\r\n", True), (b"-LOADING\r\n", False), (b"", False)],
    ids=["well", "full-disk", "loading", "gone"],
)
def test_a_server_that_cannot_write_its_file_is_not_taken_for_dead(tmp_path: Path, word: bytes, lives: bool) -> None:
    path = tmp_path / "v.sock"
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as listener, ThreadPoolExecutor(1) as pool:
        listener.bind(str(path))
        listener.listen(1)
        found = pool.submit(answers, path)
        line, _ = listener.accept()
        with line:
            line.recv(64)
            line.sendall(word)
        assert found.result(60) is lives
