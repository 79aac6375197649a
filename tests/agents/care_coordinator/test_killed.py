"""The saga on real RabbitMQ, Redis and MongoDB, killed at every effect: ``pytest -m long -s tests/agents/care_coordinator``.

It prints how each scenario ended, by how many kills. ``PROCARE_TEST_KILL_STRIDE`` takes every so-manieth moment only.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from pymongo import MongoClient

from agents.care_coordinator.booking import KIND, Booking, over, read
from agents.care_coordinator.calendar import KIND as DIARY
from agents.care_coordinator.diary import Diary, Entry
from agents.care_coordinator.saga import FREE
from agents.registry import NAMES
from bot import queues
from bot.app.engines import Engines, open_engines
from bot.model.codec import decode_turn_event, encode
from bot.model.effects import Intent
from bot.model.events import AgentResult, Told
from bot.model.ids import EffectId, PersonId, person_of
from bot.ports.bus import Envelope
from config.settings import Settings
from tests.agents.care_coordinator.killed import NEVER, Board, run
from tests.sealed import MASTER_KEY
from webhooks.lab.standin import LabStandIn
from webhooks.razorpay.events import read_event
from webhooks.razorpay.lookalike import RazorpayLookAlike

pytestmark = [pytest.mark.long, pytest.mark.services, pytest.mark.timeout(3600)]
STRIDE = int(os.environ.get("PROCARE_TEST_KILL_STRIDE", "1"))
QUEUE = queues.agent("care_coordinator")


class Clinic:
    """Somebody who books, and everything around the coordinator's process, which is started again whenever it has died."""

    def __init__(self, engines: Engines, database: Any, board: Board, razorpay: RazorpayLookAlike, lab: LabStandIn) -> None:
        self.engines, self.database, self.board, self.razorpay, self.lab = engines, database, board, razorpay, lab
        self.answers: dict[str, AgentResult] = {}
        self.told: list[Told] = []
        self.person, self._count, self._heard = PersonId(""), 0, asyncio.Event()
        self.kills = 0

    async def listen(self) -> None:
        async with self.engines.bus.subscribe(queues.turns(0), prefetch=10) as turns:
            while True:
                delivery = await turns.get()
                event = decode_turn_event(delivery.envelope.body)
                if isinstance(event, AgentResult):
                    self.answers[event.intent] = event
                elif isinstance(event, Told):
                    self.told.append(event)
                self._heard.set()
                await turns.ack(delivery)

    async def send(self, intent: Intent) -> None:
        await self.engines.bus.publish(QUEUE, Envelope(id=intent.id, key=intent.person, body=encode(intent), at=intent.at))

    async def ask(self, name: str, /, **data: Any) -> AgentResult:
        self._count += 1
        id_ = EffectId(f"{self.person}:{self._count}")
        await self.send(Intent(id_, self.person, "care_coordinator", name, self.board.now(), data))
        async with asyncio.timeout(60):
            while id_ not in self.answers:
                self._heard.clear()
                await self._heard.wait()
        return self.answers[id_]

    async def slot(self, service: str = "visit", **data: Any) -> str:
        """The first free time three days from now or later: it can still be changed."""
        for days in range(3, 30):
            day = datetime.fromtimestamp(self.board.now() + days * 86_400, UTC).date()
            found = await self.ask("find_times", service=service, day=str(day), **data)
            if found.outcome != "none_free":
                return str(found.facts["slot_1"]["id"])
        raise AssertionError("no time is free")

    async def booking(self) -> Booking:
        [document] = await self.engines.store.documents.of(self.person, KIND)
        return read(document)

    async def reference(self) -> str:
        """Of the link that was made; a link may take some more tries."""
        [document] = await self.engines.store.documents.of(self.person, KIND)
        async with asyncio.timeout(60):
            while (answer := await self.ask("payment_link", bill=document.id)).outcome != "ready":
                assert answer.outcome == "unavailable", answer
        return f"{document.id}.1"

    async def pay(self, reference: str, *, even_closed: bool = False) -> None:
        """On the page of the link; the service tells of it twice."""
        [id_] = [one["id"] for one in self.razorpay.links.values() if one["reference_id"] == reference]
        assert even_closed or self.razorpay.links[id_]["status"] == "created"
        event = msgspec.json.encode(self.razorpay.pay(id_))
        for number in range(2):
            for intent in read_event(self.board.now)(event, {"X-Razorpay-Event-Id": f"evt_{reference}_{number}"}):
                await self.send(intent)

    async def settle(self, *ends: str) -> None:
        """Until nothing is to be done any more; time goes faster meanwhile."""
        async with asyncio.timeout(90):
            while True:
                booking = await self.booking()
                if booking.saga.state in ends and over(booking) and not booking.saga.tries:
                    return
                self.board.pass_time(4.0)
                await asyncio.sleep(0.1)

    async def check(self) -> str:
        """Money and times agree with where the booking stands."""
        booking, documents = await self.booking(), self.engines.store.documents
        saga = booking.saga
        diaries = [msgspec.convert(one.data, Diary) for one in await documents.listed(DIARY, limit=1000)]
        held: list[Entry] = [one for diary in diaries for one in diary.entries if one.state != "returned"]
        orders = [one for key, one in self.lab.orders.items() if key.startswith(saga.id) and one["state"] != "cancelled"]
        links = [one for one in self.razorpay.links.values() if one["reference_id"].startswith(saga.id)]
        paid = [part["payment_id"] for link in links for part in link["payments"]]
        back = Counter(one["payment_id"] for one in self.razorpay.refunds.values())
        kept = [one for one in paid if one not in back]
        assert not any(link["status"] == "created" for link in links), "somebody could still pay"
        assert len(links) <= saga.links, "a link that nobody knows of"
        assert all(back[one] <= 1 for one in paid), "sent back twice"
        if saga.state == "booked":
            assert [one.key for one in held] == ([saga.key()] if saga.kind == "visit" else []), held
            assert [one["state"] for one in orders] == (["confirmed"] if saga.kind == "lab" else [])
            assert len(kept) == 1
        else:
            assert saga.state in FREE
            assert (held, orders, kept) == ([], [], [])
        names = Counter(one.id for one in self.told if one.person == self.person)
        news = {id_.rpartition(".")[0] for id_ in names}
        assert news or saga.state in ("taken", "failed"), "nobody heard how it ended"
        return saga.state

    async def forget(self, die_at: float, person: PersonId) -> None:
        """Begin with an empty clinic, and death at that moment."""
        await asyncio.to_thread(self.database.documents.delete_many, {})
        for kept in (self.razorpay.links, self.razorpay.payments, self.razorpay.refunds, self.lab.orders):
            kept.clear()
        self.person, self.told = person, []
        self.board.begin(die_at)


