"""Forgetting: what the conversation itself knows of somebody, and what was known for one turn only."""

from __future__ import annotations

from bot.dialogue.scene import Scene
from bot.dialogue.wishes import PUT_OFF
from bot.model.session import Frame

KEPT = ("language", "language_chosen", "second_language", "country", "zone")
"""What is no more than how they are spoken to."""


def forget(scene: Scene, frame: Frame) -> None:
    """All but this frame, which still has something to say, and questions of an emergency. How they are reached stays, because we
    must be able to answer; so does the count of members, whose ids are never given twice."""
    session = scene.session
    for other in [one for one in session.stack if one is not frame and not scene.vital(one)]:
        scene.drop(other)
    for timer in [one for one in session.timers if one.data.get("why") == PUT_OFF]:
        scene.cancel(timer.id)
    session.profile = {name: value for name, value in session.profile.items() if name in KEPT}
    session.overdue = {id_: late for id_, late in session.overdue.items() if late.flow == frame.flow}  # its own answer may come
    session.vars, session.arms = {}, {}
    session.bookmarks, session.asked, session.household, session.held = [], [], [], []
    session.last = session.talk = session.fragment = None
    scene.forget_values()


def forget_the_turn(scene: Scene) -> None:
    """Variables whose scope is the turn end with it."""
    for frame in (*scene.session.stack, *scene.session.overdue.values()):
        flow = scene.content_of(frame).flows.get(frame.flow)
        for name in flow.fleeting if flow else ():
            frame.vars.pop(name, None)
