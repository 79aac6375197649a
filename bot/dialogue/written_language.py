"""The language that a person writes, where it is not the one that they read: offered once, and its other script followed."""

from __future__ import annotations

from bot.dialogue.flow import OFFER
from bot.dialogue.handing_over import with_person
from bot.dialogue.scene import Scene
from bot.dialogue.walk import start
from bot.model.session import Writing

ENOUGH = 2  # messages in a row
AT_ONCE = 1  # the same while somebody is asked for their consent: they must be able to read it


def note_language(scene: Scene, written: str | None) -> None:
    """Count what was written. Of one language in two scripts, as Hindi in Latin letters, the one that they write is answered."""
    session, tongues = scene.session, scene.content.tongues
    if written is None:
        return
    if written == scene.language:
        session.writing = None
        return
    before = session.writing
    session.writing = Writing(written, before.count + 1 if before and before.language == written else 1)
    same = tongues[written].base == tongues[scene.language].base
    if same and session.writing.count >= ENOUGH and _may(scene, written):
        session.languages_offered.append(written)
        session.profile |= {"second_language": scene.language, "language": written, "language_chosen": written}
        session.writing = None
        scene.changed |= {"language", "language_chosen", "second_language"}
        scene.forget_values()
        scene.note("script_followed", language=written)


def offer_language(scene: Scene, written: str | None = None) -> None:
    """Behind the answer, and where nothing else is asked or waited for: shall we talk in the language that you write?

    Who has not agreed yet is asked at once, where this very message is ``written`` in it: also above the question for their
    consent, which comes again behind the answer.
    """
    session, writing, tongues = scene.session, scene.session.writing, scene.content.tongues
    enough = ENOUGH if scene.consented else AT_ONCE
    if not scene.consented and written is None:
        return
    if writing is None or writing.count < enough or writing.language == scene.language or not _may(scene, writing.language):
        return
    if tongues[writing.language].base == tongues[scene.language].base:
        return  # its other script is followed without asking
    if scene.first or OFFER not in scene.content.flows or not _free(scene):
        return
    session.languages_offered.append(writing.language)
    session.writing = None
    start(scene, OFFER, {"offered": writing.language})
    if not scene.consented and (frame := scene.pending()) and frame.wait:
        scene.cancel(frame.wait.timer)  # it stands as long as the question below it
        frame.wait.timer = None


def _free(scene: Scene) -> bool:
    """Nothing is asked or waited for, or only what is asked of somebody who has not agreed."""
    frame = scene.pending()
    if not scene.consented:
        return frame is not None and not scene.vital(frame) and not scene.flow_of(frame).reenter and frame.flow != OFFER
    waits = any(one.wait and one.wait.intent for one in scene.session.stack)
    return not (waits or (frame and scene.flow_of(frame).insist))


def _may(scene: Scene, language: str) -> bool:
    """It was not offered before, and there is somebody whom to offer it."""
    session = scene.session
    known = "language_chosen" in session.profile and not session.stopped and not with_person(scene)
    return known and language not in session.languages_offered
