"""Who has not agreed, or only to an earlier version of the consent text: nothing of theirs goes on before they are asked.

Danger is answered all the same, and what was begun for it is finished: a recheck after low sugar waits for no text.
"""

from __future__ import annotations

from bot.dialogue.flow import Flow
from bot.dialogue.scene import Scene
from bot.model.session import Frame

WELCOME = "welcome"


def unknown(scene: Scene) -> bool:
    """Nobody has agreed, and nothing is open that goes on without that."""
    return not scene.consented and all(needs_consent(scene, frame) for frame in scene.session.stack)


def lay_aside(scene: Scene) -> None:
    """The text has changed: what is open can be come back to once they have agreed to the new one."""
    open_ = [frame for frame in scene.session.stack if needs_consent(scene, frame) and not scene.rests(frame)]
    if scene.outdated and open_:
        scene.note("consent_outdated")
        scene.clear()


def asks_again(scene: Scene, flow: Flow) -> bool:
    """Something is to be told to somebody who agreed to an earlier text: in its place they are asked, once."""
    urgent = any(step.kind == "emergency" for step in flow.steps.values())
    return scene.outdated and flow.needs_consent and not urgent and all(one.flow != WELCOME for one in scene.session.stack)


def needs_consent(scene: Scene, frame: Frame) -> bool:
    """It goes on only with somebody who has agreed."""
    return scene.flow_of(frame).needs_consent and not scene.vital(frame)
