"""A person names a language, in any language and at any time, and is answered in it from then on."""

from __future__ import annotations

from bot.dialogue.heard import Heard
from bot.dialogue.kinds import FREE
from bot.dialogue.offers import offer
from bot.dialogue.scene import Scene
from bot.dialogue.speaking import LANGUAGES, named
from bot.dialogue.walk import answered, start

WISH = "change_language"  # the intent
SURE = 0.75  # a language word alone in a short message is less: "Hindi film"


def switch_language(scene: Scene, heard: Heard) -> bool:
    """Take the language that the message names: alone, or in a wish to change the language. False when it names none."""
    intent, frame = heard.meaning.intent, scene.pending()
    wish = intent is not None and intent.id == WISH and intent.score >= SURE and not intent.runner_up
    step = scene.step_of(frame) if frame and not scene.unseen(frame) else None
    asked = step is not None and step.options_from == LANGUAGES
    if step and any(slot.type in FREE for slot in step.slots) and not wish:
        return False  # somebody may be called so
    code = named(scene.content.tongues.values(), heard.text, alone=not wish and not asked)
    if code is None:
        return False
    scene.session.misses = 0
    if frame and step and asked:
        answered(scene, frame, step, {step.answer: code}, offer(step, {"id": code, "label": code}))
    else:
        start(scene, scene.content.by_command["language"], {"chosen": code})
    return True
