"""A person names a language, in any language and at any time, and is answered in it from then on."""

from __future__ import annotations

from bot.dialogue.flow import OFFER
from bot.dialogue.heard import Heard
from bot.dialogue.kinds import FREE
from bot.dialogue.offers import offer
from bot.dialogue.scene import Scene
from bot.dialogue.speaking import LANGUAGES, named, written_in
from bot.dialogue.walk import answered, start

WISH = "change_language"  # the intent
CHOSEN = "chosen"  # what the flow takes that changes the language
SURE = 0.75  # a language word alone in a short message is less: "Hindi film"


def switch_language(scene: Scene, heard: Heard) -> bool:
    """Take the language that the message names: alone, or in a wish to change the language. False when it names none."""
    frame, wish = scene.pending(), _wishes(heard)
    step = scene.step_of(frame) if frame and not scene.unseen(frame) else None
    asked = step is not None and step.options_from == LANGUAGES
    if step and any(slot.type in FREE for slot in step.slots) and not wish:
        return False  # somebody may be called so
    code = named(scene.content.tongues.values(), heard.text, alone=not wish and not asked)
    if code is None and not asked and _names_own(scene, heard):
        scene.session.misses = 0
        start(scene, scene.content.by_command["language"])
        return True
    if code is None or CHOSEN not in scene.content.flows[scene.content.by_command["language"]].takes:
        return False  # a flow of few languages asks for one itself, and knows its options' words
    scene.session.misses, scene.session.writing = 0, None
    if frame and frame.flow == OFFER:
        scene.drop(frame)  # it is answered with that
    if _lacks(scene, heard, code):
        _ask_which(scene, heard, code)
    elif frame and step and asked:
        answered(scene, frame, step, {step.answer: code}, offer(step, {"id": code, "label": code}))
    else:
        start(scene, scene.content.by_command["language"], {CHOSEN: code})
    return True


def greet_in_named(scene: Scene, heard: Heard) -> None:
    """The first message names a language: the welcome is in it, which comes first in the list. Who had chosen has chosen anew."""
    code = named(scene.content.tongues.values(), heard.text, alone=not _wishes(heard))
    profile = scene.session.profile
    if code is None or code == profile.get("language") or _lacks(scene, heard, code):
        return
    if "language_chosen" in profile:
        profile |= {"second_language": profile["language_chosen"], "language_chosen": code}
    profile["language"] = code
    scene.forget_values()


def _names_own(scene: Scene, heard: Heard) -> bool:
    """ "English raadu" to somebody who reads English: the language that they have, in words that we do not know. It is rather
    that they cannot read it than that they wish for it."""
    intent, tongues = heard.meaning.intent, scene.content.tongues
    wishes = intent is not None and intent.id == WISH
    return wishes and named(tongues.values(), heard.text, alone=False) == scene.language


def _wishes(heard: Heard) -> bool:
    intent = heard.meaning.intent
    if intent is None or intent.id != WISH or intent.score < SURE:
        return False
    return heard.meaning.unable or intent.runner_up in (None, "deny")


def _lacks(scene: Scene, heard: Heard, code: str) -> bool:
    """ "I do not know English": a language is named that they cannot read, in words of another one or with a "not"."""
    tongues, meaning = scene.content.tongues, heard.meaning
    if named(tongues.values(), heard.text) is not None:
        return False
    return meaning.denies or meaning.unable or (code == scene.language and meaning.language != tongues[code].base)


def _ask_which(scene: Scene, heard: Heard, lacked: str) -> None:
    """Offer the language in which they say so; where that is the one they read already, or the very one that they lack, all."""
    tongues = scene.content.tongues
    told = written_in(tongues.values(), heard.meaning, heard.text)
    known = told is not None and tongues[told].base != tongues[lacked].base
    if told and known and told != scene.language and OFFER in scene.content.flows:
        scene.session.languages_offered.append(told)
        return start(scene, OFFER, {"offered": told})
    start(scene, scene.content.by_command["language"])
