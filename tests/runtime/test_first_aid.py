"""Danger is answered by the ingress when nobody behind the bus does, once, and nothing else is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from msgspec.structs import replace

from bot.app.engines import Engines
from bot.errors import GatewayUnavailable, OutcomeUnknown, Refused, SessionsUnavailable
from bot.ingress.first_aid import AFTER, AGAIN, ENDS, OURS, UNDERWAY, FirstAid
from bot.metrics import Metrics
from bot.model.effects import Effect, Outbound
from bot.model.ids import EffectId, GatewayId, PersonId, effect_of
from bot.model.inbound import Inbound
from bot.ports.aid import Aid
from tests.runtime.parts import ASHA, RAVI, CountingEngine, message
from tests.runtime.sending import NOW, NoClaims, Phone, of, sending

HELP = "text of x"
DANGER = message(1, text="danger")
ALARM = EffectId(f"{DANGER.id}#e0")


class Reading(CountingEngine):
    """Notes what it was given to read."""

    def __init__(self) -> None:
        super().__init__()
        self.read: list[str | None] = []

    def emergency_only(self, event: Inbound, *, now: float) -> Sequence[Effect]:
        self.read.append(event.text)
        if event.text == "unreadable":
            raise KeyError("day")
        return super().emergency_only(event, now=now)


class Here:
    """An ingress beside real claims, at a time of its own."""

    def __init__(self, engines: Engines, phone: Phone | None = None, aid: Aid | None = None) -> None:
        self.now, self.phone, self.engine, self.metrics = NOW, phone or Phone(), Reading(), Metrics()
        self.first_aid = FirstAid(self.engine, self.phone, aid or engines.aid, self.metrics, lambda: self.now)

    async def after(self, seconds: float) -> list[str]:
        """What the phone has heard by then."""
        self.now += seconds
        await self.first_aid.look()
        await self.first_aid.done()
        return self.phone.arrived


async def test_danger_that_nobody_answers_is_answered_from_here_and_the_turns_copy_is_not_sent(engines: Engines) -> None:
    here = Here(engines)
    here.first_aid.arrived(DANGER)
    here.first_aid.arrived(message(2, RAVI, text="hello"))
    assert await here.after(AFTER - 0.1) == []
    here.first_aid.arrived(DANGER)  # the gateway brings it again, because nobody took it
    assert await here.after(0.1) == [HELP]
    here.first_aid.arrived(DANGER)
    assert await here.after(AFTER) == [HELP]
    assert here.engine.read == ["danger", "hello"], "each is read once"
    late = Phone()
    async with sending(engines, late, aid=engines.aid) as sender:
        for redelivered in (False, True):
            (alarm,) = CountingEngine().emergency_only(DANGER, now=here.now)
            assert isinstance(alarm, Outbound)
            await sender.handle(of(alarm, redelivered=redelivered))
    assert late.arrived == []
    record = await engines.store.delivery(ALARM)
    assert record is not None
    assert (record.state, record.gateway_id) == ("sent", here.phone.history[ALARM])
    assert b'procare_first_aid_total{outcome="given"} 1.0' in here.metrics.render()


@pytest.mark.parametrize("answer", ["#e0", "#2"], ids=["alarm", "question"])
async def test_who_was_answered_is_not_even_read(engines: Engines, answer: str) -> None:
    here = Here(engines)
    here.first_aid.arrived(DANGER)
    await engines.deliveries.sent(ASHA, EffectId(DANGER.id + answer), GatewayId("g"), now=NOW)
    assert await here.after(AFTER) == []
    assert here.engine.read == []


async def test_a_sender_that_has_begun_is_waited_for_and_not_for_ever(engines: Engines) -> None:
    here = Here(engines)
    here.first_aid.arrived(DANGER)
    await engines.deliveries.claim(ASHA, effect_of(DANGER.id, 0), now=NOW)
    assert await here.after(AFTER) == []
    assert await here.after(UNDERWAY - AFTER) == [HELP]


async def test_of_two_ingresses_one_answers(engines: Engines) -> None:
    one, two = Here(engines), Here(engines)
    for here in (one, two):
        here.first_aid.arrived(DANGER)
        await here.after(AFTER)
    for here in (one, two):
        await here.after(OURS + AGAIN)
    assert one.phone.arrived + two.phone.arrived == [HELP]


async def test_what_the_gateway_does_not_take_is_tried_again_and_what_it_hides_is_looked_for(engines: Engines) -> None:
    here = Here(engines, Phone(GatewayUnavailable(), "hidden"))
    here.first_aid.arrived(DANGER)
    assert await here.after(AFTER) == []
    assert await here.after(AGAIN) == [HELP]
    assert here.phone.looked == 0
    assert await here.after(AGAIN) == [HELP]
    assert here.phone.looked == 1
    assert await engines.aid.gave(ASHA, ALARM) == here.phone.history[ALARM]


async def test_a_refusal_ends_it_and_so_does_time(engines: Engines) -> None:
    here = Here(engines, Phone(Refused(code="not_on_whatsapp"), OutcomeUnknown()))
    here.first_aid.arrived(DANGER)
    other = replace(message(2, RAVI, text="danger"))
    assert await here.after(AFTER) == []
    here.first_aid.arrived(DANGER)
    here.first_aid.arrived(other)
    assert await here.after(AFTER) == []
    assert await here.after(ENDS + 1) == []
    assert await here.after(AGAIN) == []
    assert here.phone.plan == []


async def test_what_cannot_be_read_holds_nobody_up(engines: Engines) -> None:
    here = Here(engines)
    here.first_aid.arrived(message(1, text="unreadable"))
    here.first_aid.arrived(message(2, RAVI, text="danger"))
    assert await here.after(AFTER) == [HELP]


class Asleep:
    """Claims that are out of reach for as long as ``away`` is set."""

    def __init__(self, aid: Aid) -> None:
        self._aid, self.away = aid, True

    def __getattr__(self, name: str) -> Any:
        async def away(*_: Any, **__: Any) -> None:
            raise SessionsUnavailable

        return away if self.away else getattr(self._aid, name)


async def test_while_nobody_can_tell_the_gateways_history_does_and_it_is_noted_afterwards(engines: Engines) -> None:
    asleep = Asleep(engines.aid)
    here = Here(engines, aid=asleep)
    here.phone.deliver(CountingEngine().emergency_only(DANGER, now=NOW)[0])  # type: ignore[arg-type]  # by the usual way
    for one in (DANGER, message(2, RAVI, text="danger")):
        here.first_aid.arrived(one)
    assert await here.after(AFTER) == [HELP, HELP], "one that was answered, and one that was not"
    asleep.away = False
    await here.after(AGAIN)
    for person, number in ((ASHA, 1), (RAVI, 2)):
        assert await engines.aid.gave(person, EffectId(f"{message(number, person).id}#e0")) is not None


async def test_a_sender_that_cannot_ask_sends(engines: Engines) -> None:
    phone = Phone()
    (alarm,) = CountingEngine().emergency_only(DANGER, now=NOW)
    assert isinstance(alarm, Outbound)
    async with sending(engines, phone, aid=NoClaims()) as sender:
        await sender.handle(of(alarm))
    assert phone.arrived == [HELP]


async def test_a_person_who_becomes_known_is_looked_for_under_that_name(engines: Engines) -> None:
    here = Here(engines)
    hidden = PersonId("p" + "0" * 24)
    here.first_aid.arrived(replace(DANGER, person=hidden))
    here.now += 1.0
    here.first_aid.arrived(DANGER)
    await engines.deliveries.sent(ASHA, ALARM, GatewayId("g"), now=NOW)
    assert await here.after(AFTER - 1.0) == []