async def paid(clinic: Clinic) -> None:
    await clinic.ask("book_visit", slot=await clinic.slot(), name="Asha")
    await clinic.pay(await clinic.reference())
    await clinic.settle("booked")


async def moved(clinic: Clinic) -> None:
    await paid(clinic)
    first = (await clinic.booking()).saga.place.slot
    second = await clinic.slot(later_than=first)
    answer = await clinic.ask("move_visit", visit=(await clinic.booking()).saga.id, slot=second)
    assert answer.outcome in ("moved", "unavailable"), answer
    await clinic.settle("booked")
    assert (await clinic.booking()).saga.place.slot == second


async def cancelled(clinic: Clinic) -> None:
    await paid(clinic)
    answer = await clinic.ask("cancel_visit", visit=(await clinic.booking()).saga.id)
    assert answer.outcome in ("cancelled", "unavailable"), answer
    await clinic.settle("cancelled")


async def moved_and_cancelled(clinic: Clinic) -> None:
    await moved(clinic)
    await clinic.ask("cancel_visit", visit=(await clinic.booking()).saga.id)
    await clinic.settle("cancelled")


async def unpaid(clinic: Clinic) -> None:
    await clinic.ask("book_visit", slot=await clinic.slot(), name="Asha")
    await clinic.reference()
    clinic.board.pass_time(31 * 60)
    await clinic.settle("expired")


async def paid_too_late(clinic: Clinic) -> None:
    await clinic.ask("book_visit", slot=await clinic.slot(), name="Asha")
    reference = await clinic.reference()
    clinic.board.pass_time(31 * 60)
    await clinic.pay(reference, even_closed=True)
    await clinic.settle("expired", "booked")


