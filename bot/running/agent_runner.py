"""Runs one agent: on its queue, intent in, result out as a turn of the same person; and what comes due of its documents."""

from __future__ import annotations

import asyncio
import logging
from collections import defaultdict
from collections.abc import Callable, Sequence
from time import perf_counter
from typing import Any, Protocol, runtime_checkable

from msgspec import structs

from bot import queues
from bot.errors import Malformed, Unavailable
from bot.metrics import Metrics
from bot.model.codec import decode_effect, encode
from bot.model.effects import Intent
from bot.model.events import AgentResult, Told
from bot.model.ids import EffectId, InputId, owner_of
from bot.model.telling import Ask, Tell
from bot.ports.bus import Bus, Delivery, Envelope
from bot.ports.documents import Document, Documents
from bot.running.valve import Valve

log = logging.getLogger(__name__)

TICK = 0.5
"""Seconds between two looks for due documents."""
LEASE = 30.0
"""Seconds in which nobody else takes a document that one runner has taken."""
BATCH = 100
AT_ONCE = 16
"""People whose documents are in hand at once."""
WAKE_BUDGET = 10.0
"""Seconds for one document; below the lease."""


class Answer(Protocol):
    @property
    def outcome(self) -> str: ...
    @property
    def facts(self) -> dict[str, Any]: ...
    @property
    def tells(self) -> tuple[Tell, ...]: ...
    @property
    def asks(self) -> tuple[Ask, ...]: ...
    @property
    def untranslated(self) -> str | None: ...


class Awake(Protocol):
    @property
    def document(self) -> Document: ...
    @property
    def tells(self) -> tuple[Tell, ...]: ...
    @property
    def asks(self) -> tuple[Ask, ...]: ...


class Answers(Protocol):
    """An agent, as the runner sees it."""

    @property
    def name(self) -> str: ...

    async def handle(self, intent: Intent, *, now: float) -> Answer: ...


@runtime_checkable
class Wakes(Protocol):
    """An agent with work that comes due. ``kinds`` are those of the documents whose ``due`` it answers for."""

    @property
    def kinds(self) -> tuple[str, ...]: ...

    async def wake(self, document: Document, *, now: float) -> Awake:
        """Decide what is to be done now. It saves nothing of this document itself."""


def about(intent: Intent) -> Intent:
    """An intent as its agent sees it: of whom it is about. The answer goes to who asked."""
    return intent if intent.subject is None else structs.replace(intent, person=intent.subject)


def told_of(agent: str, tell: Tell, now: float) -> Told:
    """News as a turn of who hears it: news of a member of a household comes to the owner of the phone."""
    person, member = owner_of(tell.person)
    id_ = InputId(f"{agent}:{tell.id}")
    return Told(id_, person, agent, tell.name, now, tell.facts, tell.channel, tell.expires_at, member)


def task_of(agent: str, ask: Ask, now: float) -> Intent:
    """A task for another agent, about whom it was given for."""
    person, member = owner_of(ask.person)
    subject = ask.person if member else None
    return Intent(EffectId(f"{agent}:{ask.id}"), person, ask.agent, ask.name, now, ask.data, None, subject, unanswered=True)


