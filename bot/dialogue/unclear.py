"""An answer that could not be read: the question is asked again, and after some tries it is left by a way of its own."""

from __future__ import annotations

from bot.dialogue.flow import Step
from bot.dialogue.scene import Scene
from bot.dialogue.walk import ask, leave_by
from bot.model.session import Frame, Wait


def unclear(scene: Scene, frame: Frame, step: Step) -> None:
    """The answer could not be read: say so, ask again, and after some tries go where the step says."""
    wait = frame.wait or Wait(step.name)
    wait.tries += 1
    scene.kind = "unclear"
    scene.note("unclear", flow=frame.flow, step=step.name, tries=wait.tries)
    limit = step.unclear.tries if step.unclear else 2
    if wait.tries > limit and step.unclear and step.unclear.way:
        said = len(scene.pieces)
        leave_by(scene, frame, step.unclear.way)
        if len(scene.pieces) == said and frame not in scene.session.stack and not scene.quiet:
            scene.say("fallback")  # the flow is over without a word: what was written is not passed over in silence
        return
    if step.unclear and step.unclear.say:
        ask(scene, frame, step, step.unclear.say.render(scene.language, scene.values(frame)))
    else:
        scene.say("not_understood")
        ask(scene, frame, step)
    if wait.tries >= limit:
        asked = scene.pieces.pop()
        scene.say("offer_human")
        scene.pieces.append(asked)
