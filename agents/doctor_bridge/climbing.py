"""How a case climbs while the clinic is at work: who is told next, what was promised to the patient, when it closes by itself."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from agents.clinical_monitor.case import Contact
from agents.doctor_bridge.answering import closed
from agents.doctor_bridge.case import Case, Clock, Reach, answered_by, go_on, names, noted, say, tell
from config.doctor_bridge import Bridge
from config.escalation import Step


def promised(case: Case, rules: Bridge, clock: Clock) -> Case:
    """The patient is told when to expect an answer; then somebody must have written, or they hear that nobody has."""
    at = clock.after(rules.answer_within.of(case.soon))
    return replace(case, promised_at=at if case.promised_at is None or at is None else min(at, case.promised_at), reminded=0)


def climbed(case: Case, reach: Reach, rules: Bridge, clock: Clock, now: float) -> Case:
    """Tell the next who is at work, when it is time; wait where the clinic is closed; when nobody is left, tell the patient."""
    if case.state == "later" and case.next_at is not None and now >= case.next_at:
        return _remind(case, rules, clock, now)
    if case.state not in ("asking", "waiting", "unanswered") or case.next_at is None or now < case.next_at:
        return case
    rungs = rules.ladders[case.soon]
    for place in range(case.rung, len(rungs)):
        contact = _next(rungs[place].to, case, reach)
        if contact is None:
            continue
        case = replace(case, state="asking", rung=place + 1, next_at=clock.after(rungs[place].wait))
        return tell(case, contact, place, now)
    if not clock.open and clock.next_opening is not None and not any(one.round == case.round for one in case.told):
        return replace(case, state="waiting", rung=0, next_at=clock.next_opening)
    silent = names(case)
    more = case.round + 1 < rules.rounds
    case = replace(
        case, state="unanswered", round=case.round + 1 if more else case.round, rung=0,
        next_at=clock.next_opening if more else None, promised_at=None,
    )  # fmt: skip
    case = noted(case, now, "nobody", "")
    return say(case, f"silent.{case.said}", "no_answer", None, {"names": silent, "holder": ""}, now)


def kept_promise(case: Case, rules: Bridge, clock: Clock, now: float) -> Case:
    """The time that the patient was told is over. They hear the truth, and whoever has the case is reminded, once; after
    another such time the case goes on to the next, because it must not lie with somebody who does not write."""
    if case.promised_at is None or now < case.promised_at or case.state == "closed":
        return case
    holder = case.held_by
    again = clock.after(rules.answer_within.of(case.soon))
    if holder is not None and case.reminded:
        case = noted(replace(case, promised_at=again, reminded=0), now, "taken away", holder.id)
        case = say(case, f"away.{case.said}.{holder.id}", "case_elsewhere", holder, {"how": "too_long", "by": ""}, now)
        return go_on(replace(case, told=answered_by(case, holder, "passed"), holder=""), rules, now)
    facts = {"names": names(case), "holder": holder.name if holder else ""}
    case = replace(case, promised_at=again if holder else None, reminded=1 if holder else 0)
    if holder:
        case = say(case, f"remind.{case.said}.{holder.id}", "case_reminder", holder, {}, now)
    return say(noted(case, now, "late", ""), f"late.{case.said}", "no_answer", None, facts, now)


def gone_quiet(case: Case, rules: Bridge, now: float) -> Case:
    """A case that was answered and lies still closes by itself."""
    at = quiet_at(case, rules)
    return closed(case, None, "quiet", now) if at is not None and now >= at else case


def quiet_at(case: Case, rules: Bridge) -> float | None:
    waits = case.promised_at is not None and case.severity != "emergency"
    return None if case.state != "taken" or waits else case.last_at + rules.quiet_closes * 60.0


def due_at(case: Case, rules: Bridge, now: float, grace: float = 0.0) -> float | None:
    """When the case is to be looked at again; ``grace``: what is unsent was said already by whoever decided this."""
    times = [now + grace] if case.unsent else []
    if case.state not in ("taken", "closed") and case.next_at is not None:
        times.append(case.next_at)
    for at in (case.promised_at, quiet_at(case, rules)):
        if at is not None and case.state != "closed":
            times.append(at)
    return min(times, default=None)


def _remind(case: Case, rules: Bridge, clock: Clock, now: float) -> Case:
    """Who said "later" is reminded; without an answer the ladder goes on."""
    rungs = rules.ladders[case.soon]
    wait = rungs[min(max(case.rung, 1), len(rungs)) - 1].wait
    for one in (one.contact for one in case.told if one.answer == "later"):
        case = replace(case, told=answered_by(case, one, ""))
        case = say(case, f"remind.{case.said}.{one.id}", "case_reminder", one, {}, now)
    return replace(case, state="asking", next_at=clock.after(wait))


def _next(step: Step, case: Case, reach: Reach) -> Contact | None:
    """Nobody twice in a round; who was preferred (they know the patient) goes first."""
    asked = {one.contact.id for one in case.told if one.round == case.round}
    people: Sequence[Contact] = reach.coordinators if step == "coordinator" else reach.doctors
    left = sorted((one for one in people if one.id not in asked), key=lambda one: one.id != case.prefers)
    return left[0] if left else None
