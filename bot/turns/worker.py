"""The turn: load, decide, commit, publish, journal, acknowledge - in this order, for every input of a person."""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Callable, Sequence
from time import perf_counter
from typing import Protocol

from msgspec.structs import replace

from bot.errors import Conflict
from bot.metrics import Metrics
from bot.model.codec import decode_turn_event
from bot.model.effects import Effect, Outbound, Record
from bot.model.events import TurnEvent
from bot.model.hint import Hint
from bot.model.ids import InputId, PersonId, effect_of, member_of
from bot.model.inbound import Inbound
from bot.model.session import Asked, Session
from bot.ports.advice import Opinions
from bot.ports.bus import Delivery
from bot.ports.media import MediaStore
from bot.ports.sessions import Sessions
from bot.ports.store import JournalEntry, Store
from bot.running.write_behind import WriteBehind
from bot.turns.outbox import Outbox
from bot.turns.turn_figures import TurnFigures
from bot.turns.unagreed import let_go, unagreed

log = logging.getLogger(__name__)

PATIENCE = 2.0
"""Seconds after which somebody who waits for a model hears that it takes a moment."""
STAGES = ("wait", "load", "decide", "commit", "publish", "turn", "journal")
"""What is timed in a turn."""


class Turn(Protocol):
    """What the engine gives back."""

    session: Session
    effects: list[Effect]
    trace: list[dict[str, object]]
    kind: str


class Decides(Protocol):
    """The pure engine, as the worker sees it."""

    def turn(
        self, session: Session, event: TurnEvent, *, now: float, asked: Asked | None = None, hint: Hint | None = None
    ) -> Turn: ...

    def one_moment(self, session: Session, event: Inbound, *, now: float) -> Sequence[Effect]: ...

    def emergency_only(self, event: Inbound, *, now: float) -> Sequence[Effect]: ...


class Shelf(Protocol):
    """The versions of the content, as the worker sees them."""

    async def ready_for(self, session: Session) -> None:
        """Hold what this person's conversations stand on. Raises Unavailable."""


