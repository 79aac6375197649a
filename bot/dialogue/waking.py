"""Turns that no message started: an agent's result, a timer. What comes twice, or too late to matter, changes nothing."""

from __future__ import annotations

import copy
from typing import Any

import msgspec

from bot.dialogue.agreeing import WELCOME, asks_again
from bot.dialogue.flow import WHOSE, Notice
from bot.dialogue.gather import HELD_BACK, slow
from bot.dialogue.handing_over import take_back, with_person
from bot.dialogue.household import ME, member_of
from bot.dialogue.landing import settle
from bot.dialogue.leading import way_of
from bot.dialogue.machine import END
from bot.dialogue.opening import push
from bot.dialogue.scene import Scene
from bot.dialogue.shut_out import ASKED, open_question, put_again
from bot.dialogue.walk import ask, leave_by, start, wake, walk
from bot.model.events import AgentResult, TimerFired, Told
from bot.model.session import Frame, Wait
from bot.notices.hours import LIGHT

AFTER_A_PERSON = 60.0  # seconds between the end of a talk with a person and what waited for it


def take_result(scene: Scene, event: AgentResult) -> None:
    """An agent's answer: to a frame that waits for it, to one that had given up, or to nobody (a repeat)."""
    settle(scene)
    scene.kind = "result"
    for frame in scene.session.stack:
        if frame.wait and frame.wait.intent == event.intent:
            _mark_unasked(scene, frame)
            return _resume(scene, frame, event.outcome, event.facts)
    late = scene.session.overdue.pop(event.intent, None)
    if late is None or event.outcome in ("failed", "unavailable"):
        scene.kind = "stale"
        return scene.note("result_of_nothing_open", outcome=event.outcome)
    _mark_unasked(scene, late)
    scene.note("late_result", flow=late.flow, step=late.step)
    _resume(scene, late, event.outcome, event.facts)


def _resume(scene: Scene, frame: Frame, outcome: str, facts: dict[str, Any]) -> None:
    """Go on with an agent's result."""
    call = scene.step_of(frame).agent
    if call is None:
        return walk(scene, frame, END)
    for name in call.facts:
        if name in facts:
            scene.set_var(frame, name, facts[name])
    way = way_of(call, outcome)
    scene.note("agent_result", flow=frame.flow, step=frame.step, outcome=outcome, way=way and way.removeprefix("on."))
    if way is None:
        return walk(scene, frame, END)
    leave_by(scene, frame, way)


def take_timer(scene: Scene, event: TimerFired) -> None:
    """A wake-up that is open: an agent took too long, or the person is silent."""
    settle(scene)
    scene.kind = "timer"
    over = scene.session.with_person
    if over and over.timer == event.timer:
        return take_back(scene)
    if not scene.close(event.timer):
        scene.kind = "stale"
        return scene.note("timer_not_open")
    if event.data.get("why") == HELD_BACK:
        return _after_danger(scene, event)
    for frame in scene.session.stack:
        if frame.wait and frame.wait.timer == event.timer:
            if frame.wait.intent and frame.wait.until is not None and scene.now < frame.wait.until:
                return slow(scene, frame)
            if frame.wait.intent:
                _mark_unasked(scene, frame)
                return _agent_is_late(scene, frame)
            if with_person(scene) and scene.session.with_person and not _vital(scene, frame):
                # A person talks with them now: what we would say waits.
                later = scene.session.with_person.until - scene.now + AFTER_A_PERSON
                frame.wait.timer = scene.wake(later, **event.data)
                return scene.note("waits_for_person", flow=frame.flow, step=frame.step)
            if scene.outdated and scene.flow_of(frame).needs_consent and not _vital(scene, frame):
                scene.note("consent_outdated", flow=frame.flow, step=frame.step)
                return scene.drop(frame)
            scene.notice = scene.step_of(frame).notice or scene.flow_of(frame).notice
            if scene.unseen(frame):  # its own step is gone
                return ask(scene, frame, scene.step_of(frame))
            return wake(scene, frame) if scene.step_of(frame).wait else _silence(scene, frame)
    scene.note("timer_of_nothing_open")


def _after_danger(scene: Scene, event: TimerFired) -> None:
    """What danger went before is said now, and its question put."""
    scene.notice = msgspec.convert(event.data["notice"], Notice)
    frame = scene.pending()
    if frame and scene.unseen(frame):
        ask(scene, frame, scene.step_of(frame))


