"""The turn's promises: once, in one write, never lost, heard in danger."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import pytest
from msgspec.structs import replace

from bot import queues
from bot.app.engines import Engines
from bot.errors import BusUnavailable, Conflict, Malformed, SessionsUnavailable
from bot.model.codec import decode_effect
from bot.model.effects import Effect, Outbound, Record
from bot.model.events import TurnEvent
from bot.model.hint import Hint
from bot.model.ids import GatewayId, InputId, PersonId, effect_of, partition_of
from bot.model.inbound import Inbound, Media
from bot.model.session import Asked, Member, Session
from bot.ports.bus import Delivery, Envelope
from bot.ports.sessions import Loaded
from bot.turns.worker import Worker
from tests.runtime.conftest import PARTITIONS
from tests.runtime.parts import ASHA, RAVI, CountingEngine, CountingTurn, Flaky, delivery, message, taken
from tests.runtime.working import working


class Away:
    """A session engine that does not answer."""

    async def load(self, person: PersonId, input_id: InputId, quoted: GatewayId | None = None) -> Loaded:
        raise SessionsUnavailable

    async def commit(self, session: Session, input_id: InputId, outbox: Sequence[Effect], *, now: float) -> None:
        raise SessionsUnavailable

    async def seen(self, inputs: Sequence[tuple[PersonId, InputId]]) -> set[InputId]:
        raise SessionsUnavailable

    async def published(self, person: PersonId, input_id: InputId) -> None:
        raise SessionsUnavailable

    async def restore(self, session: Session, seen: Sequence[InputId], *, now: float) -> bool:
        raise SessionsUnavailable


def sends_of(person: PersonId) -> str:
    return queues.sends(partition_of(person, PARTITIONS))


def of(inbound: Inbound) -> Delivery:
    return delivery(inbound, inbound.person, inbound.id)


async def test_a_turn_is_committed_published_and_journalled(engines: Engines) -> None:
    async with working(engines, CountingEngine()) as worker:
        await worker.handle(of(message(1)))
    (sent,) = await taken(engines.bus, sends_of(ASHA), 1)
    said = decode_effect(sent.body)
    assert isinstance(said, Outbound)
    assert said.text == "turn 1"
    snapshot = await engines.store.latest(ASHA)
    assert snapshot is not None
    assert (snapshot.session.version, snapshot.seen) == (1, [message(1).id])


class Forwards(CountingEngine):
    """Somebody of whom the words "pass it on" are taken up, with their file."""

    def turn(self, session: Session, event: TurnEvent, **more: Any) -> CountingTurn:
        turn = super().turn(session, event, **more)
        if isinstance(event, Inbound) and event.media and event.text == "pass it on":
            turn.effects.append(Record(effect_of(event.id, 5), event.person, "file", 1.0, {"ref": event.media.ref}))
        return turn


async def test_a_file_of_somebody_who_has_not_agreed_goes_unless_the_talk_goes_on_with_it(engines: Engines) -> None:
    async def sent(number: int, text: str = "look") -> bool:
        """Whether it is still there after its turn."""
        ref = await engines.media.put(f"{number}".encode(), mime="image/png", person=ASHA, now=1000.0, keep_seconds=1e6)
        async with working(engines, Forwards()) as worker:
            await worker.handle(of(message(number, text=text, media=Media(mime="image/png", ref=ref))))
        return await engines.media.about(ref) is not None

    assert not await sent(1)
    assert await sent(2, "pass it on")
    loaded = await engines.sessions.load(ASHA, InputId("x"))
    assert loaded.session is not None
    agreed = Session(ASHA, version=loaded.session.version + 1, consent={"version": "1", "purposes": ["care_messages"]})
    await engines.sessions.commit(agreed, InputId("agrees"), [], now=1500.0)
    assert await sent(3)


async def test_a_repeated_input_is_not_run_again(engines: Engines) -> None:
    engine = CountingEngine()
    async with working(engines, engine) as worker:
        for _ in range(3):
            await worker.handle(of(message(1)))
    assert engine.runs == 1
    await taken(engines.bus, sends_of(ASHA), 1)


async def test_what_was_committed_but_not_published_is_published_by_the_repeat(engines: Engines) -> None:
    engine, bus = CountingEngine(), Flaky(engines.bus)
    async with working(engines, engine, bus=bus) as worker:
        bus.down = True
        with pytest.raises(BusUnavailable):
            await worker.handle(of(message(1)))
        bus.down = False
        await worker.handle(of(message(1)))
    assert engine.runs == 1
    (sent,) = await taken(engines.bus, sends_of(ASHA), 1)
    assert sent.id == f"{message(1).id}#0"
    assert await engines.store.latest(ASHA) is not None


async def test_what_an_earlier_turn_left_unpublished_goes_before_the_next(engines: Engines) -> None:
    engine, bus = CountingEngine(), Flaky(engines.bus)
    async with working(engines, engine, bus=bus) as worker:
        bus.down = True
        with pytest.raises(BusUnavailable):
            await worker.handle(of(message(1)))
        bus.down = False
        await worker.handle(of(message(2)))
    sent = await taken(engines.bus, sends_of(ASHA), 2)
    assert [envelope.id for envelope in sent] == [f"{message(1).id}#0", f"{message(2).id}#0"]


async def test_a_lost_session_is_rebuilt_and_goes_on(engines: Engines, lose_state: Callable[[], Awaitable[None]]) -> None:
    engine = CountingEngine()
    async with working(engines, engine) as worker:
        await worker.handle(of(message(1)))
        await worker.handle(of(message(2)))
        await lose_state()
        await worker.handle(of(message(2)))  # the gateway repeats it: the journal knows it
        await worker.handle(of(message(3)))
    assert engine.runs == 3
    loaded = await engines.sessions.load(ASHA, InputId("other"))
    assert loaded.session is not None
    assert (loaded.session.version, loaded.session.profile["turns"]) == (3, 3)


async def test_an_emergency_is_answered_while_the_session_engine_is_away(engines: Engines) -> None:
    async with working(engines, CountingEngine(), sessions=Away()) as worker:
        for _ in range(2):  # held and tried again: said once
            with pytest.raises(SessionsUnavailable):
                await worker.handle(of(message(1, text="danger")))
        with pytest.raises(SessionsUnavailable):
            await worker.handle(of(message(2, text="hello")))
    (sent,) = await taken(engines.bus, queues.urgent(partition_of(ASHA, PARTITIONS)), 1)
    assert sent.id == f"{message(1).id}#e0"


async def test_the_full_turn_gives_the_emergency_the_same_id(engines: Engines) -> None:
    async with working(engines, CountingEngine()) as worker:
        await worker.handle(of(message(1, text="danger")))
    (sent,) = await taken(engines.bus, queues.urgent(partition_of(ASHA, PARTITIONS)), 1)
    assert sent.id == f"{message(1).id}#e0"


async def test_a_person_known_by_a_hidden_number_keeps_the_conversation(engines: Engines) -> None:
    async with working(engines, CountingEngine()) as worker:
        await worker.handle(of(message(1, person=RAVI)))
        await worker.handle(of(message(2, person=ASHA, formerly=RAVI)))
    loaded = await engines.sessions.load(ASHA, InputId("other"))
    assert loaded.session is not None
    assert loaded.session.profile["turns"] == 2


async def test_who_shared_the_phone_moves_along_with_its_owner(engines: Engines) -> None:
    held = Session(RAVI, version=1, household=[Member("1", "Amma"), Member("3", "Ravi")], members_ever=3)
    await engines.sessions.commit(held, InputId("settled"), [], now=1000.0)
    async with working(engines, CountingEngine()) as worker:
        await worker.handle(of(message(2, person=ASHA, formerly=RAVI)))
    records = [decode_effect(one.body) for one in await taken(engines.bus, queues.RECORDS, 3)]
    moved = {(one.person, one.data["old"]) for one in records if isinstance(one, Record)}
    assert moved == {(ASHA, RAVI), (f"{ASHA}.1", f"{RAVI}.1"), (f"{ASHA}.3", f"{RAVI}.3")}


async def test_two_workers_on_one_person_lose_nothing(engines: Engines) -> None:
    engine = CountingEngine()

    async def insist(worker: Worker, number: int) -> None:
        while True:
            try:
                return await worker.handle(of(message(number)))
            except Conflict:
                continue

    async with working(engines, engine) as first, working(engines, engine) as second:
        await asyncio.gather(*(insist((first, second)[n % 2], n) for n in range(1, 11)))
    loaded = await engines.sessions.load(ASHA, InputId("other"))
    assert loaded.session is not None
    assert loaded.session.profile["turns"] == 10
    # Each saw the other's outbox unpublished and published it, too: more messages than turns, but no other ids.
    depth = await engines.bus.depth(sends_of(ASHA))
    sent = await taken(engines.bus, sends_of(ASHA), depth.ready)
    assert {envelope.id for envelope in sent} == {f"{message(n).id}#0" for n in range(1, 11)}


async def test_nonsense_is_malformed(engines: Engines) -> None:
    async with working(engines, CountingEngine()) as worker:
        with pytest.raises(Malformed):
            await worker.handle(Delivery(Envelope(id="x", key=ASHA, body=b'{"type":"inbound"', at=0.0), "q", 1, False))


class Unreadable(Away):
    """A session engine that holds something of a person that nobody can read."""

    async def load(self, person: PersonId, input_id: InputId, quoted: GatewayId | None = None) -> Loaded:
        raise Malformed("the stored session is unreadable")


async def test_an_emergency_is_answered_although_what_is_stored_cannot_be_read(engines: Engines) -> None:
    """The message is parked then, and nobody may look for hours."""
    async with working(engines, CountingEngine(), sessions=Unreadable()) as worker:
        for text in ("danger", "hello"):
            with pytest.raises(Malformed):
                await worker.handle(of(message(1, text=text)))
    (sent,) = await taken(engines.bus, queues.urgent(partition_of(ASHA, PARTITIONS)), 1)
    assert sent.id == f"{message(1).id}#e0"


class Stumbling(CountingEngine):
    """Falls over one message, before anything is decided and alone."""

    def emergency_only(self, event: Inbound, *, now: float) -> Sequence[Effect]:
        raise KeyError(event.text)


async def test_what_waits_behind_a_message_ends_nothing_by_being_unreadable(engines: Engines) -> None:
    """The consumer's own loop asks: what it raises would end the process, and again after every start."""
    async with working(engines, Stumbling(), opinions=Silent()) as worker:
        worker.behind(of(message(1, text="stumble")))
        worker.behind(Delivery(Envelope(id="x", key=ASHA, body=b'{"type":"inbound"', at=0.0), "q", 1, False))
        await worker.handle(of(message(2)))
    assert [one.id for one in await taken(engines.bus, sends_of(ASHA), 1)] == [f"{message(2).id}#0"]


