"""The forecast of a wave: how long the channel takes for what comes due at one hour, and what would then be too late."""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import blake2s

from msgspec import Struct


class Batch(Struct, frozen=True, order=True):
    """So many of one kind, due at one moment and worth saying until before ``latest``. Taken in the order of ``due``."""

    due: float
    name: str
    count: int
    latest: float


class Served(Struct, frozen=True):
    """``late``: so many of it the channel would not reach in time; they are judged as expired and cost it nothing."""

    batch: Batch
    begun: float
    done: float
    late: int


class Wave(Struct, frozen=True):
    """What follows one on the other without a pause."""

    served: tuple[Served, ...]

    @property
    def begun(self) -> float:
        return self.served[0].begun

    @property
    def done(self) -> float:
        return max(one.done for one in self.served)

    @property
    def count(self) -> int:
        return sum(one.batch.count for one in self.served)

    @property
    def late(self) -> int:
        return sum(one.late for one in self.served)


def spread(person: str, at: float, latest: float, most: float) -> float:
    """A moment of this person's own from ``at`` on, for what would come to everybody at the same one: the end of the night, a
    midnight. At most half of the time that is left is waited."""
    share = int.from_bytes(blake2s(person.encode(), digest_size=4).digest(), "big") / 2**32
    return at + share * max(0.0, min(most, (latest - at) / 2))


def forecast(batches: Iterable[Batch], rate: float, now: float, waiting: int = 0) -> list[Wave]:
    """``rate``: messages a second of the channel. ``waiting``: messages that it still has to send before all of these."""
    free = now + waiting / rate
    waves: list[list[Served]] = []
    for batch in sorted(batches):
        begun = max(free, batch.due, now)
        sent = min(batch.count, max(0, int((batch.latest - begun) * rate)))
        done = begun + sent / rate
        if waves and begun == free:
            waves[-1].append(Served(batch, begun, done, batch.count - sent))
        else:
            waves.append([Served(batch, begun, done, batch.count - sent)])
        free = done
    return [Wave(tuple(one)) for one in waves]
