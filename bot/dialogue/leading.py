"""Where a step leads that goes to another flow, with what, and in which version of the content; or that asks an agent."""

from __future__ import annotations

from typing import Any

from bot.dialogue.content import Content
from bot.dialogue.flow import AgentCall, Step
from bot.dialogue.scene import Scene
from bot.model.session import Frame


def goes_to(scene: Scene, frame: Frame, step: Step) -> tuple[str, dict[str, Any]] | None:
    """The flow that a step calls or jumps to, and what it is given. A held reading goes to the flow of its kind, once."""
    if name := step.call or step.jump:
        return name, {key: value(scene.values(frame)) for key, value in step.data}
    held = frame.vars.get(step.take_up) if step.take_up else None
    if not step.take_up or not isinstance(held, dict):
        return None
    given = dict(held)
    scene.set_var(frame, step.take_up, None)
    flow = scene.content_of(frame).by_reading.get(str(given.pop("kind", "")))
    return (flow, given) if flow else None


def goes_on_in(scene: Scene, frame: Frame, step: Step) -> Content:
    """A flow that is called or jumped to is of its caller's version, which was checked as a whole. Only a jump to a flow that
    opens afresh is the end of a conversation and the beginning of a new one, so it takes the current version where it can."""
    if step.jump and (newest := scene.content.flows.get(step.jump)) and newest.fresh:
        return scene.content
    return scene.content_of(frame)


def way_of(call: AgentCall, outcome: str) -> str | None:
    """Where an outcome leads that the step may not know."""
    chosen = next((name for name in (outcome, "failed", "unavailable") if name in call.outcomes), None)
    return f"on.{chosen}" if chosen else None
