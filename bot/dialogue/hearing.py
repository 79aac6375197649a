"""What one message of a person does to the conversation, once danger, lateness and form have been dealt with."""

from __future__ import annotations

from bot.dialogue.answers import Vars, glucose_readings, glucose_vars, read_choice, read_slots
from bot.dialogue.commands import FLOWS, obey
from bot.dialogue.scene import Scene, bounded
from bot.dialogue.taps import Tapped
from bot.dialogue.walk import again, answered, push, start, unclear, walk
from bot.model.session import Frame
from bot.understanding.meaning import Meaning

SURE = 0.6  # an intent below this does not start a flow
READINGS = 3  # of one message
MISSES = 2  # messages in a row before a person is offered


def hear(scene: Scene, meaning: Meaning, text: str, at: float, tapped: Tapped | None) -> None:
    """One message: a command, an answer, the beginning of something, or nothing we know."""
    if scene.session.stopped:
        return _hear_stopped(scene, meaning)
    if not scene.session.consent and not scene.session.stack:
        return _first_contact(scene, meaning, at)
    if tapped:
        return _tap(scene, tapped)
    frame = scene.pending()
    choice = read_choice(scene.step_of(frame), meaning, text) if frame else None
    if frame and choice:
        return answered(scene, frame, scene.step_of(frame), {scene.step_of(frame).answer: choice.id}, choice)
    if meaning.command:
        if meaning.command in FLOWS and meaning.command == "start" and not scene.session.consent:
            return again(scene)
        return obey(scene, meaning.command)
    if frame and _typed(scene, frame, meaning, text, at):
        return None
    if _begin(scene, meaning, at):
        return None
    if scene.quiet:
        return None
    if frame and scene.flow_of(frame).insist:
        return unclear(scene, frame, scene.step_of(frame))
    scene.kind = "fallback"
    scene.session.misses += 1
    scene.say("fallback")
    if scene.session.misses >= MISSES:
        scene.say("offer_human")


def _hear_stopped(scene: Scene, meaning: Meaning) -> None:
    scene.kind = "stopped"
    if meaning.command in ("start", "help"):
        return obey(scene, meaning.command)
    scene.say("stopped")


def _first_contact(scene: Scene, meaning: Meaning, at: float) -> None:
    scene.kind = "welcome"
    if meaning.command in ("help", "human", "language"):
        return obey(scene, meaning.command)
    start(scene, "welcome")
    _hold(scene, meaning, at)


def _tap(scene: Scene, tapped: Tapped) -> None:
    step, choice = tapped.step, tapped.choice
    found = {step.answer: choice.id}
    for frame in reversed(scene.session.stack):
        if frame.flow == step.flow and frame.step == step.name and frame.wait and frame.wait.intent is None:
            return answered(scene, frame, step, found, choice)
    flow = scene.content.flows[step.flow]
    if flow.reenter and (scene.session.consent or not flow.needs_consent):
        if flow.fresh:
            scene.clear()
        return answered(scene, push(scene, flow, step=step.name), step, found, choice)
    scene.kind = "closed"
    scene.say("closed")
    again(scene)


def _typed(scene: Scene, frame: Frame, meaning: Meaning, text: str, at: float) -> bool:
    """An answer in words. Free text does not swallow a reading or a clear wish for something else."""
    step = scene.step_of(frame)
    if not step.slots:
        return False
    free = all(slot.type in ("text", "name") for _, slot in step.slots)
    wish = meaning.intent is not None and meaning.intent.score >= SURE and meaning.intent.id in scene.content.by_intent
    if free and (wish or glucose_readings(meaning)):
        return False
    found = read_slots(step, meaning, text, at)
    if found is None:
        return False
    answered(scene, frame, step, found)
    return True


def _begin(scene: Scene, meaning: Meaning, at: float) -> bool:
    """Start what the message asks for, as a side question where another is open."""
    if glucose_readings(meaning):
        if not scene.session.consent:
            return _hold(scene, meaning, at)
        return take_readings(scene, meaning, at)
    intent = meaning.intent
    if intent and intent.score >= SURE and (name := scene.content.by_intent.get(intent.id)):
        scene.session.misses = 0
        frame = scene.pending()
        if frame and frame.flow == name:
            again(scene)
        else:
            start(scene, name)
        return True
    return False


def take_readings(scene: Scene, meaning: Meaning, at: float) -> bool:
    name = scene.content.by_reading.get("glucose")
    if name is None:
        return False
    flow = scene.content.flows[name]
    scene.session.misses = 0
    readings = [glucose_vars(reading, meaning, at) for reading in glucose_readings(meaning)[:READINGS]]
    before = scene.pending()
    if before and before.flow == name:
        scene.drop(before)
        if before.vars.get("glucose") is not None and before.vars["glucose"] != readings[0]["glucose"]:
            scene.say("replaced", old=before.vars["glucose"], new=readings[0]["glucose"])
    frames = [push(scene, flow, reading) for reading in reversed(readings)]
    walk(scene, frames[-1], flow.first)
    return True


def _hold(scene: Scene, meaning: Meaning, at: float) -> bool:
    """Keep a reading aside until the person has agreed that we may use it."""
    readings = glucose_readings(meaning)
    for frame in scene.session.stack if readings else ():
        holds = scene.flow_of(frame).holds
        if holds:
            name, text = holds
            held: Vars = bounded(glucose_vars(readings[0], meaning, at))
            scene.set_var(frame, name, held)
            scene.note("reading_held", flow=frame.flow)
            asked = scene.pieces
            scene.pieces = []
            scene.say(text, frame, path=f"{frame.flow}/holds")
            scene.pieces.extend(asked)
            if not asked:
                again(scene)
            return True
    return False
