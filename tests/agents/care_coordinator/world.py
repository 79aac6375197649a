"""A world in memory for bookings: documents, a bank, and an agent that can be broken off at every effect and started again."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from contextvars import ContextVar
from typing import Any, Literal, TypeVar

import msgspec
from msgspec.structs import replace

from agents.care_coordinator.agent import CareCoordinator
from agents.care_coordinator.booking import KIND, Booking, over, read
from agents.care_coordinator.calendar import KIND as DIARY
from agents.care_coordinator.diary import Diary, Entry
from agents.care_coordinator.saga import FREE
from agents.result import Result, Tell
from bot.errors import Refused, StoreUnavailable, Unavailable
from bot.model.effects import Intent
from bot.model.ids import EffectId, PersonId, person_of
from bot.ports.documents import Document
from bot.ports.payments import Link, LinkState, Payment
from config.care_team import CareTeam
from config.clinic import Clinic
from config.policy import load_policy

T = TypeVar("T")
Break = Literal["before", "after", "away", "unknown"]
ASHA, RAVI = person_of("phone:910000000001"), person_of("phone:910000000002")
TEAM = {
    "clinics": {"main": {"name": "City Clinic", "zone": "Asia/Kolkata"}},
    "members": [{"id": "rao", "role": "doctor", "name": "Dr Rao", "phone": "+91 00000 00099", "clinic": "main"}],
}
POLICY = load_policy().model_copy(update={"care_team": CareTeam.model_validate(TEAM)})
DOCTORS = "910000000099"
DOCTOR = person_of(f"phone:{DOCTORS}")
START = 1795413600.0  # Monday, 23 November 2026, 11:30 in India


class Crash(Exception):
    """The process dies here."""


PROCESS: ContextVar[int] = ContextVar("PROCESS")
"""Which of several processes this is; what it does side by side, in tasks of its own, belongs to it too."""


class Gates:
    """Every effect goes through here. ``breaks`` says at which of them what goes wrong. At step ``sleep_at`` a process stands
    still until it is woken. Where ``waiting`` is there, effects of several processes happen in a chosen order."""

    def __init__(self) -> None:
        self.count = 0
        self.breaks: dict[int, Break] = {}
        self.steps = 0  # effects and reads
        self.sleep_at: int | None = None
        self.sleeper: asyncio.Future[None] | None = None
        self.waiting: dict[int, list[asyncio.Future[None]]] | None = None  # by process

    async def through(self, effect: Callable[[], T], trouble: Callable[[], Exception], *, reading: bool = False) -> T:
        if self.waiting is not None:
            future = asyncio.get_running_loop().create_future()
            self.waiting.setdefault(PROCESS.get(), []).append(future)
            await future
        self.steps += 1
        if self.steps - 1 == self.sleep_at:
            self.sleeper = asyncio.get_running_loop().create_future()
            await self.sleeper  # this process stands still; others go on
        if reading:
            return effect()
        wrong = self.breaks.get(self.count)
        self.count += 1
        if wrong == "before":
            raise Crash
        if wrong == "away":
            raise trouble()
        result = effect()
        if wrong == "after":
            raise Crash
        if wrong == "unknown":
            raise trouble()
        return result


def as_read(document: Document) -> Document:
    """A document as a store gives it back: equal, and nobody else's, also inside."""
    return msgspec.json.decode(msgspec.json.encode(document), type=Document)


class MemoryDocuments:
    """Compare-and-swap in a dictionary."""

    def __init__(self, gates: Gates) -> None:
        self._gates = gates
        self.kept: dict[tuple[str, str], Document] = {}

    async def get(self, kind: str, id_: str) -> Document | None:
        return await self._gates.through(
            lambda: (one := self.kept.get((kind, id_))) and as_read(one), StoreUnavailable, reading=True
        )

    async def save(self, document: Document) -> bool:
        def effect() -> bool:
            before = self.kept.get((document.kind, document.id))
            if (before.version if before else 0) != document.version:
                return False
            self.kept[document.kind, document.id] = as_read(replace(document, version=document.version + 1))
            return True

        return await self._gates.through(effect, StoreUnavailable)

    async def of(self, person: PersonId, kind: str, limit: int = 100) -> list[Document]:
        return await self._gates.through(lambda: self._of(person, kind, limit), StoreUnavailable, reading=True)

    def _of(self, person: PersonId, kind: str, limit: int) -> list[Document]:
        found = [one for one in self.kept.values() if one.person == person and one.kind == kind]
        return [as_read(one) for one in sorted(found, key=lambda one: one.at, reverse=True)[:limit]]

    async def listed(self, kind: str, *, state: str | None = None, limit: int = 100, after: str | None = None) -> list[Document]:
        found = [one for one in self.kept.values() if one.kind == kind and one.id > (after or "")]
        return sorted([one for one in found if state in (None, one.state)], key=lambda one: one.id)[:limit]

    async def claim_due(self, kinds: Sequence[str], now: float, limit: int, lease: float) -> list[Document]:
        due = [one for one in self.kept.values() if one.kind in kinds and one.due is not None and one.due <= now][:limit]
        for one in due:
            self.kept[one.kind, one.id] = replace(one, due=now + lease)
        return [as_read(self.kept[one.kind, one.id]) for one in due]


