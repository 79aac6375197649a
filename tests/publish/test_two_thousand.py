"""A change is published under 2,000 live conversations, on real engines and through the worker's own code.

None is reset, none is lost, and what the report told before is what the store held.
"""

from __future__ import annotations

import asyncio
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from agents.registry import NAMES
from bot import queues
from bot.app.engines import Engines, open_engines
from bot.dialogue.bundle import Bundle, read_bundle
from bot.dialogue.content import content_of
from bot.dialogue.contents import Contents
from bot.dialogue.crowd import report
from bot.dialogue.draft import draft_of
from bot.dialogue.engine import Engine
from bot.errors import Unavailable
from bot.metrics import Metrics
from bot.model.codec import decode_effect, encode
from bot.model.effects import Effect, Intent, Outbound
from bot.model.ids import InputId, PersonId
from bot.model.session import Session
from bot.ports.bus import Delivery, Envelope
from bot.ports.sessions import Loaded
from bot.ports.store import JournalEntry
from bot.published import library as rules
from bot.published.library import Library
from bot.published.publishing import drafts_of, gather, publish
from bot.running.write_behind import WriteBehind
from bot.turns.outbox import Outbox
from bot.turns.worker import Worker
from bot.understanding.reader import Reader
from config.policy import load_policy
from config.settings import Settings
from tests.publish.people import KINDS, NOON, Person, crowd
from tests.reading import our_reader
from tests.servers.mongod import MongodServer
from tests.servers.redis import RedisServer

PEOPLE = 2000
SLOTS = 64  # turns in hand at once, as a partition has
ATTEMPTS = 5  # of a turn whose engine is late on a busy machine
ROOT = Path(__file__).parents[2]
POLICY = load_policy()
PROFILE, GLUCOSE, MENU = (f"dialogs/flows/{name}.yaml" for name in ("profile", "log_glucose", "menu"))
FATES = {
    "consent": {"same"}, "name": {"changed", "same"}, "adult": {"removed", "same"}, "zone": {"renamed", "same"},
    "menu": {"changed"}, "value": {"same"},
    "silent": {"same"}, "context": {"changed"}, "agent": {"renamed", "changed"}, "idle": set[str](),
}  # fmt: skip
STEPS = {
    ("changed", "profile.ask_name", "profile.ask_name"): ["name"],
    ("removed", "profile.ask_eighteen", "menu.choose"): ["adult"],
    ("renamed", "profile.ask_zone", "profile.ask_place"): ["zone"],
    ("changed", "menu.choose", "menu.choose"): ["menu", "context", "agent"],  # an open menu lies below the other two
    ("changed", "log_glucose.ask_context", "log_glucose.ask_context"): ["context"],
    ("renamed", "log_glucose.save", "log_glucose.keep"): ["agent"],
}
TO = {  # where the next thing leads those whose version is lost: flow and step of the topmost frame
    "consent": ("profile", "ask_name"), "name": ("profile", "ask_birth_year"), "adult": ("menu", "choose"),
    "zone": ("my_consents", "choose"), "menu": ("menu", "choose"), "value": ("log_glucose", "keep"),
    "silent": ("log_glucose", "ask_value"), "context": ("log_glucose", "keep"), "agent": ("menu", "choose"),
    "idle": ("log_glucose", "ask_context"),
}  # fmt: skip


def changed(bundle: Bundle, *changes: tuple[str, str, str]) -> Bundle:
    files = {name: raw.decode() for name, raw in bundle.files.items()}
    for name, old, new in changes:
        assert old in files[name], (name, old)
        files[name] = files[name].replace(old, new)
    return Bundle({name: text.encode() for name, text in files.items()})


FIRST = read_bundle(ROOT / "dialogs", ROOT / "locales", languages=["en"])
SECOND = changed(
    FIRST,
    (PROFILE, "What may I call you?", "What is your name?"),
    (PROFILE, "ask_eighteen", "ask_adult"),
    (PROFILE, "ask_zone", "ask_place"),
    (PROFILE, "  ask_place:\n", "  ask_place:\n    was: ask_zone\n"),
    (MENU, "What would you like to do?", "What can I do for you?"),
    (MENU, "      log:", "      something: {label: Something new, go: help}\n      log:"),
    (GLUCOSE, "      fasting: {label:", "      waking: {label: On waking}\n      fasting: {label:"),
    (GLUCOSE, "go: save}", "go: keep}"),
    (GLUCOSE, "then: save}", "then: keep}"),
    (GLUCOSE, "next: save\n", "next: keep\n"),
    (GLUCOSE, "\n  save:\n", "\n  keep:\n    was: save\n"),
)
THIRD = changed(SECOND, (MENU, "title: Menu", "title: The menu"))


