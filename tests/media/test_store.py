"""What every store of files promises, on a folder and on an object store."""

from __future__ import annotations

from contextlib import suppress

import pytest

from bot.adapters.media import BlobMedia
from bot.adapters.media.blobs import Blobs
from bot.adapters.media.resealing import MediaResealing
from bot.adapters.media.sealed import SealedBlobs
from bot.errors import Malformed, StoreUnavailable, Tampered
from bot.model.ids import PersonId
from bot.ports.media import StoredFile
from bot.upkeep.expiry import forget_expired
from tests.runtime.parts import ASHA, RAVI
from tests.sealed import SEALS

DAY = 86_400.0
NOW = 1_800_000_000.0


async def put(media: BlobMedia, data: bytes, person: PersonId | None = ASHA, keep: float | None = DAY, now: float = NOW) -> str:
    return await media.put(data, mime="image/png", person=person, now=now, keep_seconds=keep)


async def test_what_was_put_is_there_with_what_is_known_of_it(media: BlobMedia) -> None:
    ref = await put(media, b"ABC")
    assert await media.get(ref) == b"ABC"
    assert await media.about(ref) == StoredFile(ref, "image/png", 3, NOW, ASHA, NOW + DAY)
    empty = "sha256-" + "0" * 64
    assert (await media.get(empty), await media.about(empty), await media.delete(empty)) == (None, None, False)
    await media.ping()


