"""An agent whose process is killed at a chosen effect, started again, and given again what it has not finished."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from random import Random
from typing import Any, cast

from bot.adapters.sqlite import SqliteStore
from bot.metrics import Metrics
from bot.model.codec import decode_turn_event
from bot.model.effects import Intent
from bot.model.events import Told
from bot.model.ids import PersonId
from bot.ports.bus import Envelope
from bot.ports.documents import Document
from bot.running.agent_runner import AgentRunner
from tests.runtime.parts import delivery

Story = Sequence[tuple[float, Intent]]
"""What is asked, in how many minutes after the beginning."""
MINUTE = 60.0
STEP = 30.0  # seconds between two looks at what is due
METRICS = Metrics()  # nobody looks at them here, and a new set for each start would cost more than the start


class Killed(BaseException):
    """The process is gone: no ``except Exception`` sees it."""


class Fate:
    """Kills at the effect of this number, before or after it is done; at none when it is 0."""

    def __init__(self, at: int = 0, *, after: bool = False) -> None:
        self.at, self.after, self.count = at, after, 0

    def before(self) -> None:
        self.count += 1
        if self.count == self.at and not self.after:
            raise Killed

    def done(self) -> None:
        if self.count == self.at and self.after:
            raise Killed


def fates(effects: int) -> Iterator[tuple[str, Fate]]:
    """Every death that a story of so many effects can have, and its name."""
    for number in range(1, effects + 1):
        for after in (False, True):
            yield f"killed {'after' if after else 'before'} effect {number}", Fate(number, after=after)


class DoomedDocuments:
    def __init__(self, documents: Any, fate: Fate) -> None:
        self._documents, self._fate = documents, fate

    def __getattr__(self, name: str) -> Any:
        return getattr(self._documents, name)

    async def save(self, document: Document) -> bool:
        self._fate.before()
        saved: bool = await self._documents.save(document)
        self._fate.done()
        return saved

    async def claim_due(self, kinds: Sequence[str], now: float, limit: int, lease: float) -> list[Document]:
        taken: list[Document] = await self._documents.claim_due(kinds, now, limit, lease)
        if taken:
            self._fate.before()
            self._fate.done()
        return taken


class DoomedStore:
    """``effects``: the methods at which a process may be killed."""

    def __init__(self, store: SqliteStore, fate: Fate, effects: Sequence[str]) -> None:
        self._store, self._fate, self._effects = store, fate, effects
        self.documents = DoomedDocuments(store.documents, fate)

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._store, name)
        if name not in self._effects:
            return found

        async def doomed(*given: Any) -> Any:
            self._fate.before()
            done = await found(*given)
            self._fate.done()
            return done

        return doomed


class World:
    """A store that outlives crashes, what was heard (each input once, as the worker does it), and what is still to be done."""

    patient: PersonId
    kind: str
    """Of the case's document."""
    effects: Sequence[str]

    def __init__(self, store: SqliteStore, fate: Fate, now: float) -> None:
        self._doomed, self._fate, self._bare = DoomedStore(store, fate, self.effects), fate, store
        self.now, self.told = now, dict[str, Told]()

    def agent(self, store: Any) -> Any:
        """A new one, as a process that starts makes it."""
        raise NotImplementedError

    async def publish(self, queue: str, envelope: Envelope) -> None:
        self._fate.before()
        event = decode_turn_event(envelope.body)
        if isinstance(event, Told):
            kept = self.told.setdefault(event.id, event)
            assert (kept.person, kept.name, kept.facts) == (event.person, event.name, event.facts), "one id, two words"
        self._fate.done()

    async def ask(self, intent: Intent) -> None:
        """Delivered again until it is done, as the bus does it."""
        while True:
            try:
                await self._runner()[0].handle(delivery(intent, intent.person, intent.id))
            except Killed:
                continue
            return

    async def live(self, story: Story, minutes: float) -> None:
        """All of a story, and the time until so many minutes after its beginning."""
        began = self.now
        for later, intent in story:
            await self.until(began + later * MINUTE)
            await self.ask(intent)
        await self.until(began + minutes * MINUTE)

    async def until(self, at: float) -> None:
        """Look for what is due every half minute. Where nothing is, no time is spent."""
        while self.now < at:
            soonest = min([one for one in await self._dues() if one is not None], default=at)
            while self.now < at and self.now < soonest:
                self.now += STEP
            for _ in range(4):  # what is due again at once
                runner, agent = self._runner()
                try:
                    await runner.tick(agent)
                except Killed:
                    break

    async def case(self) -> Document:
        [case] = await self._bare.documents.of(self.patient, self.kind)
        return case

    async def again(self, story: Sequence[Intent], seed: str) -> None:
        """All of it once more, in another order."""
        shuffled = list(story)
        Random(seed).shuffle(shuffled)
        for intent in shuffled:
            await self.ask(intent)
        await self.until(self.now + 3600.0)

    def _runner(self) -> tuple[AgentRunner, Any]:
        agent, documents, bus = self.agent(self._doomed), cast(Any, self._doomed.documents), cast(Any, self)
        return AgentRunner(agent, bus, documents, METRICS, lambda: self.now, 2, [agent.name]), agent

    async def _dues(self) -> list[float | None]:
        return [one.due for kind in self.agent(self._bare).kinds for one in await self._bare.documents.listed(kind)]
