"""A street: some made-up people, those who help them, and the care team, living some days with the real engine and real agents.

A heap of what comes next is the clock. Nothing is slow: what an agent answers comes at once.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from heapq import heappop, heappush
from typing import Any, Protocol

from bot.dialogue.answers import missing
from bot.dialogue.engine import Engine, Turn
from bot.model.effects import CancelWake, Effect, Intent, Outbound, Record, WakeAt
from bot.model.events import AgentResult, TimerFired, TurnEvent
from bot.model.ids import EffectId, GatewayId, InputId, PersonId
from bot.model.inbound import Inbound
from bot.model.session import Asked, Session
from bot.model.telling import Ask, Tell
from bot.ports.documents import Document, Documents
from bot.ports.store import JournalEntry, Store
from bot.rehearsal.answers import Answer, answer
from bot.rehearsal.chance import between, chances
from bot.rehearsal.life import Act, filled
from bot.rehearsal.meanings import Remembered
from bot.rehearsal.people import Somebody, relative_of
from bot.rehearsal.watching import Watching
from bot.running.agent_runner import Answers, Wakes, about, task_of, told_of
from bot.sending.last_look import LastLook, explained
from config.personas import Personas

LEASE = 60.0
STEPS = 500  # inputs that may follow from one; beyond that something goes round in circles
INVITES = "invite_caregiver"
SITTING = 3600.0  # seconds after which somebody has patience again
FOR_GOOD = 400 * 86_400.0


class DueDocuments(Documents, Protocol):
    @property
    def next_due(self) -> float | None: ...
    @property
    def kinds(self) -> list[str]: ...


class DueStore(Store, Protocol):
    @property
    def documents(self) -> DueDocuments: ...


class Street:
    """``agents`` by name, over ``store``. ``watching`` counts what happens."""

    def __init__(
        self, engine: Engine, understand: Remembered, store: DueStore, agents: Mapping[str, Answers], personas: Personas,
        watching: Watching, last_look: LastLook,
    ) -> None:  # fmt: skip
        self._engine, self._understand, self._store, self._agents = engine, understand, store, agents
        self._waking = [(name, agent) for name, agent in agents.items() if isinstance(agent, Wakes)]
        self._personas, self._watching, self._last_look = personas, watching, last_look
        self._people: dict[PersonId, Somebody] = {}
        self._sessions: dict[PersonId, Session] = {}
        self._timers: dict[EffectId, WakeAt] = {}
        self._seen: set[str] = set()
        self._next: list[tuple[float, int, Any]] = []  # (when, in what order, who and what)
        self._waiting: deque[TurnEvent | Intent] = deque()
        self._count = self._at_once = 0
        self._woken_at = self.now = 0.0

    def move_in(self, one: Somebody, acts: Sequence[Act] = ()) -> None:
        self._people[one.person] = one
        for act in acts:
            self._later(act.at, (one, act))

    @property
    def people(self) -> list[Somebody]:
        return list(self._people.values())

    async def live(self, until: float) -> None:
        """Everything that comes up to a moment, in the order of time."""
        while True:
            due = self._store.documents.next_due
            first = self._next[0][0] if self._next else None
            soonest = min((at for at in (due, first) if at is not None), default=None)
            if soonest is None or soonest > until:
                break
            self.now = max(self.now, soonest)
            if due is not None and due <= self.now:
                await self._wake()
                continue
            _, _, item = heappop(self._next)
            if isinstance(item, WakeAt):
                if self._timers.pop(item.id, None) is item:
                    await self._deliver(TimerFired(InputId(f"{item.id}:fired"), item.person, item.id, self.now, item.data))
            else:
                await self._act(*item)
        self.now = until

    def _later(self, at: float, item: Any) -> None:
        self._count += 1
        heappush(self._next, (at, self._count, item))

    # -- people

    async def _act(self, one: Somebody, what: Act | tuple[Outbound, Answer]) -> None:
        if isinstance(what, Act):
            if one.stopped and what.what != "emergency":
                return None
            one.in_a_row = 0
            one.stopped = one.stopped or what.what == "stop"
            return await self._write(one, what)
        asked, given = what
        if one.open is not asked and one.role == "patient":  # something else was asked meanwhile; helpers answer each message
            return None
        one.in_a_row = one.in_a_row + 1 if self.now - one.answered_at < SITTING else 1
        one.open, one.answered_at = None, self.now
        self._watching.answered(one, asked, self.now)
        if given.option and given.option.label == given.text:
            flow, _, step = (asked.step or "").partition("/")
            quoted = Asked(asked.id, flow, step, asked.options)
            await self._write(one, Act(self.now, "tap", given.text), choice_id=given.option.id, quoted=quoted)
        else:
            await self._write(one, Act(self.now, "answer", given.text))

    async def _write(self, one: Somebody, act: Act, choice_id: str | None = None, quoted: Asked | None = None) -> None:
        self._count += 1
        message = Inbound(
            id=InputId(f"in:{one.phone}:{self._count}"), person=one.person, instance="main", integration="cloud",
            address=one.phone, message_id=GatewayId(f"m{self._count}"), kind="tap" if choice_id else "text", text=act.text,
            choice_id=choice_id, sent_at=self.now, received_at=self.now,
        )  # fmt: skip
        one.written_at = self.now
        self._understand.first = None
        self._watching.wrote(one, act, self.now)
        turn = await self._turn(message, quoted)
        self._watching.replied(one, act, turn, self._understand.first, self.now)
        await self._deliver()

    async def _hear(self, message: Outbound) -> None:
        one = self._people.get(message.person)
        if one is None:
            return
        why = await self._last_look.withheld(message, self.now)
        if why:
            await self._store.record([explained(message, why, self.now)])
        self._watching.heard(one, message, why, self.now)
        if why or message.step is None or (one.role == "staff" and not message.options) or one.away[0] <= self.now < one.away[1]:
            return
        if one.open is not None:
            self._watching.unanswered(one, one.open)
        one.open = message
        given = answer(one, message, self._types(message), self._personas)
        if given is not None:
            self._later(self.now + given.after, (one, (message, given)))

    def _types(self, message: Outbound) -> list[str]:
        """What is asked for, as somebody who reads the question knows it."""
        flow_name, _, step_name = (message.step or "").partition("/")
        flow = self._engine.contents.current.flows.get(flow_name)
        step = flow.steps.get(step_name) if flow else None
        if step is None or message.options:
            return []
        session = self._sessions.get(message.person)
        frame = session.stack[-1] if session and session.stack else None
        slots = missing(step, frame.vars if frame else {}) or list(step.slots)
        return [slot.type for slot in slots]

    # -- the service

    async def _deliver(self, *events: TurnEvent | Intent) -> None:
        """These, and all that follows from them at once."""
        self._waiting.extend(events)
        for _ in range(STEPS):
            if not self._waiting:
                return
            event = self._waiting.popleft()
            if isinstance(event, Intent):
                await self._ask(event)
            else:
                await self._turn(event)
        self._watching.fault("circle", type(self._waiting[0]).__name__)
        self._waiting.clear()

    async def _turn(self, event: TurnEvent, quoted: Asked | None = None) -> Turn | None:
        if event.id in self._seen:
            return None
        self._seen.add(event.id)
        session = self._sessions.get(event.person) or Session(event.person)
        try:
            turn = self._engine.turn(session, event, now=self.now, asked=quoted)
        except Exception as error:  # a finding: told in the report, and everybody else lives on
            self._watching.fault("engine", f"{type(error).__name__} at {type(event).__name__}: {error}"[:200])
            return None
        self._sessions[event.person] = turn.session
        entry = JournalEntry(event.person, event.id, turn.session.version, self.now, turn.kind, turn.session)
        await self._store.append_journal([entry])
        self._watching.turned(self._people.get(event.person), event, turn)
        for effect in turn.effects:
            await self._do(effect)
        return turn

    async def _do(self, effect: Effect) -> None:
        match effect:
            case Outbound():
                await self._hear(effect)
            case Record():
                self._watching.recorded(effect)
                await self._store.record([effect])
            case WakeAt():
                self._timers[effect.id] = effect
                self._later(effect.at, effect)
            case CancelWake(timer=timer):
                self._timers.pop(timer, None)
            case Intent():
                self._waiting.append(effect)

    async def _ask(self, intent: Intent) -> None:
        agent = self._agents.get(intent.agent)
        if agent is None:
            return self._answer(intent, "unavailable", {})
        try:
            result = await agent.handle(about(intent), now=self.now)
        except Exception as error:
            self._watching.fault("agent", f"{type(error).__name__} at {intent.agent}.{intent.name}: {error}"[:200])
            return self._answer(intent, "failed", {})
        if intent.name == INVITES and "code" in result.facts:
            self._invite(intent.person, str(result.facts["code"]))
        self._send(agent.name, result.tells, result.asks)
        self._answer(intent, result.outcome, result.facts)

    def _answer(self, intent: Intent, outcome: str, facts: dict[str, Any]) -> None:
        self._watching.asked_agent(intent, outcome)
        if not intent.unanswered:
            id_ = InputId(f"{intent.id}:result")
            self._waiting.append(AgentResult(id_, intent.person, intent.id, intent.agent, outcome, self.now, facts))

    def _send(self, agent: str, tells: Sequence[Tell], asks: Sequence[Ask]) -> None:
        self._waiting.extend(told_of(agent, tell, self.now) for tell in tells)
        self._waiting.extend(task_of(agent, ask, self.now) for ask in asks)

    async def _wake(self) -> None:
        """Let the agents do what is due now."""
        documents, worked = self._store.documents, 0
        for name, agent in self._waking:
            for document in await documents.claim_due(agent.kinds, self.now, 100, LEASE):
                worked += 1
                await self._wake_one(name, agent, document)
        self._at_once = self._at_once + worked if self.now == self._woken_at else worked
        self._woken_at = self.now
        if not worked or self._at_once > STEPS * 10:  # nobody's, or due again and again: either would stop the clock
            stray = await documents.claim_due(documents.kinds, self.now, 100, FOR_GOOD)
            self._watching.fault("document", ", ".join(sorted({one.kind for one in stray})))

    async def _wake_one(self, name: str, agent: Wakes, document: Document) -> None:
        try:
            woken = await agent.wake(document, now=self.now)
        except Exception as error:
            self._watching.fault("agent", f"{type(error).__name__} at {name} waking {document.kind}: {error}"[:200])
            return
        self._send(name, woken.tells, woken.asks)
        await self._deliver()
        await self._store.documents.save(woken.document)

    def _invite(self, person: PersonId, code: str) -> None:
        """The patient sends the words on; the relative writes them to us."""
        one = self._people[person]
        relative = relative_of(one, self._personas, int(one.phone[4:]))
        if relative.person in self._people:
            return
        self.move_in(relative)
        random = chances(relative.seed, "invitation")
        words = self._personas.phrases.says["invitation"]
        text = filled(random.choice(words.get(relative.language) or words["en"]), relative, random, code=code)
        self._later(self.now + between(random, 60.0, 14_400.0), (relative, Act(self.now, "invitation", text)))
