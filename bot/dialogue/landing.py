"""Where somebody goes on whose version of the content is not there any more: the same step, the one it became, or a landing.

Nobody is sent back to a beginning: profile, consent and variables stay, and what was written is heard like any other message.
"""

from __future__ import annotations

import copy
from typing import Literal

from msgspec import Struct

from bot.dialogue.content import Content
from bot.dialogue.flow import Flow, Step
from bot.dialogue.scene import Scene
from bot.model.events import AgentResult, TimerFired
from bot.model.ids import EffectId
from bot.model.session import Frame, Place, Wait

Stands = Literal["begins", "asked", "agent", "called"]
How = Literal["same", "renamed", "landing", "menu", "nowhere"]


class Landing(Struct, frozen=True):
    """``flow`` and ``step`` in the new content; both empty for ``nowhere``."""

    how: How
    flow: str = ""
    step: str = ""


def stands(frame: Frame | Place) -> Stands:
    """What a conversation is doing at its step."""
    if frame.wait:
        return "agent" if frame.wait.intent else "asked"
    return "called" if frame.step else "begins"


def land(content: Content, flow: str, step: str, doing: Stands) -> Landing:
    """Where somebody at ``step`` of ``flow``, in any other version, goes on in this one."""
    name = content.flow_named(flow)
    found = content.flows[name] if name else None
    if found:
        now = found.step_named(step) if doing != "begins" else ""
        if now is not None and (not now or _serves(found.steps[now], doing)):
            return Landing("same" if (found.name, now) == (flow, step) else "renamed", found.name, now)
        if found.landing:
            return Landing("landing", found.name, found.landing)
    menu = content.flows[content.by_command["menu"]]
    asks = menu.first in menu.steps and menu.steps[menu.first].asks
    return Landing("menu", menu.name, menu.first) if asks else Landing("nowhere")


def settle(scene: Scene) -> None:
    """Bring frames whose version or step is gone into the current version."""
    for frame in list(scene.session.stack):
        if _stands_well(scene, frame) or _follows(scene, frame):
            continue
        if frame.wait and frame.wait.intent and not _is_over(scene, frame.wait):
            continue  # it still waits for its agent, and where it goes on depends on what that says
        if isinstance(scene.event, TimerFired):
            scene.keep_overdue(copy.deepcopy(frame))
        _land(scene, frame)
    for intent, frame in list(scene.session.overdue.items()):
        if not _stands_well(scene, frame) and not _follows(scene, frame) and frame.wait and _is_over(scene, frame.wait):
            del scene.session.overdue[intent]
    for bookmark in list(scene.session.bookmarks):
        if not all(_stands_well(scene, frame) or _follows(scene, frame) for frame in bookmark.frames):
            scene.note("bookmark_lost", flow=bookmark.frames[-1].flow, step=bookmark.frames[-1].step)
            scene.session.bookmarks.remove(bookmark)


def _serves(step: Step, doing: Stands) -> bool:
    """The new step does what the person is in the middle of."""
    return (step.asks or step.wait is not None) if doing == "asked" else step.agent is not None if doing == "agent" else True


def _stands_well(scene: Scene, frame: Frame) -> bool:
    content = scene.contents.of(frame.content)
    flow = content.flows.get(frame.flow) if content else None
    return flow is not None and (not frame.step or frame.step in flow.steps)


def _follows(scene: Scene, frame: Frame) -> bool:
    """Go on at the same step of the current version, under the name that it has there. False when there is none."""
    place = land(scene.content, frame.flow, frame.step, stands(frame))
    if place.how in ("same", "renamed"):
        _put(scene, frame, place)
        return True
    event = scene.event
    if isinstance(event, AgentResult) and frame.wait and frame.wait.intent == event.intent:
        # The agent's answer may be the one thing that matters: it goes on at a step that asks this agent and knows this outcome.
        if asking := _asking(scene, frame, event):
            _put(scene, frame, Landing("renamed", asking.flow, asking.name))
            return True
        scene.note("result_lost", flow=frame.flow, step=frame.step, outcome=event.outcome)
    return False


def _is_over(scene: Scene, wait: Wait) -> bool:
    """The answer that it waits for has come, or did not come in time."""
    event = scene.event
    if isinstance(event, AgentResult):
        return event.intent == wait.intent
    return isinstance(event, TimerFired) and event.timer == wait.timer


def _put(scene: Scene, frame: Frame, place: Landing) -> None:
    scene.note("moved", flow=frame.flow, step=frame.step, to=f"{place.flow}/{place.step}", how=place.how)
    flow = scene.content.flows[place.flow]
    last = scene.session.last
    if last and (last.flow, last.content) == (frame.flow, frame.content):  # the answer that can still be corrected
        last.flow, last.content, last.step = place.flow, scene.content.version, flow.step_named(last.step) or ""
        last.path, last.sent = _named(flow, last.path), _sent(flow, last.sent)
    frame.path, frame.sent = _named(flow, frame.path), _sent(flow, frame.sent)
    frame.content, frame.flow, frame.step = scene.content.version, place.flow, place.step
    if frame.wait:
        frame.wait.step = place.step
        step = flow.steps.get(place.step)
        if step and step.choices and step.by_number:
            frame.wait.seen = "words"


def _named(flow: Flow, steps: list[str]) -> list[str]:
    return [now for now in map(flow.step_named, steps) if now]


def _sent(flow: Flow, sent: dict[str, EffectId]) -> dict[str, EffectId]:
    return {now: intent for step, intent in sent.items() if (now := flow.step_named(step))}


def _land(scene: Scene, frame: Frame) -> None:
    """Leave the frame at a question that was not asked yet; the next thing that is said to the person asks it."""
    place = land(scene.content, frame.flow, frame.step, stands(frame))
    scene.note("landed", flow=frame.flow, step=frame.step, to=f"{place.flow}/{place.step}", how=place.how)
    timer = frame.wait.timer if frame.wait else None
    if timer and not (place.how == "landing" and _brings_on(scene, timer)):
        scene.cancel(timer)
        timer = None
    frame.wait = None
    there = [one for one in scene.session.stack if (one.flow, one.step) == (place.flow, place.step) and one.wait]
    if place.how == "nowhere" or there:
        return scene.drop(frame)
    if place.how == "menu":
        frame.vars = {}
    frame.content, frame.flow, frame.step, frame.path = scene.content.version, place.flow, place.step, []
    frame.wait = Wait(place.step, timer, seen="nothing")


def _brings_on(scene: Scene, timer: EffectId) -> bool:
    """Something was to happen then, such as a second look after 15 minutes: the landing is asked at that time."""
    return any(one.id == timer and one.data.get("why") == "wait" for one in scene.session.timers)


def _asking(scene: Scene, frame: Frame, event: AgentResult) -> Step | None:
    """A step that asks this agent and knows what it says: of the frame's own flow, else of any."""
    own = scene.content.flow_named(frame.flow)
    flows: list[Flow] = sorted(scene.content.flows.values(), key=lambda flow: flow.name != own)
    for step in (step for flow in flows for step in flow.steps.values()):
        if step.agent and step.agent.agent == event.agent and event.outcome in step.agent.outcomes:
            return step
    return None
