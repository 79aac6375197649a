"""A conversation with the engine: verbs for the tests, a fake clock, and the session written and read between every two turns."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from bot.dialogue.content import Content, load_content
from bot.dialogue.engine import Engine, Turn
from bot.model.codec import decode_session, encode
from bot.model.effects import CancelWake, Effect, Intent, Outbound, Record, WakeAt
from bot.model.events import AgentResult, TimerFired, TurnEvent
from bot.model.ids import GatewayId, InputId, person_of
from bot.model.inbound import Inbound
from bot.model.session import Asked, Session
from config.policy import Policy, load_policy
from tests.dialogue.stub import understand

ROOT = Path(__file__).parents[2]
NOON = 1_764_050_400.0  # 25 November 2025, 11:30 in India
PERSON = person_of("phone:919812345678")
ADDRESS = "919812345678"
FORMS = ("typed", "number", "tapped", "quoted")
_LITERAL = re.compile(r"\{[{%].*?[}%]\}")

_content: Content | None = None
_policy: Policy | None = None


def content() -> Content:
    global _content
    _content = _content or load_content(ROOT / "dialogs", ROOT / "locales", languages=policy().behaviour.languages)
    return _content


def policy() -> Policy:
    global _policy
    _policy = _policy or load_policy()
    return _policy


class Talk:
    def __init__(self, language: str = "en", form: str = "tapped") -> None:
        self.engine = Engine(content(), policy(), understand)
        self.session = Session(PERSON)
        self.now = NOON
        self.language = language
        self.form = form
        self.turns: list[Turn] = []
        self.lines: list[str] = []
        self.timers: dict[str, WakeAt] = {}
        self.intents: list[Intent] = []
        self._count = 0
        self._since = 0  # the turns that the last verb made

    # -- verbs

    def say(self, text: str | None, *, ago: float = 0, asked: Asked | None = None, **fields: Any) -> Turn:
        self._count += 1
        event = Inbound(
            id=InputId(f"evolution:3EB0{self._count:018d}"),
            person=PERSON,
            instance="main",
            integration="cloud",
            address=fields.pop("address", ADDRESS),
            message_id=GatewayId(f"3EB0{self._count:018d}"),
            kind=fields.pop("kind", "text"),
            sent_at=self.now - ago,
            received_at=self.now,
            text=text,
            **fields,
        )
        self.lines.append(f"me:  {text if text is not None else event.kind}")
        return self.feed(event, asked)

    def choose(self, option: str, *, form: str | None = None) -> Turn:
        """Answer the last question with options in one of the forms in which people answer."""
        form = form or self.form
        outbound = next(message for message in reversed(self.said(everything=True)) if message.options)
        number, chosen = next((n, one) for n, one in enumerate(outbound.options, 1) if one.id.endswith(f":{option}"))
        if form == "tapped":
            return self.say(chosen.label, kind="tap", choice_id=chosen.id)
        if form == "quoted":
            asked = next(asked for asked in self.session.asked if asked.id == outbound.id)
            return self.say(chosen.label, kind="tap", asked=asked, quoted_id=GatewayId("sent"))
        return self.say(str(number) if form == "number" else chosen.label)

    def agent(self, outcome: str, facts: dict[str, Any] | None = None, *, intent: Intent | None = None) -> Turn:
        asked = intent or self.intents[-1]
        self.lines.append(f"agent: {outcome}")
        return self.feed(
            AgentResult(InputId(f"{asked.id}:result"), PERSON, asked.id, asked.agent, outcome, self.now, facts or {})
        )

    def after(self, seconds: float) -> list[Turn]:
        """Let time pass; timers that come due fire in order."""
        until = self.now + seconds
        before = self._since = len(self.turns)
        turns = []
        while due := sorted((timer for timer in self.timers.values() if timer.at <= until), key=lambda timer: timer.at):
            timer = due[0]
            self.now = timer.at
            self.lines.append("(a timer fires)")
            turns.append(self.feed(TimerFired(InputId(f"{timer.id}:fired"), PERSON, timer.id, timer.at, timer.data)))
            self.timers.pop(timer.id, None)
        self.now = until
        self._since = before
        return turns

    def onboard(self) -> Talk:
        """Through the welcome to the menu, the short way."""
        self.say("नमस्ते" if self.language == "hi" else "hello")
        self.choose(self.language)
        self.choose("agree")
        for _ in range(5):
            self.say("skip")
        self.choose("done")
        return self

    # -- the turn

    def feed(self, event: TurnEvent, asked: Asked | None = None) -> Turn:
        self._since = len(self.turns)
        before = encode(self.session)
        turn = self.engine.turn(self.session, event, now=self.now, asked=asked)
        assert encode(self.session) == before, "the engine changed the session that it was given"
        assert turn.session.version == self.session.version + 1
        ids = [effect.id for effect in turn.effects]
        assert len(set(ids)) == len(ids)
        self.session = decode_session(encode(turn.session))
        self.turns.append(turn)
        for effect in turn.effects:
            self._take(effect)
        self.now += 1
        return turn

    def _take(self, effect: Effect) -> None:
        if isinstance(effect, WakeAt):
            self.timers[effect.id] = effect
        elif isinstance(effect, CancelWake):
            self.timers.pop(effect.timer, None)
        elif isinstance(effect, Intent):
            self.intents.append(effect)
        elif isinstance(effect, Outbound):
            self.lines.append("bot: " + (effect.numbered or effect.text).replace("\n", "\n     "))

    # -- looking

    def said(self, *, everything: bool = False) -> list[Outbound]:
        turns = self.turns if everything else self.turns[self._since :]
        return [effect for turn in turns for effect in turn.effects if isinstance(effect, Outbound)]

    def records(self, kind: str) -> list[Record]:
        return [effect for turn in self.turns for effect in turn.effects if isinstance(effect, Record) and effect.kind == kind]

    def heard(self, key: str) -> bool:
        """The text with this key was said in the last turn, in the person's language (its fixed parts, in order)."""
        text = "\n".join(message.text for message in self.said())
        return bool(fixed_parts(key, self.language).search(text))

    def fixed(self, key: str) -> re.Pattern[str]:
        return fixed_parts(key, self.language)

    @property
    def transcript(self) -> str:
        return "\n".join(self.lines)


def fixed_parts(key: str, language: str) -> re.Pattern[str]:
    catalogue = content()
    source = catalogue.keys[key].source if language == "en" else translated(key, language)
    return re.compile(".+?".join(re.escape(part) for part in _LITERAL.split(source)), re.DOTALL)


def translated(key: str, language: str) -> str:
    from bot.dialogue.catalogue import read_book, read_bytes, translations_of

    found = _translations.setdefault(language, translations_of(read_book(read_bytes(ROOT / "locales", language), language)))
    return found[key][1]


_translations: dict[str, dict[str, tuple[str, str]]] = {}
