"""An option that was chosen outright, by a tap: of an open question, of one that was laid aside, or of an old one."""

from __future__ import annotations

from bot.dialogue.commands import come_back
from bot.dialogue.correcting import correct, tapped_correction
from bot.dialogue.opening import entry, push
from bot.dialogue.scene import Scene
from bot.dialogue.taps import Tapped
from bot.dialogue.walk import again, answered, walk


def tap(scene: Scene, tapped: Tapped) -> None:
    """Go on from the option, or say that its question is closed."""
    step, choice = tapped.step, tapped.choice
    found = {step.answer: choice.id}
    if not any(frame.flow == step.flow and frame.step == step.name and frame.wait for frame in scene.session.stack):
        come_back(scene, step.flow, step.name)
    for frame in reversed(scene.session.stack):
        if frame.flow == step.flow and frame.step == step.name and frame.wait and frame.wait.intent is None:
            if all(one.id != choice.id for one in scene.step_of(frame).choices):
                break  # a list that an agent found has changed since
            return answered(scene, frame, step, found, choice)
    flow = scene.content.flows[step.flow]
    if not flow.reenter and (correction := tapped_correction(scene, step, choice)):
        return correct(scene, correction)
    if flow.reenter and (scene.consented or not flow.needs_consent):
        if flow.fresh:
            scene.clear()
        frame = push(scene, flow, step=step.name)
        begin = entry(scene, frame)
        return answered(scene, frame, step, found, choice) if begin == flow.first else walk(scene, frame, begin)
    scene.kind = "closed"
    scene.say("closed")
    again(scene)
