"""Makes a conversation test of a chat that somebody had: what they wrote and tapped, played again, with what the bot says."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Literal

import yaml
from msgspec import Struct

from bot.dialogue.transcript.conversation import Conversation, Differs, Stage
from bot.dialogue.transcript.play import play
from bot.dialogue.transcript.script import FORMS, LINES, read_script
from bot.handwritten.source import parse_source
from bot.model.effects import Intent, Outbound

PAUSE = 300.0  # seconds without a word that are written down
AGENTS = 10  # that may be asked for one message

Answer = Callable[[Intent, float], tuple[str, dict[str, Any]]]
"""What an agent answers to an intent at a time: outcome and facts."""


class Heard(Struct):
    """One thing that the person did, how long after the one before, and what the bot wrote until the next."""

    what: Literal["me", "tap"]
    words: str  # as written, or the id of the tapped option
    after: float
    answers: list[str] = []


class Recorded(Struct, frozen=True):
    """The test as YAML, and what differs from the chat, in plain words."""

    text: str
    doubts: tuple[str, ...]


def record(chat: Sequence[Heard], stage: Stage, answer: Answer, *, title: str, known: bool) -> Recorded:
    """Write the test. ``known``: the person had chatted before, so that they are somebody we know."""
    takes = [_Take(chat, stage, answer, language, known) for language in stage.content.languages]
    best = min(takes, key=lambda take: (len(take.doubts), take.nameless))
    head: dict[str, Any] = {"test": title, "languages": [best.language]} | ({} if known else {"patient": "new"})
    text = _written(head, best.steps)
    script = read_script(parse_source(text.encode(), title), stage.content.languages)
    forms = [form for form in FORMS if play(script, stage, best.language, form).failure is None]
    if forms and len(forms) < len(FORMS):
        text = _written({**head, "forms": forms}, best.steps)
    doubts = best.doubts if forms else [*best.doubts, "the test does not pass as it is"]
    return Recorded(text, tuple(doubts))


class _Take:
    """The chat played in one language."""

    def __init__(self, chat: Sequence[Heard], stage: Stage, answer: Answer, language: str, known: bool) -> None:
        self.language = language
        self.steps: list[tuple[str, Any]] = []
        self.doubts: list[str] = []
        self.nameless = 0  # texts that no key of the language explains
        self._stage, self._answer = stage, answer
        self._talk = Conversation(stage, language, "tapped", {} if known else None, None)
        self._answered = 0
        for heard in chat:
            if len(self.steps) > LINES - 2 * AGENTS:
                self.doubts.append(f"the chat is longer than the {LINES} lines of a test; its end is left out")
                break
            self._play(heard)

    def _play(self, heard: Heard) -> None:
        talk = self._talk
        if heard.after >= PAUSE:
            minutes = round(heard.after / 60)
            self._do("after", f"{minutes}m", lambda: talk.pass_time(minutes * 60))
        before = len(talk.turns)
        if heard.what == "tap":
            option = self._option(heard.words)
            self._do("tap", option, lambda: talk.tap(option))
        else:
            self._do("me", heard.words, lambda: talk.write(heard.words))
        for _ in range(AGENTS):
            if len(talk.asked_agents) <= self._answered:
                break
            self._answered = len(talk.asked_agents)
            outcome, facts = self._answer(talk.asked_agents[-1], talk.now)
            self._do("agent", {outcome: facts}, lambda outcome=outcome, facts=facts: talk.agent(outcome, facts))  # type: ignore[misc]
        effects = [effect for turn in talk.turns[before:] for effect in turn.effects]
        said = self._names("\n\n".join(effect.text for effect in effects if isinstance(effect, Outbound)))
        missed = [one for one in heard.answers if not set(self._names(one)) <= set(said)]
        if missed:
            self.doubts.append(f"after {heard.words!r} the chat said what the test does not: {missed[0][:60]!r}")

    def _do(self, verb: str, value: Any, act: Callable[[], None]) -> None:
        """One line, and what the bot says to it."""
        try:
            act()
        except Differs as error:
            self.doubts.append(f"'{verb}: {value}' cannot be played: {error}")
            return
        self.steps.append((verb, value))
        keys = self._names("\n\n".join(message.text for message in self._talk.said()))
        self.nameless += sum(not self._stage.wordings.is_key(key) for key in keys)
        self.steps.append(("bot", [key if self._stage.wordings.is_key(key) else _words(key) for key in keys] or "nothing"))

    def _names(self, text: str) -> list[str]:
        return self._stage.wordings.name(text, self.language)

    def _option(self, wire: str) -> str:
        """The option's own id where the last question offers it."""
        asked = [message for message in self._talk.said(everything=True) if message.options]
        return wire.partition(":")[2] if asked and wire in [one.id for one in asked[-1].options] else wire


def _words(quoted: str) -> str:
    """Words that no key explains, by which a test knows them again: the first line."""
    return str(yaml.safe_load(quoted)).split("\n")[0] if quoted[:1] in "'\"" else quoted


def _written(head: dict[str, Any], steps: Sequence[tuple[str, Any]]) -> str:
    lines = [f"{key}: {_value(value)}" for key, value in head.items()]
    return "\n".join([*lines, "steps:", *(f"  - {verb}: {_value(value)}" for verb, value in steps)]) + "\n"


def _value(value: Any) -> str:
    """In one line, words that were written in quotes."""
    style = '"' if isinstance(value, str) and not value.replace("_", "").isalnum() else None
    text = yaml.safe_dump(value, default_flow_style=True, default_style=style, allow_unicode=True, width=100_000, sort_keys=False)
    return text.removesuffix("\n").removesuffix("\n...").strip()
