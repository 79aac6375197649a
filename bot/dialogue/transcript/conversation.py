"""A made-up patient who talks with the real engine on a fake clock; the session is written and read between every two turns."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from msgspec import Struct

from bot.dialogue.content import Content
from bot.dialogue.engine import Engine, Turn
from bot.dialogue.transcript.reach import Reach
from bot.dialogue.transcript.script import WRITTEN_IN
from bot.dialogue.transcript.wording import Wordings
from bot.model.clock import local, zone_of
from bot.model.codec import decode_session, encode
from bot.model.effects import CancelWake, Effect, Intent, Option, Outbound, WakeAt
from bot.model.events import AgentResult, TimerFired, Told, TurnEvent
from bot.model.ids import GatewayId, InputId, person_of
from bot.model.inbound import Contact, Inbound, Kind, Location, Media
from bot.model.session import Asked, Channel, Session
from bot.understanding.meaning import Context, Meaning
from config.care_team import CareTeam
from config.policy import Policy

NOON = 1_764_050_400.0  # 25 November 2025, 11:30 in India
ADDRESS = "919812345678"
SIZE = 16_384  # bytes of a session's JSON, always
NAMES: dict[type[TurnEvent], str] = {Inbound: "me", AgentResult: "agent", TimerFired: "timer", Told: "told"}
TIMERS = 50  # that may fire in one stretch of time
PURPOSES = ["care_messages", "share_with_clinic", "caregiver", "payments_and_labs", "ai_processing"]
KNOWN = {"name": "Asha", "birth_year": 1965, "condition": "type_2", "unit": "mg/dL", "zone": "Asia/Kolkata", "country": "IN"}


def _team(role: str, phone: str, zone: str) -> CareTeam:
    """A clinic with this one person."""
    member = {"id": "somebody", "role": role, "name": "Dr Rao", "phone": f"+{phone}", "clinic": "main"}
    return CareTeam.model_validate({"clinics": {"main": {"name": "Our clinic", "zone": zone}}, "members": [member]})


class Differs(Exception):
    """The conversation did not go as it was written; says how in plain words. Never leaves this package."""


class Stage(Struct, frozen=True):
    """What every conversation needs; shared by all tests of a run."""

    content: Content
    policy: Policy
    understand: Callable[[str, Context], Meaning]
    wordings: Wordings
    reach: Reach


class Conversation:
    def __init__(self, stage: Stage, language: str, form: str, patient: dict[str, Any] | None, at: datetime | None) -> None:
        self.stage = stage
        self.language = language
        self.form = form
        details = dict(patient or {})
        self.address = str(details.pop("address", ADDRESS))
        self.session = Session(person_of(f"phone:{self.address}"))
        self.zone = str(details.get("zone", KNOWN["zone"]))
        self.policy = stage.policy
        if role := details.pop("staff", None):  # somebody of the care team, who is no patient
            self.policy = stage.policy.model_copy(update={"care_team": _team(str(role), self.address, self.zone)})
            details["consent"] = False
        self.now = NOON if at is None else at.replace(tzinfo=zone_of(self.zone)).timestamp()
        if patient is not None:
            self._know(details)
        self.turns: list[Turn] = []
        self.shown: list[str] = []  # the transcript as it went
        self.timers: dict[str, WakeAt] = {}
        self.asked_agents: list[Intent] = []
        self.tasks: list[Intent] = []  # given to agents without waiting for their answer
        self._last: dict[str, TurnEvent] = {}
        self._count = 0
        self._since = 0
        self.restart()

    def _know(self, details: dict[str, Any]) -> None:
        """Somebody who went through the welcome before."""
        session = self.session
        session.channel = Channel("main", "cloud", self.address)
        session.last_inbound_at = self.now
        session.stopped = bool(details.pop("stopped", False))
        purposes = details.pop("purposes", PURPOSES)
        agreed = details.pop("consent", True)
        if agreed:
            version = agreed if isinstance(agreed, str) else self.stage.policy.behaviour.consent_version
            session.consent = {"version": version, "language": self.language, "at": self.now, "purposes": list(purposes)}
        known = {**KNOWN, "language": self.language, "language_chosen": self.language, **details}
        session.profile = {field: value for field, value in known.items() if value is not None}

    # -- verbs

    def restart(self) -> None:
        """As after a restart of the service: nothing is left but the stored session."""
        self.session = decode_session(encode(self.session))
        self.engine = Engine(self.stage.content, self.policy, self.stage.understand)

    def write(self, text: str | None, *, kind: Kind = "text", ago: float = 0, asked: Asked | None = None, **fields: Any) -> None:
        self._since = len(self.turns)
        self.shown.append(f"  me   {text if text is not None else f'[{kind}]'}")
        self._feed(self._inbound(text, kind, ago, fields), asked)

    def send(self, verb: str, kind: Kind, detail: Any) -> None:
        """A photo, a voice message, a place, ...: ``detail`` is its caption, of a contact ``{name, phone}``, or nothing."""
        caption = str(detail) if isinstance(detail, str) else None
        media = Media(mime=None, voice=verb == "voice", ref="test") if kind in ("image", "audio", "video", "document") else None
        place = Location(12.97, 77.59) if kind == "location" else None
        card = detail if isinstance(detail, dict) else {"name": "Ravi"}
        vcard = f"TEL:{card['phone']}" if "phone" in card else None
        contacts = (Contact(card.get("name"), vcard),) if kind == "contact" else ()
        target = GatewayId("3EB0") if kind == "reaction" else None
        self.write(caption, kind=kind, media=media, location=place, contacts=contacts, target_id=target)

    def tap(self, option: str) -> None:
        """Choose an option of the last question in the form of this run; ``flow.step:option`` taps an old button."""
        option = option.replace("{language}", self.language)
        questions = [message for message in reversed(self.said(everything=True)) if message.options]
        if ":" in option:
            found = next((one for message in questions for one in message.options if one.id == option), None)
            if found is None:
                raise Differs(f"no question offered '{option}' so far")
            return self.write(found.label, kind="tap", choice_id=found.id)
        if not questions:
            raise Differs("no question with options was asked so far")
        question = questions[0]
        offered = [one.id.partition(":")[2] for one in question.options]
        if option not in offered and option == self.language:  # it is on another page: people write its name
            return self.write(self.stage.content.tongues[option].name)
        if option not in offered:
            raise Differs(f"the last question does not offer '{option}', but {', '.join(offered)}")
        number = offered.index(option) + 1
        return self._choose(question, question.options[number - 1], number)

    def _choose(self, question: Outbound, chosen: Option, number: int) -> None:
        match self.form:
            case "tapped":
                self.write(chosen.label, kind="tap", choice_id=chosen.id)
            case "label":  # as the official API tells it: the label, and which message it was tapped on
                asked = next((one for one in self.session.asked if one.id == question.id), None)
                self.write(chosen.label, kind="tap", asked=asked, quoted_id=GatewayId("sent"))
            case "number":
                self.write(str(number))
            case _:
                self.write(chosen.label)

    def agent(self, outcome: str, facts: dict[str, Any]) -> None:
        if not self.asked_agents:
            raise Differs("no agent was asked so far")
        asked = self.asked_agents[-1]
        self._since = len(self.turns)
        self.shown.append(f"  agent {asked.agent}.{asked.name}: {outcome}")
        id_ = InputId(f"{asked.id}:result")
        self._feed(AgentResult(id_, self.session.person, asked.id, asked.agent, outcome, self.now, facts))

    def told(self, event: str, facts: dict[str, Any]) -> None:
        """An agent tells something that nobody asked for. An unknown person is reached under the address of this test."""
        self._since = len(self.turns)
        self.shown.append(f"  told  {event}")
        self._count += 1
        agent, _, name = event.partition(".")
        channel = Channel("main", "cloud", self.address)
        id_ = InputId(f"{agent}:told{self._count}")
        self._feed(Told(id_, self.session.person, agent, name, self.now, facts, channel))

    def agent_is_late(self) -> None:
        """Let the time pass that the step grants to its agent. What is said when it takes a moment is not looked at."""
        if self._awaited().data.get("why") == "slow":
            self.agent_is_slow()
        self.pass_time(self._awaited().at - self.now)

    def agent_is_slow(self) -> None:
        """Let the time pass after which a person who waits hears that it takes a moment."""
        self.pass_time(self._awaited().at - self.now)

    def _awaited(self) -> WakeAt:
        waits = [frame.wait.timer for frame in self.session.stack if frame.wait and frame.wait.intent and frame.wait.timer]
        if not waits or waits[-1] not in self.timers:
            raise Differs("no agent is waited for")
        return self.timers[waits[-1]]

    def pass_time(self, seconds: float) -> None:
        """Let time pass; wake-ups that come due fire in order."""
        until = self.now + max(0.0, seconds)
        before = len(self.turns)
        self.shown.append(f"  ({local(until, self.zone):%Y-%m-%d %H:%M:%S})")
        for _ in range(TIMERS):
            due = sorted((timer for timer in self.timers.values() if timer.at <= until), key=lambda timer: timer.at)
            if not due:
                break
            timer = due[0]
            self.now = max(self.now, timer.at)
            self._feed(TimerFired(InputId(f"{timer.id}:fired"), self.session.person, timer.id, timer.at, timer.data))
            self.timers.pop(timer.id, None)
        else:
            raise Differs(f"more than {TIMERS} timers fired")
        self.now = max(self.now, until)
        self._since = before

    def pass_until(self, moment: datetime) -> None:
        at = moment.replace(tzinfo=zone_of(self.zone)).timestamp()
        if at < self.now:
            raise Differs(f"it is later than that already: {local(self.now, self.zone):%Y-%m-%d %H:%M}")
        self.pass_time(at - self.now)

    def repeat(self, what: str) -> None:
        """``me``: the person sends the same once more. ``agent``, ``timer``: the same event is delivered once more."""
        event = self._last.get(what)
        if event is None:
            raise Differs(f"there is nothing of '{what}' to repeat so far")
        self._since = len(self.turns)
        self.shown.append(f"  (once more: {what})")
        if isinstance(event, Inbound):
            fields = {"choice_id": event.choice_id, "quoted_id": event.quoted_id, "media": event.media}
            event = self._inbound(event.text, event.kind, 0, fields)
        self._feed(event)

    # -- the turn

    def _inbound(self, text: str | None, kind: Kind, ago: float, fields: dict[str, Any]) -> Inbound:
        self._count += 1
        id_ = f"3EB0{self._count:018d}"
        return Inbound(
            id=InputId(f"evolution:{id_}"),
            person=self.session.person,
            instance="main",
            integration="cloud",
            address=self.address,
            message_id=GatewayId(id_),
            kind=kind,
            sent_at=self.now - ago,
            received_at=self.now,
            text=text,
            **fields,
        )

    def _feed(self, event: TurnEvent, asked: Asked | None = None) -> None:
        before = encode(self.session)
        turn = self.engine.turn(self.session, event, now=self.now, asked=asked)
        if encode(self.session) != before:
            raise Differs("the turn changed the session that it was given")
        kept = encode(turn.session)
        if len(kept) > SIZE:
            raise Differs(f"the session grew to {len(kept)} bytes")
        self.session = decode_session(kept)
        self.stage.reach.note(turn.trace)
        self.turns.append(turn)
        self._last[NAMES[type(event)]] = event
        for effect in turn.effects:
            self._take(effect)
        self.now += 1

    def _take(self, effect: Effect) -> None:
        if isinstance(effect, WakeAt):
            self.timers[effect.id] = effect
        elif isinstance(effect, CancelWake):
            self.timers.pop(effect.timer, None)
        elif isinstance(effect, Intent) and effect.unanswered:
            self.tasks.append(effect)
        elif isinstance(effect, Intent):
            self.asked_agents.append(effect)
        elif isinstance(effect, Outbound):
            self.shown += [f"  {'     ' if n else 'bot  '}{line}" for n, line in enumerate(effect.text.split("\n"))]
            self.shown += [f"       [{option.label}]" for option in effect.options]

    # -- looking

    @property
    def answered_in(self) -> str:
        """The language that must be said: this run's; to somebody who has chosen none and writes English here, the guess."""
        if self.language in WRITTEN_IN or "language_chosen" in self.session.profile:
            return self.language
        return str(self.session.profile.get("language", self.language))

    def recent(self) -> list[Turn]:
        """The turns that the last verb made."""
        return self.turns[self._since :]

    def said(self, *, everything: bool = False) -> list[Outbound]:
        turns = self.turns if everything else self.recent()
        return [effect for turn in turns for effect in turn.effects if isinstance(effect, Outbound)]
