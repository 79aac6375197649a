"""A message that Meta shuts out after it has taken it: said as a template, or kept until the person writes; operators see it."""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from msgspec.structs import replace

from bot import queues
from bot.app.engines import Engines
from bot.errors import Refused
from bot.metrics import Metrics
from bot.model.codec import decode_effect, decode_turn_event
from bot.model.effects import Attached, Outbound
from bot.model.events import Receipt, Told
from bot.model.ids import GatewayId, partition_of
from bot.ports.bus import Delivery, Envelope
from bot.ports.store import DeliveryRecord
from bot.running.write_behind import WriteBehind
from bot.sending.circuit import Circuits
from bot.sending.forms import Forms
from bot.sending.pacing import Pacer
from bot.sending.receipts import Receipts
from bot.sending.sender import Sender
from bot.sending.shut_out import ShutOut
from tests.runtime.conftest import PARTITIONS
from tests.runtime.parts import ASHA, delivery, outbound
from tests.runtime.sending import NOW, Phone, of
from tests.runtime.templates import HINDI, OFFER, OPEN, SHUT, Said, notice

NUMBER = partition_of(ASHA, PARTITIONS)


@dataclasses.dataclass
class World:
    engines: Engines
    phone: Phone
    sender: Sender
    receipts: Receipts
    metrics: Metrics

    async def send(self, *messages: Outbound) -> None:
        for one in messages:
            await self.sender.handle(of(one))

    async def hears(self, gateway_id: GatewayId, status: str = "failed", code: str | None = "131047") -> None:
        receipt = Receipt(gateway_id, status, "test", NOW, code=code)
        await self.receipts.handle(delivery(receipt, gateway_id, f"{gateway_id}:{status}"))

    async def queued(self, queue: str) -> list[Envelope]:
        """What lies in it, taken away."""
        found: list[Envelope] = []
        while (await self.engines.bus.depth(queue)).ready:
            async with self.engines.bus.subscribe(queue, prefetch=1) as subscription:
                one: Delivery = await subscription.get()
                found.append(one.envelope)
                await subscription.ack(one)
        return found

    async def told(self) -> list[Told]:
        events = [decode_turn_event(one.body) for one in await self.queued(queues.turns(NUMBER))]
        return [one for one in events if isinstance(one, Told)]

    async def again(self) -> list[Outbound]:
        effects = [decode_effect(one.body) for one in await self.queued(queues.sends(NUMBER))]
        return [one for one in effects if isinstance(one, Outbound)]

    def counted(self, kind: str, outcome: str) -> bool:
        return f'procare_shut_out_total{{kind="{kind}",outcome="{outcome}"}} 1.0'.encode() in self.metrics.render()


@asynccontextmanager
async def world(engines: Engines, phone: Phone | None = None, *, approved: Any = None) -> AsyncIterator[World]:
    async def refuse(entries: list[DeliveryRecord]) -> None:
        raise AssertionError("the store is there")

    metrics, phone = Metrics(), phone or Phone()
    wordings = Forms(approved, lambda: NOW).wordings
    shut_out = ShutOut(engines.deliveries, engines.caps, engines.bus, wordings, metrics, lambda: NOW, PARTITIONS)
    records = WriteBehind(engines.store.save_deliveries, refuse, metrics, delay=0.0)
    async with asyncio.TaskGroup() as group:
        writer = group.create_task(records.run())
        sender = Sender(
            phone, engines.deliveries, engines.caps, engines.store, records, Pacer(1000.0), Circuits(metrics), metrics,
            lambda: NOW, notices_per_day=5, approved=approved, shut_out=shut_out,
        )  # fmt: skip
        yield World(engines, phone, sender, Receipts(engines.deliveries, engines.directory, metrics, shut_out), metrics)
        writer.cancel()


async def test_what_no_template_can_say_is_kept_until_the_person_writes(engines: Engines) -> None:
    async with world(engines) as it:
        words = "Dr Rao writes: " + "x" * 1500
        await it.send(outbound("says", text=words, window_until=OPEN))
        for _ in range(2):  # a receipt can come twice
            await it.hears(it.phone.history[outbound("says").id])
        told = await it.told()
    assert {one.id for one in told} == {"channel:says"}, "the turn takes it once"
    first = told[0]
    assert "".join(first.facts.values()) == words
    assert all(len(one) <= 700 for one in first.facts.values())
    assert first.channel is not None
    assert (first.agent, first.name, first.channel.instance) == ("channel", "shut_out", "test")
    assert b'procare_shut_out_total{kind="reply",outcome="kept"}' in it.metrics.render()
    assert b'procare_undelivered_total{code="131047",instance="test"} 1.0' in it.metrics.render()


