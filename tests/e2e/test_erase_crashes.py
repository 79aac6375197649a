"""A process that ends at any step of an erasure: whoever goes on with it finishes it, and takes nothing from anybody else."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest

from agents.engagement_engine.agent import EngagementEngine
from agents.engagement_engine.copies import ERASURE
from bot.app.elsewhere import Behind
from bot.app.engines import Engines, open_engines
from bot.app.erasing import find_remains
from bot.audit.chain import broken
from bot.model.effects import Intent, Record
from bot.model.ids import EffectId, PersonId, member_of
from bot.ports.documents import Document
from config.policy import load_policy
from config.settings import Settings
from tests.e2e.plants import PLANTS, RULES, add_file, add_reading, asha, left, ravi

ANEW = 5.0  # seconds after the wish
POLICY = load_policy()


class Ended(Exception):
    """The process is no more."""


class Fuse:
    """Ends the process before call number ``at`` of any engine."""

    def __init__(self, at: int) -> None:
        self.at, self.calls = at, 0

    def wrapped(self, engine: Any) -> Any:
        return _Wrapped(engine, self)

    async def call(self, method: Any, *words: Any, **more: Any) -> Any:
        self.calls += 1
        if self.calls == self.at:
            raise Ended
        return await method(*words, **more)


class _Wrapped:
    def __init__(self, engine: Any, fuse: Fuse) -> None:
        self._engine, self._fuse = engine, fuse

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._engine, name)
        if name in ("documents", "audit"):
            return _Wrapped(found, self._fuse)
        if not callable(found):
            return found

        async def call(*words: Any, **more: Any) -> Any:
            return await self._fuse.call(found, *words, **more)

        return call


def agent_of(engines: Engines, fuse: Fuse | None = None) -> EngagementEngine:
    behind: Any = Behind(engines.footprint, engines.bus)
    parts: tuple[Any, ...] = (engines.store, engines.media, behind, engines.tombstones)
    store, media, behind, tombstones = tuple(fuse.wrapped(one) for one in parts) if fuse else parts
    return EngagementEngine(store, POLICY, RULES, media=media, behind=behind, tombstones=tombstones)


async def plant_all(engines: Engines, person: PersonId, then: float) -> None:
    for plant, _ in PLANTS.values():
        await plant(engines, person, then)
    await engines.store.record([Record(EffectId(f"c{person}"), person, "consent", then)])
    await engines.store.documents.save(Document("booking", f"b{person}", person, then))


async def planted(engines: Engines, then: float, asked: float) -> None:
    await plant_all(engines, asha(), then)
    await add_reading(engines, member_of(asha(), "1"), then)
    await add_file(engines, member_of(asha(), "1"), then)
    await add_reading(engines, asha(), asked + ANEW)  # of who has begun anew


async def due(engines: Engines) -> list[Document]:
    return [one for one in await engines.store.documents.of(asha(), ERASURE) if one.due is not None]


async def go_on(engines: Engines, wish: Intent, now: float) -> None:
    """What the queue and the clock bring back."""
    agent = agent_of(engines)
    assert (await agent.handle(wish, now=now)).outcome == "erased"
    for after in (120.0, 3720.0, 90_000.0):
        for note in await due(engines):
            assert await engines.store.documents.save((await agent.wake(note, now=now + after)).document)


@pytest.mark.parametrize("place", ["asked", "looked again"])
async def test_it_is_finished_wherever_it_ended(tmp_path: Path, place: str) -> None:
    async with open_engines(Settings(data_dir=tmp_path / "data")) as engines:
        await plant_all(engines, ravi(), time.time() - 30_000.0)
        at, ended, of_ravi = 0, True, await left(engines, ravi())
        while ended:
            at += 1
            ended = await _ends_at(engines, at, place)
            assert await left(engines, ravi()) == of_ravi, at
        assert at > 10, "there are so many steps"
        assert broken(await engines.store.audit.entries()) is None


async def _ends_at(engines: Engines, at: int, place: str) -> bool:
    """False where it was through before that call."""
    then, asked = time.time() - 20_000.0 + at * 10.0, time.time() - 10_000.0 + at * 10.0
    await planted(engines, then, asked)
    wish = Intent(EffectId(f"wish{at}"), asha(), "engagement_engine", "erase_person", asked)
    fuse, ended = Fuse(at), False
    try:
        if place == "asked":
            await agent_of(engines, fuse).handle(wish, now=asked)
        else:
            await agent_of(engines).handle(wish, now=asked)
            [note] = await due(engines)
            await agent_of(engines, fuse).wake(note, now=asked + 120.0)
    except Ended:
        ended = True
    await engines.timers.cancel(asha(), EffectId("w"))  # the conversation does so; who begins anew may have others
    await go_on(engines, wish, asked + 130.0)
    findings = await find_remains(engines, RULES, asha())
    assert findings.left == [], at
    assert [one.at for one in (await engines.store.held(asha(), 10)).readings] == [asked + ANEW], at
    assert [one.state for one in findings.receipts] == ["erased"] * at
    assert findings.receipts[0].data["report"]["looks"] >= 2
    return ended
