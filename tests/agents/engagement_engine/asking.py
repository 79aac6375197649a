"""Intents to the engagement engine over a real store, and looks at what is due."""

from __future__ import annotations

from typing import Any

from agents.engagement_engine.agent import EngagementEngine
from agents.engagement_engine.schedule import BEHIND
from agents.result import Result, Tell
from bot.model.effects import Intent
from bot.model.ids import EffectId, PersonId, person_of
from bot.ports.store import Store

ASHA = person_of("phone:910000000001")
NINE = 1_764_041_400.0  # Tuesday, 25 November 2025, 9:00 in India
HOUR, DAY = 3600.0, 86_400.0
LEASE = 60.0
LAST = max(BEHIND.values())


def asked(id_: str, name: str, /, at: float = NINE, person: PersonId = ASHA, **data: Any) -> Intent:
    return Intent(EffectId(id_), person, "engagement_engine", name, at, data)


async def ask(agent: EngagementEngine, id_: str, name: str, /, at: float = NINE, **data: Any) -> Result:
    return await agent.handle(asked(id_, name, at, **data), now=at)


async def wake(agent: EngagementEngine, store: Store, now: float, *, saves: bool = True) -> list[Tell]:
    """What one runner tells in this minute; without ``saves`` it is killed before it could save."""
    told = list[Tell]()
    for document in await store.documents.claim_due(agent.kinds, now + LAST, 100, LEASE):
        woken = await agent.wake(document, now=now)
        told += woken.tells
        if saves:
            await store.documents.save(woken.document)
    return told
