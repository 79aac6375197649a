"""A reading that comes with an emergency: kept without a word, or cared for behind the emergency's text."""

from __future__ import annotations

from bot.dialogue.flow import WHOSE
from bot.dialogue.heard import Heard
from bot.dialogue.hearing import hear
from bot.dialogue.household import settle_whose
from bot.dialogue.reading import take_readings
from bot.dialogue.scene import Scene
from bot.dialogue.slot_values import reading_vars, readings_of
from bot.model.session import Frame
from bot.understanding.meaning import ReadingFound


def care_for_reading(scene: Scene, heard: Heard) -> bool:
    """A low one gets its whole care, with the recheck, behind the emergency's text; one that we must ask about is asked about;
    any other is stored without a word, so that nothing distracts from the danger. True when there is more to come.

    Of another person it is asked who that is, and how it went is asked later all the same: their care may never begin."""
    if not scene.session.consent or scene.session.stopped:
        return False
    low = scene.policy.clinical.glucose.low.below or 0.0
    found = readings_of(heard.meaning, ("glucose",))
    if not any(reading.problem or (reading.value is not None and reading.value < low) for reading in found):
        keep_reading(scene, heard)
        return False
    scene.quiet = True
    frame = scene.pending()
    asks = frame is not None and any(slot.type == "glucose" for slot in scene.step_of(frame).slots)
    if frame and (asks or frame.flow == scene.content.by_reading.get("glucose")):
        hear(scene, heard, None)
    else:
        take_readings(scene, heard)
    scene.kind = "emergency"
    return not any(frame.flow == WHOSE for frame in scene.session.stack)


def keep_reading(scene: Scene, heard: Heard) -> None:
    """Store the readings that came with an emergency, one of a kind, without a word about them."""
    kinds: dict[str, ReadingFound] = {}
    for reading in readings_of(heard.meaning, scene.content.by_reading) if scene.session.consent else ():
        kinds.setdefault(reading.kind, reading)
    for kind, reading in kinds.items():
        flow = scene.content.flows[scene.content.by_reading[kind]]
        step = next((step for step in flow.steps.values() if step.agent), None)
        if step is None or step.agent is None or reading.problem:
            continue
        frame = Frame(flow.name, scene.content.version, step.name, reading_vars(kind, reading, heard.told))
        if not settle_whose(scene, frame):
            scene.note("nobody_named", kind=kind)  # kept for nobody rather than for the wrong person
            continue
        values = scene.values(frame)
        data = {key: value(values) for key, value in step.agent.data}
        scene.intend(step.agent.agent, step.agent.name, data, frame.about)
