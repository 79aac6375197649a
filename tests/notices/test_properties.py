"""What holds for every person, every moment and every set of bids."""

from __future__ import annotations

from collections import Counter
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from bot.notices.bid import Bid, Decision
from bot.notices.days import day_of
from bot.notices.person import Person, counted
from bot.notices.planner import plan
from tests.notices.made import STEP, bids, may, nows, people


@st.composite
def situations(draw: st.DrawFn, /, **more: Any) -> tuple[list[Bid], Person, float]:
    now = draw(nows)
    return draw(bids(now, **more)), draw(people(now)), now


def moment(one: Decision, now: float) -> float:
    return now if one.verdict == "send" or not one.at else one.at


def placed(made: list[Bid], person: Person, now: float) -> dict[str, tuple[Bid, float]]:
    """What is to go by itself, and when; those that go along with another are not among them."""
    by_id = {one.id: one for one in made}
    return {
        id_: (by_id[id_], moment(one, now))
        for id_, one in plan(made, person, now).items()
        if one.verdict in ("send", "at") and by_id[id_].kind != "emergency"
    }


@given(situations())
def test_every_bid_that_is_here_gets_one_decision_with_a_reason(case: tuple[list[Bid], Person, float]) -> None:
    made, person, now = case
    decided = plan(made, person, now)
    assert set(decided) == {one.id for one in made if not one.owed or one.kind == "emergency"}
    assert all(one.reason for one in decided.values())


@given(situations())
def test_never_a_sixth(case: tuple[list[Bid], Person, float]) -> None:
    made, person, now = case
    today = day_of(now, person.zone)
    heard = len(counted(person.heard, today, now))
    days: Counter[str] = Counter()
    for one, at in placed(made, person, now).values():
        days[day_of(at, person.zone).name] += one.size
    assert all(count <= 5 for count in days.values())
    assert not days[today.name] or days[today.name] + heard <= 5


@given(situations())
def test_less_is_two_a_day_for_all_but_what_the_person_is_in_the_middle_of(case: tuple[list[Bid], Person, float]) -> None:
    made, person, now = case
    days: Counter[str] = Counter()
    for one, at in placed([one for one in made if not one.live], person, now).values():
        days[day_of(at, person.zone).name] += one.size
    assert all(count <= person.limit for count in days.values())


@given(situations())
def test_nothing_goes_when_it_may_not(case: tuple[list[Bid], Person, float]) -> None:
    """Quiet hours, pauses, wishes, festivals, fasts, the window; and nothing too early or after its expiry."""
    made, person, now = case
    by_id = {one.id: one for one in made}
    for id_, one in plan(made, person, now).items():
        if one.verdict not in ("drop", "wait") and by_id[id_].kind != "emergency":
            assert may(by_id[id_], person, moment(one, now)), one


@given(situations())
def test_an_emergency_always_goes_at_once(case: tuple[list[Bid], Person, float]) -> None:
    made, person, now = case
    decided = plan(made, person, now)
    assert all(decided[one.id] == Decision(one.id, "send", "emergency") for one in made if one.kind == "emergency")


@given(situations())
def test_an_emergency_takes_nobodys_place(case: tuple[list[Bid], Person, float]) -> None:
    made, person, now = case
    others = [one for one in made if one.kind != "emergency"]
    decided = plan(made, person, now)
    assert plan(others, person, now) == {one.id: decided[one.id] for one in others if one.id in decided}


@given(situations())
def test_one_topic_is_never_spoken_of_twice_a_day(case: tuple[list[Bid], Person, float]) -> None:
    made, person, now = case
    today = day_of(now, person.zone)
    said = Counter((today.name, topic) for topic in {one.topic for one in counted(person.heard, today, now)})
    for one, at in placed(made, person, now).values():
        said[day_of(at, person.zone).name, one.topic] += 1
    assert all(count == 1 for count in said.values())


@given(situations(), st.randoms(use_true_random=False))
def test_the_order_of_arrival_makes_no_difference(case: tuple[list[Bid], Person, float], chance: Any) -> None:
    made, person, now = case
    other = list(made)
    chance.shuffle(other)
    assert plan(other, person, now) == plan(made, person, now)


@given(situations(plain=True))
def test_a_day_that_could_be_served_is_served(case: tuple[list[Bid], Person, float]) -> None:
    """Of those that could be said today, as many go today as there is room for; the rest have reasons."""
    made, person, now = case
    today = day_of(now, person.zone)
    usual = [one for one in made if not one.live]
    steps = [now + number * STEP for number in range(int((today.end - now) / STEP) + 1)]
    could = [one for one in usual if any(may(one, person, at) for at in steps if at < today.end)]
    free = max(0, person.limit - len(counted(person.heard, today, now)))
    today_goes = [one for one, at in placed(usual, person, now).values() if at < today.end]
    assert len(today_goes) == min(free, len(could))


@given(situations())
def test_what_goes_with_another_goes_when_that_goes(case: tuple[list[Bid], Person, float]) -> None:
    made, person, now = case
    decided, by_id = plan(made, person, now), {one.id: one for one in made}
    for id_, one in decided.items():
        if one.verdict == "merge":
            assert decided[one.into].verdict in ("send", "at")
            assert by_id[one.into].merge == by_id[id_].merge
            assert moment(decided[one.into], now) == one.at


@given(situations())
def test_what_matters_more_is_never_dropped_for_room_while_what_matters_less_goes_that_day(
    case: tuple[list[Bid], Person, float],
) -> None:
    made, person, now = case
    made = [one for one in made if one.size == 1 and not one.live]
    by_id, goes = {one.id: one for one in made}, placed(made, person, now)
    for id_, one in plan(made, person, now).items():
        lost = by_id[id_]
        if one.verdict == "drop" and one.reason in ("day_full", "kept_room"):
            for other, at in goes.values():
                assert other.rank <= lost.rank or not may(lost, person, at) or other.topic == lost.topic
