"""The ladder: who is told when, what stops it, and that it always ends."""

from __future__ import annotations

from typing import Any, Literal

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from agents.clinical_monitor import ladder
from agents.clinical_monitor.case import ENDS, Case, Contact, Reachable
from bot.model.ids import person_of
from config.escalation import Severity
from tests.agents.clinical_monitor.home import DESK, MEHTA, POLICY, PRIYA, RAO

RULES = POLICY.escalation
RUNGS = RULES.ladders["emergency"]
PRIYA_ = Contact("priya", PRIYA, "caregiver", "Priya")
MEHTA_ = Contact("mehta", MEHTA, "doctor", "Dr Mehta", "919800000011")
RAO_ = Contact("rao", RAO, "doctor", "Dr Rao", "919800000012")
DESK_ = Contact("desk", DESK, "coordinator", "Meena", "919800000013")
ALL = Reachable((PRIYA_,), (MEHTA_, RAO_), (DESK_,))
MINUTE = 60.0


def opened(reach: Reachable = ALL, severity: Severity = "emergency") -> Case:
    return ladder.climbed(ladder.opened("chest_pain", severity, "said", 0.0), reach, RULES.ladders[severity], 0.0)


def climb(case: Case, now: float, reach: Reachable = ALL) -> Case:
    return ladder.climbed(replace(case, unsent=()), reach, RULES.ladders[case.severity], now)


def told(case: Case) -> list[str]:
    return [alarm.contact.id for alarm in case.alarms]


def status(case: Case) -> dict[str, Any]:
    """What the patient is told last."""
    return [word.facts for word in case.unsent if word.name == "status"][-1]


def test_the_ladder_climbs_when_nobody_answers_and_the_patient_hears_the_truth_at_each_step() -> None:
    case = opened()
    assert told(case) == ["priya"]
    assert status(case) == {
        "category": "chest_pain", "state": "told", "names": "Priya", "role": "caregiver", "before": "", "minutes": 3,
    }  # fmt: skip
    assert climb(case, 3 * MINUTE - 1).alarms == case.alarms
    for at, name, before in [
        (3, "Dr Mehta", "Priya"),
        (8, "Dr Rao", "Priya\nDr Mehta"),
        (13, "Meena", "Priya\nDr Mehta\nDr Rao"),
    ]:
        case = climb(case, at * MINUTE)
        assert (status(case)["names"], status(case)["before"]) == (name, before)
    case = climb(case, 23 * MINUTE)
    assert (case.state, status(case)["state"], status(case)["before"]) == (
        "exhausted_told",
        "none_left",
        "Priya\nDr Mehta\nDr Rao\nMeena",
    )
    assert ladder.due_at(replace(case, unsent=()), 0.0) is None


def test_who_takes_it_stops_the_next_step_and_all_hear_of_it() -> None:
    case, outcome = ladder.answered(climb(opened(), 3 * MINUTE), MEHTA, "taken", 4 * MINUTE)
    assert (outcome, case.state, case.ending) == ("accepted", "acknowledged", "mehta")
    assert (status(case)["state"], status(case)["names"], status(case)["role"]) == ("taken", "Dr Mehta", "doctor")
    assert [(word.to, word.facts) for word in case.unsent if word.name == "over"] == [
        (PRIYA_, {"how": "taken", "by": "Dr Mehta"})
    ]
    assert climb(case, 1e9) == replace(case, unsent=())
    again, outcome = ladder.answered(case, PRIYA, "taken", 5 * MINUTE)
    assert (outcome, again.ending) == ("over", "mehta")


