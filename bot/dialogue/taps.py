"""Which question and option a tap means: by the option's id, by the question it quotes, by the questions asked lately."""

from __future__ import annotations

import re
from typing import Any

from msgspec import Struct

from bot.dialogue.contents import Contents
from bot.dialogue.flow import Choice, Step
from bot.dialogue.folding import fold
from bot.dialogue.household import lists_of
from bot.dialogue.offers import arranged, offer, offering
from bot.dialogue.options import ordinal
from bot.model.inbound import Inbound
from bot.model.session import Asked, Session

_WIRE = re.compile(r"([a-z][a-z0-9_]*)\.([a-z][a-z0-9_]*):([A-Za-z0-9_]+)$")


class Tapped(Struct, frozen=True):
    step: Step
    choice: Choice


def resolve(contents: Contents, session: Session, event: Inbound, asked: Asked | None) -> Tapped | None:
    """The option that this message chose outright, or None: then its words are read as an answer."""
    if event.choice_id and (chosen := _by_id(contents, session, event.choice_id)):
        return chosen
    if not event.text:
        return None
    typed = event.kind != "tap"
    if asked and asked.options:
        # The very list that was shown: labels and their order may be others today.
        if chosen := _as_shown(contents, session, asked, event.text, number=typed):
            return chosen
        typed = False
    quoted = [asked] if asked else []
    recent = list(reversed(session.asked)) if event.kind == "tap" else []
    for question in (*quoted, *recent):
        step = _step(contents, session, question.flow, question.step)
        if step and (known := _by_words(step, event.text, number=typed)):
            return Tapped(step, known)
    return None


def _by_id(contents: Contents, session: Session, wire: str) -> Tapped | None:
    if not (found := _WIRE.match(wire)):
        return None
    step = _step(contents, session, found[1], found[2])
    choice = next((one for one in step.choices if one.id == found[3]), None) if step else None
    if step and step.options_from and choice is None:
        choice = offer(step, {"id": found[3], "label": found[3]})  # it was offered once, and is not any more
    return Tapped(step, choice) if step and choice else None


def _as_shown(contents: Contents, session: Session, asked: Asked, text: str, *, number: bool) -> Tapped | None:
    step = _step(contents, session, asked.flow, asked.step)
    place = ordinal(text) if number and step and step.by_number else None
    for index, option in enumerate(asked.options, 1):
        if fold(option.label) == fold(text) or index == place:
            return _by_id(contents, session, option.id)
    return None


def _step(contents: Contents, session: Session, flow: str, step: str) -> Step | None:
    """The question as this person was asked it: where it is still open, of the version that its conversation began on."""
    content = contents.current
    held: dict[str, Any] = {}
    for frame in (*(mark.frames[-1] for mark in session.bookmarks), *session.stack):
        if frame.flow == flow and frame.step == step and frame.wait and frame.wait.intent is None:
            content, held = contents.of(frame.content) or contents.current, frame.vars
    name = content.flow_named(flow)
    now = content.flows[name].step_named(step) if name else None
    if not name or not now:
        return None
    found = content.flows[name].steps[now]
    if found.options_from:
        return offering(found, {**lists_of(session, content), **held})
    return arranged(found, session.profile.get("country"))


def written_out(step: Step, text: str) -> Choice | None:
    """The option whose label or synonym is the whole text, or whose number it is."""
    return _by_words(step, text, number=True)


def _by_words(step: Step, text: str, *, number: bool) -> Choice | None:
    typed = fold(text)
    for choice in step.choices:
        if typed in choice.words:
            return choice
    place = ordinal(text) if number and step.by_number else None
    return step.choices[place - 1] if place and place <= len(step.choices) else None
