"""One situation each: what the planner says, and why."""

from __future__ import annotations

import pytest

from bot.notices.bid import Bid, Decision
from bot.notices.days import clock, day_of
from bot.notices.person import Heard, Ours, Person, heard_at
from bot.notices.planner import plan
from tests.notices.made import DST, NOON, bid, someone

HOUR, DAY = 3600.0, 86_400.0
MIDNIGHT = NOON - 11.5 * HOUR
NIGHT = NOON + 11 * HOUR  # 22:30


def heard(count: int, at: float = NOON - HOUR) -> tuple[Heard, ...]:
    return tuple(heard_at(at, day_of(at, "Asia/Kolkata"), f"said{number}") for number in range(count))


def one(what: Bid, person: Person, now: float = NOON, *others: Bid) -> tuple[str, str, float]:
    found = plan([what, *others], person, now)[what.id]
    return found.verdict, found.reason, found.at


def test_what_nothing_stands_against_goes() -> None:
    assert one(bid("a"), someone()) == ("send", "in_time", 0.0)


def test_the_sixth_waits_for_the_morning_or_is_dropped() -> None:
    full = someone(heard=heard(5))
    assert one(bid("a"), full) == ("drop", "day_full", 0.0)
    assert one(bid("a", latest=NOON + DAY), full) == ("at", "day_full", MIDNIGHT + DAY + 7 * HOUR)


def test_yesterdays_five_do_not_count_today() -> None:
    assert one(bid("a"), someone(heard=heard(5, NOON - DAY)))[0] == "send"


@pytest.mark.parametrize(
    ("zone", "said", "hour"),
    [
        ("Pacific/Auckland", 9, 17),  # it is tomorrow there since half an hour
        ("America/New_York", 20, 24.5),  # in India the day is over; there the five came this morning
    ],
)
def test_who_flies_east_or_west_does_not_begin_again_at_five(zone: str, said: float, hour: float) -> None:
    traveller = someone(zone=zone, usual_quiet=(0, 0), heard=heard(5, MIDNIGHT + said * HOUR))
    now = MIDNIGHT + hour * HOUR
    assert one(bid("a", latest=NOON + 2 * DAY), traveller, now)[:2] == ("at", "day_full")


def test_at_night_it_waits_for_the_morning() -> None:
    late = bid("a", earliest=NIGHT, latest=NIGHT + DAY)
    assert one(late, someone(), NIGHT) == ("at", "quiet_hours", MIDNIGHT + 31 * HOUR)
    assert one(bid("a", latest=NIGHT + 2 * HOUR), someone(), NIGHT) == ("drop", "quiet_hours", 0.0)


def test_an_hour_that_the_person_chose_outranks_the_usual_quiet_hours_and_not_their_own() -> None:
    insulin = bid("a", topic="medicine.dose", latest=NIGHT + 2 * HOUR, chosen=True)
    assert one(insulin, someone(), NIGHT)[0] == "send"
    assert one(insulin, someone(quiet=(1320, 360)), NIGHT) == ("drop", "quiet_hours", 0.0)


def test_who_wrote_a_moment_ago_is_awake() -> None:
    recheck = bid("a", "clinical", latest=NIGHT + HOUR, live=True)
    paused = someone(paused_until=NIGHT + DAY, only_medicines=True, limit=2, heard=heard(2))
    assert one(recheck, paused, NIGHT)[0] == "send"
    assert one(recheck, someone(heard=heard(5)), NIGHT) == ("drop", "day_full", 0.0), "five are five"


def test_a_pause_ends_and_what_is_still_true_then_comes() -> None:
    paused = someone(paused_until=NOON + 2 * DAY)
    assert one(bid("a", latest=NOON + 3 * DAY), paused) == ("at", "paused", NOON + 2 * DAY)
    assert one(bid("a", latest=NOON + DAY), paused) == ("drop", "paused", 0.0)


def test_only_medicines() -> None:
    person = someone(only_medicines=True)
    assert one(bid("a", topic="medicine.dose"), person)[0] == "send"
    assert one(bid("a", "clinical"), person) == ("drop", "only_medicines", 0.0)


def test_who_has_taken_back_care_messages_hears_only_what_they_asked_for() -> None:
    person = someone(withheld=Ours(frozenset({"reminder", "coaching"}), frozenset({"trend"}), frozenset({"appointment"})))
    withheld = ("drop", "not_allowed", 0.0)
    assert one(bid("a", "coaching"), person) == withheld
    assert one(bid("a", "clinical", "trend/0a1b2c3d"), person) == withheld
    assert one(bid("a", "reminder", "report.unfinished"), person) == withheld
    assert one(bid("a", "reminder", "medicine.dose", chosen=True), person)[0] == "send", "its hour is theirs"
    assert one(bid("a", "reminder", "appointment/0a1b2c3d"), person)[0] == "send"
    assert one(bid("a", "coaching", live=True), person)[0] == "send", "they are in the middle of it"
    assert one(bid("a", "clinical", "lab_result/0a1b2c3d"), person)[0] == "send"
    assert one(bid("a", "emergency", "trend"), person)[0] == "send"