def take_told(scene: Scene, event: Told) -> None:
    """Something that an agent tells unasked: the flow that starts on it says it, as a notice or as an emergency.

    What comes after its time, to somebody who wants no messages or has not agreed to any, is not said. A repeat of the input
    never comes here: it is known by its id.
    """
    settle(scene)
    scene.kind = "told"
    name = scene.content.by_event.get(f"{event.agent}.{event.name}")
    if scene.session.channel is None:
        scene.session.channel = event.channel
    flow = scene.content.flows[name] if name else None
    why, question = None, open_question(scene, event)
    if flow is None:
        why = "nothing_starts"
    elif event.expires_at is not None and scene.now >= event.expires_at:
        why = "expired"
    elif scene.session.channel is None:
        why = "no_channel"
    elif event.member and member_of(scene.session, event.member) is None:
        why = "no_such_member"
    elif scene.session.stopped and not any(step.kind == "emergency" for step in flow.steps.values()):
        why = "stopped"
    elif asks_again(scene, flow):
        flow = scene.content.flows[WELCOME]
    elif flow.needs_consent and not scene.consented:
        why = "no_consent"
    elif with_person(scene) and flow.notice.kind in LIGHT:
        why = "with_person"
    elif flow.notice.kind in LIGHT and any(frame.flow == scene.content.after_emergency for frame in scene.session.stack):
        why = "after_danger"
    if flow is None or why:
        scene.kind = "stale"
        return scene.note("not_told", event=f"{event.agent}.{event.name}"[:80], why=why)
    scene.notice = flow.notice
    facts = {field: event.facts[field] for field in flow.takes if field in event.facts}
    if question:
        facts[ASKED] = True
    about = event.member or (ME if flow.asks_whose and scene.session.household else None)
    start(scene, flow.name, facts, about=about)
    if question:
        put_again(scene, question, event)


def _vital(scene: Scene, frame: Frame) -> bool:
    """What is said now, or next, is of an emergency: a recheck after a low sugar, or whether help came, waits for nobody."""
    flow, step = scene.flow_of(frame), scene.step_of(frame)
    led = [flow.graph.follow(frame.step, way) for _, way in step.ways]
    return step.kind == "emergency" or any(name != END and flow.steps[name].kind == "emergency" for name in led)


def watch_over(scene: Scene, category: str) -> None:
    """After an emergency was answered: start the flow that asks later how it went. It says nothing now."""
    name = scene.content.after_emergency
    if name is None or not scene.session.consent or scene.session.stopped:
        return
    for frame in [frame for frame in scene.session.stack if frame.flow == name]:
        scene.drop(frame)
    flow = scene.content.flows[name]
    frame = push(scene, flow, {"category": category}, step=flow.first)
    first = flow.steps[flow.first].wait
    frame.wait = Wait(flow.first, scene.wake(first.of(scene.values(frame)) if first else 0.0, why="wait"))
    if any(one.flow == WHOSE for one in scene.session.stack):  # its answer goes to the flow below it, and that begins then
        scene.session.stack.insert(0, scene.session.stack.pop())


def _mark_unasked(scene: Scene, frame: Frame) -> None:
    """What a notice's turn asked of an agent leads to a notice: nobody has just written."""
    if frame.wait and frame.wait.unasked:
        scene.notice = scene.step_of(frame).notice or scene.flow_of(frame).notice


def _agent_is_late(scene: Scene, frame: Frame) -> None:
    """Go on as ``unavailable``; a copy stays behind, so that a late answer is still told."""
    scene.note("agent_is_late", flow=frame.flow, step=frame.step)
    scene.keep_overdue(copy.deepcopy(frame))
    _resume(scene, frame, "unavailable", {})


def _silence(scene: Scene, frame: Frame) -> None:
    """Nothing came. What is said now was not asked for: a notice, unless the question is one of life."""
    step = scene.step_of(frame)
    scene.note("silence", flow=frame.flow, step=frame.step)
    if step.silence is None or frame.wait is None:
        return
    frame.wait.timer = None
    if step.silence.say and not scene.session.stopped:
        scene.say(step.silence.say, frame, kind=step.kind, path=step.path)
    if step.silence.then == "step":
        return leave_by(scene, frame, "silence")
    if step.silence.then == "end":
        frame.wait = None
        scene.raise_(frame)
        walk(scene, frame, END)
