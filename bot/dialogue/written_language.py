"""The language that a person writes, where it is not the one that they read: offered once, and its other script followed."""

from __future__ import annotations

from bot.dialogue.flow import OFFER
from bot.dialogue.handing_over import with_person
from bot.dialogue.scene import Scene
from bot.dialogue.walk import start
from bot.model.session import Writing

ENOUGH = 2  # messages in a row


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


def offer_language(scene: Scene) -> None:
    """Behind the answer, and where nothing else is asked or waited for: shall we talk in the language that you write?"""
    session, writing = scene.session, scene.session.writing
    if writing is None or writing.count < ENOUGH or writing.language == scene.language or not _may(scene, writing.language):
        return
    frame = scene.pending()
    waits = any(one.wait and one.wait.intent for one in session.stack)
    if scene.first or waits or (frame and scene.flow_of(frame).insist) or OFFER not in scene.content.flows:
        return
    session.languages_offered.append(writing.language)
    session.writing = None
    start(scene, OFFER, {"offered": writing.language})


def _may(scene: Scene, language: str) -> bool:
    """It was not offered before, and there is somebody whom to offer it."""
    session = scene.session
    known = scene.consented and "language_chosen" in session.profile and not session.stopped and not with_person(scene)
    return known and language not in session.languages_offered