def test_who_cannot_come_makes_the_next_be_told_at_once() -> None:
    case, outcome = ladder.answered(opened(), PRIYA, "cannot", MINUTE)
    assert (outcome, case.next_at) == ("declined", MINUTE)
    case = climb(case, MINUTE)
    assert told(case) == ["priya", "mehta"]
    assert status(case)["before"] == ""  # she has answered
    taken, _ = ladder.answered(case, MEHTA, "taken", 2 * MINUTE)
    back, outcome = ladder.answered(taken, MEHTA, "cannot", 3 * MINUTE)
    assert (outcome, back.state) == ("declined", "climbing")
    assert told(climb(back, 3 * MINUTE)) == ["priya", "mehta", "rao"]


def test_of_two_relatives_both_must_decline_before_the_next_is_told_early() -> None:
    ravi = Contact("ravi", "pravi", "caregiver", "Ravi")
    case = opened(replace(ALL, caregivers=(PRIYA_, ravi)))
    assert status(case)["names"] == "Priya\nRavi"
    one, _ = ladder.answered(case, PRIYA, "cannot", MINUTE)
    assert one.next_at == 3 * MINUTE
    both, _ = ladder.answered(one, "pravi", "cannot", MINUTE)
    assert both.next_at == MINUTE


def test_a_stranger_learns_nothing_and_changes_nothing() -> None:
    case = opened()
    assert ladder.answered(case, RAO, "taken", MINUTE) == (case, "unknown")


def test_with_nobody_to_tell_the_patient_is_told_so_at_once() -> None:
    case = opened(Reachable())
    assert (case.state, told(case), status(case)["state"]) == ("exhausted_told", [], "nobody")


def test_steps_with_nobody_are_passed_over_and_nobody_is_told_twice_in_a_round() -> None:
    reach = Reachable((), (MEHTA_,), (replace(MEHTA_, role="coordinator"),))
    case = opened(reach)
    assert told(case) == ["mehta"]
    assert climb(case, 5 * MINUTE, reach).state == "exhausted_told"


def test_the_same_emergency_again_alarms_nobody_anew_but_may_become_graver() -> None:
    case = opened(severity="reading")
    assert case.next_at == 20 * MINUTE
    assert ladder.groups(case, 1e9, 1.0, "said")
    again = ladder.repeated(case, "reading", "said", RULES.ladders, MINUTE)
    assert (again.alarms, again.next_at, again.repeats) == (case.alarms, case.next_at, 1)
    graver = ladder.repeated(again, "emergency", "said", RULES.ladders, 2 * MINUTE)
    assert (graver.severity, graver.next_at) == ("emergency", 5 * MINUTE)
    silent = ladder.repeated(graver, "emergency", "no_answer", RULES.ladders, 4 * MINUTE)
    assert silent.next_at == 4 * MINUTE


def test_when_help_does_not_come_the_case_goes_on_although_it_was_taken() -> None:
    taken, _ = ladder.answered(opened(), PRIYA, "taken", MINUTE)
    assert ladder.groups(taken, 2 * MINUTE, RULES.same_within * 60, "said")
    assert not ladder.groups(taken, 32 * MINUTE, RULES.same_within * 60, "said")
    assert ladder.groups(taken, 300 * MINUTE, RULES.same_within * 60, "no_help_yet")
    assert not ladder.groups(taken, 3 * 24 * 60 * MINUTE, RULES.same_within * 60, "no_help_yet")
    case = climb(ladder.repeated(taken, "emergency", "no_help_yet", RULES.ladders, 11 * MINUTE), 11 * MINUTE)
    assert told(case) == ["priya", "priya", "mehta"]


