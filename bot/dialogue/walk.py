"""Walking through flows: entering steps, waiting, answering, ending, and coming back to the question below."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot.dialogue.answers import missing
from bot.dialogue.doing import NOT_ALLOWED, allowed, ask_agent, do
from bot.dialogue.flow import WHOSE, AgentCall, Choice, Flow, Limits, Step
from bot.dialogue.household import chosen
from bot.dialogue.knowing import give, keep_times, knows
from bot.dialogue.leading import goes_on_in, goes_to, way_of
from bot.dialogue.machine import END
from bot.dialogue.messages import question
from bot.dialogue.opening import DEPTH, entry, push, whose
from bot.dialogue.options import contained, named_together
from bot.dialogue.scene import Scene
from bot.model.events import TimerFired, Told
from bot.model.session import Answered, Frame, Wait

PATH = 10
Ahead = tuple[Frame, str] | None
"""The frame on top and the step that it goes on with; None: the walk is over."""


def start(scene: Scene, name: str, given: dict[str, Any] | None = None, *, about: str | None = None) -> None:
    """Start a flow on top of what is there, about somebody where that is known.

    One that needs consent leads to the welcome where there is none.
    """
    flow = scene.content.flows[name]
    if flow.needs_consent and not scene.consented:
        name, given, flow = "welcome", None, scene.content.flows["welcome"]
        if any(frame.flow == name for frame in scene.session.stack):
            return again(scene)
    if flow.fresh:
        scene.clear()
    for frame in [frame for frame in scene.session.stack if frame.flow == name and frame.wait and frame.wait.intent is None]:
        scene.drop(frame)
    frame = push(scene, flow, given)
    frame.about = about
    begin(scene, frame)


def begin(scene: Scene, frame: Frame) -> None:
    """Begin a flow that is on top; where it has to be asked whose it is, that comes first."""
    frame = whose(scene, frame)
    walk(scene, frame, entry(scene, frame))


def walk(scene: Scene, frame: Frame, target: str) -> None:
    """Go on from ``target`` until somebody is waited for or nothing is left to do. ``frame`` is on top."""
    ahead: Ahead = frame, target
    while ahead:
        ahead = _further(scene, *ahead)


def _further(scene: Scene, frame: Frame, target: str) -> Ahead:
    flow = scene.flow_of(frame)
    if target != END and scene.steps >= flow.limits.steps:
        scene.note("too_many_steps", flow=frame.flow, step=target)
        target = END
    if target == END:
        return _end(scene, frame, flow)
    frame.step = target
    step = scene.step_of(frame)
    scene.steps += 1
    scene.note("step", flow=frame.flow, step=target)
    do(scene, frame, step)
    if step.asks:
        return _known_or_asked(scene, frame, step)
    if step.wait:
        _rest(scene, frame, step)
        return None
    if step.agent:
        return _to_agent(scene, frame, step, step.agent)
    if other := goes_to(scene, frame, step):
        return _into(scene, frame, step, *other)
    return frame, _next(scene, frame, step)


def _end(scene: Scene, frame: Frame, flow: Flow) -> Ahead:
    """A flow is over: its caller goes on with what it gives, or the open question below is asked again."""
    scene.note("flow_ended", flow=frame.flow, step=frame.step)
    give(scene, frame)
    scene.drop(frame)
    below = scene.session.stack[-1] if scene.session.stack else None
    if below is None:
        return None
    if flow.name == WHOSE and not below.step and not chosen(scene, frame):
        return below, END  # nobody was named: what should have begun does not
    if below.wait:
        if not below.wait.intent:
            _come_back(scene, flow)
        return None
    if below.step:
        return below, _next(scene, below, scene.step_of(below))
    begins = whose(scene, below)
    return begins, entry(scene, begins)


def _known_or_asked(scene: Scene, frame: Frame, step: Step) -> Ahead:
    """Take the answer from the message that started the flow, or from what is known; else put the question and wait."""
    opener = scene.opener if step.name not in frame.path else None
    many = named_together(step, opener.meaning, opener.text) if opener else ()
    choice = many[0] if many else contained(step, opener.text) if opener and step.choices and not step.slots else None
    if not choice and not knows(scene, frame, step, opener):
        if opener:
            keep_times(scene, frame, opener)
        scene.opener = None
        ask(scene, frame, step)
        return None
    if choice:
        scene.set_var(frame, step.answer, choice.id)
    return frame, _taken(scene, frame, step, choice, many)


def _to_agent(scene: Scene, frame: Frame, step: Step, call: AgentCall) -> Ahead:
    if allowed(scene, call):
        ask_agent(scene, frame, step)
        return None
    way = way_of(call, NOT_ALLOWED)
    return frame, follow(scene, frame, way) if way else END


def _into(scene: Scene, frame: Frame, step: Step, name: str, given: dict[str, Any]) -> Ahead:
    """Begin the flow that a step calls or jumps to; where it needs a consent that is not there, the welcome instead."""
    needed_consent = scene.flow_of(frame).needs_consent
    if step.jump:
        scene.drop(frame)
    content = goes_on_in(scene, frame, step)
    other = content.flows[name]
    if other.fresh:
        scene.clear()
    if other.needs_consent and not needed_consent and not scene.consented:
        content, other = scene.content, scene.content.flows["welcome"]
    for old in [one for one in scene.session.stack if one.flow == other.name and one.wait and not one.wait.intent]:
        scene.drop(old)
    opened = push(scene, other, given, version=content.version)
    opened.by, opened.about = frame.flow, frame.about
    begins = whose(scene, opened)
    return begins, entry(scene, begins)


def _come_back(scene: Scene, ended: Flow) -> None:
    """Ask the open question below again, where its flow insists. What is told unasked leaves it as it stands further up.

    Never behind words of danger; and what danger has put aside not behind the care for it, nor behind "thank you": only when
    something else is over that was asked about.
    Nobody who has not agreed is written to because a time is over; a late yes of theirs is to the question that lapsed."""
    if isinstance(scene.event, Told) or scene.first or any(piece.kind == "emergency" for piece in scene.pieces):
        return
    frame = scene.pending() or (None if ended.clinical or ended.only_says else scene.aside())
    if frame is None or not scene.flow_of(frame).insist:
        return
    if isinstance(scene.event, TimerFired) and not scene.consented and frame.wait:
        frame.wait.seen = "nothing"
        return
    put_again(scene, frame)


def _rest(scene: Scene, frame: Frame, step: Step) -> None:
    """Let time pass in the background. A reading that ends the wait is a new one."""
    for kind in step.until:
        scene.set_var(frame, kind, None)
    lasts = step.wait.of(scene.values(frame)) if step.wait else 0.0
    frame.wait = Wait(step.name, scene.wake(lasts, why="wait"))
    scene.note("waiting", flow=frame.flow, step=step.name)
    _come_back(scene, scene.flow_of(frame))


def wake(scene: Scene, frame: Frame) -> None:
    """Go on after a wait: its time has come, or what it waited for."""
    if frame.wait:
        scene.cancel(frame.wait.timer)
    frame.wait = None
    scene.raise_(frame)
    scene.note("woken", flow=frame.flow, step=frame.step)
    walk(scene, frame, _next(scene, frame, scene.step_of(frame)))


def ask(scene: Scene, frame: Frame, step: Step, text: str | None = None) -> None:
    """Put the question and wait for its answer; its silence timer starts anew."""
    limits = scene.flow_of(frame).limits
    frame.asked += 1
    if frame.asked > limits.questions and step.kind != "emergency":
        return _ask_no_more(scene, frame, limits)
    tries = frame.wait.tries if frame.wait and frame.wait.step == step.name else 0
    if frame.wait:
        scene.cancel(frame.wait.timer)
    scene.pieces.append(question(scene, frame, step, text))
    timer = scene.wake(step.silence.after.of(scene.values(frame)), why="silence") if step.silence else None
    frame.wait = Wait(step.name, timer, None, tries)


def _ask_no_more(scene: Scene, frame: Frame, limits: Limits) -> None:
    """The conversation has asked too much: it goes where it says, and if that asks again, it ends."""
    scene.note("too_many_questions", flow=frame.flow, step=frame.step)
    if frame.wait:
        scene.cancel(frame.wait.timer)
    frame.wait = None
    scene.raise_(frame)
    first = frame.asked == limits.questions + 1
    if not first or limits.then is None:
        scene.say("too_long")
    walk(scene, frame, limits.then if first and limits.then else END)


def put_again(scene: Scene, frame: Frame) -> None:
    """Come back to an open question after other words: put it again, or go where it says because it may be settled by now."""
    step = scene.step_of(frame)
    if step.put_again:
        return leave_by(scene, frame, "put_again")
    ask(scene, frame, step)


def again(scene: Scene) -> None:
    """Put the open question again, if there is one."""
    if frame := scene.pending():
        ask(scene, frame, scene.step_of(frame))


def answered(
    scene: Scene, frame: Frame, step: Step, found: dict[str, Any], choice: Choice | None = None, many: Sequence[Choice] = ()
) -> None:
    """Take an answer: keep it, do what the step does with it, go on. ``many``: all the options that it names."""
    if frame.wait:
        scene.cancel(frame.wait.timer)
    frame.wait = None
    scene.session.misses = 0
    scene.raise_(frame)
    for name, value in found.items():
        scene.set_var(frame, name, value)
    if choice is None and missing(step, scene.values(frame)) and step.apart:
        scene.note("answered_partly", flow=frame.flow, step=step.name)
        return ask(scene, frame, step)
    walk(scene, frame, _taken(scene, frame, step, choice, many))


def _taken(scene: Scene, frame: Frame, step: Step, choice: Choice | None, many: Sequence[Choice] = ()) -> str:
    """The answer stands: what the step does with it, and where it leads."""
    frame.path = [*frame.path, step.name][-PATH:]
    scene.session.last = Answered(frame.flow, frame.content, step.name, scene.now, about=frame.about)
    if step.options_from:
        label = choice.label.render(scene.language, {}) if choice else None
        scene.set_var(frame, f"{step.answer}_label", label)
    if step.several and choice:
        scene.set_var(frame, f"{step.answer}_all", [one.id for one in many or (choice,)])
    for name, expression in step.set:
        scene.set_var(frame, name, expression(scene.values(frame)))
    way = choice.way if choice and choice.way != "next" else None
    scene.note("answered", flow=frame.flow, step=step.name, way=way or "next", option=choice.id if choice else None)
    return follow(scene, frame, way) if way else _next(scene, frame, step)


def leave_by(scene: Scene, frame: Frame, way: str) -> None:
    """Leave a waiting step by a way that is not its answer: skip, unclear, an agent's outcome."""
    if frame.wait:
        scene.cancel(frame.wait.timer)
    frame.wait = None
    scene.raise_(frame)
    while len(scene.session.stack) > DEPTH:
        scene.evict()
    walk(scene, frame, follow(scene, frame, way))


def follow(scene: Scene, frame: Frame, way: str) -> str:
    scene.note("way", flow=frame.flow, step=frame.step, way=way)
    return scene.flow_of(frame).graph.follow(frame.step, way)


def _next(scene: Scene, frame: Frame, step: Step) -> str:
    values = scene.values(frame)
    for when, way in step.ways:
        if when is None or when(values):
            return follow(scene, frame, way)
    return END
