"""What is read from the store: readings as samples, and doses that were told."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import date

from msgspec import Struct

from agents.clinical_monitor.medicines import TAKEN
from agents.health_insights.about import About
from agents.health_insights.sample import Sample, sample
from bot.model.clock import local
from bot.model.effects import Record
from bot.model.ids import EffectId, PersonId
from bot.ports.store import Reading, Store

MOST = 3000
"""Readings that one look takes: eight a day for a year."""
DAY = 86_400.0
MISSED = "skipped"


class Doses(Struct, frozen=True):
    taken: int = 0
    missed: int = 0
    missed_on: frozenset[date] = frozenset()


async def samples(store: Store, person: PersonId, kind: str, about: About, days: int) -> list[Sample]:
    """Readings of one kind in the last ``days`` days and a little before, none later than the request."""
    found = await _readings(store, person, kind, about, days)
    return [sample(one.value, one.at, about.zone, one.context) for one in found]


async def pressures(store: Store, person: PersonId, about: About, days: int) -> list[Sample]:
    """Blood pressures: an upper value and the lower one that the clinical monitor kept beside it."""
    upper, lower_ones = await asyncio.gather(*[_readings(store, person, kind, about, days) for kind in ("systolic", "diastolic")])
    lower = {one.id: one.value for one in lower_ones}
    pairs = [(one, lower.get(EffectId(f"{one.id}:diastolic"))) for one in upper]
    return [sample(one.value, one.at, about.zone, second=second) for one, second in pairs if second is not None]


async def doses(store: Store, person: PersonId, about: About, days: int) -> Doses:
    """What the person said of their medicines. A dose that nobody answered for is neither taken nor missed."""
    records = await store.records(person, TAKEN, limit=MOST)
    return told_doses([one for one in records if about.at - days * DAY <= one.at <= about.at], about.zone)


def told_doses(records: Sequence[Record], zone: str) -> Doses:
    corrected = {one.data.get("supersedes") for one in records}
    records = [one for one in records if one.id not in corrected]
    missed = [one for one in records if one.data.get("status") == MISSED]
    taken = sum(one.data.get("status") == "taken" for one in records)
    return Doses(taken, len(missed), frozenset(local(one.at, zone).date() for one in missed))


async def _readings(store: Store, person: PersonId, kind: str, about: About, days: int) -> list[Reading]:
    since = about.at - (days + 1) * DAY
    found = await store.readings(person, kind, since=since, limit=MOST)
    return [one for one in found if one.at <= about.at]