class BankLink:
    def __init__(self, id_: str, amount: int) -> None:
        self.id, self.amount = id_, amount
        self.open, self.payments = True, list[Payment]()


class Bank:
    """The payment service: links by reference, money in and out. Nothing here forgets."""

    def __init__(self, gates: Gates) -> None:
        self._gates = gates
        self.links: dict[str, BankLink] = {}
        self.refunds: dict[str, tuple[str, int]] = {}
        self.refuses: set[str] = set()

    def pay(self, reference: str, *, even_closed: bool = False) -> Payment | None:
        """Somebody pays on the page; ``even_closed``: the payment was under way when the link was cancelled."""
        link = self.links.get(reference)
        if link is None or link.payments or not (link.open or even_closed):
            return None
        payment = Payment(f"pay_{len(self.paid()) + 1}{reference.replace('.', '')}", link.amount)
        link.payments.append(payment)
        link.open = False
        return payment

    def paid(self) -> list[Payment]:
        return [payment for link in self.links.values() for payment in link.payments]

    async def make_link(self, *, reference: str, amount: int, expires_at: float) -> Link:
        def effect() -> Link:
            if "make_link" in self.refuses:
                raise Refused("no", code="bad_request")
            link = self.links.setdefault(reference, BankLink(f"plink_{reference}", amount))
            return Link(link.id, f"https://pay.example/{reference}")

        return await self._gates.through(effect, Unavailable)

    async def look(self, *, reference: str, link: Link | None) -> LinkState | None:
        return await self._gates.through(lambda: self._state(reference), Unavailable)

    async def close(self, *, reference: str, link: Link | None) -> LinkState | None:
        def effect() -> LinkState | None:
            if (found := self.links.get(reference)) is not None:
                found.open = False
            return self._state(reference)

        return await self._gates.through(effect, Unavailable)

    async def refund(self, *, payment: str, amount: int, key: str) -> None:
        def effect() -> None:
            if "refund" in self.refuses:
                raise Refused("no", code="bad_request")
            if self.refunds.setdefault(key, (payment, amount)) != (payment, amount):
                raise Refused("no", code="bad_request")
            if sum(paid for one, paid in self.refunds.values() if one == payment) > amount:
                raise Refused("no", code="too_much")

        await self._gates.through(effect, Unavailable)

    def _state(self, reference: str) -> LinkState | None:
        found = self.links.get(reference)
        return LinkState(found.open, tuple(found.payments)) if found else None


class OnlyDocuments:
    """As much of a store as bookings need."""

    def __init__(self, documents: MemoryDocuments) -> None:
        self.documents = documents

    async def session(self, person: PersonId) -> None:
        """Nothing is known of anybody."""


