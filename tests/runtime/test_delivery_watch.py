"""Emergency notices that do not arrive make their case climb; numbers that receive nothing are noticed, once."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from agents.clinical_monitor import ladder
from agents.clinical_monitor.agent import ClinicalMonitor
from agents.clinical_monitor.cases import KIND
from bot import queues
from bot.app.engines import Engines
from bot.errors import GatewayUnavailable, Malformed, Refused, StoreUnavailable
from bot.metrics import Metrics
from bot.model.codec import decode_effect
from bot.model.effects import Intent, Outbound
from bot.model.events import Receipt
from bot.model.ids import effect_of
from bot.ports.store import DeliveryRecord
from bot.running.agent_runner import told_of
from bot.running.write_behind import WriteBehind
from bot.sending import delivery_watch
from bot.sending.circuit import Circuits
from bot.sending.delivery_watch import EMERGENCY, REACH, DeliveryWatch
from bot.sending.pacing import Pacer
from bot.sending.sender import Sender
from config.watch import DeliveryRules, load_watch_policy
from tests.agents.clinical_monitor.home import ASHA as PATIENT
from tests.agents.clinical_monitor.home import FAMILY, NOON, POLICY, PRIYA, Family, asked, known
from tests.runtime.parts import ASHA, outbound, taken
from tests.runtime.sending import Phone, of

RULES = load_watch_policy().deliveries
AGENT = queues.agent("clinical_monitor")
HOUR = 3600.0


class Watched:
    """A sender with its watch on real engines; ``now`` is moved by the tests."""

    def __init__(self, engines: Engines, phone: Phone, now: float = 2000.0, rules: DeliveryRules = RULES) -> None:
        self.engines, self.phone, self.now, self.metrics = engines, phone, now, Metrics()
        self.watch = DeliveryWatch(engines.store, engines.deliveries, engines.bus, rules, self.metrics, lambda: self.now)

    async def send(self, message: Outbound) -> None:
        async def refuse(entries: list[DeliveryRecord]) -> None:
            raise AssertionError("the store is there")

        records = WriteBehind(self.engines.store.save_deliveries, refuse, self.metrics, delay=0.0)
        sender = Sender(
            self.phone, self.engines.deliveries, self.engines.caps, self.engines.store, records,
            Pacer(1000.0), Circuits(self.metrics, threshold=100), self.metrics, lambda: self.now,
            notices_per_day=5, watch=self.watch,
        )  # fmt: skip
        writer = asyncio.create_task(records.run())
        try:
            await sender.handle(of(message))
        finally:
            writer.cancel()
            await asyncio.gather(writer, return_exceptions=True)

    async def receipt(self, message: Outbound, status: str) -> None:
        gateway_id = self.phone.history[message.id]
        await self.engines.deliveries.receipt(Receipt(gateway_id, status, "test", self.now))

    async def pass_time(self, seconds: float) -> None:
        self.now += seconds
        await self.watch.tick()

    async def asked(self, count: int) -> list[Intent]:
        """What the agent was asked: exactly so many."""
        found = [decode_effect(one.body) for one in await taken(self.engines.bus, AGENT, count)]
        return [one for one in found if isinstance(one, Intent)]

    def counted(self, outcome: str) -> float:
        return self.metrics.registry.get_sample_value("procare_watched_deliveries_total", {"outcome": outcome}) or 0.0


def emergency(name: str = "clinical_monitor:case#0", at: float = 2000.0) -> Outbound:
    return outbound(name, kind="emergency", at=at)


def notice(n: int, at: float) -> Outbound:
    return outbound(f"n{n}", kind="notice", notice_class="clinical", topic=f"t{n}", day=f"2026-11-{n:02}", at=at)


async def test_a_notice_that_arrives_asks_for_nothing(engines: Engines) -> None:
    watched = Watched(engines, Phone())
    await watched.send(emergency())
    await watched.pass_time(10)
    await watched.receipt(emergency(), "delivered")
    for _ in range(3):
        await watched.pass_time(60)
    assert await watched.asked(0) == []
    assert (watched.counted("delivered"), watched.counted("undelivered")) == (1, 0)


@pytest.mark.parametrize("status", ["", "sent"])
async def test_a_notice_without_word_of_its_arrival_is_told_once_when_its_time_is_over(engines: Engines, status: str) -> None:
    watched = Watched(engines, Phone())
    await watched.send(emergency())
    if status:
        await watched.receipt(emergency(), status)
    await watched.pass_time(RULES.emergency_after - 1)
    assert await watched.asked(0) == []
    for _ in range(3):
        await watched.pass_time(RULES.look_every)
    [intent] = await watched.asked(1)
    assert (intent.name, intent.data, intent.unanswered) == ("alarm_undelivered", {"message": emergency().id}, True)


@pytest.mark.parametrize("how", ["refused", "failed"])
async def test_a_notice_that_failed_is_told_at_once(engines: Engines, how: str) -> None:
    watched = Watched(engines, Phone(Refused(code="131026")) if how == "refused" else Phone())
    await watched.send(emergency())
    if how == "failed":
        await watched.receipt(emergency(), "failed")
    await watched.pass_time(RULES.look_every)
    assert len(await watched.asked(1)) == 1


async def test_a_notice_that_the_gateway_does_not_take_is_undelivered_too(engines: Engines) -> None:
    watched = Watched(engines, Phone(GatewayUnavailable()))
    with pytest.raises(GatewayUnavailable):
        await watched.send(emergency())
    await watched.pass_time(RULES.emergency_after)
    assert len(await watched.asked(1)) == 1


async def test_a_store_that_is_away_neither_stops_nor_fails_an_emergency(
    engines: Engines, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(*_: Any) -> bool:
        raise StoreUnavailable

    monkeypatch.setattr(engines.store.documents, "save", away)
    watched = Watched(engines, Phone())
    await watched.send(emergency())
    assert watched.phone.arrived == [emergency().text]


async def test_the_next_contact_is_told_as_soon_as_a_relatives_alarm_failed(engines: Engines) -> None:
    await known(engines.store)
    monitor = ClinicalMonitor(engines.store, POLICY, FAMILY)
    result = await monitor.handle(asked("open_case", "lane", category="chest_pain"), now=NOON)
    [alarm] = [tell for tell in result.tells if tell.person == PRIYA]
    message = outbound(effect_of(told_of(monitor.name, alarm, NOON).id, 0), PRIYA, kind="emergency", at=NOON)
    watched = Watched(engines, Phone(), NOON)
    await watched.send(message)
    await watched.receipt(message, "failed")
    await watched.pass_time(RULES.look_every)
    [intent] = await watched.asked(1)
    assert (await monitor.handle(intent, now=watched.now)).outcome == "noted"
    assert (await monitor.handle(intent, now=watched.now)).outcome == "noted"

    async def wake() -> None:
        for document in await engines.store.documents.claim_due((KIND,), watched.now, 10, 1.0):
            await engines.store.documents.save((await monitor.wake(document, now=watched.now)).document)

    await wake()
    watched.now += 2
    await wake()
    [case] = await engines.store.documents.of(PATIENT, KIND)
    assert [one["contact"]["id"] for one in case.data["alarms"]] == ["priya", "mehta"]
    assert watched.now - NOON < 10 < ladder.A_MOMENT


async def test_a_relative_is_asked_about_a_silent_number_only_where_both_agreed(engines: Engines) -> None:
    monitor = ClinicalMonitor(engines.store, POLICY, FAMILY)
    await known(engines.store)
    results = [await monitor.handle(asked("number_silent", "s1"), now=NOON) for _ in range(2)]
    assert results[0] == results[1]
    assert [(tell.person, tell.name, tell.facts) for tell in results[0].tells] == [(PRIYA, "number_silent", {"patient": "Asha"})]
    stranger = await ClinicalMonitor(engines.store, POLICY, Family()).handle(asked("number_silent", "s2"), now=NOON)
    await known(engines.store, purposes=("care_messages", "share_with_clinic"))
    for result in (stranger, await monitor.handle(asked("number_silent", "s3"), now=NOON)):
        assert (result.outcome, result.tells) == ("nobody", ())


@pytest.mark.parametrize("message", ["clinical_monitor:nobody:chest_pain:1:0.0.priya#0", "in:x:3EB0#0", "channel"])
async def test_what_is_no_alarm_of_a_case_changes_nothing(engines: Engines, message: str) -> None:
    monitor = ClinicalMonitor(engines.store, POLICY, FAMILY)
    assert (await monitor.handle(asked("alarm_undelivered", "i", message=message), now=NOON)).outcome == "unknown"


async def test_a_number_that_receives_nothing_is_noticed_once_and_when_it_receives_again(engines: Engines) -> None:
    watched = Watched(engines, Phone())
    for n in range(1, RULES.in_row + 1):
        watched.now += 24 * HOUR
        await watched.send(notice(n, watched.now))
        await watched.watch.tick()
    assert watched.counted("silent") == 0
    await watched.pass_time(RULES.silent_after)
    assert watched.counted("silent") == 1
    assert [(intent.name, intent.person) for intent in await watched.asked(1)] == [("number_silent", ASHA)]
    [reach] = await engines.store.documents.listed(REACH, state="silent")
    assert reach.person == ASHA

    last = notice(9, watched.now + HOUR)
    watched.now += HOUR
    await watched.send(last)
    await watched.pass_time(RULES.silent_after)
    assert watched.counted("silent") == 1
    await watched.send(notice(10, watched.now))
    await watched.receipt(last, "delivered")
    await watched.pass_time(RULES.silent_after)
    assert watched.counted("receives_again") == 1
    assert await engines.store.documents.listed(REACH, state="silent") == []


async def test_one_that_arrived_among_them_or_fewer_than_enough_is_no_silence(engines: Engines) -> None:
    watched = Watched(engines, Phone())
    for n in range(1, RULES.in_row + 1):
        await watched.send(notice(n, watched.now))
    await watched.receipt(notice(2, 0), "read")
    await watched.pass_time(RULES.silent_after)
    assert watched.counted("silent") == 0
    [reach] = await engines.store.documents.of(ASHA, REACH)
    assert len(reach.data["row"]) == RULES.in_row - 2


async def test_answers_to_what_a_person_just_wrote_do_not_count(engines: Engines) -> None:
    watched = Watched(engines, Phone())
    for n in range(5):
        await watched.send(outbound(f"r{n}", at=watched.now))
    assert await engines.store.documents.of(ASHA, REACH) == []
    assert await engines.store.documents.of(ASHA, EMERGENCY) == []


class Spoilt:
    """A store of which one document cannot be read."""

    def __init__(self) -> None:
        self.documents, self.asked, self.often = self, 0, asyncio.Event()

    async def claim_due(self, *_: Any) -> list[Any]:
        self.asked += 1
        if self.asked == 3:
            self.often.set()
        raise Malformed("a document is unreadable")


async def test_a_document_that_nobody_can_read_does_not_end_the_sender(engines: Engines, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delivery_watch, "TICK", 0.0)
    store, stop = Spoilt(), asyncio.Event()
    watch = DeliveryWatch(store, engines.deliveries, engines.bus, RULES, Metrics(), lambda: 2000.0)  # type: ignore[arg-type]
    watching = asyncio.create_task(watch.run(stop))
    async with asyncio.timeout(30):
        await store.often.wait()
    stop.set()
    await watching
