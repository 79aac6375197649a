"""Readings that come in any message: each kind goes to the flow that starts on it, or waits for consent."""

from __future__ import annotations

from typing import Any

from bot.dialogue.bounds import bounded
from bot.dialogue.heard import Heard
from bot.dialogue.household import named
from bot.dialogue.opening import push
from bot.dialogue.options import UNWELL
from bot.dialogue.scene import Scene
from bot.dialogue.slot_values import Vars, reading_vars, readings_of
from bot.dialogue.walk import again, begin, wake
from bot.model.session import Answered
from bot.understanding.meaning import Meaning, ReadingFound

READINGS = 3  # flows that one message starts
BESIDE = 0.8  # an intent below this is no second thing that a message tells; "after a walk" is 0.7
TELLS = "log_"  # how the intents begin that say what somebody ate, took or did
WAITS = frozenset({UNWELL, "ask_education"})  # intents that are nothing beside danger, which has its own questions


def claimed(scene: Scene, meaning: Meaning) -> list[ReadingFound]:
    """The readings that some flow starts on, or waits for."""
    waited = {kind for frame in scene.session.stack if scene.rests(frame) for kind in scene.step_of(frame).until}
    return readings_of(meaning, waited | set(scene.content.by_reading))


def grouped(scene: Scene, heard: Heard) -> list[tuple[str, Vars]]:
    """Flows to start, with what each gets: two kinds of one flow go together, a second reading of a kind starts it again."""
    found: list[tuple[str, Vars]] = []
    for reading in readings_of(heard.meaning, scene.content.by_reading):
        name = scene.content.by_reading[reading.kind]
        given = reading_vars(reading.kind, reading, heard.told)
        other = next((values for flow, values in found if flow == name and reading.kind not in values), None)
        if other is not None:
            other |= given
        else:
            found.append((name, given))
    return found[:READINGS]


def take_readings(scene: Scene, heard: Heard) -> bool:
    """Start the flows of all readings of the message; the first one said is the first one dealt with."""
    scene.session.misses = 0
    if wakes(scene, heard):
        return True
    found = grouped(scene, heard)
    if not found:
        return False
    before = scene.pending()
    for name, given in found:
        if before and before.flow == name:
            scene.drop(before)
            _say_replaced(scene, before.vars, given)
            before = None
    second = _second(scene, heard)
    if second and all(name != second for name, _ in found):
        flow = scene.content.flows[second]
        push(scene, flow, {flow.words: heard.text} if flow.words else None)
    frames = [push(scene, scene.content.flows[name], given) for name, given in reversed(found)]
    scene.session.last = Answered(frames[-1].flow, frames[-1].content, "", scene.now)
    begin(scene, frames[-1])
    return True


def _second(scene: Scene, heard: Heard) -> str | None:
    """The flow of what the message tells beside its readings, where that flow wants it."""
    intent = heard.meaning.intent
    if intent is None:
        return None
    readings = intent.id == "log_reading"
    wish, score = (intent.runner_up, intent.runner_up_score) if readings else (intent.id, intent.score)
    if wish is None or score < BESIDE or (wish in WAITS and not _calm(heard.meaning)):
        return None
    return _beside(scene, wish)


def unwell_beside(scene: Scene, heard: Heard) -> str | None:
    """The flow that asks about a symptom which is told beside what somebody ate, took or did: "ate 2 roti, I feel dizzy"."""
    intent = heard.meaning.intent
    if intent is None or intent.runner_up != UNWELL or intent.runner_up_score < BESIDE or not _calm(heard.meaning):
        return None
    other = scene.content.by_intent.get(intent.id) if intent.id.startswith(TELLS) else None
    return _beside(scene, UNWELL) if other and scene.content.flows[other].beside else None


def _calm(meaning: Meaning) -> bool:
    """Nothing is denied or well again, danger in the words has not been met already, and no "temperature 80" has to be asked for
    again: the word for fever is the reading's."""
    slip = any(reading.problem == "implausible" for reading in meaning.readings)
    return not meaning.denies and meaning.well is not True and meaning.urgency == "none" and not slip


def _beside(scene: Scene, wish: str) -> str | None:
    name = scene.content.by_intent.get(wish)
    open_ = any(frame.flow == name for frame in scene.session.stack)
    return name if name and not open_ and scene.content.flows[name].beside else None


def wakes(scene: Scene, heard: Heard) -> bool:
    """A flow that waits for such a reading gets it, before any flow is started by it."""
    for frame in reversed(scene.session.stack):
        kinds = scene.step_of(frame).until if frame.wait and scene.rests(frame) else ()
        other = frame.about is not None and named(scene) not in (None, frame.about)
        if not other and (readings := readings_of(heard.meaning, kinds)):
            for name, value in reading_vars(readings[0].kind, readings[0], heard.told).items():
                scene.set_var(frame, name, value)
            rest = [(name, given) for name, given in grouped(scene, heard) if readings[0].kind not in given]
            for name, given in reversed(rest):
                push(scene, scene.content.flows[name], given)
            wake(scene, frame)
            return True
    return False


def _say_replaced(scene: Scene, old: dict[str, Any], new: Vars) -> None:
    """A new reading in the place of one that is not yet recorded."""
    if old.get("glucose") is not None and new.get("glucose") is not None and old["glucose"] != new["glucose"]:
        scene.say("replaced", old=old["glucose"], new=new["glucose"])


def hold_reading(scene: Scene, heard: Heard) -> bool:
    """Keep a reading aside until the person has agreed that we may use it."""
    readings = claimed(scene, heard.meaning)
    for frame in scene.session.stack if readings else ():
        holds = scene.flow_of(frame).holds
        if holds:
            name, text = holds
            held: Vars = bounded({"kind": readings[0].kind, **reading_vars(readings[0].kind, readings[0], heard.told)})
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
