"""First aid: danger is answered by the ingress itself when nobody behind the bus has answered it in time.

What a person wrote goes the usual way in any case. Only where the way is broken at some place (a broker without its majority, a
worker or sender on the wrong side of a cut network, an engine that is away), the fixed text goes out from here, under the id that
the turn will give it; the turn runs when it can, opens the case and records, and its copy of the text is not sent again.

Nothing is read that was answered: one look asks for the answers to all messages of its half second. Who is not answered is read.
"""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Callable, Sequence
from contextlib import suppress
from time import perf_counter
from typing import Protocol, TypeVar

from msgspec import Struct

from bot import logs
from bot.errors import BotError, GatewayUnavailable, OutcomeUnknown, Refused
from bot.metrics import Metrics
from bot.model.effects import Effect, Outbound
from bot.model.ids import GatewayId, InputId, PersonId
from bot.model.inbound import Inbound
from bot.ports.aid import Aid, Answered
from bot.ports.gateway import Gateway

log = logging.getLogger(__name__)
Kept = TypeVar("Kept")

AFTER = 4.0
"""Seconds that the usual way has."""
EVERY = 0.5
AGAIN = 2.0  # seconds until a message is looked at again whose answer is under way or was not taken by the gateway
UNDERWAY = 10.0  # seconds that a sender's claim is believed; it may be cut off from the gateway, or dead
ENDS = 1_200.0  # seconds after which we let go: for so long gateways repeat what was refused them
MOST = 20_000  # messages that wait for a look or are remembered; of more the oldest go
WAIT = 1.0  # seconds in which the session engine must answer
OURS = 10.0  # seconds; less than what `begin` holds others off
READING = 0.1  # seconds of each look for reading what was not answered; the rest has its turn at the next look


class Alone(Protocol):
    """The emergency lane of the engine."""

    def emergency_only(self, event: Inbound, *, now: float) -> Sequence[Effect]: ...


class Waiting(Struct):
    inbound: Inbound
    came: float
    due: float
    alarm: Outbound | None = None  # read, and of danger
    blind: bool = False  # nobody could tell whether it was answered
    tried: float | None = None  # since then the gateway may have it from us
    ours: float = 0.0  # until then no other ingress takes it


