"""The form of a backup: frames one after the other, each behind its length; the last one proves that none is missing."""

from __future__ import annotations

import struct
from collections.abc import AsyncIterator, Awaitable, Callable
from hashlib import blake2b

import msgspec
from msgspec import Struct

from bot.errors import ConfigError, Malformed
from bot.ports.dump import Frame

FORM = 1
"""Version of this form; a newer one is refused."""
LONGEST = 64 * 1024 * 1024  # bytes of one frame; MongoDB's documents have 16 MB at most
_LENGTH = struct.Struct(">I")
_encoder = msgspec.msgpack.Encoder()
_frames = msgspec.msgpack.Decoder(Frame)


class Head(Struct, frozen=True):
    """What a backup says of itself. ``cut``: the journal ends there; ``waiting``: queues that were not copied and held messages
    then."""

    cut: float
    at: float
    store: str
    bus: str
    form: int = FORM
    waiting: dict[str, int] = {}


_heads = msgspec.json.Decoder(Head)


async def packed(head: Head, frames: AsyncIterator[Frame]) -> AsyncIterator[bytes]:
    """The bytes of a whole backup."""
    seal, count = blake2b(digest_size=32), 0
    first = _pack(Frame("head", "", msgspec.json.encode(head)))
    seal.update(first)
    yield first
    async for frame in frames:
        raw = _pack(frame)
        seal.update(raw)
        count += 1
        yield raw
    yield _pack(Frame("end", "", seal.digest(), count))


async def unpacked(read: Callable[[int], Awaitable[bytes]]) -> AsyncIterator[Head | Frame]:
    """First the head, then the frames. ``read`` gives exactly so many bytes, fewer only at the end. Raises Malformed when it is
    not whole, and ConfigError when a newer release wrote it."""
    seal, count = blake2b(digest_size=32), 0
    head: Head | None = None
    while True:
        raw = await _next(read)
        frame = _decoded(raw[_LENGTH.size :])
        if frame.part == "end":
            if head is None or frame.data != seal.digest() or frame.number != count:
                raise Malformed("The backup is not as it was written.", code="backup_changed")
            return
        seal.update(raw)
        if head is None:
            head = _head(frame)
            yield head
        else:
            count += 1
            yield frame


async def _next(read: Callable[[int], Awaitable[bytes]]) -> bytes:
    length = await read(_LENGTH.size)
    if len(length) < _LENGTH.size:
        raise Malformed("The backup ends too early.", code="backup_cut_off")
    (size,) = _LENGTH.unpack(length)
    if size > LONGEST:
        raise Malformed("This is no backup.", code="backup_unreadable")
    body = await read(size)
    if len(body) < size:
        raise Malformed("The backup ends too early.", code="backup_cut_off")
    return length + body


def _pack(frame: Frame) -> bytes:
    body = _encoder.encode(frame)
    return _LENGTH.pack(len(body)) + body


def _decoded(body: bytes) -> Frame:
    try:
        return _frames.decode(body)
    except (msgspec.DecodeError, msgspec.ValidationError) as error:
        raise Malformed("This is no backup.", code="backup_unreadable") from error


def _head(frame: Frame) -> Head:
    if frame.part != "head":
        raise Malformed("This is no backup.", code="backup_unreadable")
    try:
        head = _heads.decode(frame.data)
    except (msgspec.DecodeError, msgspec.ValidationError) as error:
        raise ConfigError("The backup was made by a release that is not compatible.", code="backup_newer") from error
    if head.form > FORM:
        raise ConfigError("The backup was made by a newer release.", code="backup_newer")
    return head
