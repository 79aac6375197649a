"""Broken channels: an instance that is not open for too long is logged, shown as a metric, and told to an operator elsewhere."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from contextlib import suppress

from bot import queues
from bot.errors import Unavailable
from bot.metrics import Metrics
from bot.model.codec import encode
from bot.model.effects import Outbound
from bot.model.events import ChannelState
from bot.model.ids import effect_of, partition_of, person_of
from bot.ports.bus import Bus, Envelope
from bot.ports.sessions import Directory
from config.watch import ChannelRules

log = logging.getLogger(__name__)


class ChannelWatch:
    """``own``: our main instance; the official API never tells of itself, so it counts as open unless it does."""

    def __init__(
        self,
        directory: Directory,
        bus: Bus,
        rules: ChannelRules,
        metrics: Metrics,
        clock: Callable[[], float],
        *,
        partitions: int,
        own: str,
        operator: str | None = None,
    ) -> None:
        self._directory, self._bus, self._rules, self._metrics, self._clock = directory, bus, rules, metrics, clock
        self._partitions, self._own, self._operator = partitions, own, operator
        # Since when each is not open. The directory knows only the last word, and an instance in trouble says many.
        self._since: dict[str, float] = {}
        self._alarmed: set[str] = set()

    async def run(self, stop: asyncio.Event) -> None:
        while not stop.is_set():
            with suppress(Unavailable):  # said by whoever needs that engine more
                await self.look()
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), self._rules.look_every)

    async def look(self) -> None:
        """One look at all instances. Raises Unavailable; the next look raises the alarm that this one could not."""
        now, states = self._clock(), await self._directory.channels()
        for state in states:
            if state.state == "open":
                self._since.pop(state.instance, None)
                if state.instance in self._alarmed:
                    self._alarmed.discard(state.instance)
                    log.warning("a broken channel is open again", extra={"action": "channel_mended", "instance": state.instance})
                self._metrics.broken.labels(state.instance).set(0)
                continue
            since = self._since.setdefault(state.instance, state.at)
            if now - since >= self._rules.broken_after and state.instance not in self._alarmed:
                await self._alarm(state, since, now, states)
                self._alarmed.add(state.instance)

    async def _alarm(self, state: ChannelState, since: float, now: float, states: Sequence[ChannelState]) -> None:
        self._metrics.broken.labels(state.instance).set(1)
        told = await self._tell(state, since, now, states)
        log.error(
            "a channel is broken",
            extra={
                "action": "channel_broken", "instance": state.instance, "state": state.state, "reason": state.reason,
                "seconds": round(now - since), "outcome": "told" if told else "nobody_told",
            },
        )  # fmt: skip

    async def _tell(self, state: ChannelState, since: float, now: float, states: Sequence[ChannelState]) -> bool:
        """Through an instance that works. Every scheduler says it under the same id: it is sent once."""
        instance = self._another(state.instance, states)
        if self._operator is None or instance is None:
            return False
        person = person_of(f"phone:{self._operator}")
        text = self._rules.notice.format(instance=state.instance, state=state.state, minutes=round((now - since) / 60))
        notice = Outbound(
            effect_of(f"channel:{state.instance}:{since:.0f}", 0), person, instance,
            "baileys" if any(one.instance == instance for one in states) else "cloud", self._operator, "emergency", text, now,
        )  # fmt: skip
        queue = queues.urgent(partition_of(person, self._partitions))
        await self._bus.publish(queue, Envelope(id=notice.id, key=person, body=encode(notice), at=now))
        return True

    def _another(self, broken: str, states: Sequence[ChannelState]) -> str | None:
        works = [one.instance for one in states if one.state == "open" and one.instance != broken]
        if self._own != broken and all(one.instance != self._own for one in states):
            works.insert(0, self._own)
        return works[0] if works else None
