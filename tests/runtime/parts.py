"""Small parts that the runtime's tests share."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from bot.around_bus import AroundBus
from bot.errors import BusUnavailable
from bot.model.codec import decode_session, encode
from bot.model.effects import Effect, Outbound, Record
from bot.model.events import TurnEvent
from bot.model.hint import Hint
from bot.model.ids import EffectId, GatewayId, InputId, PersonId, effect_of, person_of
from bot.model.inbound import Inbound
from bot.model.session import Asked, Session
from bot.ports.bus import Bus, Delivery, Envelope, Subscription

ASHA = person_of("phone:919800000001")
RAVI = person_of("phone:919800000002")


def message(number: int, person: PersonId = ASHA, text: str = "hello", **more: Any) -> Inbound:
    return Inbound(
        id=InputId(f"in:test:{person}:{number}"), person=person, instance="test", integration="cloud", address="919800000001",
        message_id=GatewayId(f"m{number}"), kind="text", sent_at=1000.0 + number, received_at=1000.0 + number, text=text, **more,
    )  # fmt: skip


def outbound(name: str, person: PersonId = ASHA, **more: Any) -> Outbound:
    fields: dict[str, Any] = {"kind": "reply", "text": f"text of {name}", "at": 1000.0, **more}
    return Outbound(
        id=EffectId(name), person=person, instance="test", integration="cloud", address="919800000001", **fields
    )  # fmt: skip


def delivery(body: Struct, key: str, name: str, *, redelivered: bool = False) -> Delivery:
    return Delivery(Envelope(id=name, key=key, body=encode(body), at=1000.0), "test", 1, redelivered)


class CountingTurn(Struct):
    session: Session
    effects: list[Effect]
    trace: list[dict[str, Any]]
    kind: str


class CountingEngine:
    """Answers every input with how many turns this person has had; "danger" is an emergency. Pure, like the real one."""

    def __init__(self) -> None:
        self.runs = 0
        self.hints: list[Hint | None] = []

    def turn(
        self, session: Session, event: TurnEvent, *, now: float, asked: Asked | None = None, hint: Hint | None = None
    ) -> CountingTurn:
        self.runs += 1
        self.hints.append(hint)
        after = decode_session(encode(session))
        after.version += 1
        after.profile["turns"] = after.profile.get("turns", 0) + 1
        text = getattr(event, "text", None)
        effects: list[Effect] = []
        if text == "danger" and isinstance(event, Inbound):
            effects += self.emergency_only(event, now=now)
            effects.append(Record(id=effect_of(event.id, 9), person=event.person, kind="emergency", at=now))
        else:
            said = f"turn {after.profile['turns']}"
            effects.append(replace(outbound("x", event.person), id=effect_of(event.id, 0), text=said, at=now))
        return CountingTurn(after, effects, [], "answered")

    def one_moment(self, session: Session, event: Inbound, *, now: float) -> Sequence[Effect]:
        return [replace(outbound("x", event.person), id=EffectId(f"{event.id}#moment"), text="one moment", at=now)]

    def emergency_only(self, event: Inbound, *, now: float) -> Sequence[Effect]:
        if event.text != "danger":
            return []
        return [replace(outbound("x", event.person, kind="emergency"), id=EffectId(f"{event.id}#e0"), at=now)]


class Flaky(AroundBus):
    """A bus that neither confirms nor lets subscribe while ``down`` is set; everything else is the real bus."""

    def __init__(self, bus: Bus) -> None:
        super().__init__(bus)
        self.down = False
        self.asked = 0  # subscriptions

    async def publish(self, queue: str, envelope: Envelope) -> None:
        if self.down:
            raise BusUnavailable
        await super().publish(queue, envelope)

    @asynccontextmanager
    async def subscribe(self, queue: str, *, prefetch: int) -> AsyncIterator[Subscription]:
        self.asked += 1
        if self.down:
            raise BusUnavailable
        async with super().subscribe(queue, prefetch=prefetch) as subscription:
            yield subscription


async def taken(bus: Bus, queue: str, count: int) -> list[Envelope]:
    """Take ``count`` messages off a queue, and make sure that no more are there."""
    found: list[Envelope] = []
    async with bus.subscribe(queue, prefetch=count + 1) as subscription:
        for _ in range(count):
            async with asyncio.timeout(30):
                one = await subscription.get()
            found.append(one.envelope)
            await subscription.ack(one)
    depth = await bus.depth(queue)
    assert depth.ready == 0, f"{depth.ready} more on {queue}"
    return found
