"""How much a model's hint counts: it may raise, it may fill a gap, and it decides nothing."""

from __future__ import annotations

from collections.abc import Container
from typing import Final

from msgspec import structs

from bot.model.hint import Hint
from bot.model.inbound import Inbound
from bot.understanding.meaning import IntentFound, Meaning, ReadingFound

ENOUGH: Final = 0.6
"""A score that just starts a flow. Our own rules keep theirs, which are higher."""
ASKED_ABOUT: Final = frozenset({"glucose", "blood_pressure", "hba1c", "temperature", "weight"})
"""Kinds of readings whose flows ask whether a doubtful number is right. Of others nothing is taken from a voice or a picture."""
SAID: Final = {"voice": "heard_voice", "picture": "seen_picture"}


def worded(event: Inbound, hint: Hint | None) -> Inbound:
    """The message as if its words had been typed: what was heard or seen, behind what the person wrote below it."""
    if hint is None or not hint.text:
        return event
    return structs.replace(event, kind="text", text=f"{event.text or ''}\n{hint.text}".strip(), media=None)


def weighed(meaning: Meaning, hint: Hint, intents: Container[str]) -> Meaning:
    """``intents``: those that a flow starts on. Danger that our rules found stays what it is; a hint of danger is asked about."""
    urgency, intent = meaning.urgency, meaning.intent
    if urgency == "none" and hint.urgency == "confirm":
        urgency = "confirm"
    if hint.intent is not None and hint.intent in intents and (intent is None or intent.score < ENOUGH):
        intent = IntentFound(hint.intent, ENOUGH)
    readings = meaning.readings
    if hint.source != "words":
        readings = tuple(_doubtful(one) for one in readings if one.kind in ASKED_ABOUT)
    # A command is a whole message that somebody typed; a model can put no word into a person's mouth that stops or erases.
    command = meaning.command if hint.source == "words" else None
    return structs.replace(meaning, urgency=urgency, intent=intent, readings=readings, command=command)


def _doubtful(reading: ReadingFound) -> ReadingFound:
    return reading if reading.problem else structs.replace(reading, problem="unlikely")
