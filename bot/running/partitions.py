"""Share the partitions among the members of a group: who consumes which is worked out from who is alive.

The bus's single active consumer keeps two members apart when they disagree for a moment; this only spreads the work.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine, Sequence
from hashlib import blake2s
from typing import Any

from bot.errors import SessionsUnavailable
from bot.ports.sessions import Directory

log = logging.getLogger(__name__)

BEAT = 1.0
"""Seconds between two heartbeats."""
TTL = 4.0
"""Seconds after which a silent member counts as gone, and its partitions go to others."""

Consume = Callable[[int, asyncio.Event], Coroutine[Any, Any, None]]


def owner(partition: int, members: Sequence[str]) -> str:
    """The member that owns a partition: highest hash wins, so that a change of members moves few partitions."""
    return max(members, key=lambda member: blake2s(f"{member}/{partition}".encode(), digest_size=8).digest())


class Partitions:
    """Runs ``consume(partition, stop)`` for each partition that is ours, and stops it when it moves away."""

    def __init__(
        self, directory: Directory, group: str, member: str, count: int, clock: Callable[[], float],
        on_members: Callable[[int], None] | None = None,
    ) -> None:  # fmt: skip
        self._directory, self._group, self._member = directory, group, member
        self._count, self._clock, self._on_members = count, clock, on_members

    async def run(self, consume: Consume, stop: asyncio.Event) -> None:
        ours: dict[int, tuple[asyncio.Event, asyncio.Task[None]]] = {}
        members: list[str] = [self._member]
        async with asyncio.TaskGroup() as tasks:
            while not stop.is_set():
                members = await self._alive(members)
                wanted = {p for p in range(self._count) if owner(p, members) == self._member}
                for partition in ours.keys() - wanted:
                    ours.pop(partition)[0].set()
                for partition in wanted - ours.keys():
                    halt = asyncio.Event()
                    task = tasks.create_task(consume(partition, halt), name=f"{self._group} {partition}")
                    ours[partition] = (halt, task)
                await _either(stop, BEAT)
            for halt, _ in ours.values():
                halt.set()
        try:
            await self._directory.leave(self._group, self._member)
        except SessionsUnavailable:
            log.info("could not say good-bye", extra={"action": "leave_failed", "role": self._group})

    async def _alive(self, before: list[str]) -> list[str]:
        try:
            members = await self._directory.heartbeat(self._group, self._member, now=self._clock(), ttl=TTL)
        except SessionsUnavailable:
            return before  # nobody can know better now; the bus keeps us apart
        if members != before:
            log.info("members changed", extra={"action": "members", "role": self._group, "members": len(members)})
        if self._on_members:
            self._on_members(len(members))
        return members or [self._member]


async def _either(stop: asyncio.Event, seconds: float) -> None:
    try:
        await asyncio.wait_for(stop.wait(), seconds)
    except TimeoutError:
        return