async def test_where_a_template_is_approved_it_goes_at_once_and_the_day_has_room_for_it(engines: Engines) -> None:
    async with world(engines, approved=Said([HINDI])) as it:
        await it.send(notice("due", window_until=OPEN))
        await it.hears(it.phone.history[outbound("due").id])
        (template,) = await it.again()
        assert it.counted("notice", "as_template")
        await it.send(template)
        sent = await engines.store.delivery(template.id)
        # Four more have room on this day: what did not arrive took no place.
        others = [notice(f"more{number}", window_until=OPEN, topic=f"t{number}") for number in range(5)]
        await it.send(*others)
    assert sent is not None
    assert sent.code == f"template:{OFFER.name}"
    assert it.phone.arrived[2:] == [f"text of more{number}" for number in range(4)]


async def test_a_template_that_does_not_get_through_leaves_the_words_to_be_kept(engines: Engines) -> None:
    async with world(engines, Phone("ok", Refused(code="template_paused"), "ok"), approved=Said([HINDI])) as it:
        await it.send(outbound("says", window_until=OPEN, template=OFFER))
        await it.hears(it.phone.history[outbound("says").id])
        (template,) = await it.again()
        await it.send(template)  # refused, and its words are taken and fail again
        await it.hears(it.phone.history[template.id])
        assert await it.again() == []
        assert [one.id for one in await it.told()] == ["channel:says"]


@pytest.mark.parametrize("code", ["window_closed", "no_template"])
async def test_what_the_gateway_refuses_at_once_is_kept_too(engines: Engines, code: str) -> None:
    async with world(engines, Phone(Refused(code=code)), approved=Said()) as it:
        await it.send(outbound("says", window_until=SHUT))
        assert [one.facts["words"] for one in await it.told()] == ["text of says"]
        assert await it.again() == []


async def test_a_receipt_that_is_here_before_its_send_is_noted_counts(engines: Engines) -> None:
    async with world(engines) as it:
        await it.hears(GatewayId("g-says-1"))
        assert await it.told() == []
        await it.send(outbound("says"))
        assert [one.id for one in await it.told()] == ["channel:says"]


async def test_a_question_is_named_so_that_it_can_be_put_again_with_its_buttons(engines: Engines) -> None:
    async with world(engines) as it:
        await it.send(outbound("ask", numbered="Now?\n1. Yes", step="trend/offer"))
        await it.hears(it.phone.history[outbound("ask").id])
        assert [one.facts for one in await it.told()] == [{"words": "text of ask", "question": "trend/offer"}]


async def test_a_file_goes_with_its_words(engines: Engines) -> None:
    async with world(engines) as it:
        await it.send(outbound("chart", media=Attached("image", "m1")), outbound("voice", text="", media=Attached("audio", "m2")))
        for name in ("chart", "voice"):
            await it.hears(it.phone.history[outbound(name).id])
        chart, voice = [one.facts for one in await it.told()]
    assert chart == {"words": "text of chart", "file": "m1", "kind": "image"}
    assert voice == {"file": "m2", "kind": "audio"}


@pytest.mark.parametrize(
    "message",
    [outbound("a", kind="emergency"), replace(outbound("a"), integration="baileys")],
    ids=["its case climbs", "no window there"],
)
async def test_all_others_are_left_as_they_are(engines: Engines, message: Outbound) -> None:
    async with world(engines) as it:
        await it.send(message)
        await it.hears(it.phone.history[message.id])
        assert await it.told() == []


@pytest.mark.parametrize(("status", "code"), [("delivered", None), ("failed", "131026"), ("failed", None)])
async def test_another_end_is_no_such_end(engines: Engines, status: str, code: str | None) -> None:
    async with world(engines) as it:
        await it.send(outbound("a"))
        name = it.phone.history[outbound("a").id]
        await it.hears(name, status, code)
        assert await it.told() == []
        if status == "delivered":
            assert await engines.deliveries.words(name) is None, "nothing is held of what arrived"
            await it.hears(name)
            assert await it.told() == []


async def test_erasing_takes_what_is_held(engines: Engines) -> None:
    async with world(engines) as it:
        await it.send(outbound("a"))
        name = it.phone.history[outbound("a").id]
        assert await engines.deliveries.words(name) is not None
        await engines.footprint.forget([ASHA], NOW + 1)
        assert await engines.deliveries.words(name) is None