class Overheard:
    """The bus, and every effect that was published on it, by person; each once, however often it is told."""

    def __init__(self, bus: Any) -> None:
        self._bus = bus
        self.effects: dict[PersonId, dict[str, Effect]] = defaultdict(dict)

    async def publish(self, queue: str, envelope: Envelope) -> None:
        effect = decode_effect(envelope.body)
        self.effects[effect.person][effect.id] = effect
        await self._bus.publish(queue, envelope)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._bus, name)


@pytest.fixture(scope="module")
def reader() -> Reader:
    return our_reader()


@pytest.fixture(params=["embedded", pytest.param("servers", marks=pytest.mark.services)])
async def settings(
    request: pytest.FixtureRequest, tmp_path: Path, new_redis: Callable[[], RedisServer], new_mongod: Callable[[], MongodServer]
) -> Settings:
    """The embedded engines, or private servers: Redis and a replica set of mongod."""
    if request.param == "embedded":
        return Settings(data_dir=tmp_path, port=0, partitions=2)
    return Settings(
        data_dir=tmp_path, port=0, partitions=2,
        redis_url=SecretStr(new_redis().url), mongodb_url=SecretStr(new_mongod().url), mongodb_database="publish",
    )  # fmt: skip


class Listening(Engine):
    """The engine; ``taken`` tells when it was given the second version as the current one."""

    def __init__(self, *parts: Any) -> None:
        self.taken = asyncio.Event()
        super().__init__(*parts)

    def __setattr__(self, name: str, value: Any) -> None:
        super().__setattr__(name, value)
        if name == "contents" and value.current.version == SECOND.version:
            self.taken.set()


@asynccontextmanager
async def role(
    engines: Engines, bus: Overheard, reader: Reader, local: Bundle
) -> AsyncIterator[tuple[Worker, Library, Listening]]:
    """A worker as it is started from a release that carries the bundle ``local``."""
    metrics = Metrics()
    engine = Listening(content_of(local, ["en"]), POLICY, reader.understand)
    library = Library(
        engine, engines.store.bundles, engines.directory,
        lambda bundle, current: content_of(bundle, ["en"], current=current), metrics, lambda: NOON, f"worker {id(engine)}",
    )  # fmt: skip

    async def refuse(entries: list[JournalEntry]) -> None:
        raise AssertionError("the store was there")

    journal = WriteBehind(engines.store.append_journal, refuse, metrics)
    outbox = Outbox(bus, engines.timers, 2, NAMES)
    async with asyncio.TaskGroup() as group:
        writer = group.create_task(journal.run())
        await library.open(local)
        yield Worker(engine, engines.sessions, engines.store, outbox, journal, metrics, lambda: NOON, library), library, engine
        writer.cancel()


async def go_on(worker: Worker, people: Sequence[Person]) -> None:
    """What everybody does next, many at once."""
    waiting = iter(people)

    async def lane() -> None:
        for person in waiting:
            event = person.event
            delivery = Delivery(Envelope(event.id, person.id, encode(event), NOON), "turns", 1, False)
            for _ in range(ATTEMPTS):  # as the queue hands it out again when an engine is late
                with suppress(Unavailable):
                    await worker.handle(delivery)
                    break
            else:
                await worker.handle(delivery)

    async with asyncio.TaskGroup() as group:
        for _ in range(SLOTS):
            group.create_task(lane())


async def held(engines: Engines) -> Counter[str]:
    """People by step, counted by ourselves from what the engine holds."""
    found = Counter[str]()
    async for page in engines.census.pages(10_000):
        for person in page.people:
            found.update({f"{place.flow}.{place.step}" for place in person.stack})
    return found


async def look(engines: Engines, person: Person, input_id: InputId) -> Loaded:
    """What the engine holds; asked again where it was late, as the workers ask."""
    for _ in range(ATTEMPTS):
        with suppress(Unavailable):
            return await engines.sessions.load(person.id, input_id)
    return await engines.sessions.load(person.id, input_id)


