"""One message that never gets through holds up nobody else, and its own person not for long; an outage is waited for."""

from __future__ import annotations

import asyncio
from collections.abc import Collection

import pytest

from bot import queues
from bot.app.engines import Engines
from bot.errors import BotError, GatewayUnavailable, OutcomeUnknown, Refused, Undeliverable, Unsettled
from bot.metrics import Metrics
from bot.model.codec import encode
from bot.model.effects import Outbound
from bot.model.ids import EffectId, GatewayId
from bot.ports.bus import Envelope
from bot.running.consumer import Consumer
from bot.running.settle import Settle, settle
from bot.sending.circuit import THRESHOLD
from bot.sending.sender import Sender
from bot.sending.standstill import HOPELESS, PASSING, URGENT, USUAL, Standstill
from tests.runtime.parts import ASHA, RAVI, outbound
from tests.runtime.sending import Phone, of, sending


class Choosy(Phone):
    """A gateway that never takes what is ``bad``, and says so in ``error``."""

    def __init__(self, error: BotError, *bad: str) -> None:
        super().__init__()
        self.error, self.bad, self.tried = error, set(bad), 0
        self.state: BotError | str = "open"
        self.heard = asyncio.Condition()

    async def send(self, message: Outbound) -> GatewayId:
        if message.id in self.bad:
            self.tried += 1
            raise type(self.error)(code=self.error.code)
        async with self.heard:
            self.heard.notify_all()
            return self.deliver(message)

    async def find(self, message: Outbound, *, since: float, known: Collection[GatewayId]) -> GatewayId | None:
        return None

    async def ping(self, instance: str) -> str:
        if isinstance(self.state, BotError):
            raise self.state
        return self.state

    async def until(self, *texts: str) -> None:
        async with self.heard:
            await self.heard.wait_for(lambda: set(texts) <= set(self.arrived))


async def queued(engines: Engines, queue: str, *messages: Outbound) -> None:
    for one in messages:
        await engines.bus.publish(queue, Envelope(id=one.id, key=one.person, body=encode(one), at=one.at))


def consumer(engines: Engines, sender: Sender, queue: str, metrics: Metrics) -> Consumer:
    return Consumer(
        engines.bus, queue, sender.handle, metrics, prefetch=50, budget=None, longest_pause=0.02, lets_pass=sender.lets_pass
    )  # fmt: skip


@pytest.mark.parametrize("error", [OutcomeUnknown(code="http_500"), GatewayUnavailable(code="meta_131000")])
async def test_what_never_gets_through_neither_shuts_out_others_nor_what_its_person_is_told_next(
    engines: Engines, error: BotError
) -> None:
    phone, metrics, stop = Choosy(error, "bad"), Metrics(), asyncio.Event()
    async with sending(engines, phone, metrics=metrics, threshold=THRESHOLD) as sender, asyncio.TaskGroup() as group:
        group.create_task(consumer(engines, sender, queues.sends(0), metrics).run(stop))
        async with asyncio.timeout(60):
            await queued(engines, queues.sends(0), outbound("bad"), outbound("next"))
            number = 0
            while "text of next" not in phone.arrived:
                # Others are told something all the while, each in the moment in which it is put in.
                await queued(engines, queues.sends(0), outbound(f"other{number}", RAVI))
                await phone.until(f"text of other{number}")
                number += 1
                if isinstance(error, OutcomeUnknown) and await engines.bus.parked():
                    break
            await phone.until("text of next")
        stop.set()
    assert phone.tried > 1
    assert b'procare_circuit_open{instance="test"} 0.0' in metrics.render()
    assert b'code="circuit_open"' not in metrics.render(), "nobody had to wait for it"


async def test_it_is_set_aside_when_others_have_gone_out_between_its_tries(engines: Engines) -> None:
    phone = Choosy(OutcomeUnknown(), "bad")
    async with sending(engines, phone) as sender:
        for number in range(HOPELESS):
            with pytest.raises(Unsettled):
                await sender.handle(of(outbound("bad")))
            await sender.handle(of(outbound(f"other{number}", RAVI)))
        with pytest.raises(Undeliverable) as end:
            await sender.handle(of(outbound("bad")))
    assert settle(end.value, 1) is Settle.PARK


