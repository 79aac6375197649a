"""The escalation ladder as a pure state machine: who is told of an emergency, when the next one is, and when it is over.

A case climbs rung by rung (caregivers, doctor, next doctor, coordinator) until somebody takes it, the patient says that help is
there, or nobody is left to tell.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Literal

from msgspec.structs import replace

from agents.clinical_monitor.case import Alarm, Case, Contact, Reachable, noted, say, to_others, to_patient
from bot.model.several import several
from config.escalation import Again, Rung, Severity, Step

NO_HELP: Final = "no_help_yet"
"""The patient says that nobody has come: relatives who were told are told once more, also whoever said that they go."""
URGENT = frozenset({NO_HELP, "no_answer"})
"""Reasons that go on climbing although somebody took the case, or wait no longer for an answer."""
HEARD, ROUNDS = 30, 3
A_MOMENT, A_DAY = 60.0, 86400.0


def opened(
    category: str, severity: Severity, reason: str, now: float, said_at: float | None = None, about: dict[str, str] | None = None
) -> Case:
    """``said_at``: when the patient wrote it, where that is longer ago."""
    at = now if said_at is None else min(said_at, now)
    return noted(Case(category, severity, at, next_at=now, about=about or {}), now, "opened", reason)


def groups(case: Case, now: float, within: float, reason: str) -> bool:
    """Whether the same emergency, told again, is this case. After the patient said that help came it is a new one."""
    if case.state == "climbing":
        return True
    if case.state == "closed_by_patient" or case.ended_at is None:
        return False
    since = now - case.ended_at
    return since < within or (reason in URGENT and since < A_DAY and case.round + 1 < ROUNDS)


def repeated(
    case: Case, severity: Severity, reason: str, ladders: dict[Severity, tuple[Rung, ...]], now: float, *, asked: bool = False
) -> Case:
    """The same emergency again. Nobody is alarmed anew for it, but it may become graver, or go on where it stood still.
    ``asked``: a flow asks for help, so the patient is to hear how it stands."""
    case = noted(replace(case, repeats=case.repeats + 1), now, "repeated", reason)
    if severity == "emergency" and case.severity == "reading":
        case = replace(case, severity=severity)
        waited = ladders[severity][min(case.rung, len(ladders[severity])) - 1].seconds if case.rung else 0.0
        if case.state == "climbing":
            case = replace(case, next_at=min(case.next_at, now + waited))
    if reason not in URGENT:
        return _how_it_stands(case, now) if asked else case
    match case.state:
        case "climbing":
            return replace(case, next_at=min(case.next_at, now), in_vain=reason == NO_HELP)
        case "acknowledged":
            return replace(case, state="climbing", ended_at=None, next_at=now, in_vain=reason == NO_HELP)
        case "exhausted_told" if case.round + 1 < ROUNDS:
            return replace(case, state="climbing", ended_at=None, round=case.round + 1, rung=0, next_at=now)
        case _:
            return _nobody_more(case, now)


def climbed(case: Case, reach: Reachable, rungs: Sequence[Rung], now: float, again_after: Again | None = None) -> Case:
    """Tell the next who can be told, when it is time; when nobody is left, tell the patient so. ``again_after``: then it begins
    anew, and the patient, who knows how it stands, hears of it only when somebody is told for the first time."""
    if case.state != "climbing" or now < case.next_at:
        return case
    silent, again = _silent(case), list[Contact]()
    if case.in_vain:
        case, again = _told_again(case, reach, now)
    before, waited_for = _names(silent), {one.person for one in silent}
    known = [one for one in again if one.person not in waited_for]  # they had said that they go
    for place in range(case.rung, len(rungs)):
        people = _people(rungs[place].to, case, reach)
        if not people:
            continue
        alarms = tuple(Alarm(one, case.round, place, now) for one in people)
        case = replace(case, rung=place + 1, next_at=now + rungs[place].seconds, alarms=(*case.alarms, *alarms))
        for one in people:
            facts = {**case.about, "category": case.category, "role": one.role, "minutes": round((now - case.opened_at) / 60)}
            case = say(case, Alarm(one, case.round, place, now).key, "alarm", one, facts, now)
            case = noted(case, now, "told", one.id)
        if any(alarm.round < case.round for alarm in case.alarms) and again_after:
            return case
        every = (*known, *people)
        return to_patient(
            case, now, state="told", names=_names(every), role=every[0].role, before=before, minutes=round(rungs[place].wait)
        )
    if again:  # nobody else is left, but these hear it anew: they may answer now
        case = replace(case, next_at=now + rungs[0].seconds)
        return to_patient(case, now, state="told", names=_names(again), role=again[0].role, minutes=round(rungs[0].wait))
    case = noted(case, now, "exhausted", "")
    if again_after and case.round < again_after.times:
        case = case if case.round else _nobody_more(case, now)
        return replace(case, round=case.round + 1, rung=0, next_at=now + again_after.minutes * 60.0)
    return _nobody_more(replace(case, state="exhausted_told", rung=len(rungs), ended_at=now, ending="nobody_left"), now)


def _told_again(case: Case, reach: Reachable, now: float) -> tuple[Case, list[Contact]]:
    """The relatives of this round once more, but who said that they cannot come, and nobody for ever."""
    case, last = replace(case, in_vain=False), {alarm.contact.person: alarm for alarm in case.alarms if alarm.round == case.round}
    people = list[Contact]()
    for one in reach.caregivers:
        before = last.get(one.person)
        if before is None or before.answer == "cannot" or before.again + 1 >= ROUNDS:
            continue
        alarm = Alarm(one, case.round, before.rung, now, again=before.again + 1)
        facts = {"category": case.category, "role": one.role, "minutes": round((now - case.opened_at) / 60), "again": True}
        case = say(replace(case, alarms=(*case.alarms, alarm)), alarm.key, "alarm", one, facts, now)
        case = noted(case, now, "told_again", one.id)
        people.append(one)
    return case, people


def answered(case: Case, person: str, answer: Literal["taken", "cannot"], now: float) -> tuple[Case, str]:
    """Somebody who was told answers. Outcomes: accepted, declined, over (it is in other hands, or past), unknown."""
    mine = [alarm for alarm in case.alarms if alarm.contact.person == person]
    if not mine:
        return case, "unknown"
    contact = mine[-1].contact
    alarms = tuple(
        replace(alarm, answer=answer, answered_at=now) if alarm.contact.person == person else alarm for alarm in case.alarms
    )
    had_it = case.state == "acknowledged" and case.ending == contact.id
    case = noted(replace(case, alarms=alarms), now, answer, contact.id)
    if answer == "cannot":
        if had_it:
            return replace(case, state="climbing", ended_at=None, ending="", next_at=now), "declined"
        return _on_if_in_vain(case, now), "declined"
    if had_it:
        return case, "accepted"
    if case.state in ("acknowledged", "closed_by_patient"):
        return case, "over"
    case = replace(case, state="acknowledged", ended_at=now, ending=contact.id)
    case = to_patient(case, now, state="taken", names=contact.name, role=contact.role)
    return to_others(case, now, but=person, how="taken", by=contact.name), "accepted"


def undelivered(case: Case, key: str, now: float) -> tuple[Case, str]:
    """An alarm did not reach its phone: nobody is waited for who does not know. Outcomes: noted, known (they answered, or it was
    told before), unknown."""
    found = next((alarm for alarm in case.alarms if alarm.key == key), None)
    if found is None:
        return case, "unknown"
    if found.answer or found.undelivered:
        return case, "known"
    alarms = tuple(replace(alarm, undelivered=True) if alarm is found else alarm for alarm in case.alarms)
    case = noted(replace(case, alarms=alarms), now, "undelivered", found.contact.id)
    return _on_if_in_vain(case, now), "noted"


def _on_if_in_vain(case: Case, now: float) -> Case:
    """When nobody of this step is left to wait for, the next are told at once."""
    current = [alarm for alarm in case.alarms if (alarm.round, alarm.rung) == (case.round, case.rung - 1)]
    waiting = [alarm for alarm in current if alarm.answer != "cannot" and not alarm.undelivered]
    if case.state == "climbing" and current and not waiting:
        return replace(case, next_at=min(case.next_at, now))
    return case


def closed(case: Case, how: str, now: float) -> Case:
    """The patient says that help is there, that all is well, or that the value was a mistake; or the value is good again."""
    if case.state == "closed_by_patient":
        return case
    case = noted(replace(case, state="closed_by_patient", ended_at=now, ending=how), now, "closed", how)
    return to_others(case, now, but=None, how=how, by="")


def heard(case: Case, intent: str, outcome: str) -> Case:
    """Remember what an intent was answered, so that a repeat is answered the same."""
    return replace(case, heard=(*case.heard, (intent, outcome))[-HEARD:])


def due_at(case: Case, now: float, grace: float = 0.0) -> float | None:
    """When the case is to be looked at again; ``grace``: what is unsent was sent already by whoever decided this."""
    times = [now + grace] if case.unsent else []
    return min([*times, case.next_at]) if case.state == "climbing" else min(times, default=None)


def _how_it_stands(case: Case, now: float) -> Case:
    """What was said a moment ago is not said again."""
    last = max((alarm.at for alarm in case.alarms), default=case.opened_at)
    if now - last < A_MOMENT:
        return case
    if case.state == "acknowledged":
        taken = next((alarm.contact for alarm in case.alarms if alarm.contact.id == case.ending), None)
        return to_patient(case, now, state="taken", names=taken.name if taken else "", role=taken.role if taken else "")
    if case.state == "climbing":
        return to_patient(case, now, state="waiting", before=_names(_silent(case)))
    return _nobody_more(case, now)


def _nobody_more(case: Case, now: float) -> Case:
    """Nobody else is left to tell. Who took it earlier still has it, although the patient is silent: then that is the truth. Who
    took it and did not come, as the patient says, and has not answered since, has not."""
    gone = {alarm.contact.person for alarm in case.alarms if alarm.again and not alarm.answer}
    took = [alarm for alarm in case.alarms if alarm.answer == "taken" and alarm.contact.person not in gone]
    if took:
        last = max(took, key=lambda alarm: alarm.answered_at or 0.0).contact
        return to_patient(case, now, state="taken", names=last.name, role=last.role)
    told = any(alarm.round == case.round for alarm in case.alarms)
    return to_patient(case, now, state="none_left" if told else "nobody", before=_names(_silent(case)))


def _people(step: Step, case: Case, reach: Reachable) -> tuple[Contact, ...]:
    told = {alarm.contact.person for alarm in case.alarms if alarm.round == case.round}
    match step:
        case "caregivers":
            return tuple(one for one in reach.caregivers if one.person not in told)
        case "doctor" | "next_doctor":
            return tuple(one for one in reach.doctors if one.person not in told)[:1]
        case "coordinator":
            return tuple(one for one in reach.coordinators if one.person not in told)[:1]


def _silent(case: Case) -> list[Contact]:
    """Those who were told in this round and have not answered."""
    return [alarm.contact for alarm in case.alarms if alarm.round == case.round and not alarm.answer]


def _names(people: Sequence[Contact]) -> str:
    return several(dict.fromkeys(one.name for one in people), 200)