async def now_of(engines: Engines, person: Person) -> Session:
    """Not lost, and not reset: one turn on, and all that was known is known still."""
    loaded = await look(engines, person, InputId("look"))
    assert loaded.session is not None, "lost"
    assert (loaded.seen, loaded.outbox, loaded.session.version) == (False, {}, person.session.version + 1)
    assert (await look(engines, person, person.event.id)).seen
    assert loaded.session.profile.items() >= person.session.profile.items()
    assert not person.session.consent or loaded.session.consent == person.session.consent
    return loaded.session


def said(effects: Iterable[Effect]) -> list[str]:
    return [effect.text for effect in effects if isinstance(effect, Outbound)]


async def check_report(engines: Engines, number: Counter[str]) -> None:
    """What the report tells before the publication is what we put there, and what the store holds."""
    people = await gather(engines.census)
    drafts = await drafts_of(engines.store.bundles, people.versions, ["en"])
    found = report(people, drafts, draft_of(SECOND, ["en"]), content_of(SECOND, ["en"]))
    assert (found.known, found.busy) == (PEOPLE, PEOPLE - number["idle"])
    fates = {fate for kind in KINDS for fate in FATES[kind]}
    assert found.fates == {fate: sum(number[kind] for kind in KINDS if fate in FATES[kind]) for fate in fates}
    rows = {(row.fate, row.step, row.to): row.people for row in found.rows}
    assert rows == {row: sum(number[kind] for kind in kinds) for row, kinds in STEPS.items()}
    there = await held(engines)
    assert {row: there[row[1]] for row in rows} == rows


async def test_a_change_under_two_thousand_conversations(
    settings: Settings, reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rules, "LOOK", 0.05)
    first, second = content_of(FIRST, ["en"]), content_of(SECOND, ["en"])
    everybody = list(crowd(PEOPLE, first, POLICY, reader))
    async with open_engines(settings) as engines:
        await engines.bus.declare(queues.topology(2, NAMES))
        commits = [engines.sessions.commit(one.session, InputId("set-up"), [], now=NOON - 200) for one in everybody]
        await asyncio.gather(*commits)
        bundles, bus = engines.store.bundles, Overheard(engines.bus)
        await publish(bundles, FIRST, [], at=NOON, by="test", note=None)
        await check_report(engines, Counter(one.kind for one in everybody))

        # Three quarters go on: some before, some while it is published, the rest at a worker that was started after it.
        quiet, early, middle, later = everybody[:500], everybody[500:650], everybody[650:1250], everybody[1250:]
        stop = asyncio.Event()
        async with role(engines, bus, reader, FIRST) as (worker, library, engine), asyncio.TaskGroup() as group:
            group.create_task(library.watch(stop))
            await go_on(worker, early)
            turns = group.create_task(go_on(worker, middle))
            await publish(bundles, SECOND, await bundles.history(), at=NOON, by="test", note=None)
            async with asyncio.timeout(60):
                await engine.taken.wait()
            await turns
            stop.set()
        async with role(engines, bus, reader, SECOND) as (worker, _, _):
            await go_on(worker, later)
        alone, both = Engine(first, POLICY, reader.understand), Engine(Contents(second).beside(first), POLICY, reader.understand)
        begun = Counter[str]()
        for people, after in ((early, False), (middle, None), (later, True)):
            for person in people:
                now = (await now_of(engines, person), said(bus.effects[person.id].values()))
                one, other = (each.turn(person.session, person.event, now=NOON) for each in (alone, both))
                # As if nothing had been published; only what begins, begins on the version of that moment.
                fits = [(one.session, said(one.effects))] * (after is not True) + [(other.session, said(other.effects))] * (
                    after is not False
                )
                assert now in fits, person.kind
                assert (one.session == other.session) == (person.kind != "idle")
                begun.update({frame.content for frame in now[0].stack if person.kind == "idle"})
        assert set(begun) == {FIRST.version, SECOND.version}

        # The last quarter was quiet, and now their version is lost.
        await publish(bundles, THIRD, await bundles.history(), at=NOON, by="test", note=None)
        assert await bundles.forget(FIRST.version)
        async with role(engines, bus, reader, THIRD) as (worker, _, _):
            await go_on(worker, quiet)
        for person in quiet:
            session = await now_of(engines, person)
            assert {frame.content for frame in session.stack} == {THIRD.version}, person.kind
            assert (session.stack[-1].flow, session.stack[-1].step) == TO[person.kind], person.kind
            heard = list(bus.effects[person.id].values())
            assert said(heard) or any(isinstance(effect, Intent) for effect in heard), person.kind
