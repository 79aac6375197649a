"""A person is erased from every engine, and the search names whatever was left in any of them."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from pydantic import SecretStr

from agents.engagement_engine.agent import EngagementEngine
from agents.engagement_engine.copies import ERASURE
from bot.app.elsewhere import Behind
from bot.app.engines import Engines, open_engines
from bot.app.erasing import erase_person, find_remains
from bot.audit.chain import broken
from bot.errors import SessionsUnavailable
from bot.model.effects import Intent, Record
from bot.model.ids import EffectId, InputId, PersonId, member_of, person_of
from bot.model.session import Session
from bot.ports.bus import Envelope
from bot.ports.documents import Document
from bot.upkeep.leftovers import BATCH
from config.policy import load_policy
from config.settings import Settings
from tests.e2e.at_hand import run_here
from tests.e2e.plants import (
    LID,
    PHONE,
    PLANTS,
    RULES,
    add_file,
    add_parked,
    add_reading,
    add_session,
    add_spent,
    add_timer,
    add_turn,
    asha,
    left,
    park,
    ravi,
)


def hidden() -> PersonId:
    return person_of(f"lid:{LID}")


def amma() -> PersonId:
    return member_of(asha(), "1")


def gone() -> PersonId:
    return member_of(asha(), "2")


@asynccontextmanager
async def opened(kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> AsyncIterator[Engines]:
    settings = Settings(data_dir=tmp_path / "data")
    if kind == "servers":
        named = {
            "redis_url": SecretStr(request.getfixturevalue("new_redis")().url),
            "mongodb_url": SecretStr(request.getfixturevalue("mongodb_url")),
            "mongodb_database": request.getfixturevalue("mongodb_database"),
            "rabbitmq_url": SecretStr(request.getfixturevalue("new_rabbitmq")().url),
        }
        settings = settings.model_copy(update=named)
    async with open_engines(settings) as engines:
        yield engines


@pytest.fixture(params=["embedded", pytest.param("servers", marks=pytest.mark.services)])
async def engines(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Engines]:
    async with opened(request.param, tmp_path, request) as found:
        yield found


async def erased(engines: Engines) -> None:
    result = await erase_person(engines, RULES, asha(), time.time(), who="staff tester", why="asked by letter")
    assert result.outcome == "erased"


async def test_all_is_erased_and_any_leftover_is_named(engines: Engines) -> None:
    then = time.time() - 1000.0
    for person in (asha(), ravi()):
        for plant, _ in PLANTS.values():
            await plant(engines, person, then)
        await engines.store.record([Record(EffectId(f"c{person}"), person, "consent", then)])
        await engines.store.documents.save(Document("booking", f"b{person}", person, then))
    for person in (amma(), gone(), hidden()):  # of the household, once of it, and her before her phone was known
        await add_reading(engines, person, then)
        await add_file(engines, person, then)
    of_ravi = {*await left(engines, ravi())}
    assert {place for _, place in PLANTS.values()} <= await left(engines)

    await erased(engines)
    findings = await find_remains(engines, RULES, asha())
    assert findings.left == []
    assert {(one.remain.kind, one.stays) for one in findings.found} == {
        ("consent", "the law keeps it"),
        ("booking", "the law keeps it"),
        ("erasure", "proves the erasure"),
    }
    assert await left(engines, ravi()) == of_ravi
    for name, (plant, place) in PLANTS.items():
        await plant(engines, asha(), then)
        assert place in await left(engines), name
        await erased(engines)
        assert await left(engines) == set(), name
    for person in (amma(), gone(), hidden()):
        await add_file(engines, person, then)
        assert await left(engines) == {"media/image/png"}
        await erased(engines)

    entries = await engines.store.audit.entries()
    assert broken(entries) is None
    assert {(one.note.who, one.note.what, one.note.why) for one in entries} == {("staff tester", "erased", "asked by letter")}


async def test_what_came_after_the_erasure_is_told_as_that_and_stays(engines: Engines) -> None:
    await erased(engines)
    later = time.time() + 5.0
    for plant in (add_reading, add_turn, add_session, add_spent, add_timer):
        await plant(engines, asha(), later)
    findings = await find_remains(engines, RULES, asha())
    assert findings.left == []
    assert {one.stays for one in findings.found} == {"proves the erasure", "came after the erasure"}


async def test_what_was_erased_in_the_chat_is_gone_from_redis_and_the_queues_soon_after(engines: Engines) -> None:
    then, asked = time.time() - 1000.0, time.time() - 200.0
    behind = Behind(engines.footprint, engines.bus)
    agent = EngagementEngine(engines.store, load_policy(), RULES, media=engines.media, behind=behind)
    for plant, _ in PLANTS.values():
        await plant(engines, asha(), then)
    await add_session(engines, ravi(), then)
    wish = Intent(EffectId("wish"), asha(), "engagement_engine", "erase_person", asked)
    assert (await agent.handle(wish, now=asked)).outcome == "erased"
    await add_turn(engines, asha(), asked + 5.0)  # "Done. Your data is erased."
    await engines.sessions.commit(Session(asha(), version=2), InputId("done"), [], now=asked + 5.0)
    assert "parked/turns.0" in await left(engines)

    async def look(after: float) -> set[str]:
        [note] = [one for one in await engines.store.documents.of(asha(), ERASURE) if one.due]
        assert await engines.store.documents.save((await agent.wake(note, now=asked + after)).document)
        assert await left(engines) == set()
        return {one.remain.place for one in (await find_remains(engines, RULES, asha())).found}

    assert await look(120.0) == {"documents", "journal", "heads", "state", "timers", "links"}, "a time is running for them"
    await engines.timers.cancel(asha(), EffectId("w"))
    assert await look(3720.0) == {"documents", "journal", "heads"}
    assert "state/s" in {f"{one.place}/{one.kind}" for one in await engines.footprint.remains([ravi()])}


async def test_a_parked_batch_of_several_people_is_named_and_not_thrown_away(engines: Engines) -> None:
    body = f"{asha()} and {ravi()}".encode()
    await park(engines, Envelope(id=f"{BATCH}1", key=f"{BATCH}1", body=body, at=time.time() - 1000.0))
    await erased(engines)
    assert await left(engines) == {"parked/turns.0"}
    assert len(await engines.bus.parked()) == 1


async def test_an_engine_that_fails_leaves_a_note_and_the_next_time_finishes(
    engines: Engines, monkeypatch: pytest.MonkeyPatch
) -> None:
    await add_reading(engines, asha(), time.time() - 1000.0)

    async def down(*_: object) -> None:
        raise SessionsUnavailable("down")

    with monkeypatch.context() as broken_engine:
        broken_engine.setattr(engines.footprint, "forget", down)
        result = await erase_person(engines, RULES, asha(), time.time(), who="staff tester", why="asked")
    assert result.outcome == "erasing"
    assert await left(engines) == {"readings/glucose"}
    [note] = (await find_remains(engines, RULES, asha())).receipts
    assert note.state == "erasing"
    await erased(engines)
    assert await left(engines) == set()


def test_the_command_asks_erases_and_proves_it(folder: Path) -> None:
    settings = {"data_dir": folder / "data"}

    async def fill(at: float) -> PersonId:
        async with open_engines(Settings(data_dir=folder / "data")) as engines:
            await add_reading(engines, asha(), at)
            await add_parked(engines, asha(), at)
            return asha()

    then = time.time() - 1000.0
    named = asyncio.run(fill(then))
    found = run_here(folder, settings, "erase", f"+{PHONE}", "--verify")
    assert found.returncode == 1, found.stderr
    assert "no receipt" in found.stdout
    assert "2 left that should be gone" in found.stdout
    assert run_here(folder, settings, "erase", named, "--yes").returncode == 1  # without a reason
    refused = run_here(folder, settings, "erase", named, "--reason", "asked", stdin="n\n")
    assert refused.returncode == 130
    done = run_here(folder, settings, "erase", named, "--reason", f"asked by {PHONE}", stdin="y\n")
    assert done.returncode == 0, done.stderr
    receipt = done.stdout.rpartition("receipt ")[2].strip()
    report = run_here(folder, settings, "erase", named, "--report")
    assert report.returncode == 0
    assert "erased; sealed in the audit log" in report.stdout
    assert "readings glucose" in report.stdout
    clean = run_here(folder, settings, "erase", named, "--verify")
    assert clean.returncode == 0, clean.stdout + clean.stderr
    assert f"receipt {receipt}: erased" in clean.stdout
    assert "nothing is left that should be gone" in clean.stdout
    entries = run_here(folder, settings, "audit", "list", "--person", named).stdout
    assert all(part in entries for part in ("searched for remains", "erased", "asked by [[NUMBER_1]]"))
    assert PHONE not in entries
    asyncio.run(fill(then + 1.0))
    again = run_here(folder, settings, "erase", named, "--verify")
    assert again.returncode == 1
    assert "LEFT   readings   glucose" in again.stdout
    assert "my words" not in again.stdout
