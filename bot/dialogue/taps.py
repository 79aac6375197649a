"""Which question and option a tap means: by the option's id, by the question it quotes, by the questions asked lately."""

from __future__ import annotations

import re
import unicodedata

from msgspec import Struct

from bot.dialogue.compiler import fold
from bot.dialogue.contents import Contents
from bot.dialogue.flow import Choice, Step
from bot.model.inbound import Inbound
from bot.model.session import Asked, Session

_WIRE = re.compile(r"([a-z][a-z0-9_]*)\.([a-z][a-z0-9_]*):([a-z][a-z0-9_]*)$")
_NUMBER = re.compile(r"\(?(\d{1,2})[.)]?$")


class Tapped(Struct, frozen=True):
    step: Step
    choice: Choice


def resolve(contents: Contents, session: Session, event: Inbound, asked: Asked | None) -> Tapped | None:
    """The option that this message chose outright, or None: then its words are read as an answer."""
    if event.choice_id and (found := _WIRE.match(event.choice_id)):
        step = _step(contents, session, found[1], found[2])
        for choice in step.choices if step else ():
            if step and choice.id == found[3]:
                return Tapped(step, choice)
    if not event.text:
        return None
    quoted = [asked] if asked else []
    recent = list(reversed(session.asked)) if event.kind == "tap" else []
    for question in (*quoted, *recent):
        step = _step(contents, session, question.flow, question.step)
        if step and (known := _by_words(step, event.text, number=event.kind != "tap")):
            return Tapped(step, known)
    return None


def _step(contents: Contents, session: Session, flow: str, step: str) -> Step | None:
    """The question as this person was asked it: where it is still open, of the version that its conversation began on."""
    content = contents.current
    for frame in (*(mark.frames[-1] for mark in session.bookmarks), *session.stack):
        if frame.flow == flow and frame.step == step and frame.wait and frame.wait.intent is None:
            content = contents.of(frame.content) or contents.current
    name = content.flow_named(flow)
    now = content.flows[name].step_named(step) if name else None
    return content.flows[name].steps[now] if name and now else None


def _by_words(step: Step, text: str, *, number: bool) -> Choice | None:
    typed = fold(text)
    for choice in step.choices:
        if typed in choice.words:
            return choice
    ordinal = _NUMBER.match(unicodedata.normalize("NFKC", text).strip()) if number and not step.slots else None
    if ordinal and 1 <= int(ordinal[1]) <= len(step.choices):
        return step.choices[int(ordinal[1]) - 1]
    return None
