"""restic, which encrypts, deduplicates and stores: in a folder, or in a bucket of an S3-compatible store.

Where and with which password is restic's own environment (RESTIC_REPOSITORY, RESTIC_PASSWORD_FILE, AWS_ACCESS_KEY_ID, ...), which
it inherits from us unread. What it gets goes through a pipe: nothing of a backup lies on the disk unencrypted.
"""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TypeVar

import msgspec
from msgspec import Struct

from bot.errors import ConfigError, Unavailable

T = TypeVar("T")

FILE = "procare.backup"
TAG = "procare"
BUFFER = 1024 * 1024


class Snapshot(Struct, frozen=True):
    short_id: str
    time: str
    hostname: str = ""


class ResticFailed(Unavailable):
    """restic did not do what it was asked."""


class Restic:
    """``cache``: a folder for restic's own index."""

    def __init__(self, cache: Path) -> None:
        found = shutil.which("restic")
        if found is None:
            raise ConfigError("restic is not installed (Debian: apt-get install restic)", code="restic_missing")
        self._command = [*_dying_with_us(), found, "--cache-dir", str(cache), "--quiet"]

    async def init(self) -> None:
        """Make the repository. Raises ResticFailed when there is one."""
        await self._run("init")

    async def store(self, chunks: AsyncIterator[bytes]) -> None:
        """One snapshot of these bytes. When they end in an error there is none."""
        words = ("backup", "--stdin", "--stdin-filename", FILE, "--tag", TAG)
        process = await self._start(*words, stdin=asyncio.subprocess.PIPE)
        errors = asyncio.ensure_future(_all(process.stderr))
        try:
            into = _there(process.stdin)
            try:
                async for chunk in chunks:
                    into.write(chunk)
                    await into.drain()
                into.close()
            except (BrokenPipeError, ConnectionResetError):
                pass  # its exit status and its words tell more
            await self._ended(process, await errors)
        finally:
            await _end(process)  # before its input closes: what is cut off must not become a snapshot
            errors.cancel()

    @asynccontextmanager
    async def stored(self, snapshot: str) -> AsyncIterator[Callable[[int], Awaitable[bytes]]]:
        """Read a snapshot; ``latest`` is the newest. Yields a function that gives exactly so many bytes, fewer at the end."""
        words = ("dump", "--tag", TAG) if snapshot == "latest" else ("dump",)
        process = await self._start(*words, snapshot, FILE)
        errors = asyncio.ensure_future(_all(process.stderr))
        out = _there(process.stdout)

        async def read(count: int) -> bytes:
            try:
                return await out.readexactly(count)
            except asyncio.IncompleteReadError as error:
                await self._ended(process, await errors)
                return error.partial

        try:
            yield read
        finally:
            await _end(process)
            errors.cancel()

    async def snapshots(self) -> list[Snapshot]:
        """Ours, the oldest first."""
        found = msgspec.json.decode(await self._run("snapshots", "--tag", TAG, "--json") or b"[]", type=list[Snapshot] | None)
        return sorted(found or [], key=lambda one: one.time)

    async def forget(self, hourly: int, daily: int) -> None:
        """Keep so many of our newest, whatever machine or container made them, and delete the others. Raises ResticFailed."""
        await self._run("unlock")  # what a killed one left; a living one's lock stays
        kept = ("--keep-hourly", str(hourly), "--keep-daily", str(daily))
        await self._run("forget", "--tag", TAG, "--group-by", "", *kept, "--prune")

    async def check(self) -> None:
        """Whether the repository is whole. Raises ResticFailed."""
        await self._run("unlock")  # as a read that stops at the last frame leaves it: it does not wait for restic's end
        await self._run("check")

    async def _run(self, *words: str) -> bytes:
        process = await self._start(*words)
        try:
            out, errors = await asyncio.gather(_all(process.stdout), _all(process.stderr))
            await self._ended(process, errors)
            return out
        finally:
            await _end(process)

    async def _start(self, *words: str, stdin: int = asyncio.subprocess.DEVNULL) -> asyncio.subprocess.Process:
        pipe = asyncio.subprocess.PIPE
        return await asyncio.create_subprocess_exec(*self._command, *words, stdin=stdin, stdout=pipe, stderr=pipe, limit=BUFFER)

    async def _ended(self, process: asyncio.subprocess.Process, errors: bytes) -> None:
        if await process.wait() != 0:
            lines = errors.decode(errors="replace").strip().splitlines()
            said = " ".join(line.strip() for line in lines[-2:]) or "failed"
            hint = "; where there is none yet, `procare backup init` makes it" if "Is there a repository" in said else ""
            raise ResticFailed(f"restic: {said[:300]}{hint}", code="restic")


def _dying_with_us() -> list[str]:
    """If we are killed, its input ends as if the backup were whole: on Linux it is killed with us before it has seen that."""
    found = shutil.which("setpriv")
    return [found, "--pdeathsig", "KILL"] if found else []


def _there(stream: T | None) -> T:
    if stream is None:
        raise TypeError("a pipe was asked for and is not there")
    return stream


async def _all(stream: asyncio.StreamReader | None) -> bytes:
    return await _there(stream).read()


async def _end(process: asyncio.subprocess.Process) -> None:
    if process.returncode is None:
        process.kill()
        await process.wait()
