"""A question that the official channel did not let through was never asked: it is put again, with its buttons."""

from __future__ import annotations

from bot.dialogue.scene import Scene
from bot.dialogue.walk import ask
from bot.model.events import Told
from bot.model.session import Frame

QUESTION = "question"
"""The fact that names it, ``flow/step`` (``bot/sending/shut_out.py``)."""
ASKED = "asked"
"""What the flow that introduces it is told: it comes behind, with the words of the message."""
WORDS = "words"
"""How the facts begin in which these stand, in parts."""


def never_asked(scene: Scene, event: Told) -> None:
    """What the person writes next is no answer to it, and brings it."""
    if (frame := _waiting(scene, event)) and frame.wait:
        frame.wait.seen = "nothing"


def open_question(scene: Scene, event: Told) -> Frame | None:
    """The frame that waits for its answer, unless it was put since."""
    frame = _waiting(scene, event)
    return frame if frame and scene.unseen(frame) else None


def put_again(scene: Scene, frame: Frame, event: Told) -> None:
    """In the words that it had: news may have stood before it in one message."""
    if frame in scene.session.stack:
        scene.raise_(frame)
        words = "".join(str(event.facts[name]) for name in sorted(event.facts) if name.startswith(WORDS))
        ask(scene, frame, scene.step_of(frame), words or None)


def _waiting(scene: Scene, event: Told) -> Frame | None:
    path = event.facts.get(QUESTION)
    waiting = (frame for frame in scene.session.stack if frame.wait and frame.wait.intent is None)
    return next((frame for frame in waiting if path == f"{frame.flow}/{frame.step}" and scene.step_of(frame).asks), None)
