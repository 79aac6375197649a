"""The store of files over any place for bytes.

A file is three or four small things: ``files/HASH`` its bytes, ``about/HASH`` what is known of it, ``people/PERSON/HASH`` whose
it is, and ``until/SECONDS-HASH`` when it goes. The last two are empty and only there to be listed, so that finding what is over
costs what is over and not a walk through everything. They are written first and removed last, and ``about`` is written last and
removed first: what it tells of is there, and a crash in between leaves a note that the next tidying follows up.
"""

from __future__ import annotations

import hashlib
import re
from math import ceil

import msgspec
from msgspec import structs

from bot.adapters.media.blobs import Blobs
from bot.errors import Malformed, StoreUnavailable
from bot.model.ids import PersonId
from bot.ports.media import StoredFile

_REF = re.compile(r"sha256-[0-9a-f]{64}")
_decoder = msgspec.json.Decoder(StoredFile)
MOST_OF_ONE = 10_000  # files of one person


class BlobMedia:
    """The port ``MediaStore``. A reference is the hash of the bytes, with the person in front where the file is a person's."""

    def __init__(self, blobs: Blobs) -> None:
        self._blobs = blobs

    async def put(self, data: bytes, *, mime: str, person: PersonId | None, now: float, keep_seconds: float | None) -> str:
        digest = hashlib.sha256((person.encode() + b"\0" if person else b"") + data).hexdigest()
        until = None if keep_seconds is None else now + keep_seconds
        ref = f"sha256-{digest}"
        before = await self._read_about(digest)
        if before is None:
            await self._describe(digest, StoredFile(ref, mime, len(data), now, person, until), data=data)
        elif before.until is not None and (until is None or until > before.until):
            await self._describe(digest, structs.replace(before, until=until), before)
        return ref

    async def get(self, ref: str) -> bytes | None:
        return await self._blobs.read(f"files/{_digest(ref)}")

    async def about(self, ref: str) -> StoredFile | None:
        return await self._read_about(_digest(ref))

    async def keep(self, ref: str, *, now: float, keep_seconds: float | None) -> bool:
        digest = _digest(ref)
        before = await self._read_about(digest)
        if before is None:
            return False
        until = None if keep_seconds is None else now + keep_seconds
        if until != before.until:
            await self._describe(digest, structs.replace(before, until=until), before)
        return True

    async def delete(self, ref: str) -> bool:
        digest = _digest(ref)
        before = await self._read_about(digest)
        await self._blobs.remove(f"about/{digest}")
        await self._blobs.remove(f"files/{digest}")
        if before is None:
            return False
        if before.person is not None:
            await self._blobs.remove(f"people/{before.person}/{digest}")
        if before.until is not None:
            await self._blobs.remove(_over(before.until, digest))
        return True

    async def of(self, person: PersonId) -> list[str]:
        found = []
        for name in await self._blobs.names(f"people/{person}/", MOST_OF_ONE):
            about = await self._read_about(name.rsplit("/", 1)[1])
            if about is not None:
                found.append(about.ref)
            else:  # a crash while it was put or deleted
                await self._blobs.remove(name)
        return found

    async def names_of(self, person: PersonId) -> list[str]:
        return await self._blobs.names(f"people/{person}/", MOST_OF_ONE)

    async def expired(self, now: float, limit: int = 1000) -> list[str]:
        found = []
        for name in await self._blobs.names("until/", limit):
            seconds, _, digest = name.removeprefix("until/").partition("-")
            if int(seconds) > now:
                break
            about = await self._read_about(digest)
            if about is not None and about.until is not None and about.until <= now:
                found.append(about.ref)
                continue
            if about is None:  # a crash while it was put or deleted
                await self._blobs.remove(f"files/{digest}")
            await self._blobs.remove(name)
        return found

    async def ping(self) -> None:
        await self._blobs.ping()

    async def _read_about(self, digest: str) -> StoredFile | None:
        raw = await self._blobs.read(f"about/{digest}")
        if raw is None:
            return None
        try:
            return _decoder.decode(raw)
        except msgspec.MsgspecError as error:
            raise StoreUnavailable("What is known of a file cannot be read.", code="media_unreadable") from error

    async def _describe(
        self, digest: str, about: StoredFile, before: StoredFile | None = None, data: bytes | None = None
    ) -> None:
        if about.person is not None:
            await self._blobs.write(f"people/{about.person}/{digest}", b"")
        if about.until is not None:
            await self._blobs.write(_over(about.until, digest), b"")
        if data is not None:
            await self._blobs.write(f"files/{digest}", data)
        await self._blobs.write(f"about/{digest}", msgspec.json.encode(about))
        if before is not None and before.until is not None and before.until != about.until:
            await self._blobs.remove(_over(before.until, digest))


def _digest(ref: str) -> str:
    if not _REF.fullmatch(ref):
        raise Malformed("That is no reference to a file.", code="bad_media_ref")
    return ref.removeprefix("sha256-")


def _over(until: float, digest: str) -> str:
    """Names in the order of time: whole seconds, rounded up so that nothing goes early."""
    return f"until/{ceil(until):012d}-{digest}"
