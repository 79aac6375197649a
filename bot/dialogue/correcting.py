"""Corrections: "no, 142 not 124", "sorry 160", another option of a question answered before.

The conversation goes back to that answer and on from there. What an agent has recorded meanwhile is recorded anew, and the new
intent names the one that it supersedes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from msgspec import Struct, structs

from bot.dialogue.flow import Choice, Flow, Slot, Step
from bot.dialogue.heard import Heard
from bot.dialogue.kinds import FREE, MEDIA, READINGS
from bot.dialogue.opening import entry
from bot.dialogue.options import contained
from bot.dialogue.scene import Scene
from bot.dialogue.slot_values import Vars, read_values, reading_vars, readings_of
from bot.dialogue.walk import answered, walk
from bot.model.session import Answered, Frame
from bot.understanding.meaning import Meaning

LIFE = 3600.0  # seconds after an answer in which it can be corrected
TAKEN_BACK = "correction"  # what a number counts that the words take back
PLAIN_NUMBERS = frozenset({"number", "year", "rating"})

Read = Callable[[str, str | None], Meaning]
"""A text, and the type of answer that is expected -> its meaning."""


class Correction(Struct):
    """What was answered, and what it shall be instead. ``meaning`` is that of the new answer alone."""

    flow: Flow
    step: Step | None  # None: it came with the message that started the flow
    found: Vars
    choice: Choice | None = None
    meaning: Meaning | None = None


def find_correction(scene: Scene, heard: Heard, read: Read) -> Correction | None:
    """The correction that a message is, or None."""
    flow = _flow(scene) if heard.meaning.corrects else None
    if flow is None:
        return None
    known = _known(scene)
    for step in _answered_steps(scene, flow):
        if found := _corrected(scene, flow, step, heard, known, read):
            return found
    return None


def _corrected(
    scene: Scene, flow: Flow, step: Step | None, heard: Heard, known: Mapping[str, Any], read: Read
) -> Correction | None:
    mend = (step or flow.steps[flow.first]).repair.get("correct")
    if mend and mend.off:
        return None
    if step and (choice := contained(step, heard.text)) and known.get(step.answer) != choice.id:
        return Correction(flow, step, {step.answer: choice.id}, choice)
    slots = step.slots if step else [Slot(kind, kind) for kind in scene.content.by_reading if known.get(kind) is not None]
    for slot in slots:
        if slot.type in FREE or slot.type in MEDIA or known.get(slot.name) is None:
            continue
        if found := _anew(slot, heard, known, read):
            values, meaning = found
            if "measured_at" in values and known.get("measured_at") is not None:
                values["measured_at"] = known["measured_at"]  # it was written wrongly, not measured later
            return Correction(flow, step, values, None, meaning)
    return None


def tapped_correction(scene: Scene, step: Step, choice: Choice) -> Correction | None:
    """Another option of the question that was answered last."""
    flow, last = _flow(scene), scene.session.last
    if flow is None or last is None or (last.flow, last.step) != (step.flow, step.name):
        return None
    mend = flow.steps[step.name].repair.get("correct")
    if (mend and mend.off) or _known(scene).get(step.answer) == choice.id:
        return None
    return Correction(flow, flow.steps[step.name], {step.answer: choice.id}, choice)


def correct(scene: Scene, correction: Correction) -> None:
    """Go back to the answer and on from there."""
    last = scene.session.last
    if last is None:
        return
    flow, step = correction.flow, correction.step
    frame = _frame(scene, last)
    scene.kind = "correction"
    scene.note("corrected", flow=flow.name, step=step.name if step else "")
    mend = (step or flow.steps[flow.first]).repair.get("correct")
    scene.say(mend.say if mend and mend.say else "corrected", frame)
    if frame is None:
        frame = Frame(last.flow, last.content, last.step, dict(last.vars), path=list(last.path), sent=dict(last.sent))
        frame.about = last.about
        scene.session.stack.append(frame)
    _drop_after(scene, flow.name)
    if frame.wait:
        scene.cancel(frame.wait.timer)
        frame.wait = None
    frame.replaces = dict(frame.sent)
    if step is None:
        for name, value in correction.found.items():
            scene.set_var(frame, name, value)
        scene.raise_(frame)
        return walk(scene, frame, entry(scene, frame))
    if step.name in frame.path:
        frame.path = frame.path[: frame.path.index(step.name)]
    frame.step = step.name
    answered(scene, frame, step, correction.found, correction.choice)


def _flow(scene: Scene) -> Flow | None:
    """The flow whose answers can be corrected now."""
    last = scene.session.last
    if last is None or scene.now - last.at > LIFE:
        return None
    return (scene.contents.of(last.content) or scene.content).flows.get(last.flow)


def _answered_steps(scene: Scene, flow: Flow) -> Iterator[Step | None]:
    """The questions answered so far, the last one first; None for what came with the message that started the flow."""
    last = scene.session.last
    if last is None:
        return
    frame = _frame(scene, last)
    path = frame.path if frame else last.path
    for name in dict.fromkeys(reversed([*path, *([last.step] if last.step else [])])):
        if name in flow.steps:
            yield flow.steps[name]
    yield None


def _frame(scene: Scene, last: Answered) -> Frame | None:
    """The conversation of the answer, where it still goes on."""
    for frame in reversed(scene.session.stack):
        if (frame.flow, frame.content) == (last.flow, last.content) and (last.step in frame.path or not last.step):
            return frame
    return None


def _known(scene: Scene) -> Mapping[str, Any]:
    last = scene.session.last
    if last is None:
        return {}
    frame = _frame(scene, last)
    return scene.values(frame) if frame else last.vars


def _drop_after(scene: Scene, flow: str) -> None:
    """Flows that were called or jumped to because of the old answer have lost their reason."""
    gone = {flow}
    for frame in list(scene.session.stack):
        if frame.by in gone and frame.by:
            gone.add(frame.flow)
            scene.drop(frame)


def _anew(slot: Slot, heard: Heard, known: Mapping[str, Any], read: Read) -> tuple[Vars, Meaning | None] | None:
    """The new value of an answer: what is said that is not the old one."""
    if slot.type not in READINGS and slot.type not in PLAIN_NUMBERS:
        other = [found for found in read_values(slot, heard) if found[slot.name] != known[slot.name]]
        return (other[0], None) if other else None
    said = read(heard.text, slot.type)
    old = known.get(f"{slot.name}_number", known[slot.name])
    if slot.type == "blood_pressure":
        pairs = [one for one in readings_of(said, (slot.type,)) if f"{one.systolic}/{one.diastolic}" != old]
        return (reading_vars(slot.name, pairs[0], heard.at), said) if len(pairs) == 1 else None
    taken_back = [one.value for one in said.amounts if one.use == TAKEN_BACK]
    if taken_back and not any(_like(value, old) for value in taken_back):
        return None  # "no, 124 not 142" behind a 210: another answer is meant
    stated = [one for one in readings_of(said, (slot.type,)) if old not in (one.value, one.stated_value)]
    if len(stated) == 1:
        return reading_vars(slot.name, stated[0], heard.at), said
    others = [one for one in said.readings if one.kind != slot.type]
    taken = {number for one in others for number in (one.value, one.stated_value, one.systolic, one.diastolic)}
    numbers = [number for number in dict.fromkeys(said.numbers) if number != old and number not in taken]
    if len(numbers) != 1:
        return None
    if slot.type in PLAIN_NUMBERS:
        alone = structs.replace(heard, meaning=Meaning(numbers=(numbers[0],)), text=f"{numbers[0]:g}")
        fits = read_values(slot, alone)
        return (fits[0], None) if fits else None
    said = read(f"{numbers[0]:g}", slot.type)  # "no, 142 not 124": the number alone
    stated = readings_of(said, (slot.type,))
    return (reading_vars(slot.name, stated[0], heard.at), said) if len(stated) == 1 else None


def _like(value: float, old: Any) -> bool:
    """The old number, or what somebody may remember of it: with one digit otherwise, or two in another order."""
    if not isinstance(old, int | float):
        return True
    said, known = f"{value:g}", f"{old:g}"
    apart = sum(one != other for one, other in zip(said, known, strict=False))
    return len(said) == len(known) and (apart <= 1 or sorted(said) == sorted(known))
