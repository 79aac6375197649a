"""How much, how long: the bounds of the HTTP edge."""

from __future__ import annotations

from msgspec import Struct

MIB = 1024 * 1024


class EdgeLimits(Struct, frozen=True):
    """Bytes and seconds. ``read + wait + publish`` stays under the gateway's own 30 seconds, so that we answer, not it."""

    max_body: int = 64 * MIB
    small_body: int = 1 * MIB  # up to here a body needs no place in the budget
    large_bodies: int = 128 * MIB  # of all large bodies held at once
    read_seconds: float = 15.0
    wait_seconds: float = 5.0  # for a place in the budget
    publish_seconds: float = 5.0
    retry_after: int = 5  # told with a 503 (Evolution has its own schedule and does not read it)
    max_postponed: int = 1_000  # events answered before they are published
    postponed_seconds: float = 1_200.0  # how long one of them is tried
    drain_seconds: float = 10.0  # for those that are left at the stop