@pytest.mark.parametrize("size", [100, 300_000])  # the larger one is sealed in a thread
async def test_the_place_holds_nothing_readable_and_a_file_in_another_ones_place_is_told(
    media: BlobMedia, blobs: Blobs, size: int
) -> None:
    words = "पैर में घाव".encode() * (size // 30)
    ref, other = await put(media, words), await put(media, b"B" * size)
    for name in (f"files/{ref.removeprefix('sha256-')}", f"about/{ref.removeprefix('sha256-')}"):
        held = await blobs.read(name)
        assert held is not None
        assert words[:30] not in held
    assert await media.get(ref) == words
    theirs = await blobs.read(f"files/{other.removeprefix('sha256-')}")
    await blobs.write(f"files/{ref.removeprefix('sha256-')}", theirs or b"")
    with pytest.raises(Tampered):
        await media.get(ref)
    await blobs.write(f"files/{ref.removeprefix('sha256-')}", words)  # from before there were keys
    assert await media.get(ref) == words


async def test_files_are_sealed_anew(blobs: Blobs) -> None:
    plain = BlobMedia(blobs)
    refs = [await put(plain, b"words %d" % number) for number in range(3)]
    resealing = MediaResealing(blobs, SEALS)
    assert [step.done async for step in resealing.steps()] == [1, 1, 1]
    assert [step async for step in resealing.steps()] == []
    assert b"words" not in (await plain.get(refs[0]) or b"words")
    media = BlobMedia(SealedBlobs(blobs, SEALS))
    assert [await media.get(ref) for ref in refs] == [b"words 0", b"words 1", b"words 2"]


async def test_the_same_file_of_the_same_person_is_one_and_of_another_person_is_another(media: BlobMedia) -> None:
    first, again = await put(media, b"A"), await put(media, b"A")
    other, ours = await put(media, b"A", RAVI), await put(media, b"A", None)
    assert first == again
    assert len({first, other, ours}) == 3
    assert (await media.of(ASHA), await media.of(RAVI)) == ([first], [other])
    assert await media.delete(first)
    assert await media.delete(first) is False
    assert (await media.get(first), await media.get(other), await media.of(ASHA)) == (None, b"A", [])


async def test_a_file_goes_when_its_time_is_over_and_not_before(media: BlobMedia) -> None:
    short, long, kept = await put(media, b"1", keep=10.5), await put(media, b"2", keep=DAY), await put(media, b"3", keep=None)
    assert await media.expired(NOW + 10) == []
    assert await media.expired(NOW + 11) == [short]
    assert await forget_expired(media, NOW + 2 * DAY) == 2
    assert [await media.get(ref) for ref in (short, long, kept)] == [None, None, b"3"]
    assert await media.of(ASHA) == [kept]
    assert await forget_expired(media, NOW + 2 * DAY) == 0


async def test_a_file_that_comes_again_stays_for_the_longer_of_its_times(media: BlobMedia) -> None:
    ref = await put(media, b"1", keep=100)
    await put(media, b"1", keep=10, now=NOW + 5)
    assert await media.expired(NOW + 50) == []
    await put(media, b"1", keep=100, now=NOW + 50)
    assert await media.expired(NOW + 120) == []
    await put(media, b"1", keep=None)
    await put(media, b"1", keep=10)
    assert await media.expired(NOW + DAY) == []
    assert await media.get(ref) == b"1"


async def test_a_file_can_be_kept_longer_or_shorter(media: BlobMedia, blobs: Blobs) -> None:
    ref = await put(media, b"1", keep=100)
    assert await media.keep(ref, now=NOW, keep_seconds=None)
    assert await media.expired(NOW + DAY) == []
    assert await media.keep(ref, now=NOW, keep_seconds=10)
    assert await media.expired(NOW + 20) == [ref]
    assert await media.keep(ref, now=NOW, keep_seconds=DAY)
    assert await blobs.names("until/", 10) == [f"until/{int(NOW + DAY):012d}-{ref.removeprefix('sha256-')}"]
    assert await media.keep("sha256-" + "0" * 64, now=NOW, keep_seconds=10) is False


@pytest.mark.parametrize("ref", ["../../etc/passwd", "sha256-../x", "", "sha256-" + "G" * 64, "sha256-" + "0" * 64 + "\n"])
async def test_a_reference_cannot_leave_the_store(media: BlobMedia, ref: str) -> None:
    for call in (media.get(ref), media.about(ref), media.delete(ref), media.keep(ref, now=NOW, keep_seconds=1)):
        with pytest.raises(Malformed):
            await call


class Crashing:
    """A place that is cut off after so many changes."""

    def __init__(self, blobs: Blobs) -> None:
        self.blobs, self.left = blobs, 1_000_000

    def _spent(self) -> None:
        self.left -= 1
        if self.left < 0:
            raise StoreUnavailable

    async def write(self, name: str, data: bytes) -> None:
        self._spent()
        await self.blobs.write(name, data)

    async def remove(self, name: str) -> None:
        self._spent()
        await self.blobs.remove(name)

    async def read(self, name: str) -> bytes | None:
        return await self.blobs.read(name)

    async def names(self, prefix: str, limit: int) -> list[str]:
        return await self.blobs.names(prefix, limit)

    async def ping(self) -> None: ...


@pytest.mark.parametrize("after", range(5))
async def test_a_crash_at_any_place_leaves_nothing_behind_that_nobody_finds(blobs: Blobs, after: int) -> None:
    """Broken off while it is put, and while it is deleted: what is told of is there, and in the end all of it is gone."""
    crashing = Crashing(blobs)
    media = BlobMedia(crashing)
    crashing.left = after
    with suppress(StoreUnavailable):
        await put(media, b"A")
    crashing.left = 1_000_000
    ref = await put(BlobMedia(blobs), b"B", RAVI)
    for known in [ref, *await media.of(ASHA)]:
        assert (await media.about(known) is None) or (await media.get(known) is not None)
    crashing.left = after
    with suppress(StoreUnavailable):
        await media.delete(ref)
    crashing.left = 1_000_000
    await forget_expired(media, NOW + 2 * DAY)
    assert (await media.of(ASHA), await media.of(RAVI)) == ([], [])
    digest = ref.removeprefix("sha256-")
    assert [await blobs.read(f"{room}/{digest}") for room in ("files", "about")] == [None, None]
    assert [name for room in ("until/", f"people/{RAVI}/", f"people/{ASHA}/") for name in await blobs.names(room, 9)] == []
