"""Rechecks as documents: a low sugar, a severe pressure, what was measured after it, and whether anything was at all."""

from __future__ import annotations

import msgspec
from msgspec.structs import replace

from agents.clinical_monitor import recheck
from agents.clinical_monitor.recheck import Episode, Protocol
from agents.result import Woken
from bot.errors import StoreUnavailable
from bot.model.effects import Intent
from bot.model.ids import PersonId
from bot.ports.documents import Document, Documents, held_in
from config.clinical import Clinical, RecheckTimes

KIND = "recheck"
RECENT, TRIES = 5, 6


class Rechecks:
    def __init__(self, documents: Documents, clinical: Clinical) -> None:
        self._documents, self._clinical = documents, clinical

    async def measured(self, protocol: str, intent: Intent, value: float, at: float, *, bad: bool) -> None:
        """A value that begins an episode, or is the recheck of the one that waits. Once for one intent."""
        known: Protocol = "hypo" if protocol == "hypo" else "blood_pressure"
        times = self._times(known)
        for _ in range(TRIES):
            waiting = None
            for document in await self._documents.of(intent.person, KIND, RECENT):
                episode = _episode(document)
                if episode.knows(intent.id):
                    return
                if waiting is None and episode.protocol == known and episode.state == "waiting":
                    waiting = document, episode
            if waiting is None:
                if not bad:
                    return
                document = Document(KIND, intent.id, intent.person, at)
                episode = recheck.begin(known, intent.id, value, at, times)
            else:
                document, episode = waiting
                if at < episode.checks[-1].at:
                    return  # an earlier value that was told later is no recheck
                episode = recheck.measured(episode, intent.id, value, at, again=bad, times=times)
            if await self._documents.save(_document(document, episode)):
                return
        raise StoreUnavailable("a recheck was changed by others again and again")

    async def withdraw(self, person: PersonId, source: str) -> None:
        """A reading was corrected: it begins nothing, and checks nothing."""
        for document in await self._documents.of(person, KIND, RECENT):
            before = _episode(document)
            after = recheck.withdrawn(before, source)
            if after != before and not await self._documents.save(_document(document, after)):
                raise StoreUnavailable("a recheck was changed by others")

    async def wake(self, document: Document, now: float) -> Woken:
        return Woken(_document(document, recheck.passed(_episode(document), now)))

    def _times(self, protocol: Protocol) -> RecheckTimes:
        rechecks = self._clinical.rechecks
        return rechecks.hypo if protocol == "hypo" else rechecks.blood_pressure


def _episode(document: Document) -> Episode:
    return held_in(document, Episode)


def _document(document: Document, episode: Episode) -> Document:
    due = episode.until if episode.state == "waiting" else None
    return replace(document, data=msgspec.to_builtins(episode), state=episode.state, due=due)