def test_room_is_kept_for_the_evening_tablets() -> None:
    owed = [bid(f"o{n}", topic=f"medicine.o{n}", earliest=NOON + n * HOUR, latest=NOON + DAY / 2, owed=True) for n in (1, 2)]
    idea = bid("idea", "coaching", latest=NOON + DAY)
    assert one(idea, someone(heard=heard(2)), NOON, *owed)[0] == "send"
    assert one(idea, someone(heard=heard(3)), NOON, *owed)[:2] == ("at", "kept_room")
    dose = bid("dose", topic="medicine.dose")
    assert one(dose, someone(heard=heard(4)), NOON, bid("owed", "clinical", owed=True))[0] == "send", "medicines first"


def test_of_two_that_matter_alike_the_more_useful_goes_then_what_is_over_sooner() -> None:
    four = someone(heard=heard(4))
    assert one(bid("a", usefulness=1), four, NOON, bid("b", usefulness=2))[1] == "kept_room"
    assert one(bid("z", latest=NOON + 60), four, NOON, bid("b"))[0] == "send"


def test_the_same_topic_waits_for_another_day() -> None:
    person = someone(heard=(heard_at(NOON - HOUR, day_of(NOON, "Asia/Kolkata"), "walk"),))
    assert one(bid("a", topic="walk"), person) == ("drop", "same_topic", 0.0)
    assert one(bid("a", topic="walk", latest=NOON + DAY), person)[:2] == ("at", "same_topic")


def test_the_best_hour_is_waited_for_unless_it_cannot_be_had() -> None:
    evening = bid("a", latest=NOON + DAY / 2, best=NOON + 6 * HOUR)
    assert one(evening, someone()) == ("at", "best_hour", NOON + 6 * HOUR)
    assert one(bid("a", latest=NIGHT + HOUR, best=NIGHT), someone()) == ("send", "in_time", 0.0)


def test_what_belongs_together_goes_in_one_message() -> None:
    made = [bid("sugar", merge="checks"), bid("pressure", "clinical", merge="checks"), bid("walk", "coaching")]
    decided = plan(made, someone(heard=heard(3)), NOON)
    assert decided["pressure"].verdict == "send"
    assert decided["sugar"] == Decision("sugar", "merge", "together", NOON, "pressure")
    assert decided["walk"].verdict == "send", "two messages, not three"


def test_nothing_light_on_a_festival_and_nothing_of_food_in_a_fast() -> None:
    today = frozenset({"2025-11-25"})
    assert one(bid("a", "education", latest=NOON + DAY), someone(festive=today))[:2] == ("at", "festival")
    assert one(bid("a", "clinical"), someone(festive=today))[0] == "send"
    fast = someone(fasting=today, fast_hours=(300, 1110), food=frozenset({"meal"}))
    assert one(bid("a", "coaching", "meal.idea", latest=NOON + DAY), fast) == ("at", "fasting", MIDNIGHT + 18.5 * HOUR)
    assert one(bid("a", "coaching", "walk"), fast)[0] == "send"


def test_outside_the_window_only_a_template_goes() -> None:
    shut = someone(free_until=NOON - HOUR)
    assert one(bid("a", latest=NOON + DAY), shut) == ("wait", "window", NOON + DAY)
    assert one(bid("a"), someone(free_until=NOON - HOUR, only_medicines=True))[:2] == ("drop", "only_medicines")
    assert one(bid("a", latest=NOON + DAY), someone(free_until=NOON + HOUR, paused_until=NOON + 2 * HOUR))[0] == "wait"
    assert one(bid("a", template=True), shut)[0] == "send"


def test_while_the_window_is_open_a_full_day_is_the_reason() -> None:
    open_ = someone(free_until=NOON + 20 * HOUR, heard=heard(5))
    assert one(bid("a", latest=NOON + 2 * HOUR), open_) == ("drop", "day_full", 0.0)


def test_an_expired_bid_is_dropped() -> None:
    assert one(bid("a", latest=NOON), someone()) == ("drop", "expired", 0.0)


@pytest.mark.parametrize(("at", "length"), [(DST, 23), (DST - 86_400, 24), (1_792_880_000.0, 25)])
def test_a_day_is_as_long_as_the_clock_makes_it(at: float, length: int) -> None:
    day = day_of(at, "Europe/Berlin")
    assert day.end - day.start == length * HOUR
    assert clock(day, "Europe/Berlin", 720) == day.end - 12 * HOUR


def test_an_unknown_zone_has_days_too() -> None:
    assert day_of(NOON, "Nowhere/Land").name == "2025-11-25"
