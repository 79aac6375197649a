"""The always-available words. They work in every state, and without any understanding beyond the word itself."""

from __future__ import annotations

from bot.dialogue.machine import END
from bot.dialogue.scene import Scene
from bot.dialogue.walk import again, ask, leave_by, start, walk

FLOWS = ("menu", "help", "stop", "start", "language", "human")


def obey(scene: Scene, command: str) -> None:
    """Do what a command word says."""
    scene.kind = "command"
    scene.note("command", command=command)
    scene.session.misses = 0
    if command in FLOWS:
        name = scene.content.by_command[command]
        if command == "start" and not scene.session.stopped:
            name = scene.content.by_command["menu"]
        start(scene, name)
    elif command == "cancel":
        _cancel(scene)
    elif command == "back":
        _back(scene)
    elif command == "skip":
        _skip(scene)
    else:
        _repeat(scene)


def _cancel(scene: Scene) -> None:
    frame = scene.pending()
    if frame is None:
        return scene.say("nothing_open")
    if not scene.flow_of(frame).leave:
        return again(scene)
    scene.say("cancelled")
    if frame.wait:
        scene.cancel(frame.wait.timer)
    frame.wait = None
    scene.raise_(frame)
    walk(scene, frame, END)


def _back(scene: Scene) -> None:
    frame = scene.pending()
    if frame is None:
        return scene.say("nothing_open")
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


def _skip(scene: Scene) -> None:
    frame = scene.pending()
    if frame is None:
        return scene.say("nothing_open")
    if scene.step_of(frame).skip:
        return leave_by(scene, frame, "skip")
    scene.say("cannot_skip")
    again(scene)


def _repeat(scene: Scene) -> None:
    if scene.pending():
        return again(scene)
    scene.say("nothing_open")