class Worker:
    """Handles the deliveries of the turn queues. Idempotent: the same input may come any number of times."""

    def __init__(
        self,
        engine: Decides,
        sessions: Sessions,
        store: Store,
        outbox: Outbox,
        journal: WriteBehind[JournalEntry],
        metrics: Metrics,
        clock: Callable[[], float],
        shelf: Shelf | None = None,
        opinions: Opinions | None = None,
        media: MediaStore | None = None,
    ) -> None:
        self._shelf, self._opinions, self._media = shelf, opinions, media
        self._engine, self._sessions, self._store = engine, sessions, store
        self._outbox, self._journal, self._metrics, self._clock = outbox, journal, metrics, clock
        self._stages = {stage: metrics.stages.labels(stage) for stage in STAGES}  # a look-up by label costs as much as observing
        self._figures = TurnFigures(metrics)
        self._heard: OrderedDict[InputId, None] = OrderedDict()
        self._looks: dict[PersonId, asyncio.Future[Hint | None]] = {}
        self._pressing: dict[PersonId, float] = {}  # when their danger came that waits behind something

    async def handle(self, delivery: Delivery) -> None:
        """One delivery of a turn queue. Raises what the consumer settles."""
        event = decode_turn_event(delivery.envelope.body)
        self._observe("wait", max(0.0, self._clock() - delivery.envelope.at))
        try:
            await self._turn(event)
        except Exception:
            # The person may be in danger while an engine of ours is down, or while nobody can read what is stored of them, and
            # their message is parked: the emergency text needs neither state nor store.
            if isinstance(event, Inbound):
                await self._heard_without_state(event)
            raise

    def behind(self, delivery: Delivery) -> None:
        """Somebody of whom a message is in hand has written again. Danger does not wait until a model has looked at a picture."""
        if self._opinions is None:
            return
        try:
            event = decode_turn_event(delivery.envelope.body)
            pressing = isinstance(event, Inbound) and self._engine.emergency_only(event, now=self._clock())
        except Exception as error:  # in its own turn it is parked, and seen; here it would end the process, at each start again
            log.error("a waiting message could not be read", extra={"action": "behind_unread"}, exc_info=error)
            return
        if isinstance(event, Inbound) and pressing:
            self._pressing[event.person] = event.received_at
            if look := self._looks.get(event.person):
                look.cancel()

    async def _turn(self, event: TurnEvent) -> None:
        started = perf_counter()
        loaded = await self._sessions.load(event.person, event.id, event.quoted_id if isinstance(event, Inbound) else None)
        self._observe("load", perf_counter() - started)
        for cause, effects in loaded.outbox.items():
            # An earlier turn was committed, but we cannot know that its effects reached the bus. They go first.
            await self._outbox.publish(effects, now=self._clock())
            await self._sessions.published(event.person, cause)
        if loaded.seen:
            self._metrics.turns.labels(_kind(event), "repeated").inc()
            if loaded.session is not None:
                await self._journal.add(_entry(loaded.session, event, self._clock(), "repeated", []))
            return
        session = loaded.session or await self._find(event)
        if session is None:  # rebuilt, and the journal knows this input
            self._metrics.turns.labels(_kind(event), "repeated").inc()
            return
        await self._decide(session, event, loaded.asked, started)

    async def _decide(self, session: Session, event: TurnEvent, asked: Asked | None, started: float) -> None:
        if self._shelf is not None:
            await self._shelf.ready_for(session)
        now = self._clock()
        before = perf_counter()
        turn = self._engine.turn(session, event, now=now, asked=asked)
        if self._opinions is not None and isinstance(event, Inbound) and self._wanted(self._opinions, event, session, turn):
            # What the person wrote could not be read. Nothing is committed yet: a hint decides the same turn anew, and without
            # one the first decision goes out.
            hint = await self._hint(self._opinions, session, event)
            now = self._clock()
            if hint is not None:
                turn = self._engine.turn(session, event, now=now, asked=asked, hint=hint)
        if self._opinions is not None and any(isinstance(one, Outbound) and one.kinder for one in turn.effects):
            # Before the commit, so that a repeat of what was committed says the same words.
            # All at once: however many texts there are, nobody waits for more than one answer.
            kinder = [self._kinder(self._opinions, turn.session, one) for one in turn.effects]
            turn.effects = list(await asyncio.gather(*kinder))
            now = self._clock()
        decided = perf_counter()
        self._observe("decide", decided - before)
        await self._sessions.commit(turn.session, event.id, turn.effects, now=now)
        committed = perf_counter()
        self._observe("commit", committed - decided)
        await self._outbox.publish(turn.effects, now=now)
        published = perf_counter()
        self._observe("publish", published - committed)
        self._observe("turn", published - started)
        # The reply is on its way. The input is acknowledged only when the turn is journalled, so that losing the session
        # engine cannot lose an acknowledged turn.
        journalled = self._journal.put(_entry(turn.session, event, now, turn.kind, turn.trace))
        await self._sessions.published(event.person, event.id)
        await journalled
        self._observe("journal", perf_counter() - published)
        if self._media is not None and (ref := unagreed(event, turn.session, turn.effects)):
            await let_go(self._media, ref)
        self._metrics.turns.labels(_kind(event), turn.kind).inc()
        self._figures.count(turn.trace, turn.effects)

    def _wanted(self, opinions: Opinions, event: Inbound, session: Session, turn: Turn) -> bool:
        try:
            return opinions.wanted(event, session, turn.kind, turn.session)
        except Exception as error:
            _without_a_model(error)
            return False

    async def _kinder(self, opinions: Opinions, session: Session, effect: Effect) -> Effect:
        if not isinstance(effect, Outbound) or not effect.kinder:
            return effect
        words = None
        try:
            words = await opinions.kinder(session, effect)
        except Exception as error:
            _without_a_model(error)
        return replace(effect, text=words or effect.text, kinder=False)

    async def _hint(self, opinions: Opinions, session: Session, event: Inbound) -> Hint | None:
        """What a model makes of it. Files take longer than words; whoever waits for one hears so after two seconds. That is said
        before the commit and under an id of its own: a repeat of the input says it once. None, too, when danger is behind it."""
        if event.received_at <= self._pressing.get(event.person, 0.0):
            return None
        self._pressing.pop(event.person, None)
        asked = self._looks[event.person] = asyncio.ensure_future(opinions.of(event, session))
        try:
            done, _ = await asyncio.wait({asked}, timeout=PATIENCE)
            if not done and event.kind != "text":  # words have two seconds in all
                await self._outbox.publish(self._engine.one_moment(session, event, now=self._clock()), now=self._clock())
            await asyncio.wait({asked})
            if asked.cancelled():
                return None
            if error := asked.exception():
                _without_a_model(error)
                return None
            return asked.result()
        finally:
            del self._looks[event.person]
            asked.cancel()

    async def _find(self, event: TurnEvent) -> Session | None:
        """A session that the engine does not hold: lost and journalled, known under a hidden number, or new.

        None when the rebuilt state already contains this input.
        """
        snapshot = await self._store.latest(event.person)
        if snapshot is not None:
            if not await self._sessions.restore(snapshot.session, snapshot.seen, now=self._clock()):
                raise Conflict
            self._metrics.rebuilt.inc()
            log.warning(
                "session rebuilt from the journal", extra={"action": "session_rebuilt", "version": snapshot.session.version}
            )
            return None if event.id in snapshot.seen else snapshot.session
        formerly = event.formerly if isinstance(event, Inbound) else None
        if formerly is not None and (adopted := await self._adopt(formerly, event.person)):
            return adopted
        return Session(person=event.person)

    async def _adopt(self, old: PersonId, new: PersonId) -> Session | None:
        """The same person wrote before under a hidden number (LID): carry the conversation and the record over."""
        held = (await self._sessions.load(old, InputId("adopt"))).session
        if held is None:
            snapshot = await self._store.latest(old)
            held = snapshot.session if snapshot else None
        if held is None:
            return None
        now = self._clock()
        both = [(old, new), *((member_of(old, one.id), member_of(new, one.id)) for one in held.household)]
        merges = [Record(effect_of(f"merge:{was}", 0), now_is, "merge", now, {"old": was}) for was, now_is in both]
        await self._outbox.publish(merges, now=now)
        self._metrics.identity.labels("merged").inc()
        held.person, held.version, held.timers = new, 0, []
        return held

    async def _heard_without_state(self, event: Inbound) -> None:
        if event.id in self._heard:
            return
        effects = [e for e in self._engine.emergency_only(event, now=self._clock()) if isinstance(e, Outbound)]
        await self._outbox.publish(effects, now=self._clock())
        if effects:
            log.error("emergency answered without state", extra={"action": "emergency_without_state"})
        self._heard[event.id] = None
        while len(self._heard) > 10_000:
            self._heard.popitem(last=False)

    def _observe(self, stage: str, seconds: float) -> None:
        self._stages[stage].observe(seconds)


def _without_a_model(error: BaseException) -> None:
    """Opinions are not to raise. Should they all the same, the message goes on as if there was no model."""
    log.error("a model's part of a turn failed", extra={"action": "opinion_failed", "code": type(error).__name__})


def _kind(event: TurnEvent) -> str:
    return event.kind if isinstance(event, Inbound) else type(event).__name__


def _entry(session: Session, event: TurnEvent, at: float, kind: str, trace: list[dict[str, object]]) -> JournalEntry:
    return JournalEntry(
        person=event.person,
        input_id=event.id,
        version=session.version,
        at=at,
        kind=kind,
        session=session,
        trace=trace,
        wakes=session.timers,
    )
