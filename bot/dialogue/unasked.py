"""Turns that no message started, before the planner: what they would say is drafted, weighed, and said, put off or left unsaid.

A draft costs nothing, because a turn is pure: what is put off is the event, and the same turn is decided anew at its time. So a
flow never stands half-way, and what has become untrue meanwhile is not said.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from hashlib import blake2s

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from bot.dialogue.flow import Notice
from bot.dialogue.gather import hold_back
from bot.dialogue.messages import latest_of
from bot.dialogue.scene import Scene
from bot.dialogue.shut_out import never_asked
from bot.dialogue.unanswered import BEHIND, answer_due
from bot.dialogue.waking import take_result, take_timer, take_told
from bot.dialogue.wishes import PUT_OFF, Dates, owed, person_of, remember
from bot.model.effects import Effect, Outbound, WakeAt
from bot.model.events import AgentResult, TimerFired, Told
from bot.model.ids import EffectId
from bot.model.session import Session
from bot.notices.bid import MEDICINE, Bid, Decision, is_medicine
from bot.notices.ledger import LEDGER, entry
from bot.notices.planner import plan
from bot.notices.wave import spread

SHARED = frozenset({"quiet_hours", "festival", "fasting", "day_full", "kept_room", "same_topic"})
"""What ends at the same moment for everybody."""
MOMENT = 60.0  # seconds until one that could not go along is looked at again
TOGETHER = 3  # more that waited is not put into one message

Unasked = Told | TimerFired | AgentResult


class Waiting(Struct, frozen=True):
    """Something that was put off: the wake-up that brings it back, its bid, and the event whose turn it is."""

    timer: WakeAt
    bid: Bid
    event: Unasked


class Draft(Struct):
    scene: Scene
    said: list[Effect]

    @property
    def notices(self) -> list[Outbound]:
        return [one for one in self.said if isinstance(one, Outbound) and one.kind == "notice"]

    @property
    def urgent(self) -> bool:
        """An emergency is said in it: nothing of this turn may wait."""
        return bool(self.scene.first) or any(isinstance(one, Outbound) and one.kind == "emergency" for one in self.said)


def waiting(session: Session) -> list[Waiting]:
    """All that this person will hear later."""
    return [_read(timer) for timer in session.timers if timer.data.get("why") == PUT_OFF]


def _read(timer: WakeAt) -> Waiting:
    bid = msgspec.convert(timer.data["bid"], Bid)
    return Waiting(timer, bid, msgspec.convert(timer.data["event"], Unasked))


class Unspoken:
    """Decides one such turn. ``fresh`` gives a scene of the turn's event with nothing done; ``say`` makes its messages."""

    def __init__(self, dates: Dates, fresh: Callable[[], Scene], say: Callable[[Scene], list[Effect]]) -> None:
        self._dates, self._fresh, self._say = dates, fresh, say
        self._news: Told | None = None

    def turn(self, event: Unasked) -> Draft:
        if not (isinstance(event, TimerFired) and event.data.get("why") == PUT_OFF):
            self._news = event if isinstance(event, Told) else None
            return self._decided(event, None)
        scene = self._scene()
        mine = next((one for one in waiting(scene.session) if one.timer.id == event.timer), None)
        if mine is None:
            scene.kind = "stale"
            scene.note("timer_not_open")
            return Draft(scene, self._say(scene))
        return self._decided(mine.event, mine)

    def _scene(self) -> Scene:
        scene = self._fresh()
        if self._news:
            never_asked(scene, self._news)
        return scene

    def _decided(self, event: Unasked, mine: Waiting | None, *, led: bool = False) -> Draft:
        draft = self._draft(event, mine)
        if not draft.notices or draft.scene.notice is None:
            if draft.said and draft.scene.notice and draft.scene.of_a_talk:
                _enter(
                    draft.scene, _bid(draft, event, draft.scene.notice), Decision(event.id, "send", "a_person"), draft.said[0].id
                )
            if mine and not draft.urgent:
                _enter(draft.scene, mine.bid, Decision(mine.bid.id, "drop", "over"))
            return draft
        notice = draft.scene.notice
        others = [one for one in waiting(draft.scene.session) if one.bid.id != event.id]
        bid = _bid(draft, event, notice)
        due = 0.0 if draft.urgent else answer_due(self._scene().session, event)
        if draft.scene.now < due < bid.latest:
            return self._put_off(event, mine, bid, Decision(bid.id, "at", BEHIND, due), others)
        decided = self._plan(draft.scene, bid, others)
        decision = decided[bid.id]
        leader = next((one for one in others if one.bid.id == decision.into), None)
        if leader and mine and not led and decided[leader.bid.id].verdict == "send":
            return self._led(leader, mine)
        if decision.verdict == "send":
            along = [one for one in others if decided[one.bid.id].into == bid.id][:TOGETHER]
            if along:
                fuller = self._draft(event, mine, along)
                whole = _bid(fuller, event, draft.scene.notice)
                if self._plan(fuller.scene, whole, [])[bid.id].verdict == "send":
                    draft, bid = fuller, whole
                    for one in along:
                        _enter(draft.scene, one.bid, decided[one.bid.id])
            once = bool(draft.scene.notice and draft.scene.notice.once == "day")
            remember(draft.scene, bid.topic if once else MEDICINE if is_medicine(bid.topic) else "", bid.size)
            _enter(draft.scene, bid, decision, draft.notices[0].id)
            return draft
        if draft.urgent or decision.verdict == "drop":
            return self._leave_unsaid(draft, event, mine, bid, decision, notice)
        if leader:
            decision = replace(decision, at=max(decision.at, leader.timer.at))
        return self._put_off(event, mine, bid, decision, others)

    def _led(self, leader: Waiting, mine: Waiting) -> Draft:
        """It is time for one that goes with another, and nothing stands against that other: it is the other's turn."""
        draft = self._decided(leader.event, leader, led=True)
        if any(timer.id == mine.timer.id for timer in draft.scene.session.timers):  # it was not taken along
            draft.scene.cancel(mine.timer.id)
            draft.scene.wake(MOMENT, **mine.timer.data)
        return draft

    def _plan(self, scene: Scene, bid: Bid, others: Sequence[Waiting]) -> dict[str, Decision]:
        bids = [bid, *(one.bid for one in others)]
        if not scene.free_words:  # a template speaks of one thing alone
            bids = [replace(one, merge="") for one in bids]
        return plan([*bids, *owed(scene)], person_of(scene, self._dates), scene.now)

    def _draft(self, event: Unasked, mine: Waiting | None, along: Sequence[Waiting] = ()) -> Draft:
        scene = self._scene()
        if mine:
            _strike(scene, mine)
            scene.latest = mine.bid.latest
        elif isinstance(event, Told):
            scene.latest = event.expires_at
        for one in along:
            scene.cancel(one.timer.id)
        _take(scene, event)
        notice = scene.notice
        for one in along:
            _take(scene, one.event)
        scene.notice = notice
        return Draft(scene, self._say(scene))

    def _leave_unsaid(
        self, draft: Draft, event: Unasked, mine: Waiting | None, bid: Bid, decision: Decision, notice: Notice
    ) -> Draft:
        """News are not begun. A conversation goes on without the words; what it asked in them, nobody was asked. Where danger is
        said beside them, that goes alone, and the rest comes when there is room for it."""
        if isinstance(event, Told) and not draft.urgent:
            draft = Draft(self._scene(), [])
            draft.scene.kind = "stale"
            if mine:
                _strike(draft.scene, mine)
            draft.scene.note("not_told", event=f"{event.agent}.{event.name}"[:80], why=decision.reason)
        unsaid = {one.id for one in draft.notices}
        steps = {one.step for one in draft.notices if one.step}
        for frame in draft.scene.session.stack:
            if frame.wait and f"{frame.flow}/{frame.step}" in steps:
                frame.wait.seen = "nothing"
        draft.scene.session.asked = [one for one in draft.scene.session.asked if one.id not in unsaid]
        if draft.urgent and decision.verdict != "drop":
            hold_back(draft.scene, decision.at, notice)
        _enter(draft.scene, bid, decision)
        return Draft(draft.scene, [one for one in draft.said if one.id not in unsaid])

    def _put_off(self, event: Unasked, mine: Waiting | None, bid: Bid, decision: Decision, others: Sequence[Waiting]) -> Draft:
        scene = self._scene()
        scene.kind = "put_off"
        if mine:
            _strike(scene, mine)
        answered = event.intent if isinstance(event, AgentResult) else None
        for frame in scene.session.stack if answered else ():
            if frame.wait and frame.wait.intent == answered:  # it has answered: it is not late
                scene.cancel(frame.wait.timer)
                frame.wait.timer = None
        if isinstance(event, Told) and scene.session.channel is None:
            scene.session.channel = event.channel
        least = None
        if len(others) >= scene.policy.notices.waiting:
            least = max([bid, *(one.bid for one in others)], key=lambda one: (one.rank, -one.usefulness, one.id))
        for one in others:
            if one.bid is least:
                scene.cancel(one.timer.id)
                _enter(scene, one.bid, Decision(one.bid.id, "drop", "too_many"))
        if least is bid:
            decision = Decision(bid.id, "drop", "too_many")
        else:
            data = {
                "why": PUT_OFF,
                "event": msgspec.to_builtins(event),
                "bid": msgspec.to_builtins(bid),
                "reason": decision.reason,
            }
            if decision.reason in SHARED and not is_medicine(bid.topic):
                own = spread(scene.session.person, decision.at, bid.latest, scene.policy.notices.spread)
                decision = replace(decision, at=own)
            scene.wake(max(0.0, decision.at - scene.now), **data)
        _enter(scene, bid, decision)
        return Draft(scene, [])


