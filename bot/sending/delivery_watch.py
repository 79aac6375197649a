"""Whether what was sent arrives: an emergency notice that does not lets its case climb, a silent number is noticed.

Both are documents with a time to look again, so that any number of senders may watch, and none that dies takes it along. Nothing
here may hold up or fail a send.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from msgspec.structs import replace

from bot import queues
from bot.errors import BotError, Unavailable
from bot.metrics import Metrics
from bot.model.codec import encode
from bot.model.effects import Intent, Outbound
from bot.model.ids import EffectId, GatewayId, PersonId
from bot.ports.bus import Bus, Envelope
from bot.ports.documents import Document
from bot.ports.sessions import Deliveries
from bot.ports.store import Store
from config.watch import DeliveryRules

log = logging.getLogger(__name__)

EMERGENCY, REACH = "emergency_delivery", "reach"
ARRIVED = frozenset({"delivered", "read", "played", "deleted"})
AGENT = "clinical_monitor"
TICK, LEASE, BATCH, TRIES = 1.0, 30.0, 100, 4


class DeliveryWatch:
    def __init__(
        self, store: Store, deliveries: Deliveries, bus: Bus, rules: DeliveryRules, metrics: Metrics, clock: Callable[[], float]
    ) -> None:
        self._store, self._deliveries, self._bus, self._rules = store, deliveries, bus, rules
        self._metrics, self._clock = metrics, clock

    async def expect(self, message: Outbound) -> None:
        """An emergency notice is about to go out: it is looked after until it arrives."""
        due = self._clock() + self._rules.look_every
        document = Document(EMERGENCY, message.id, message.person, message.at, 0, due, "waiting")
        try:
            await self._store.documents.save(document)  # there already: it is being sent again
        except Unavailable as error:
            log.error("an emergency notice is sent unwatched", extra={"action": "unwatched", "code": error.code})

    async def went_out(self, message: Outbound, gateway_id: GatewayId) -> None:
        """A message that the person did not just ask for was sent: it counts in their row."""
        with suppress(Unavailable):  # the next one counts
            for _ in range(TRIES):
                now = self._clock()
                document = await self._reach(message.person, now)
                row = [one for one in _row(document) if one[1] != gateway_id][-self._rules.in_row + 1 :]
                row.append([now, gateway_id])
                due = now + self._rules.silent_after if len(row) == self._rules.in_row else document.due
                if await self._store.documents.save(replace(document, at=now, due=due, data={**document.data, "row": row})):
                    return

    async def run(self, stop: asyncio.Event) -> None:
        while not stop.is_set():
            try:
                await self.tick()
            except Unavailable as error:
                log.warning("deliveries cannot be watched now", extra={"action": "watch_waits", "code": error.code})
            except BotError as error:  # one document that nobody can read: the sender itself goes on
                log.error("deliveries are not watched", extra={"action": "watch_failed", "code": error.code})
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), TICK)

    async def tick(self) -> None:
        """Look at everything that is due. Raises Unavailable; the lease brings it back."""
        now = self._clock()
        for document in await self._store.documents.claim_due((EMERGENCY, REACH), now, BATCH, LEASE):
            look = self._look_at_emergency if document.kind == EMERGENCY else self._look_at_row
            # False: another send changed it meanwhile, and set the time of the next look itself.
            await self._store.documents.save(await look(document, now))

    async def _look_at_emergency(self, document: Document, now: float) -> Document:
        state = await self._fate(EffectId(document.id))
        if state == "delivered":
            self._metrics.watched.labels("delivered").inc()
            return replace(document, state="delivered", due=None)
        if state == "waiting" and now < document.at + self._rules.emergency_after:
            return replace(document, due=now + self._rules.look_every)
        await self._ask("alarm_undelivered", document.person, document.id, {"message": document.id}, now)
        self._metrics.watched.labels("undelivered").inc()
        log.error("an emergency notice did not arrive", extra={"action": "undelivered", "state": state})
        return replace(document, state="undelivered", due=None, data={"why": state})

    async def _fate(self, effect: EffectId) -> str:
        """``delivered``, ``failed``, or ``waiting``: also what could not be sent yet has not arrived."""
        record = await self._store.delivery(effect)
        if record is None or (record.state == "sent" and record.gateway_id is None):
            return "waiting"
        if record.gateway_id is None or record.state != "sent":
            return "failed"
        status = await self._deliveries.status(record.gateway_id)
        return "delivered" if status in ARRIVED else "failed" if status == "failed" else "waiting"

    async def _look_at_row(self, document: Document, now: float) -> Document:
        row = _row(document)
        statuses = [await self._deliveries.status(GatewayId(gateway_id)) for _, gateway_id in row]
        arrived = [place for place, status in enumerate(statuses) if status in ARRIVED]
        if arrived:
            if document.state == "silent":
                self._metrics.watched.labels("receives_again").inc()
                log.info("a number receives again", extra={"action": "receives_again"})
            return replace(document, state="", due=None, data={"row": row[arrived[-1] + 1 :]})
        if document.state == "silent":
            return replace(document, due=None)
        since = row[0][0]
        await self._ask("number_silent", document.person, f"{document.person}:{since:.0f}", {}, now)
        self._metrics.watched.labels("silent").inc()
        log.warning(
            "a number receives nothing", extra={"action": "number_silent", "count": len(row), "seconds": round(now - since)}
        )
        return replace(document, state="silent", due=None, data={"row": row, "since": since})

    async def _ask(self, name: str, person: PersonId, cause: str, data: dict[str, Any], now: float) -> None:
        intent = Intent(EffectId(f"watch:{name}:{cause}"), person, AGENT, name, now, data, unanswered=True)
        await self._bus.publish(queues.agent(AGENT), Envelope(id=intent.id, key=person, body=encode(intent), at=now))

    async def _reach(self, person: PersonId, now: float) -> Document:
        return await self._store.documents.get(REACH, person) or Document(REACH, person, person, now)


def _row(document: Document) -> list[list[Any]]:
    """The last messages, each with its time and its id at the gateway."""
    return [list(one) for one in document.data.get("row", [])]