def test_relatives_are_told_once_more_when_the_patient_says_that_nobody_came_and_the_patient_hears_the_truth() -> None:
    def denied(case: Case, now: float, reach: Reachable) -> Case:
        return climb(ladder.repeated(case, "emergency", "no_help_yet", RULES.ladders, now), now, reach)

    silent = denied(opened(), 2 * MINUTE, ALL)
    assert told(silent) == ["priya", "priya", "mehta"]  # the next is not waited for
    assert [word.facts.get("again") for word in silent.unsent if word.name == "alarm"] == [True, None]
    assert (status(silent)["names"], status(silent)["before"]) == ("Dr Mehta", "Priya")

    alone = Reachable((PRIYA_,))
    gone, _ = ladder.answered(opened(alone), PRIYA, "taken", MINUTE)  # she said that she goes, and did not come
    again = denied(gone, 12 * MINUTE, alone)
    assert (again.state, told(again)) == ("climbing", ["priya", "priya"])
    assert (status(again)["state"], status(again)["names"], status(again)["role"]) == ("told", "Priya", "caregiver")
    over = climb(again, again.next_at, alone)
    assert (over.state, status(over)["state"], status(over)["before"]) == ("exhausted_told", "none_left", "Priya")
    answered, outcome = ladder.answered(again, PRIYA, "taken", 13 * MINUTE)
    assert (outcome, status(answered)["state"]) == ("accepted", "taken")

    cannot, _ = ladder.answered(opened(alone), PRIYA, "cannot", MINUTE)
    assert told(denied(cannot, 2 * MINUTE, alone)) == ["priya"]
    assert told(denied(opened(alone), 2 * MINUTE, Reachable())) == ["priya"]  # consent was taken back meanwhile
    case, now = opened(alone), 0.0
    for _ in range(20):
        now += 2 * MINUTE
        case = denied(case, now, alone) if case.state == "climbing" else case
    assert told(case) == ["priya"] * ladder.ROUNDS


def test_whoever_took_it_is_named_to_a_silent_patient_when_nobody_else_is_left_or_answers() -> None:
    alone = Reachable((PRIYA_,))
    for reach in (alone, ALL):
        case, _ = ladder.answered(opened(reach), PRIYA, "taken", MINUTE)
        case = ladder.repeated(case, "emergency", "no_answer", RULES.ladders, 30 * MINUTE)
        while case.state == "climbing":
            case = climb(case, case.next_at, reach)
        assert case.state == "exhausted_told"
        assert (status(case)["state"], status(case)["names"], status(case)["role"]) == ("taken", "Priya", "caregiver")
        later = ladder.repeated(replace(case, unsent=()), "emergency", "asked", RULES.ladders, 90 * MINUTE, asked=True)
        assert status(later)["names"] == "Priya"
    cannot, _ = ladder.answered(case, PRIYA, "cannot", 91 * MINUTE)
    late = ladder.repeated(replace(cannot, unsent=()), "emergency", "asked", RULES.ladders, 95 * MINUTE, asked=True)
    assert status(late)["state"] == "none_left"


def test_when_nobody_was_left_and_help_does_not_come_all_are_told_once_more_but_not_for_ever() -> None:
    case, now = opened(), 0.0
    for _ in range(5):
        while case.state == "climbing":
            now = case.next_at
            case = climb(case, now)
        case = ladder.repeated(case, "emergency", "no_help_yet", RULES.ladders, now)
        case = climb(case, now) if case.state == "climbing" else case
    assert told(case) == ["priya", "mehta", "rao", "desk"] * ladder.ROUNDS
    assert (case.state, status(case)["state"]) == ("exhausted_told", "none_left")


def test_after_the_patient_said_that_help_came_a_new_emergency_is_a_new_case() -> None:
    case = ladder.closed(climb(opened(), 3 * MINUTE), "help_came", 4 * MINUTE)
    assert case.state == "closed_by_patient"
    assert {word.to.id for word in case.unsent if word.to} == {"priya", "mehta"}
    assert not ladder.groups(case, 4 * MINUTE, RULES.same_within * 60, "said")
    assert ladder.closed(case, "safe", 5 * MINUTE) == case


Move = tuple[str, Any]
ANSWERS, PEOPLE = st.sampled_from(["taken", "cannot"]), st.sampled_from([PRIYA, MEHTA, RAO, DESK, "nobody"])
AGAIN = st.tuples(st.sampled_from(["reading", "emergency"]), st.sampled_from(["said", "no_help_yet", "no_answer"]))
MOVES = st.one_of(
    st.tuples(st.just("wait"), st.floats(1, 40)),
    st.tuples(st.just("answer"), st.tuples(PEOPLE, ANSWERS)),
    st.tuples(st.just("again"), AGAIN),
    st.tuples(st.just("close"), st.just("safe")),
)  # fmt: skip