class World:
    """``agent`` is a fresh one after each crash; documents, bank and time go on."""

    def __init__(self, clinic: Clinic, *, prepaid: bool = True) -> None:
        self.gates = Gates()
        self.documents, self.bank = MemoryDocuments(self.gates), Bank(self.gates)
        self.clinic, self.prepaid, self.now = clinic, prepaid, START
        self.told: dict[str, Tell] = {}
        self.results: dict[str, Result] = {}
        self.crashes = 0
        self.asleep: asyncio.Task[Any] | None = None
        self.agent = self.start()

    def start(self) -> CareCoordinator:
        store: Any = OnlyDocuments(self.documents)
        return CareCoordinator(store, POLICY, self.clinic, payments=self.bank if self.prepaid else None)

    async def ask(self, id_: str, name: str, /, person: PersonId = ASHA, **data: Any) -> Result:
        """An intent, delivered again and again until it is answered, as the bus does."""
        at = self.now
        for _ in range(12):
            intent = Intent(EffectId(id_), person, "care_coordinator", name, at, data)
            try:
                result = await self._unless_asleep(self._handle(intent))
                if result is None:
                    continue  # the bus gives the intent to somebody else
            except Crash:
                self.crashes += 1
                self.agent = self.start()
            except Unavailable:
                self.now += 5
            else:
                self.results[id_] = result
                return result
        raise AssertionError("no answer after 12 deliveries")

    async def try_once(self, intent: Intent) -> None:
        """One delivery that nobody repeats."""
        await self._unless_asleep(self._handle(intent))

    async def _handle(self, intent: Intent) -> Result:
        result = await self.agent.handle(intent, now=self.now)
        await self.tell(result.tells)
        return result

    async def _wake(self, document: Document) -> None:
        woken = await self.agent.wake(document, now=self.now)
        await self.tell(woken.tells)
        await self.documents.save(woken.document)

    async def _unless_asleep(self, work: Coroutine[Any, Any, T]) -> T | None:
        """What the work gives; None when it fell asleep at one of its steps."""
        if self.gates.sleep_at is None:
            return await work
        task = asyncio.ensure_future(work)
        while not task.done() and (self.gates.sleeper is None or self.asleep is not None):  # noqa: ASYNC110 - no event tells it
            await asyncio.sleep(0)
        if not task.done():
            self.asleep = task
            return None
        return task.result()

    async def wake_the_sleeper(self) -> None:
        """Somebody who stood still all the time goes on from where they were, with what they had read."""
        if self.gates.sleeper is not None and self.asleep is not None:
            self.gates.sleeper.set_result(None)
            await asyncio.gather(self.asleep, return_exceptions=True)

    async def tell(self, tells: Sequence[Tell]) -> None:
        for tell in tells:
            self.told[await self.gates.through(lambda tell=tell: tell.id, Unavailable)] = tell  # type: ignore[misc]

    async def wake(self) -> int:
        """What is due now, once."""
        due = await self.documents.claim_due(self.agent.kinds, self.now, 100, 60.0)
        for document in due:
            try:
                await self._unless_asleep(self._wake(document))
            except Crash:
                self.crashes += 1
                self.agent = self.start()
            except Unavailable:
                pass  # the lease brings it back
        return len(due)

    async def pass_time(self, seconds: float) -> None:
        until = self.now + seconds
        while True:
            dues = [one.due for one in self.documents.kept.values() if one.due is not None]
            if not dues or min(dues) > until:
                break
            self.now = max(self.now, min(dues))
            await self.wake()
        self.now = until

    def bookings(self) -> list[Booking]:
        return [read(one) for one in self.documents.kept.values() if one.kind == KIND]

    def entries(self) -> list[Entry]:
        diaries = [msgspec.convert(one.data, Diary) for one in self.documents.kept.values() if one.kind == DIARY]
        return [entry for diary in diaries for entry in diary.entries if entry.state != "returned"]

    def check(self) -> None:
        """Every booking is at exactly one end, and money and times agree with it."""
        holders: dict[str, Entry] = {}
        for entry in self.entries():
            name, _, _ = entry.key.partition(".")
            assert name not in holders, "one booking holds two times"
            holders[name] = entry
        for one in self.entries():
            for other in self.entries():
                assert one is other or one.end <= other.start or other.end <= one.start or one.key == other.key
        refunded = {payment for payment, _ in self.bank.refunds.values()}
        for booking in self.bookings():
            saga = booking.saga
            assert over(booking) or saga.state == "booked", f"{saga.id} rests in {saga.state}: {saga.trouble}"
            held = holders.get(saga.id)
            holders = {name: one for name, one in holders.items() if name != saga.id}
            links = {reference: link for reference, link in self.bank.links.items() if reference.startswith(saga.id)}
            paid = [payment for link in links.values() for payment in link.payments]
            kept = [payment for payment in paid if payment.id not in refunded]
            assert {one.id for one in saga.payments} == {one.id for one in paid}
            if saga.state == "booked":
                assert held is not None, "a booking without its time"
                assert (held.state, held.start) == ("booked", saga.place.start)
                assert sum(one.amount for one in kept) == (saga.amount if saga.prepaid else 0)
            else:
                assert saga.state in FREE
                assert held is None, "a time is held for nobody"
                assert kept == [], "money is kept for nothing"
            assert not any(link.open for link in links.values()), "somebody could still pay"
        assert not holders, "a time is held by no booking"
        assert len({key for key, _ in self.bank.refunds.items()}) == len(refunded), "a payment was sent back twice"