def _strike(scene: Scene, one: Waiting) -> None:
    """Its wake-up has fired in this turn, or is not needed any more."""
    event = scene.event
    if isinstance(event, TimerFired) and event.timer == one.timer.id:
        scene.close(one.timer.id)
    else:
        scene.cancel(one.timer.id)


def come_back(scene: Scene) -> None:
    """The person has written, which opens the official channel: what waited for that comes soon."""
    for one in waiting(scene.session):
        if one.timer.data.get("reason") == "window":
            scene.cancel(one.timer.id)
            scene.wake(scene.policy.notices.after_writing, **{**one.timer.data, "reason": "in_time"})


def bring_up(scene: Scene, event: AgentResult) -> None:
    """The answer is here that news were waiting for: they come at once behind it."""
    for one in waiting(scene.session) if not answer_due(scene.session, event) else ():
        if one.timer.data.get("reason") == BEHIND:
            scene.cancel(one.timer.id)
            scene.wake(0.0, **{**one.timer.data, "reason": "in_time"})


def _take(scene: Scene, event: Unasked) -> None:
    if isinstance(event, Told):
        take_told(scene, event)
    elif isinstance(event, TimerFired):
        take_timer(scene, event)
    else:
        take_result(scene, event)
        bring_up(scene, event)


def _bid(draft: Draft, event: Unasked, notice: Notice) -> Bid:
    scene = draft.scene
    last = scene.session.last_inbound_at
    awake = last is not None and scene.now - last <= scene.policy.notices.awake_for
    cause = event.timer if isinstance(event, TimerFired) else event.id
    return Bid(
        id=event.id,
        kind=notice.kind,
        topic=notice.topic if notice.once == "day" else f"{notice.topic}/{blake2s(cause.encode(), digest_size=4).hexdigest()}",
        earliest=scene.now,
        latest=latest_of(scene, notice),
        usefulness=notice.usefulness,
        merge=notice.merge,
        chosen=notice.chosen,
        live=awake and not isinstance(event, Told),
        template=all(one.template and scene.contents.may_stand(one.template) for one in draft.notices),
        size=len(draft.notices),
    )


def _enter(scene: Scene, bid: Bid, decision: Decision, message: EffectId | None = None) -> None:
    """Into the ledger, and into the turn's trace."""
    scene.record(LEDGER, entry(bid, decision, message or ""))
    scene.note("notice", topic=bid.topic, verdict=decision.verdict, reason=decision.reason)
