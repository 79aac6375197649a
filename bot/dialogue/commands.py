"""The always-available words. They work in every state, and without any understanding beyond the word itself.

What they do can be changed for a flow or a step (``repair``); what they mean cannot.
"""

from __future__ import annotations

from bot.dialogue.flow import Mend
from bot.dialogue.landing import settle
from bot.dialogue.machine import END
from bot.dialogue.opening import DEPTH
from bot.dialogue.scene import BOOKMARK_LIFE, Scene
from bot.dialogue.text import Text
from bot.dialogue.walk import again, ask, follow, leave_by, put_again, start, walk
from bot.model.session import Frame

FLOWS = ("menu", "help", "stop", "start", "language", "human")


def obey(scene: Scene, command: str) -> None:
    """Do what a command word says."""
    scene.kind = "command"
    scene.note("command", command=command)
    scene.session.misses = 0
    frame = scene.pending()
    if command in FLOWS:
        if frame and command == "language" and _mend(scene, frame, command).off:
            return again(scene)
        name = scene.content.by_command[command]
        if command == "start" and not scene.session.stopped:
            name = scene.content.by_command["menu"]
        return start(scene, name)
    if command == "continue" and (frame is None or not scene.flow_of(frame).insist):
        if aside := scene.aside():
            return ask(scene, aside, scene.step_of(aside))
        if come_back(scene):
            return None
    if frame is None:
        return start(scene, scene.content.by_command["help"]) if command == "what" else scene.say("nothing_open")
    mend = _mend(scene, frame, command)
    scene.note("repair", flow=frame.flow, step=frame.step, pattern=command)
    if mend.way:
        _say(scene, frame, mend.say)
        return leave_by(scene, frame, mend.way)
    _USUAL[command](scene, frame, mend)


def come_back(scene: Scene, flow: str | None = None, step: str | None = None) -> bool:
    """Take up a question that was laid aside: the one that is named, else the latest."""
    for mark in reversed(scene.session.bookmarks) if scene.consented else ():
        top = mark.frames[-1]
        if scene.now - mark.at > BOOKMARK_LIFE or (flow and (top.flow, top.step) != (flow, step)):
            continue
        scene.session.bookmarks = [one for one in scene.session.bookmarks if one is not mark]
        scene.note("resumed", flow=top.flow, step=top.step)
        while scene.session.stack and len(scene.session.stack) + len(mark.frames) > DEPTH:
            scene.evict()
        scene.session.stack += mark.frames
        settle(scene)
        if flow is None and (frame := scene.pending()):
            put_again(scene, frame)
        return True
    return False


def _mend(scene: Scene, frame: Frame, pattern: str) -> Mend:
    return scene.step_of(frame).repair.get(pattern) or Mend(False, None, None)


def _say(scene: Scene, frame: Frame, text: Text | None, usual: str | None = None) -> None:
    if text:
        scene.say(text, frame, path=f"{frame.flow}/{frame.step}")
    elif usual:
        scene.say(usual)


def _cancel(scene: Scene, frame: Frame, mend: Mend) -> None:
    if mend.off or not scene.flow_of(frame).leave:
        _say(scene, frame, mend.say)
        return again(scene)
    _say(scene, frame, mend.say, "cancelled")
    if frame.wait:
        scene.cancel(frame.wait.timer)
    frame.wait = None
    scene.raise_(frame)
    _leave(scene, frame)


def _leave(scene: Scene, frame: Frame) -> None:
    """A cancelled flow gives no results: its caller goes where it says, or is cancelled too when it needed them."""
    while caller := scene.caller_of(frame):
        step = scene.step_of(caller)
        if not step.cancelled and not step.into:
            break
        scene.note("call_cancelled", flow=caller.flow, step=step.name)
        scene.drop(frame)
        frame = caller
        if step.cancelled:
            return walk(scene, frame, follow(scene, frame, "on.cancelled"))
    walk(scene, frame, END)


def _back(scene: Scene, frame: Frame, mend: Mend) -> None:
    _say(scene, frame, mend.say)
    if mend.off:
        return again(scene)
    steps = scene.flow_of(frame).steps
    while frame.path and frame.path[-1] not in steps:
        frame.path.pop()
    if not frame.path:
        scene.say("nothing_before")
        return again(scene)
    if frame.wait:
        scene.cancel(frame.wait.timer)
    frame.wait = None
    frame.step = frame.path.pop()
    step = scene.step_of(frame)
    for slot in step.slots if step.apart else ():
        scene.set_var(frame, slot.name, None)
    ask(scene, frame, step)


def _skip(scene: Scene, frame: Frame, mend: Mend) -> None:
    if scene.step_of(frame).skip and not mend.off:
        _say(scene, frame, mend.say)
        return leave_by(scene, frame, "skip")
    _say(scene, frame, mend.say, "cannot_skip")
    again(scene)


def _repeat(scene: Scene, frame: Frame, mend: Mend) -> None:
    _say(scene, frame, mend.say)
    again(scene)


def _what(scene: Scene, frame: Frame, mend: Mend) -> None:
    """What the step says about itself, and the question again."""
    _say(scene, frame, None if mend.off else mend.say or scene.step_of(frame).what)
    again(scene)


def _continue(scene: Scene, frame: Frame, mend: Mend) -> None:
    again(scene)


_USUAL = {"cancel": _cancel, "back": _back, "skip": _skip, "repeat": _repeat, "what": _what, "continue": _continue}
