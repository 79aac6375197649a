"""A photo, voice message, document, place or contact: the answer to a question for one, or what a flow starts on."""

from __future__ import annotations

from bot.dialogue.answers import read_file, read_slots
from bot.dialogue.heard import Heard
from bot.dialogue.kinds import MEDIA
from bot.dialogue.reading import claimed
from bot.dialogue.scene import Scene
from bot.dialogue.walk import answered, start


def take_file(scene: Scene, heard: Heard) -> bool:
    """True when the file was taken."""
    if scene.session.stopped:
        return False
    frame = scene.pending()
    step = scene.step_of(frame) if frame and not scene.unseen(frame) else None
    if frame and step and any(MEDIA.get(slot.type) == heard.event.kind or _has_phone(slot.type, heard) for slot in step.slots):
        found = read_slots(step, heard, scene.values(frame), free=False)
        if found is not None:
            answered(scene, frame, step, found)
            return True
    kind = next((name for name, one in MEDIA.items() if one == heard.event.kind), None)
    name = scene.content.by_media.get(kind or "")
    if claimed(scene, heard.meaning):  # a meter's picture with the number written below: the number is what counts
        return False
    if kind is None or name is None or (scene.content.flows[name].needs_consent and not scene.consented):
        return False
    given = read_file(kind, heard)
    if not given:  # it could not be kept
        return False
    scene.session.misses = 0
    start(scene, name, given)
    return True


def _has_phone(kind: str, heard: Heard) -> bool:
    return kind == "phone" and heard.event.kind == "contact"