@pytest.mark.parametrize("kind", ["reply", "emergency"])
async def test_while_nothing_goes_out_nothing_is_set_aside(engines: Engines, kind: str) -> None:
    phone = Choosy(OutcomeUnknown(), "bad")
    async with sending(engines, phone) as sender:
        for attempt in range(HOPELESS * 3):
            with pytest.raises(Unsettled) as unsettled:
                await sender.handle(of(outbound("bad", kind=kind)))
            assert settle(unsettled.value, attempt + 1) is Settle.RETRY
        phone.bad.clear()
        await sender.handle(of(outbound("bad", kind=kind)))
    assert phone.arrived == ["text of bad"]


async def test_an_emergency_that_fails_does_not_hold_the_next_one(engines: Engines) -> None:
    """Nobody else is told anything; the claims count time, not the others."""
    phone, metrics, stop = Choosy(OutcomeUnknown(), "bad"), Metrics(), asyncio.Event()
    async with sending(engines, phone, metrics=metrics) as sender, asyncio.TaskGroup() as group:
        sender._standstill = Standstill(lambda: phone.tried * URGENT)
        group.create_task(consumer(engines, sender, queues.urgent(0), metrics).run(stop))
        async with asyncio.timeout(60):
            bad, good = (outbound(name, kind="emergency") for name in ("bad", "good"))
            await queued(engines, queues.urgent(0), bad, good)
            await phone.until("text of good")
            phone.bad.clear()
            await phone.until("text of bad")
        stop.set()
    assert b'procare_stood_aside_total{queue="urgent"} 1.0' in metrics.render()


class At:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_order_is_kept_through_an_outage_and_not_for_what_stands_alone() -> None:
    at, message = At(), outbound("bad")
    standstill = Standstill(at)
    standstill.failed(message, OutcomeUnknown())
    assert not standstill.lets_pass(message)
    assert not standstill.asks(message)
    at.now = USUAL
    assert standstill.asks(message)
    standstill.says(message, works=False)
    assert not standstill.lets_pass(message), "the gateway is away: everybody waits, in order"
    standstill.says(message, works=True)
    assert standstill.lets_pass(message)
    standstill.ended(message)
    assert not standstill.lets_pass(message)


def test_who_fails_by_chance_keeps_the_order() -> None:
    message, error = outbound("bad"), GatewayUnavailable(code="meta_131000")
    standstill = Standstill(lambda: 0.0)
    passes = []
    for number in range(HOPELESS + 1):
        standstill.failed(message, error)
        passes.append(standstill.lets_pass(message))
        standstill.went_out(outbound(f"other{number}", RAVI))
    assert passes == [False] * HOPELESS + [True]


def test_trouble_that_passes_has_its_time() -> None:
    at, message = At(), outbound("bad")
    standstill, error = Standstill(at), GatewayUnavailable(code="meta_131000")
    standstill.failed(message, error)
    for number in range(HOPELESS):
        standstill.went_out(outbound(f"other{number}", RAVI))
        assert standstill.failed(message, error) is error
    at.now = PASSING
    assert isinstance(standstill.failed(message, error), Undeliverable)


@pytest.mark.parametrize("code", ["circuit_open", "rate_limited"])
def test_what_was_not_tried_or_came_too_soon_is_no_fault(code: str) -> None:
    standstill, error = Standstill(lambda: 0.0), GatewayUnavailable(code=code)
    for number in range(HOPELESS * 2):
        assert standstill.failed(outbound("bad"), error) is error
        standstill.went_out(outbound(f"other{number}", RAVI))
    assert not standstill.lets_pass(outbound("bad"))
    assert not standstill.failed_before(outbound("bad"))


async def test_a_refusal_is_an_end(engines: Engines) -> None:
    phone = Choosy(Refused(code="undeliverable"), "bad")
    async with sending(engines, phone) as sender:
        await sender.handle(of(outbound("bad")))
        record = await engines.store.delivery(EffectId("bad"))
    assert record is not None
    assert record.code == "undeliverable"
    assert ASHA != RAVI