async def paid_after_the_end(clinic: Clinic) -> None:
    await clinic.ask("book_visit", slot=await clinic.slot(), name="Asha")
    reference = await clinic.reference()
    clinic.board.pass_time(31 * 60)
    await clinic.settle("expired")
    await clinic.pay(reference, even_closed=True)
    async with asyncio.timeout(30):
        while not clinic.razorpay.refunds:
            clinic.board.pass_time(4.0)
            await asyncio.sleep(0.1)
    await clinic.settle("expired")


async def lab_paid(clinic: Clinic) -> None:
    await clinic.ask("quote_test", test="hba1c", place="lab")
    await clinic.ask("book_test", test="hba1c", place="lab", slot=await clinic.slot("lab_centre"), name="Asha")
    await clinic.pay(await clinic.reference())
    await clinic.settle("booked")


SCENARIOS = (paid, moved, cancelled, moved_and_cancelled, unpaid, paid_too_late, paid_after_the_end, lab_paid)


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda one: one.__name__)
async def test_killed_at_any_moment_it_ends_where_money_and_times_agree(
    scenario: Callable[[Clinic], Awaitable[None]],
    tmp_path: Path,
    rabbitmq_url: str,
    redis_url: str,
    mongodb_url: str,
    mongodb_database: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    settings = {
        "rabbitmq_url": rabbitmq_url, "redis_url": redis_url, "mongodb_url": mongodb_url, "mongodb_database": mongodb_database,
        "data_dir": str(tmp_path), "partitions": 1, "master_key": MASTER_KEY,
    }  # fmt: skip
    ends, began = Counter[str](), time.monotonic()
    async with opened(settings, tmp_path / "board") as clinic:
        await clinic.forget(NEVER, person_of(f"phone:9100{scenario.__name__}"))
        await scenario(clinic)
        ends[await clinic.check()] += 1
        moments, reached = clinic.board.moments, 0
        for moment in range(0, moments, STRIDE):
            await clinic.forget(float(moment), person_of(f"phone:9100{scenario.__name__}{moment}"))
            await scenario(clinic)
            reached += clinic.board.died
            ends[await clinic.check()] += 1
        async with asyncio.timeout(10):
            while clinic.kills < reached:  # noqa: ASYNC110 - the last one may not have been noticed yet
                await asyncio.sleep(0.05)
        kills = clinic.kills
    with capsys.disabled():
        took = f"{time.monotonic() - began:.0f} s"
        print(f"\n{scenario.__name__:<22} {moments:>4} moments  {reached:>4} reached  {kills:>4} kills  {dict(ends)}  {took}")
    assert kills == reached, "it died where nobody killed it"


@asynccontextmanager
async def opened(settings: dict[str, Any], board_file: Path) -> AsyncIterator[Clinic]:
    board = Board(board_file)
    razorpay = RazorpayLookAlike("key", "secret", address="https://pay.test", clock=board.now)
    lab = LabStandIn("key", prepaid=True, clock=board.now)
    app = web.Application()
    razorpay.add_to(app)
    lab.add_to(app)
    mongo: MongoClient[Any] = MongoClient(settings["mongodb_url"])
    async with TestServer(app) as server, open_engines(Settings(**settings)) as engines:
        await engines.bus.declare(queues.topology(1, NAMES))
        clinic = Clinic(engines, mongo[settings["mongodb_database"]], board, razorpay, lab)
        forks = multiprocessing.get_context("forkserver")
        forks.set_forkserver_preload(["tests.agents.care_coordinator.killed"])

        async def alive() -> None:
            while True:
                process = forks.Process(target=run, args=(settings, str(server.make_url("/")), board_file), daemon=True)
                process.start()
                try:
                    while process.is_alive():  # noqa: ASYNC110 - no event tells it
                        await asyncio.sleep(0.05)
                    clinic.kills += 1
                finally:
                    process.kill()
                    process.join()

        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(alive()), group.create_task(clinic.listen())]
            try:
                yield clinic
            finally:
                for task in tasks:
                    task.cancel()
                mongo.close()
