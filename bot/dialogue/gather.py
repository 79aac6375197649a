"""One answer to one message: what several agents say to it is held until the last has spoken, and nobody waits in silence.

A message may tell a reading and a meal. Each goes to its agent, one after the other; the reply to the first is held while the
second is asked, for no longer than a person should wait for a sign (``slow_after``), and then goes out with the other.
"""

from __future__ import annotations

import msgspec

from bot.dialogue.flow import Notice
from bot.dialogue.piece import Piece
from bot.dialogue.scene import Scene
from bot.model.effects import WakeAt
from bot.model.events import AgentResult
from bot.model.session import Frame, Held

MOST = 3  # held texts
HELD_BACK_MOST = 6
HELD_BACK = "held_back"
"""Why of the wake-up at which comes what danger went before."""


def hold_back(scene: Scene, at: float, notice: Notice) -> None:
    """What was said beside danger and may not go now, in its words: it comes at ``at``, or with whatever is said before that. Its
    question is put then."""
    for timer in _held_back(scene):
        scene.cancel(timer.id)
    rest = [piece for piece in scene.pieces if piece.kind == "notice" and piece.step is None and piece.text]
    scene.session.held = [*scene.session.held, *(Held(piece.text, piece.path) for piece in rest)][-HELD_BACK_MOST:]
    scene.wake(max(0.0, at - scene.now), why=HELD_BACK, notice=msgspec.to_builtins(notice))
    scene.note("held_back", count=len(scene.session.held))


def take_up_held(scene: Scene) -> None:
    """What was held goes before whatever this turn says; what danger went before, not beside danger again."""
    held = scene.session.held
    danger = scene.first or any(piece.kind == "emergency" for piece in scene.pieces)
    if held and not (danger and _held_back(scene)):
        scene.session.held = []
        scene.pieces = [*(Piece(one.text, path=one.path, about=one.about) for one in held), *scene.pieces]


def _held_back(scene: Scene) -> list[WakeAt]:
    return [one for one in scene.session.timers if one.data.get("why") == HELD_BACK]


def hold(scene: Scene) -> None:
    """Hold what an agent's answer made a flow say, when the next flow of the same message has just asked its agent."""
    top = scene.session.stack[-1] if scene.session.stack else None
    if top is None or top.by or not isinstance(scene.event, AgentResult) or not _asks_now(scene, top):
        return  # what was called or jumped to is a step of one answer, not another answer
    if scene.notice or scene.first:
        return
    plain = all(_plain(piece) and piece.path.partition("/")[0] != top.flow for piece in scene.pieces)
    if scene.pieces and plain and len(scene.pieces) <= MOST and top.wait and top.wait.until is not None:
        scene.session.held = [Held(piece.text, piece.path, piece.about) for piece in scene.pieces]
        scene.pieces = []
        scene.note("held", flow=top.flow, step=top.step)


def _plain(piece: Piece) -> bool:
    return piece.kind == "reply" and piece.step is None and not (piece.header or piece.footer or piece.media)


def _asks_now(scene: Scene, frame: Frame) -> bool:
    return frame.wait is not None and frame.wait.intent in {effect.id for effect in scene.effects}


def slow(scene: Scene, frame: Frame) -> None:
    """The agent takes longer than a moment: say what there is to say, else that we are at it; then wait on."""
    wait = frame.wait
    if wait is None or wait.until is None:
        return
    scene.note("agent_is_slow", flow=frame.flow, step=frame.step)
    if not scene.session.held:
        scene.say("one_moment", frame)
    wait.timer = scene.wake(max(0.0, wait.until - scene.now), why="agent")
    wait.until = None