class FirstAid:
    """Tell ``arrived`` of every message before it is published, and run ``run`` beside it."""

    def __init__(self, engine: Alone, gateway: Gateway, aid: Aid, metrics: Metrics, clock: Callable[[], float]) -> None:
        self._engine, self._gateway, self._aid = engine, gateway, aid
        self._metrics, self._clock = metrics, clock
        self._waiting: OrderedDict[InputId, Waiting] = OrderedDict()
        self._helped: OrderedDict[InputId, None] = OrderedDict()
        self._unnoted: OrderedDict[InputId, tuple[Outbound, GatewayId]] = OrderedDict()
        self._helping: dict[InputId, asyncio.Task[None]] = {}

    def arrived(self, inbound: Inbound) -> None:
        """Again for a message that the gateway repeats, or of which more is known: its time goes on from the first."""
        if not inbound.text or inbound.id in self._helped:
            return
        if waiting := self._waiting.get(inbound.id):
            waiting.inbound = inbound
            return
        now = self._clock()
        self._waiting[inbound.id] = Waiting(inbound, now, now + AFTER)
        _bound(self._waiting)

    async def run(self, stop: asyncio.Event) -> None:
        while not stop.is_set():
            try:
                await self.look()
            except Exception as error:  # the last lane of all must not end with one message
                log.error("a look for first aid failed", extra={"action": "first_aid_failed"}, exc_info=error)
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), EVERY)
        for task in self._helping.values():
            task.cancel()
        await self.done()

    async def done(self) -> None:
        """Whoever is being helped now, was."""
        await asyncio.gather(*self._helping.values(), return_exceptions=True)

    async def look(self) -> None:
        """Let go of what was answered, and begin to answer what is of danger."""
        now = self._clock()
        for id_, what in list(self._unnoted.items())[:10]:
            await self._note(id_, *what)
        due = [one for id_, one in self._waiting.items() if one.due <= now and id_ not in self._helping]
        answers = await self._answered([(one.inbound.person, one.inbound.id) for one in due])
        began = perf_counter()
        for place, one in enumerate(due):
            answered: Answered = answers[place] if answers else "no"
            one.blind = not answers
            if answered == "yes" or now - one.came > ENDS:
                self._waiting.pop(one.inbound.id, None)
            elif answered == "underway" and now - one.came < UNDERWAY:
                one.due = now + AGAIN
            elif one.alarm is not None or perf_counter() - began < READING:
                self._see_to(one, now)
                await asyncio.sleep(0)  # webhooks come in between

    async def _answered(self, inputs: Sequence[tuple[PersonId, InputId]]) -> Sequence[Answered]:
        """Empty when nobody can tell."""
        with suppress(BotError, TimeoutError):
            async with asyncio.timeout(WAIT):
                return await self._aid.answered(inputs)
        return []

    def _see_to(self, one: Waiting, now: float) -> None:
        """What is not of danger, or cannot be read, is let go: the turn will see it."""
        if one.alarm is None:
            try:
                effects = self._engine.emergency_only(one.inbound, now=now)
            except Exception as error:
                log.error("a message could not be read", extra={"action": "first_aid_unread"}, exc_info=error)
                effects = []
            one.alarm = next((effect for effect in effects if isinstance(effect, Outbound)), None)
        if one.alarm is None:
            self._waiting.pop(one.inbound.id, None)
            return
        one.due = now + AGAIN
        task = asyncio.create_task(self._help(one, one.alarm), name="first-aid")
        self._helping[one.inbound.id] = task
        task.add_done_callback(lambda _: self._helping.pop(one.inbound.id, None))

    async def _help(self, one: Waiting, alarm: Outbound) -> None:
        logs.turn_id.set(one.inbound.id)
        logs.person_id.set(alarm.person)
        if not await self._takes(one, alarm):
            return
        try:
            gateway_id = await self._found(one, alarm) or await self._sent(one, alarm)
        except Refused as refusal:
            self._end(one, "refused")
            log.error("first aid was refused", extra={"action": "first_aid_refused", "code": refusal.code})
            return
        except (GatewayUnavailable, OutcomeUnknown) as error:
            self._metrics.first_aid.labels("unavailable").inc()
            log.warning("first aid is not possible yet", extra={"action": "first_aid_waits", "code": error.code})
            return
        self._end(one, "given")
        seconds = round(self._clock() - one.came, 1)
        log.error("an emergency was answered by the ingress", extra={"action": "first_aid", "seconds": seconds})
        self._unnoted[one.inbound.id] = (alarm, gateway_id)
        _bound(self._unnoted)
        await self._note(one.inbound.id, alarm, gateway_id)

    async def _takes(self, one: Waiting, alarm: Outbound) -> bool:
        """Several ingresses may hold the same message. Where the claims are out of reach each of them helps."""
        now = self._clock()
        if now < one.ours:
            return True
        with suppress(BotError, TimeoutError):
            async with asyncio.timeout(WAIT):
                if not await self._aid.begin(alarm.person, alarm.id):
                    return False
                one.ours = now + OURS
        return True

    async def _found(self, one: Waiting, alarm: Outbound) -> GatewayId | None:
        """The gateway's history tells what nobody else can."""
        since = one.came if one.blind else one.tried
        if since is None:
            return None
        try:
            return await self._gateway.find(alarm, since=since, known=())
        except BotError:
            if one.tried is not None:
                raise
            return None

    async def _sent(self, one: Waiting, alarm: Outbound) -> GatewayId:
        try:
            return await self._gateway.send(alarm)
        except GatewayUnavailable:
            one.tried = None
            raise
        except OutcomeUnknown:
            one.tried = one.tried or one.came
            raise

    async def _note(self, id_: InputId, alarm: Outbound, gateway_id: GatewayId) -> None:
        """So that the turn's copy is not sent as well; when the engine is away, as soon as it is back."""
        with suppress(BotError, TimeoutError):
            async with asyncio.timeout(WAIT):
                await self._aid.given(alarm.person, alarm.id, gateway_id)
            self._unnoted.pop(id_, None)

    def _end(self, one: Waiting, outcome: str) -> None:
        self._waiting.pop(one.inbound.id, None)
        self._helped[one.inbound.id] = None
        _bound(self._helped)
        self._metrics.first_aid.labels(outcome).inc()


def _bound(kept: OrderedDict[InputId, Kept]) -> None:
    while len(kept) > MOST:
        kept.popitem(last=False)
