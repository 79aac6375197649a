"""The loss detector: what people wrote and no webhook brought is taken from the gateway's history and goes the usual way.

A message keeps the id and the time that it would have had, so that one which arrives by both ways runs once, and the engine says
"you wrote three hours ago". Bounded in every direction: how far back, how many pages a look, how many messages a second.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Protocol

from msgspec import Struct

from bot.errors import Malformed
from bot.model.ids import InputId, PersonId
from bot.model.inbound import Inbound
from bot.ports.tombstones import Tombstone
from config.watch import Losses
from webhooks.evolution.received import Row, Rows
from webhooks.ids import earlier
from webhooks.intake import Intake, Opened
from webhooks.parsed import Arrived

log = logging.getLogger(__name__)

Erased = Callable[[], Awaitable[Sequence[Tombstone]]]
Seen = Callable[[Sequence[tuple[PersonId, InputId]]], Awaitable[set[InputId]]]
MOST_REMEMBERED = 20_000


class History(Protocol):
    async def received(self, instance: str, page: int) -> Rows: ...


class Told(Protocol):
    """What is counted."""

    def missed(self, outcome: str) -> None: ...

    def history_read(self, instance: str, until: float) -> None: ...


class _Sweep(Struct):
    """One way back through the history: ``page`` is read next, until messages are older than ``back_to``."""

    began: float
    back_to: float
    page: int = 1


class CatchingUp:
    """``seen`` tells what was processed, ``erased`` who was erased since: of them we do not know that any more, and the gateway's
    history would bring all of it back as if it had been missed. ``pause`` waits between two messages that are caught up."""

    def __init__(
        self,
        history: History,
        intake: Intake,
        seen: Seen,
        erased: Erased,
        rules: Losses,
        told: Told,
        *,
        clock: Callable[[], float],
        pause: Callable[[float], Awaitable[None]],
    ) -> None:
        self._history, self._intake, self._seen, self._rules, self._told = history, intake, seen, rules, told
        self._erased = erased
        self._clock, self._pause = clock, pause
        self._sweeps: dict[str, _Sweep] = {}
        self._read_until: dict[str, float] = {}
        self._afresh: set[str] = set()
        self._fed: dict[InputId, float] = {}

    def from_the_start(self, instance: str) -> None:
        """Go back over the whole horizon: the instance was away, and what it brings along now is old. A way back that is under
        way is gone to its end first, or an instance that comes and goes would never let us see more than the newest pages."""
        self._read_until.pop(instance, None)
        if instance in self._sweeps:
            self._afresh.add(instance)

    async def look(self, instance: str) -> bool:
        """One bounded look. False when there is more to read. Raises Unavailable or Refused; the next look repeats this one."""
        now, rules = self._clock(), self._rules
        sweep = self._sweeps.get(instance)
        if sweep is None:
            before = self._read_until.get(instance)
            back_to = now - rules.horizon if before is None else max(before - rules.overlap, now - rules.horizon)
            sweep = self._sweeps[instance] = _Sweep(now, back_to)
        missed: list[tuple[Opened, Inbound]] = []
        page, done = sweep.page, False
        for _ in range(rules.pages):
            rows = await self._history.received(instance, page)
            within = [row for row in reversed(rows.rows) if sweep.back_to <= row.at <= now - rules.settle]
            # Pages come newest first. The gateway tells whole seconds only, in which somebody writes two or three messages.
            missed = await self._missed(sorted(within, key=lambda row: (row.at, row.place))) + missed
            done = page >= rows.pages or rows.oldest < sweep.back_to
            if done:
                break
            page += 1
        await self._feed(missed, instance)
        if done:
            del self._sweeps[instance]
            if instance in self._afresh:
                self._afresh.discard(instance)
                return False
            self._read_until[instance] = sweep.began
            self._told.history_read(instance, sweep.began)
        else:  # what came meanwhile has moved the pages on: this one is read again, and nothing is left out
            sweep.page = page - 1
        return done

    async def _missed(self, rows: Iterable[Row]) -> list[tuple[Opened, Inbound]]:
        found: list[tuple[Opened, Inbound]] = []
        for row in rows:
            try:
                opened = await self._intake.open(row.event)
            except Malformed:
                self._told.missed("unreadable")
                continue
            found += [(opened, await self._intake.recognised(one)) for one in opened.parsed if isinstance(one, Arrived)]
        asked = []
        for _, message in found:
            # They may have been heard under a hidden number, before anybody told us whose it is, or by an earlier release.
            for person in (message.person, message.formerly):
                if person is not None:
                    asked += [(person, message.id), (person, earlier(message.id, message.message_id))]
        seen, now = await self._seen(asked), self._clock()
        missed = [
            (opened, message)
            for opened, message in found
            if seen.isdisjoint({message.id, earlier(message.id, message.message_id)})
            and now - self._fed.get(message.id, 0.0) >= self._rules.again_after
        ]
        return await self._not_erased(missed) if missed else []

    async def _not_erased(self, missed: list[tuple[Opened, Inbound]]) -> list[tuple[Opened, Inbound]]:
        """Without what is older than the erasure of who wrote it."""
        until: dict[PersonId, float] = {}
        for stone in await self._erased():
            for person in (stone.person, *stone.people):
                until[person] = max(stone.until, until.get(person, 0.0))
        return [
            (opened, message)
            for opened, message in missed
            if all(person is None or message.sent_at > until.get(person, 0.0) for person in (message.person, message.formerly))
        ]

    async def _feed(self, missed: list[tuple[Opened, Inbound]], instance: str) -> None:
        """In the order in which they were written."""
        missed = sorted({message.id: (opened, message) for opened, message in missed}.values(), key=lambda one: one[1].sent_at)
        for opened, message in missed:
            taken = await self._intake.publish(opened)
            self._note(message.id)
            self._told.missed("caught_up" if taken else "shed")
            if taken:  # what a flood left in the history does not keep others waiting
                await self._pause(1.0 / self._rules.per_second)
        if missed:
            oldest = round(self._clock() - missed[0][1].sent_at)
            log.warning(
                "messages were missed and are caught up",
                extra={"action": "caught_up", "instance": instance, "count": len(missed), "seconds": oldest},
            )

    def _note(self, id_: InputId) -> None:
        self._fed.pop(id_, None)
        self._fed[id_] = self._clock()
        while len(self._fed) > MOST_REMEMBERED:
            del self._fed[next(iter(self._fed))]