class AgentRunner:
    """Handles the deliveries of ``agent.NAME``. The agent is idempotent on the intent; the result's id follows from it.

    ``valve``: what comes due of it can wait until the channel has sent most of what it has.
    """

    def __init__(
        self,
        agent: Answers,
        bus: Bus,
        documents: Documents,
        metrics: Metrics,
        clock: Callable[[], float],
        partitions: int,
        agents: Sequence[str],
        valve: Valve | None = None,
    ) -> None:
        self._valve, self._more = valve, False  # the valve is asked while there may be more than one batch
        self._agent, self._bus, self._documents, self._metrics = agent, bus, documents, metrics
        self._clock, self._partitions, self._agents = clock, partitions, frozenset(agents)

    async def handle(self, delivery: Delivery) -> None:
        intent = decode_effect(delivery.envelope.body)
        if not isinstance(intent, Intent):
            raise Malformed("an agent queue holds something that is not an intent")
        started = perf_counter()
        try:
            answer = await self._agent.handle(about(intent), now=self._clock())
        except Unavailable:
            raise  # held and tried again; the flow tells the patient after its own wait
        except Exception:
            # The conversation goes on at once with "failed"; the intent itself is parked by the consumer as evidence.
            await self._answer(intent, "failed", {})
            self._observe("failed", started)
            raise
        await self._answer(intent, answer.outcome, answer.facts)  # before its news: they may be for the same person
        await self._send(answer.tells, answer.asks)
        if answer.untranslated:
            self._metrics.said_otherwise(answer.untranslated)
        self._observe(answer.outcome, started)

    async def run_due(self, stop: asyncio.Event) -> None:
        """Wake the agent for its documents that are due, until ``stop`` is set. Any number of runners may do so."""
        if not isinstance(self._agent, Wakes):
            return
        while not stop.is_set():
            busy = False
            try:
                busy = await self.tick(self._agent) == BATCH
            except Unavailable as error:
                log.warning("due work waits for an engine", extra={"action": "due_waits", "code": error.code})
            if not busy:
                try:
                    async with asyncio.timeout(TICK):
                        await stop.wait()
                except TimeoutError:
                    pass

    async def tick(self, agent: Wakes) -> int:
        """Wake it once for everything that is due now. Returns how much that was."""
        now = self._clock()
        room = min(BATCH, await self._valve.room()) if self._valve and self._more else BATCH
        taken = await self._documents.claim_due(agent.kinds, now, room, LEASE) if room > 0 else []
        self._more = len(taken) == room
        people: defaultdict[str, list[Document]] = defaultdict(list)
        for document in taken:
            people[document.person].append(document)
        at_once = asyncio.Semaphore(AT_ONCE)
        done = await asyncio.gather(
            *(self._wake_all(agent, documents, now, at_once) for documents in people.values()), return_exceptions=True
        )
        for one in done:
            if one is not None:
                raise one  # an engine is away: the lease brings back what was not done
        return len(taken)

    async def _wake_all(self, agent: Wakes, documents: Sequence[Document], now: float, at_once: asyncio.Semaphore) -> None:
        """Those of one person, one after the other."""
        async with at_once:
            for document in documents:
                try:
                    async with asyncio.timeout(WAKE_BUDGET):
                        awake = await agent.wake(document, now=now)
                        await self._send(awake.tells, awake.asks)
                        # False: an intent changed it meanwhile, and set the time of the next look itself.
                        await self._documents.save(awake.document)
                except Unavailable:
                    raise
                except Exception as error:
                    # One document that cannot be worked on must not hold up the others; the lease brings it back, slowly.
                    self._metrics.agents.labels(self._agent.name, "wake_failed").observe(0.0)
                    log.error(
                        "due work failed",
                        extra={"action": "wake_failed", "kind": document.kind, "code": type(error).__name__},
                    )

    async def _send(self, tells: Sequence[Tell], asks: Sequence[Ask]) -> None:
        """In their order; their ids make a repeat harmless."""
        now, own = self._clock(), self._agent.name
        for tell in tells:
            told = told_of(own, tell, now)
            queue = queues.turns_of(told.person, self._partitions)
            await self._bus.publish(queue, Envelope(id=told.id, key=told.person, body=encode(told), at=now))
        for ask in asks:
            if ask.agent not in self._agents:
                log.warning("nobody to ask", extra={"action": "no_such_agent", "agent": ask.agent[:40]})
                continue
            intent = task_of(own, ask, now)
            await self._bus.publish(
                queues.agent(ask.agent), Envelope(id=intent.id, key=intent.person, body=encode(intent), at=now)
            )

    async def _answer(self, intent: Intent, outcome: str, facts: dict[str, Any]) -> None:
        if intent.unanswered:
            return
        result = AgentResult(
            id=InputId(f"{intent.id}:result"),
            person=intent.person,
            intent=intent.id,
            agent=self._agent.name,
            outcome=outcome,
            at=self._clock(),
            facts=facts,
        )
        queue = queues.turns_of(intent.person, self._partitions)
        await self._bus.publish(queue, Envelope(id=result.id, key=intent.person, body=encode(result), at=result.at))

    def _observe(self, outcome: str, started: float) -> None:
        self._metrics.agents.labels(self._agent.name, outcome).observe(perf_counter() - started)