@given(st.lists(MOVES, max_size=25), st.sets(st.sampled_from(["caregivers", "doctors", "coordinators"])))
def test_whatever_happens_it_ends_in_one_of_the_ends_and_tells_nobody_twice_for_one_step(
    moves: list[Move], parts: set[str]
) -> None:
    reach = Reachable(**{part: getattr(ALL, part) for part in parts})
    case, now = opened(reach, "reading"), 0.0
    words = list(case.unsent)
    for what, how in moves:
        now += how * MINUTE if what == "wait" else 1.0
        before = replace(case, unsent=())
        if what == "wait":
            case = climb(before, now, reach)
        elif what == "answer":
            person, answer = how
            given_: Literal["taken", "cannot"] = "taken" if answer == "taken" else "cannot"
            case, _ = ladder.answered(before, person, given_, now)
        elif what == "again" and ladder.groups(before, now, 1800.0, how[1]):
            case = ladder.repeated(before, how[0], how[1], RULES.ladders, now)
        elif what == "close":
            case = ladder.closed(before, how, now)
        else:
            case = before
        words += case.unsent
        assert (ladder.due_at(replace(case, unsent=()), now) is None) == (case.state in ENDS)
    for _ in range(len(RUNGS) + 2):
        case = climb(case, now := max(now, case.next_at), reach)
        words += case.unsent
    assert case.state in ENDS
    assert len({word.key for word in words}) == len(words)
    steps = [(alarm.round, alarm.rung, alarm.contact.id, alarm.again) for alarm in case.alarms]
    assert len(set(steps)) == len(steps)
    assert len({(alarm.round, alarm.contact.person, alarm.again) for alarm in case.alarms}) == len(case.alarms)
    assert all(alarm.again < ladder.ROUNDS for alarm in case.alarms)


def test_who_was_not_reached_is_not_waited_for() -> None:
    case, outcome = ladder.undelivered(opened(), "0.0.priya", 20.0)
    assert (outcome, case.next_at) == ("noted", 20.0)
    case = climb(case, 20.0)
    assert told(case) == ["priya", "mehta"]
    assert (status(case)["names"], status(case)["before"]) == ("Dr Mehta", "Priya")


def test_one_relative_who_was_reached_keeps_the_step() -> None:
    anil = Contact("anil", person_of("phone:919800000003"), "caregiver", "Anil")
    case = opened(replace(ALL, caregivers=(PRIYA_, anil)))
    case, _ = ladder.undelivered(case, "0.0.priya", 20.0)
    assert case.next_at == 3 * MINUTE
    case, _ = ladder.answered(case, anil.person, "cannot", 30.0)
    assert case.next_at == 30.0


def test_an_alarm_that_was_answered_or_is_of_an_earlier_step_hurries_nobody() -> None:
    taken, _ = ladder.answered(opened(), PRIYA, "taken", 10.0)
    assert ladder.undelivered(taken, "0.0.priya", 20.0) == (taken, "known")
    later = climb(opened(), 3 * MINUTE)
    case, outcome = ladder.undelivered(later, "0.0.priya", 200.0)
    assert (outcome, case.next_at) == ("noted", later.next_at)
    assert ladder.undelivered(case, "0.0.priya", 300.0) == (case, "known")
    assert ladder.undelivered(case, "0.0.nobody", 300.0) == (case, "unknown")


def test_the_word_of_an_alarm_has_its_key() -> None:
    case = opened()
    assert [word.key for word in case.unsent if word.name == "alarm"] == [alarm.key for alarm in case.alarms] == ["0.0.priya"]
