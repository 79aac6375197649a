"""A person whose number is hidden, while the store is away: the conversation goes on, and danger is answered in any case."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from msgspec.json import encode

from bot import queues
from bot.app.engines import Engines
from bot.app.intake import make_intake
from bot.errors import StoreUnavailable
from bot.ingress.first_aid import AFTER, FirstAid
from bot.metrics import Metrics
from bot.model.ids import InputId
from bot.model.session import Session
from config.settings import Settings
from tests.runtime.conftest import PARTITIONS
from tests.runtime.parts import CountingEngine
from tests.runtime.sending import NOW, Phone
from webhooks.intake import Intake
from webhooks.people import lid_person, phone_person

LID, PHONE = "123456789012345", "919812345678"


class Away:
    """A store out of reach."""

    def __getattr__(self, name: str) -> Any:
        async def away(*_: Any, **__: Any) -> None:
            raise StoreUnavailable

        return away


def event(name: str, text: str) -> bytes:
    key = {"id": name, "fromMe": False, "remoteJid": f"{LID}@lid"}
    data = {"key": key, "message": {"conversation": text}, "messageTimestamp": int(NOW), "messageType": "conversation"}
    return encode({"event": "messages.upsert", "instance": "procare", "data": data | {"status": "DELIVERY_ACK"}})


class Ingress:
    """With a session engine, a bus and a gateway, and no store. ``now``: the time of first aid."""

    def __init__(self, settings: Settings, engines: Engines) -> None:
        self.now, self.phone, metrics = NOW, Phone(), Metrics()
        self.first_aid = FirstAid(CountingEngine(), self.phone, engines.aid, metrics, lambda: self.now)
        away: Any = Away()
        self.intake: Intake = make_intake(
            settings, replace(engines, store=away), metrics, lambda: self.now, arrived=self.first_aid.arrived
        )

    async def takes(self, name: str, text: str) -> bool:
        return await self.intake.publish(await self.intake.open(event(name, text)))


async def waiting(engines: Engines) -> int:
    return sum([(await engines.bus.depth(queues.turns(number))).ready for number in range(PARTITIONS)])


async def test_danger_of_somebody_unknown_is_answered_and_the_message_asked_for_again(
    settings: Settings, engines: Engines
) -> None:
    ingress = Ingress(settings, engines)
    with pytest.raises(StoreUnavailable):
        await ingress.takes("A1", "danger")
    ingress.now += AFTER
    await ingress.first_aid.look()
    await ingress.first_aid.done()
    assert ingress.phone.arrived == ["text of x"]
    assert await waiting(engines) == 0, "whose it is, nobody knows yet"


async def test_a_conversation_under_the_hidden_number_goes_on(settings: Settings, engines: Engines) -> None:
    ingress, person = Ingress(settings, engines), lid_person(LID)
    await engines.sessions.commit(Session(person=person, version=1), InputId("in:first"), [], now=NOW)
    assert await ingress.takes("A2", "hello")
    assert await taken(engines) == person


async def test_whose_phone_is_known_is_that_person(settings: Settings, engines: Engines) -> None:
    ingress = Ingress(settings, engines)
    await engines.sessions.commit(Session(person=lid_person(LID), version=1), InputId("in:first"), [], now=NOW)
    await engines.directory.link(LID, PHONE)
    assert await ingress.takes("A3", "hello")
    assert await taken(engines) == phone_person(PHONE)


async def taken(engines: Engines) -> str:
    for number in range(PARTITIONS):
        if (await engines.bus.depth(queues.turns(number))).ready:
            async with engines.bus.subscribe(queues.turns(number), prefetch=1) as subscription:
                return (await subscription.get()).envelope.key
    raise AssertionError("nothing was published")
