"""One answer to one message: what several agents say to it is held until the last has spoken, and nobody waits in silence.

A message may tell a reading and a meal. Each goes to its agent, one after the other; the reply to the first is held while the
second is asked, for no longer than a person should wait for a sign (``slow_after``), and then goes out with the other.
"""

from __future__ import annotations

from bot.dialogue.piece import Piece
from bot.dialogue.scene import Scene
from bot.model.events import AgentResult
from bot.model.session import Frame, Held

MOST = 3  # held texts


def take_up_held(scene: Scene) -> None:
    """What was held goes before whatever this turn says."""
    held = scene.session.held
    if held:
        scene.session.held = []
        scene.pieces = [*(Piece(one.text, path=one.path, about=one.about) for one in held), *scene.pieces]


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
