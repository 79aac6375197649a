"""A backup proves that it is whole; restic keeps it encrypted, once, in a folder and in a bucket."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator, Awaitable, Callable
from io import BytesIO
from pathlib import Path

import pytest

from bot.backup.restic import Restic, ResticFailed
from bot.backup.stream import Head, packed, unpacked
from bot.errors import ConfigError, Malformed
from bot.ports.dump import Frame
from tests.servers.s3 import S3Server

HEAD = Head(cut=100.0, at=160.0, store="MongoDB", bus="RabbitMQ", waiting={"sends.3": 2})
FRAMES = [Frame("mongo", "journal", b"\x00one"), Frame("redis", "pc:{p}:d", b"two", 5000), Frame("media", "a/b", b"", 1)]


async def given(frames: list[Frame]) -> AsyncIterator[Frame]:
    for frame in frames:
        yield frame


async def whole(frames: list[Frame] = FRAMES, head: Head = HEAD) -> bytes:
    return b"".join([chunk async for chunk in packed(head, given(frames))])


def reading(raw: bytes) -> Callable[[int], Awaitable[bytes]]:
    file = BytesIO(raw)

    async def read(count: int) -> bytes:
        return file.read(count)

    return read


async def test_a_backup_comes_back_as_it_was_and_any_loss_or_change_is_seen() -> None:
    raw = await whole()
    assert [one async for one in unpacked(reading(raw))] == [HEAD, *FRAMES]
    other = await whole(FRAMES[:2])
    changed = raw.replace(b"\x00one", b"\x00ons")
    for bad in (raw[:-1], raw[: len(raw) // 2], b"", changed, b"\xff" * 40, raw[:-40] + other[-40:]):
        with pytest.raises(Malformed):
            [one async for one in unpacked(reading(bad))]
    with pytest.raises(ConfigError, match="newer"):
        [one async for one in unpacked(reading(await whole(head=Head(1.0, 2.0, "a", "b", form=99))))]


async def test_restic_keeps_it_in_a_folder_encrypted_and_once_and_never_half(
    tmp_path: Path, repository: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    restic = Restic(tmp_path / "cache")
    await restic.init()
    with pytest.raises(ResticFailed):
        await restic.init()
    words = b"nobody may read this in the repository"
    frames = [Frame("mongo", "records", words + secrets.token_bytes(1024 * 1024)) for _ in range(20)]
    await restic.store(packed(HEAD, given(frames)))
    first = weight(repository)
    await restic.store(packed(HEAD, given([*frames, FRAMES[0]])))
    # restic cuts at random places, at 8 MiB at the latest: the last piece alone may be new.
    assert weight(repository) - first < first / 2, "what did not change is stored once"

    async def broken() -> AsyncIterator[bytes]:
        yield await whole()
        raise RuntimeError("the store went away")

    with pytest.raises(RuntimeError, match="went away"):
        await restic.store(broken())
    assert len(await restic.snapshots()) == 2, "what broke off is no backup"
    async with restic.stored("latest") as read:
        assert [one async for one in unpacked(read)] == [HEAD, *frames, FRAMES[0]]
    await restic.check()
    assert not readable(repository, words)
    monkeypatch.setenv("RESTIC_PASSWORD", "a wrong one")
    with pytest.raises(ResticFailed):
        await restic.snapshots()


async def test_restic_keeps_it_in_a_bucket(
    tmp_path: Path, repository: str, s3_server: S3Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RESTIC_REPOSITORY", f"s3:{s3_server.make_bucket('backups')}")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "access")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    restic = Restic(tmp_path / "cache")
    await restic.init()
    await restic.store(packed(HEAD, given(FRAMES)))
    (snapshot,) = await restic.snapshots()
    async with restic.stored(snapshot.short_id) as read:
        assert [one async for one in unpacked(read)] == [HEAD, *FRAMES]


def readable(folder: str, words: bytes) -> bool:
    return any(words in path.read_bytes() for path in Path(folder).rglob("*") if path.is_file())


def weight(folder: str) -> int:
    return sum(path.stat().st_size for path in (Path(folder) / "data").rglob("*") if path.is_file())
