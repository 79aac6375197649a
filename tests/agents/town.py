"""People who talk with the real engine, whose intents go to real agents over a real store: everything but bus and gateway.

Time is a number that tests move; what comes due meanwhile (timers of turns, documents of agents) is done in order.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from agents.result import Agent, Ask, Tell
from bot.dialogue.content import Content, load_content
from bot.dialogue.engine import Engine, Turn
from bot.errors import Malformed
from bot.model.codec import decode_session, encode
from bot.model.effects import CancelWake, Effect, Intent, Outbound, Record, WakeAt
from bot.model.events import AgentResult, TimerFired, TurnEvent
from bot.model.ids import EffectId, GatewayId, InputId, PersonId, person_of
from bot.model.inbound import Inbound, Integration, Media
from bot.model.session import Asked, Channel, Session
from bot.ports.store import JournalEntry, Store
from bot.running.agent_runner import Wakes, about, task_of, told_of
from bot.sending.question import question_of
from bot.understanding.reader import Reader
from config.care_team import CareTeam
from config.policy import Policy, load_policy
from tests.reading import our_reader

ROOT = Path(__file__).parents[2]
NOON = 1_764_050_400.0  # 25 November 2025, 11:30 in India
LEASE = 60.0
_made: tuple[Content, Policy, Reader] | None = None


def made() -> tuple[Content, Policy, Reader]:
    """Our own content, policy and reader, once a test process."""
    global _made
    if _made is None:
        policy = load_policy()
        content = load_content(ROOT / "dialogs", ROOT / "locales", languages=policy.behaviour.languages)
        _made = content, policy, our_reader()
    return _made


class Town:
    """``agents`` by name. What an agent that is not there is asked is answered as ``unavailable``."""

    integration: Integration = "baileys"  # no window outside of which only templates go

    def __init__(self, store: Store, agents: Mapping[str, Agent], now: float = NOON, *, team: CareTeam | None = None) -> None:
        content, policy, reader = made()
        policy = policy.model_copy(update={"care_team": team}) if team else policy
        self.engine = Engine(content, policy, reader.understand)
        self.policy, self.store, self.agents, self.now = policy, store, dict(agents), now
        self.sessions: dict[PersonId, Session] = {}
        self.said: list[Outbound] = []
        self.turns: list[Turn] = []
        self.intents: list[Intent] = []
        self.timers: dict[EffectId, WakeAt] = {}
        self._seen: set[str] = set()
        self._waiting: deque[TurnEvent | Intent] = deque()
        self._count = 0

    async def share_phone(self, phone: str, name: str) -> None:
        """Somebody else of this phone is made known."""
        await self.write(phone, "people on this phone")
        await self.tap(phone, "yes")
        await self.write(phone, name)
        await self.tap(phone, "yes")
        await self.write(phone, "skip")
        await self.write(phone, "skip")

    def settle_in(self, phone: str, *, language: str = "en", **profile: Any) -> PersonId:
        """Somebody who went through the welcome and agreed to everything."""
        person = person_of(f"phone:{phone}")
        version = self.policy.behaviour.consent_version
        purposes = ["care_messages", "share_with_clinic", "caregiver", "payments_and_labs", "ai_processing"]
        known = {
            "name": "Asha",
            "birth_year": 1965,
            "condition": "type_2",
            "unit": "mg/dL",
            "zone": "Asia/Kolkata",
            "country": "IN",
        }
        self.sessions[person] = Session(
            person,
            channel=Channel("main", self.integration, phone),
            profile={**known, "language": language, "language_chosen": language, **profile},
            consent={"version": version, "language": language, "at": self.now, "purposes": purposes},
            last_inbound_at=self.now,
        )
        return person

    async def write(self, phone: str, text: str, *, quoting: Outbound | None = None, **fields: Any) -> list[Outbound]:
        """A message of this phone's owner; returns what everybody heard until all is quiet. ``quoting``: a message that we sent,
        found again as the sender remembers it."""
        if quoting:
            fields["quoted_id"] = GatewayId(f"sent:{quoting.id}")
        asked = question_of(quoting) if quoting else None
        return await self._inbound(phone, {"kind": "text", "text": text, **fields}, asked)

    async def tap(self, phone: str, option: str) -> list[Outbound]:
        """Choose an option of the last question that this phone got, by its id (with or without ``flow.step:``)."""
        asked = [one for one in self.said if one.person == person_of(f"phone:{phone}") and one.options]
        found = next(one for one in asked[-1].options if option in (one.id, one.id.partition(":")[2]))
        return await self._inbound(phone, {"kind": "tap", "text": found.label, "choice_id": found.id})

    async def send_file(self, phone: str, ref: str, kind: str = "document", mime: str = "application/pdf") -> list[Outbound]:
        return await self._inbound(phone, {"kind": kind, "media": Media(mime=mime, ref=ref)})

    async def _inbound(self, phone: str, fields: dict[str, Any], asked: Asked | None = None) -> list[Outbound]:
        self._count += 1
        message_id = GatewayId(str(fields.pop("id_", f"m{self._count}")))
        message = Inbound(
            id=InputId(f"in:{phone}:{self._count}"), person=person_of(f"phone:{phone}"),
            instance="main", integration=self.integration,
            address=phone, message_id=message_id, sent_at=self.now, received_at=self.now, **fields,
        )  # fmt: skip
        return await self.deliver(message, asked=asked)

    async def deliver(self, *events: TurnEvent | Intent, asked: Asked | None = None) -> list[Outbound]:
        """These, and all that follows from them at once."""
        before = len(self.said)
        self._waiting.extend(events)
        while self._waiting:
            event = self._waiting.popleft()
            if isinstance(event, Intent):
                await self._ask(event)
            else:
                await self._turn(event, asked if events and event is events[0] else None)
        return self.said[before:]

    async def pass_time(self, seconds: float) -> list[Outbound]:
        """Timers and documents that come due are done in the order of their times."""
        before, until = len(self.said), self.now + seconds
        while True:
            timer = min(self.timers.values(), key=lambda one: one.at, default=None)
            soonest = min([one.at for one in (timer,) if one] + [at async for at in self._dues()], default=None)
            if soonest is None or soonest > until:
                break
            self.now = max(self.now, soonest)
            if timer and timer.at <= self.now:
                del self.timers[timer.id]
                await self.deliver(TimerFired(InputId(f"{timer.id}:fired"), timer.person, timer.id, self.now, timer.data))
            await self.wake()
        self.now = until
        return self.said[before:]

    async def wake(self) -> None:
        """Let the agents do what is due now."""
        for name, agent in self.agents.items():
            if isinstance(agent, Wakes):
                for document in await self.store.documents.claim_due(agent.kinds, self.now, 100, LEASE):
                    woken = await agent.wake(document, now=self.now)
                    await self._send(name, woken.tells, woken.asks)
                    await self.store.documents.save(woken.document)

    async def _dues(self) -> Any:
        for agent in self.agents.values():
            for kind in agent.kinds if isinstance(agent, Wakes) else ():
                for document in await self.store.documents.listed(kind, limit=1000):
                    if document.due is not None:
                        yield document.due

    async def _turn(self, event: TurnEvent, asked: Asked | None = None) -> None:
        if event.id in self._seen:
            return
        self._seen.add(event.id)
        session = self.sessions.get(event.person) or Session(event.person)
        turn = self.engine.turn(decode_session(encode(session)), event, now=self.now, asked=asked)
        self.sessions[event.person] = turn.session
        self.turns.append(turn)
        entry = JournalEntry(event.person, event.id, turn.session.version, self.now, turn.kind, turn.session)
        await self.store.append_journal([entry])
        for effect in turn.effects:
            await self._do(effect)

    async def _do(self, effect: Effect) -> None:
        match effect:
            case Outbound():
                self.said.append(effect)
            case Record():
                await self.store.record([effect])
            case WakeAt():
                self.timers[effect.id] = effect
            case CancelWake(timer=timer):
                self.timers.pop(timer, None)
            case Intent():
                self._waiting.append(effect)

    async def _ask(self, intent: Intent) -> None:
        self.intents.append(intent)
        agent = self.agents.get(intent.agent)
        if agent is None:
            return self._answer(intent, "unavailable", {})
        try:
            result = await agent.handle(about(intent), now=self.now)
        except Malformed:
            self._answer(intent, "failed", {})
            raise
        await self._send(agent.name, result.tells, result.asks)
        self._answer(intent, result.outcome, result.facts)

    def _answer(self, intent: Intent, outcome: str, facts: dict[str, Any]) -> None:
        if not intent.unanswered:
            id_ = InputId(f"{intent.id}:result")
            self._waiting.append(AgentResult(id_, intent.person, intent.id, intent.agent, outcome, self.now, facts))

    async def _send(self, agent: str, tells: Sequence[Tell], asks: Sequence[Ask]) -> None:
        for tell in tells:
            self._waiting.append(told_of(agent, tell, self.now))
        for ask in asks:
            self._waiting.append(task_of(agent, ask, self.now))
        if tells or asks:
            await self.deliver()
