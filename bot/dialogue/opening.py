"""Opening a flow: whose it is, whether this person is let in, and its frame on the stack. Nothing is said yet."""

from __future__ import annotations

from typing import Any

from bot.dialogue.cohort import take_part
from bot.dialogue.flow import WHOSE, Flow
from bot.dialogue.household import comfort, settle_whose
from bot.dialogue.scene import Scene
from bot.model.session import Frame

DEPTH = 5


def whose(scene: Scene, frame: Frame) -> Frame:
    """The frame that goes on: the one that asks whom it is about, or this very one."""
    if settle_whose(scene, frame):
        return frame
    comfort(scene, frame)
    return push(scene, scene.content.flows[WHOSE])


def entry(scene: Scene, frame: Frame) -> str:
    """Where a flow begins for this person: its first step, or what the first guard says that does not let them in."""
    flow = scene.flow_of(frame)
    for when, otherwise in flow.who:
        if not when(scene.values(frame)):
            scene.note("not_let_in", flow=flow.name, step=otherwise)
            return otherwise
    return flow.first


def push(scene: Scene, flow: Flow, given: dict[str, Any] | None = None, step: str = "", version: str | None = None) -> Frame:
    """A new frame on top that has not begun, of the current version or its caller's. The lowest goes when the stack is full."""
    while len(scene.session.stack) >= DEPTH:
        scene.evict()
    frame = Frame(flow.name, version or scene.content.version, step)
    for key, value in (given or {}).items():
        scene.set_var(frame, key, value)
    scene.session.stack.append(frame)
    scene.note("flow_started", flow=flow.name)
    take_part(scene, flow)
    return frame
