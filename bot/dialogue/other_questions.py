"""An answer to another question than the one on top: one below it that another topic came over, or one that danger put aside."""

from __future__ import annotations

from bot.dialogue.answers import read_slots
from bot.dialogue.flow import Choice, Step
from bot.dialogue.heard import Heard
from bot.dialogue.options import contained
from bot.dialogue.scene import Scene
from bot.dialogue.walk import answered, put_again
from bot.model.session import Frame

PLAIN = frozenset({"date", "time", "time_range", "phone", "year"})
"""Answers that mean nothing else, also some time after the question."""


def said_among_others(step: Step, heard: Heard) -> Choice | None:
    """ "It was before breakfast": an option within a sentence that nothing else understood, and not denied.

    Only one that fills an answer. What leads elsewhere (a consent given by a tap, a dose) is not chosen by a word in passing.
    """
    meaning = heard.meaning
    if step.grave or step.slots or (meaning.denies and not meaning.corrects):
        return None
    choice = contained(step, heard.text)
    return choice if choice and choice.way == "next" else None


def answers_another(scene: Scene, heard: Heard, top: Frame | None) -> bool:
    """A plain value ("8 am") or option for a question that is open further down; never a yes, a number or free words."""
    for frame in scene.questions():
        if frame is top or scene.unseen(frame) or scene.vital(frame):
            continue
        step = scene.step_of(frame)
        if choice := said_among_others(step, heard):
            answered(scene, frame, step, {step.answer: choice.id}, choice)
            return True
        plain = any(slot.type in PLAIN for slot in step.slots)
        if found := read_slots(step, heard, scene.values(frame), free=False) if plain else None:
            answered(scene, frame, step, found)
            return True
    return False


def ask_aside_again(scene: Scene) -> bool:
    """Nothing understands the words, and danger has put a question aside: perhaps they answer it. It is put again, and then they
    count. Not while the danger is still looked after: nobody shall be asked for a reminder's time who waits for help."""
    frame = scene.aside()
    if frame is None or not scene.flow_of(frame).insist or any(scene.rests(one) for one in scene.session.stack):
        return False
    scene.kind = "unclear"
    scene.note("put_again", flow=frame.flow, step=frame.step)
    put_again(scene, frame)
    return True


def looked_after(scene: Scene) -> bool:
    """Danger was told and time passes until we ask how it went: words that we do not know are about that, and to be told how to
    send a reading is no answer to them."""
    resting = (scene.flow_of(frame) for frame in scene.session.stack if scene.rests(frame))
    return any(step.kind == "emergency" for flow in resting for step in flow.steps.values())
