"""What a conversation knows before it asks: from the message that began it, from an earlier one, from a flow that has ended."""

from __future__ import annotations

from bot.dialogue.answers import missing, read_slots
from bot.dialogue.flow import Step
from bot.dialogue.heard import Heard
from bot.dialogue.scene import Scene
from bot.model.session import Frame


def knows(scene: Scene, frame: Frame, step: Step, opener: Heard | None) -> bool:
    """Everything that the question would ask for is known, from before or from the message that started the flow."""
    if not step.apart:
        return False
    if opener and (found := read_slots(step, opener, scene.values(frame), free=False)):
        for name, value in found.items():
            scene.set_var(frame, name, value)
    return not missing(step, scene.values(frame))


def keep_times(scene: Scene, frame: Frame, heard: Heard, *, anew: bool = False) -> None:
    """ "Remind me at 7", and it has to be asked of what: the time is not asked for again behind that. ``anew``: the wish is said
    once more, and what it says now counts."""
    for step in scene.flow_of(frame).steps.values():
        names, values = [slot.name for slot in step.slots], scene.values(frame)
        times = step.apart and step.name != frame.step and all(slot.type == "time" for slot in step.slots)
        if not times or (not anew and any(values.get(name) is not None for name in names)):
            continue
        found = read_slots(step, heard, {}, free=False) or {}
        for name, value in {**(dict.fromkeys(names) if found else {}), **found}.items():
            scene.set_var(frame, name, value)


def give(scene: Scene, frame: Frame) -> None:
    """Hand the results of a flow that ends to its caller."""
    caller = scene.caller_of(frame)
    if caller and (wanted := scene.step_of(caller).into):
        values = scene.values(frame)
        results = set(scene.flow_of(frame).gives)
        for name, result in wanted:
            scene.set_var(caller, name, values.get(result) if result in results else None)