class Silent:
    """A model that is never asked."""

    def wanted(self, event: Inbound, session: Session, kind: str, after: Session) -> bool:
        return False

    async def of(self, event: Inbound, session: Session) -> None:
        return None

    async def kinder(self, session: Session, said: Outbound) -> None:
        return None


class Failing(Silent):
    """A model whose answer nobody foresaw."""

    def wanted(self, event: Inbound, session: Session, kind: str, after: Session) -> bool:
        return True

    async def of(self, event: Inbound, session: Session) -> None:
        raise KeyError("a food that was not offered")

    async def kinder(self, session: Session, said: Outbound) -> None:
        raise ValueError("no JSON")


class Kind(CountingEngine):
    """Its words may be said in kinder ones."""

    def turn(
        self, session: Session, event: TurnEvent, *, now: float, asked: Asked | None = None, hint: Hint | None = None
    ) -> CountingTurn:
        turn = super().turn(session, event, now=now, asked=asked, hint=hint)
        turn.effects = [replace(one, kinder=True) if isinstance(one, Outbound) else one for one in turn.effects]
        return turn


async def test_whatever_a_model_does_costs_no_message(engines: Engines) -> None:
    async with working(engines, Kind(), opinions=Failing()) as worker:
        await worker.handle(of(message(1)))
    [sent] = await taken(engines.bus, sends_of(ASHA), 1)
    said = decode_effect(sent.body)
    assert isinstance(said, Outbound)
    assert (said.text, said.kinder) == ("turn 1", False)


class Unsure(Silent):
    def wanted(self, event: Inbound, session: Session, kind: str, after: Session) -> bool:
        raise TypeError("no such kind")


async def test_nor_does_the_question_whether_it_is_wanted(engines: Engines) -> None:
    async with working(engines, CountingEngine(), opinions=Unsure()) as worker:
        await worker.handle(of(message(1)))
    await taken(engines.bus, sends_of(ASHA), 1)
