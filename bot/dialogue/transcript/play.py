"""Plays one conversation test in one language and one form of answering."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from zlib import crc32

from msgspec import Struct

from bot.dialogue.catalogue import SOURCE_LANGUAGE
from bot.dialogue.isolates import without_controls
from bot.dialogue.transcript.conversation import Conversation, Differs, Stage
from bot.dialogue.transcript.expectation import check
from bot.dialogue.transcript.script import MEDIA, WRITTEN_IN, Line, Script, moment_of, seconds_of
from bot.model.effects import Outbound


class Failure(Struct, frozen=True):
    """Where the conversation left the script. ``str`` is the whole story for the author."""

    file: str
    line: int
    language: str
    form: str
    step: str
    why: str
    transcript: tuple[str, ...]

    def __str__(self) -> str:
        head = f"{self.file}:{self.line}: in '{self.language}', {self.form}: {self.step}"
        return "\n".join((head, f"     {self.why}", "  so far it went:", *self.transcript))


class Played(Struct, frozen=True):
    """How it went. ``said`` is, per ``bot:`` line of the file, what was really said (keys); only when played ``through``."""

    failure: Failure | None
    said: dict[int, list[str]]
    messages: tuple[Outbound, ...] = ()


def play(script: Script, stage: Stage, language: str, form: str, *, through: bool = False) -> Played:
    """Play to the end or the first difference; ``through`` goes on past differences of ``bot:`` lines, to learn what is said."""
    talk = Conversation(stage, language, form, script.patient, script.at)
    said: dict[int, list[str]] = {}
    for line in script.lines:
        try:
            if line.verb == "bot":
                text = _text(talk)
                wanted = _wanted(line.value)
                if through:  # to name what was said takes four fifths of a run
                    keys = [next(iter(one)) if isinstance(one, dict) else one for one in wanted]
                    said[line.number] = stage.wordings.name(text, language, keys)
                else:
                    _compare(talk, text, wanted)
            else:
                _act(talk, line)
        except Differs as error:
            step = f"{line.verb}: {line.value}"
            failure = Failure(script.file, line.number, language, form, step, str(error), tuple(talk.shown))
            return Played(failure, said, tuple(talk.said(everything=True)))
    return Played(None, said, tuple(talk.said(everything=True)))


def runs_of(script: Script, languages: Sequence[str], forms: Sequence[str]) -> list[tuple[str, str]]:
    """The pairs of language and form in which the test is played."""
    chosen = [language for language in languages if script.languages is None or language in script.languages]
    return [(language, form) for language in chosen for form in forms if form in script.forms]


def every_day(script: Script, languages: Sequence[str]) -> list[tuple[str, str]]:
    """The pairs that are played at every change: all forms in the languages that the test was written in, and in every other
    language one form, always the same for this test, so that over all tests each language is played in each form."""
    pairs = []
    for language in languages:
        own = runs_of(script, [language], script.forms)
        turn = crc32(f"{script.file} {language}".encode())
        pairs += own if language in WRITTEN_IN else own[turn % len(own) :][:1] if own else []
    return pairs


def _text(talk: Conversation) -> str:
    return without_controls("\n\n".join(message.text for message in talk.said()))


def _wanted(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value == "nothing" else [value]


def _compare(talk: Conversation, text: str, wanted: list[Any]) -> None:
    if difference := talk.stage.wordings.difference(text, wanted, talk.answered_in):
        raise Differs(difference)


def _act(talk: Conversation, line: Line) -> None:
    value = line.value
    match line.verb:
        case "me":
            talk.write(_words(talk, value))
        case "late":
            talk.write(_words(talk, value["me"]), ago=seconds_of(value["by"]) or 0)
        case "edit":
            talk.write(_words(talk, value), kind="edit")
        case "tap":
            talk.tap(str(value))
        case "agent" if value == "late":
            talk.agent_is_late()
        case "agent" if value == "slow":
            talk.agent_is_slow()
        case "agent":
            [(outcome, facts)] = value.items() if isinstance(value, dict) else [(value, {})]
            talk.agent(outcome, facts or {})
        case "told":
            [(event, facts)] = value.items() if isinstance(value, dict) else [(value, {})]
            talk.told(event, facts or {})
        case "after":
            talk.pass_time(seconds_of(value) or 0)
        case "at":
            if moment := moment_of(value):
                talk.pass_until(moment)
        case "repeat":
            talk.repeat(value)
        case "restart":
            talk.restart()
        case "expect":
            check(talk, value)
        case verb:
            talk.send(verb, MEDIA[verb], value)  # type: ignore[arg-type]


def _words(talk: Conversation, value: Any) -> str:
    """What the person writes; where a test has no words in their language, English, as many people do in a chat."""
    return str((value[talk.language] if talk.language in value else value[SOURCE_LANGUAGE]) if isinstance(value, dict) else value)
