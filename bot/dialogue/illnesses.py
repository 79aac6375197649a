"""What somebody says of their illnesses without being asked: several that they live with, or one that is over."""

from __future__ import annotations

from bot.dialogue.flow import ENDED, LISTED, Choice, Flow
from bot.dialogue.heard import Heard
from bot.dialogue.opening import push
from bot.dialogue.options import listed, named_in, named_together, nothing_but
from bot.dialogue.scene import Scene
from bot.dialogue.walk import answered, start
from bot.model.conditions import conditions_of

CERTAIN = 0.8  # an intent from here on is a wish, whatever stands beside it
SHORT = 9  # words of a message that says that an illness is over
QUESTION_MARKS = "?؟"


def lists_them_alone(scene: Scene, heard: Heard) -> bool:
    """ "Diabetes and high BP": names of illnesses and nothing else are no wish to note a pressure."""
    flow, intent = scene.content.flows.get(LISTED), heard.meaning.intent
    if flow is None or scene.pending() is not None or intent is None or intent.score >= CERTAIN:
        return False
    return bool(nothing_but(flow.steps[flow.first], heard.text)) and _lists(scene, heard, flow) and _ask_which(scene, flow)


def of_illnesses(scene: Scene, heard: Heard) -> bool:
    """Ask about illnesses that a message tells of in which nothing else was understood."""
    ends = scene.content.flows.get(ENDED)
    if ends is not None and (over := _over(scene, heard, ends)):
        _take_off(scene, ends, over)
        return True
    lists = scene.content.flows.get(LISTED)
    return lists is not None and _lists(scene, heard, lists) and _ask_which(scene, lists)


def _lists(scene: Scene, heard: Heard, flow: Flow) -> bool:
    """ "எனக்கு சுகரும் பிபியும் இருக்கு": several illnesses side by side, one of them not known yet, and no wish."""
    meaning, known = heard.meaning, conditions_of(scene.session.profile)
    if not scene.consented or meaning.readings or meaning.urgency != "none" or meaning.well is not None or _asks(heard):
        return False
    step = flow.steps[flow.first]
    found = named_together(step, meaning, heard.text) if listed(step, heard.text, heard.text) else ()
    return any(one.id not in known for one in found)


def _ask_which(scene: Scene, flow: Flow) -> bool:
    scene.session.misses = 0
    start(scene, flow.name)
    return True


def _over(scene: Scene, heard: Heard, flow: Flow) -> tuple[Choice, ...]:
    """ "थायराइड ठीक हो गया": the illnesses that a short message tells to be over."""
    if not scene.consented or not heard.meaning.over or _asks(heard) or len(heard.text.split()) > SHORT:
        return ()
    return named_in(flow.steps[flow.first], heard.text)


def _take_off(scene: Scene, flow: Flow, over: tuple[Choice, ...]) -> None:
    """One illness answers the flow's first question; of several it is asked which."""
    scene.session.misses = 0
    if len(over) > 1:
        return start(scene, flow.name)
    step = flow.steps[flow.first]
    return answered(scene, push(scene, flow, step=step.name), step, {step.answer: over[0].id}, over[0])


def _asks(heard: Heard) -> bool:
    return any(mark in heard.text for mark in QUESTION_MARKS)
