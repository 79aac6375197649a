"""The coordinator with Razorpay's look-alike and the laboratory's stand-in over real sockets, their signed events included."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from agents.care_coordinator.agent import CareCoordinator
from agents.care_coordinator.booking import read
from agents.result import Result
from bot.adapters.sqlite import SqliteStore
from bot.app.partners import add_partner_routes, try_partners
from bot.errors import Unavailable
from bot.model.codec import decode_effect
from bot.model.effects import Intent
from bot.model.ids import EffectId, person_of
from bot.ports.bus import Envelope
from config.clinic import load_clinic
from config.settings import Settings
from tests.agents.care_coordinator.lab import FolderOfFiles
from tests.agents.care_coordinator.world import POLICY, START
from webhooks.lab.client import HttpLaboratory
from webhooks.lab.standin import LabStandIn
from webhooks.razorpay.client import RazorpayPayments
from webhooks.razorpay.lookalike import RazorpayLookAlike

ASHA = person_of("phone:910000000001")
RAZORPAY_SECRET, LAB_SECRET = "secret-of-the-webhook", "secret-of-the-laboratory"


class Wired:
    """Our webhooks publish into the coordinator at once, as the bus would."""

    def __init__(self) -> None:
        self.now = START
        self.coordinator: CareCoordinator
        self.razorpay: RazorpayLookAlike
        self.lab: LabStandIn
        self.store: SqliteStore
        self.address: str

    async def publish(self, queue: str, envelope: Envelope) -> None:
        assert queue == "agent.care_coordinator"
        intent = decode_effect(envelope.body)
        assert isinstance(intent, Intent)
        await self.coordinator.handle(intent, now=self.now)

    async def ask(self, id_: str, name: str, /, **data: Any) -> Result:
        return await self.coordinator.handle(Intent(EffectId(id_), ASHA, "care_coordinator", name, self.now, data), now=self.now)


@asynccontextmanager
async def wired(tmp_path: Path) -> AsyncIterator[Wired]:
    ours = Wired()
    settings = Settings(
        razorpay_key_id="key", razorpay_key_secret="secret", razorpay_webhook_secret=RAZORPAY_SECRET,
        lab_url="http://lab", lab_key="key", lab_webhook_secret=LAB_SECRET,
    )  # fmt: skip
    app = web.Application()
    bus: Any = ours
    add_partner_routes(app, settings, bus, lambda: ours.now)
    async with TestServer(app) as edge, SqliteStore.open(tmp_path / "store.db") as store:
        ours.store = store
        ours.razorpay = RazorpayLookAlike(
            "key", "secret", address="https://pay.test", webhook_url=str(edge.make_url("/webhooks/razorpay")),
            webhook_secret=RAZORPAY_SECRET, clock=lambda: ours.now,
        )  # fmt: skip
        hook = str(edge.make_url("/webhooks/lab"))
        ours.lab = LabStandIn("key", hook=hook, secret=LAB_SECRET, prepaid=True, clock=lambda: ours.now)
        partners = web.Application()
        ours.razorpay.add_to(partners)
        ours.lab.add_to(partners)
        async with TestServer(partners) as server:
            url = ours.address = str(server.make_url("/"))
            async with (
                RazorpayPayments("key", "secret", url=url, total_seconds=60.0, clock=lambda: ours.now) as payments,
                HttpLaboratory(url, "key", total_seconds=60.0) as lab,
            ):
                ours.coordinator = CareCoordinator(
                    store, POLICY, load_clinic(), media=FolderOfFiles(), payments=payments, laboratory=lab
                )
                yield ours


async def test_a_visit_is_booked_paid_and_cancelled_with_its_money_back(tmp_path: Path) -> None:
    async with wired(tmp_path) as ours:
        assert (await ours.ask("1", "book_visit", slot="rao@20261124T043000Z")).outcome == "to_pay"
        bill = (await ours.ask("2", "open_payment")).facts["bill"]
        assert (bill["amount"], bill["kind"], bill["day"]) == ("₹500", "visit", "2026-11-24")
        ready = await ours.ask("3", "payment_link", bill=bill["id"])
        [(id_, entity)] = ours.razorpay.links.items()
        assert ready.facts["link"] == entity["short_url"]
        assert (await ours.ask("4", "payment_state", bill=bill["id"])).outcome == "not_paid"
        event = ours.razorpay.pay(id_)
        for number in range(3):  # at least once, and the same event under two ids
            assert await ours.razorpay.tell(event, event_id=f"evt_{number % 2}") == 200
        paid = await ours.ask("5", "payment_state", bill=bill["id"])
        assert (paid.outcome, paid.facts["receipt"]) == ("paid", "00000000000001")
        cancelled = await ours.ask("6", "cancel_visit", visit=bill["id"])
        assert (cancelled.outcome, cancelled.facts) == ("cancelled", {"refund": "₹500"})
        assert [one["amount"] for one in ours.razorpay.refunds.values()] == [50_000]
        assert (await ours.ask("7", "book_visit", slot="rao@20261124T043000Z")).outcome == "to_pay"  # free again


async def test_money_that_was_under_way_when_the_visit_was_cancelled_goes_back(tmp_path: Path) -> None:
    async with wired(tmp_path) as ours, aiohttp.ClientSession() as session:
        await ours.ask("1", "book_visit", slot="rao@20261124T043000Z")
        bill = (await ours.ask("2", "open_payment")).facts["bill"]
        await ours.ask("3", "payment_link", bill=bill["id"])
        assert (await ours.ask("4", "cancel_visit", visit=bill["id"])).outcome == "cancelled"
        [id_] = ours.razorpay.links
        for way, status in (("", 410), ("?late", 200), ("?late", 410)):
            async with session.get(f"{ours.address}pay/{id_}{way}") as page:
                assert page.status == status
        assert [one["amount"] for one in ours.razorpay.refunds.values()] == [50_000]


async def test_who_says_that_they_have_paid_for_what_is_over_gets_it_back_at_once_although_nobody_told_us(tmp_path: Path) -> None:
    async with wired(tmp_path) as ours:
        await ours.ask("1", "book_visit", slot="rao@20261124T043000Z")
        bill = (await ours.ask("2", "open_payment")).facts["bill"]
        await ours.ask("3", "payment_link", bill=bill["id"])
        await ours.ask("4", "cancel_visit", visit=bill["id"])
        assert (await ours.ask("5", "payment_state", bill=bill["id"])).outcome == "over"
        [id_] = ours.razorpay.links
        ours.razorpay.pay(id_)  # and its event is lost
        for number in range(2):
            assert (await ours.ask(f"6{number}", "payment_state", bill=bill["id"])).outcome == "over"
        assert [one["amount"] for one in ours.razorpay.refunds.values()] == [50_000]


async def test_with_the_payment_service_away_a_time_is_held_and_the_link_comes_later(tmp_path: Path) -> None:
    async with wired(tmp_path) as ours:
        await ours.ask("1", "book_visit", slot="rao@20261124T043000Z")
        bill = (await ours.ask("2", "open_payment")).facts["bill"]
        ours.razorpay.away = True
        assert (await ours.ask("3", "payment_link", bill=bill["id"])).outcome == "unavailable"
        ours.razorpay.away = False
        assert (await ours.ask("4", "payment_link", bill=bill["id"])).outcome == "ready"
        assert len(ours.razorpay.links) == 1


async def test_who_asks_a_partner_that_is_away_hears_so_at_once_and_an_event_is_not_lost(tmp_path: Path) -> None:
    async with wired(tmp_path) as ours:
        await ours.ask("1", "book_visit", slot="rao@20261124T043000Z")
        bill = (await ours.ask("2", "open_payment")).facts["bill"]
        await ours.ask("3", "payment_link", bill=bill["id"])
        ours.razorpay.away = ours.lab.away = True
        assert (await ours.ask("4", "payment_state", bill=bill["id"])).outcome == "unavailable"
        assert (await ours.ask("5", "open_payment")).outcome == "unavailable"
        assert (await ours.ask("6", "quote_test", test="hba1c", place="lab")).outcome == "unavailable"
        ours.lab.away = False
        await ours.ask("7", "quote_test", test="hba1c", place="lab")
        slot = (await ours.ask("8", "find_times", service="lab_centre")).facts["slot_1"]["id"]
        ours.razorpay.away = False
        await ours.ask("9", "book_test", test="hba1c", place="lab", slot=slot)
        lab_bill = next(one for one in await ours.store.documents.of(ASHA, "booking") if one.id.startswith("t"))
        await ours.ask("10", "payment_link", bill=lab_bill.id)
        await ours.razorpay.tell(ours.razorpay.pay(list(ours.razorpay.links)[-1]))
        ours.lab.away = True
        [key] = ours.lab.orders
        assert await ours.lab.has_result(key) == 503  # so the laboratory tells it again


async def test_a_lab_test_is_paid_beforehand_confirmed_and_its_result_told(tmp_path: Path) -> None:
    async with wired(tmp_path) as ours:
        assert (await ours.ask("1", "quote_test", test="hba1c", place="lab")).facts == {"price": "₹450"}
        offered = await ours.ask("2", "find_times", service="lab_centre")
        slot = offered.facts["slot_1"]
        assert (slot["day"], slot["time"]) == ("2026-11-24", "07:00")
        assert (await ours.ask("3", "book_test", test="hba1c", place="lab", slot=slot["id"])).outcome == "to_pay"
        bill = (await ours.ask("4", "open_payment")).facts["bill"]
        assert bill["kind"] == "lab"
        await ours.ask("5", "payment_link", bill=bill["id"])
        [id_] = ours.razorpay.links
        await ours.razorpay.tell(ours.razorpay.pay(id_))
        [(key, order)] = ours.lab.orders.items()
        assert order["state"] == "confirmed"
        for _ in range(2):
            assert await ours.lab.has_result(key) == 200
        document = await ours.store.documents.get("booking", bill["id"])
        assert document is not None
        booking = read(document)
        assert [news.name for news in booking.news if news.to == "patient"] == ["booking_done", "lab_result"]
        kept = await ours.ask("6", "keep_results", booking=bill["id"])
        assert kept.outcome == "kept"
        assert [(ask.agent, ask.name, ask.data["value"]) for ask in kept.asks] == [("clinical_monitor", "record_hba1c", 6.8)]
        wrong = f"care_coordinator:{kept.asks[0].id}"
        async with aiohttp.ClientSession() as session:
            stand_in = ours.address
            right = {"values": [{"kind": "hba1c", "value": 9.1, "unit": "%", "measured_at": ours.now}]}
            async with session.post(f"{stand_in}standin/{key}/correction", json=right) as answer:
                assert await answer.json() == {"told": 200}
            async with session.post(f"{stand_in}standin/t0123456789abcdef.0/correction") as answer:
                assert answer.status == 409  # nothing is there that could be wrong
        again = await ours.store.documents.get("booking", bill["id"])
        assert again is not None
        [news] = [news for news in read(again).news if news.id == "result.1"]
        assert (news.facts["corrected"], news.facts["hba1c"], news.facts["taken_back"]) == (True, 9.1, 1)
        assert [(ask.name, ask.data["reading"]) for ask in news.asks] == [("withdraw_reading", wrong)]
        assert (await ours.ask("7", "keep_results", booking=bill["id"])).outcome == "corrected"
        anew = await ours.ask("8", "keep_results", booking=bill["id"], version=1)
        assert [(ask.data["value"], ask.data["supersedes"]) for ask in anew.asks] == [(9.1, wrong)]
        assert anew.asks[0].id != kept.asks[0].id


async def test_the_check_asks_each_partner_and_tells_a_wrong_key() -> None:
    partners = web.Application()
    RazorpayLookAlike("key", "secret", address="https://pay.test").add_to(partners)
    LabStandIn("key").add_to(partners)
    async with TestServer(partners) as server:
        url = str(server.make_url("/"))
        settings = Settings(
            razorpay_key_id="key", razorpay_key_secret="secret", razorpay_webhook_secret=RAZORPAY_SECRET, razorpay_url=url,
            lab_url=url, lab_key="wrong", lab_webhook_secret=LAB_SECRET,
        )  # fmt: skip
        tries = try_partners(settings)
        assert list(tries) == ["payments", "laboratory"]
        assert await tries["payments"]() == "ok"
        with pytest.raises(Unavailable) as raised:
            await tries["laboratory"]()
        assert raised.value.code == "lab_401"
    assert try_partners(Settings()) == {}
