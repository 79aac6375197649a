"""Watching over days: what trends were told, when, and when to look for readings that are missing."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from msgspec.structs import replace

from agents.clinical_monitor.trends import DAY, HIGH, Finding, Value, findings, missed_days, repeated, rising, worth_telling
from agents.result import Tell, Woken
from bot.errors import StoreUnavailable
from bot.model.effects import Intent
from bot.model.ids import PersonId
from bot.ports.documents import Document
from bot.ports.store import Store
from config.clinical import Trends

KIND, EVENT = "watch", "trend"
OWN_EVENTS = frozenset({"weight_rising"})  # trends that are told under their own name
READINGS, TRIES = 400, 6
NUMBERS = ("count", "days", "least", "most", "before", "last")
LIFE = 2 * DAY  # a trend that could not be told by then is told when it shows again


Find = Callable[[PersonId, float], Awaitable[list[Finding]]]


class Watch:
    """One document a person: ``told`` (group: time), ``by`` (group: the intent that told it, with its facts)."""

    def __init__(self, store: Store, rules: Trends) -> None:
        self._store, self._rules = store, rules

    async def measured(self, intent: Intent, now: float) -> tuple[Tell, ...]:
        """A glucose reading was kept: tell the gravest trend that has been quiet long enough."""
        return await self._look(intent, now, self._of_glucose, wakes=True)

    async def often_high(self, person: PersonId, now: float) -> bool:
        """Whether the last days have shown highs enough to be told of: then one more is no reading that says little."""
        values = await self._values(person, now)
        return bool(repeated(values, HIGH, self._rules.three_highs, now))

    async def weighed(self, intent: Intent, now: float) -> tuple[Tell, ...]:
        """Somebody whom water endangers was weighed, and it was no fast gain, which they hear at once: does it creep up?"""
        return await self._look(intent, now, self._of_weight, wakes=False)

    async def _of_glucose(self, person: PersonId, now: float) -> list[Finding]:
        return findings(await self._values(person, now), self._rules, now)

    async def _of_weight(self, person: PersonId, now: float) -> list[Finding]:
        since = now - self._rules.weight_rising.days * DAY
        kept = await self._store.readings(person, "weight", since=since, limit=READINGS)
        found = rising([(one.at, one.value) for one in kept], self._rules.weight_rising, now)
        return [found] if found else []

    async def _look(self, intent: Intent, now: float, find: Find, *, wakes: bool) -> tuple[Tell, ...]:
        """What ``find`` finds is told once; a repeat tells the same again. ``wakes``: look later for missing readings."""
        for _ in range(TRIES):
            document, found = await asyncio.gather(self._document(intent.person, now), find(intent.person, now))
            by: dict[str, Any] = document.data.get("by", {})
            if again := [kept["facts"] for kept in by.values() if kept["intent"] == intent.id]:
                return tuple(_tell(intent.person, intent.id, facts, now) for facts in again)
            told: dict[str, float] = document.data.get("told", {})
            finding = worth_telling(found, told, now)
            facts = _facts(finding) if finding else {}
            if finding is None and (not wakes or (document.version and document.due is not None)):
                return ()
            if finding:
                told = {**told, finding.group: now}
                by = {**by, finding.group: {"intent": intent.id, "facts": facts}}
            due = now + self._rules.missed.silent_days * DAY if wakes else document.due
            if await self._store.documents.save(replace(document, data={"told": told, "by": by}, due=due)):
                return (_tell(intent.person, intent.id, facts, now),) if finding else ()
        raise StoreUnavailable("a watch was changed by others again and again")

    async def wake(self, document: Document, now: float) -> Woken:
        """Did they stop measuring? Told once; the next reading makes us look again."""
        if document.id != document.person:  # the person was joined with another one, who has a watch of their own
            return Woken(replace(document, due=None))
        times = [one.at for one in await self._values(document.person, now)]
        days = missed_days(times, self._rules.missed, now)
        if days is None:
            newest = max(times, default=None)
            later = None if newest is None else newest + self._rules.missed.silent_days * DAY
            return Woken(replace(document, due=later if later is not None and later > now else None))
        told: dict[str, float] = document.data.get("told", {})
        finding = worth_telling([Finding("missed", self._rules.missed.quiet_days, {"days": days})], told, now)
        asleep = replace(document, due=None)
        if finding is None:
            return Woken(asleep)
        tell = _tell(document.person, f"{int(max(times))}", _facts(finding), now)
        return Woken(replace(asleep, data={**document.data, "told": {**told, "missed": now}}), (tell,))

    async def _document(self, person: PersonId, now: float) -> Document:
        return await self._store.documents.get(KIND, person) or Document(KIND, person, person, now)

    async def _values(self, person: PersonId, now: float) -> list[Value]:
        since = now - max(2 * self._rules.average.days, self._rules.missed.within_days + self._rules.missed.silent_days + 7) * DAY
        kept = await self._store.readings(person, "glucose", since=since, limit=READINGS)
        return [Value(one.at, one.value, one.grade or "") for one in kept]


def _facts(finding: Finding) -> dict[str, Any]:
    """All that the flow takes: what a rule has no number for is 0."""
    if finding.rule in OWN_EVENTS:
        return {"trend": finding.rule, **finding.facts}
    return {"trend": finding.rule, **dict.fromkeys(NUMBERS, 0), **finding.facts}


def _tell(person: PersonId, cause: str, facts: dict[str, Any], now: float) -> Tell:
    event = facts["trend"] if facts["trend"] in OWN_EVENTS else EVENT
    return Tell(f"trend:{cause}:{facts['trend']}", person, event, facts, None, now + LIFE)
