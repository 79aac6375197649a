"""Golden conversations: YAML transcripts, run in every language and form of answering, the session re-read at each turn."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.model.effects import Record
from tests.dialogue.talk import FORMS, Talk

FOLDER = Path(__file__).parent / "conversations"
FILES = sorted(FOLDER.glob("*.yaml"))
UNITS = {"s": 1, "m": 60, "h": 3600}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("language", ["en", "hi"])
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_conversation_goes_as_written(path: Path, language: str, form: str) -> None:
    talk = Talk(language, form)
    for number, step in enumerate(yaml.safe_load(path.read_text(encoding="utf-8"))["steps"], 1):
        [(verb, value)] = step.items()
        try:
            play(talk, verb, value)
        except AssertionError as error:
            pytest.fail(f"step {number} ({verb}: {value}): {error}\n\n{talk.transcript}")


def play(talk: Talk, verb: str, value: Any) -> None:
    match verb:
        case "onboard":
            talk.onboard()
        case "me":
            talk.say(value[talk.language] if isinstance(value, dict) else str(value))
        case "choose":
            talk.choose(str(value).format(language=talk.language))
        case "agent":
            [(outcome, facts)] = value.items()
            talk.agent(outcome, facts)
        case "after":
            found = re.fullmatch(r"(\d+)([smh])", value)
            assert found, value
            talk.after(int(found[1]) * UNITS[found[2]])
        case "bot":
            check_bot(talk, value)
        case "expect":
            for what, wanted in value.items():
                check_state(talk, what, wanted)
        case _:
            raise ValueError(verb)


def check_bot(talk: Talk, keys: Any) -> None:
    said = "\n\n".join(message.text for message in talk.said())
    if keys == "nothing":
        assert not said, f"it said: {said}"
        return
    at = 0
    for key in keys:
        found = talk.fixed(key).search(said, at)
        assert found, f"{key} was not said, but: {said!r}"
        at = found.end()


def check_state(talk: Talk, what: str, wanted: Any) -> None:
    session = talk.session
    found: Any
    match what:
        case "consent":
            found = bool(session.consent)
        case "stack":
            found = [frame.flow for frame in session.stack if frame.flow != "menu"]
        case "records":
            found = [effect.kind for effect in talk.turns[-1].effects if isinstance(effect, Record)]
        case "messages":
            found = len(talk.said())
        case "kind":
            found = talk.said()[-1].kind
        case "intents":
            found = len(talk.intents)
        case "timers":
            found = len(session.timers)
        case "overdue":
            found = len(session.overdue)
        case "held":
            found = session.stack[-1].vars.get("held")
        case "profile":
            found = {field: session.profile.get(field) for field in wanted}
        case "intent":
            found = {field: talk.intents[-1].data.get(field) for field in wanted}
        case _:
            raise ValueError(what)
    assert found == wanted, f"{what}: {found!r}, not {wanted!r}"
