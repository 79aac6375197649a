"""Which times a doctor has: never two at once, never outside the hours, never on a holiday, also where the clocks change."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.care_coordinator.diary import Diary
from agents.care_coordinator.hours import local_day, slot_named, slots_of
from agents.care_coordinator.money import rupees
from bot.errors import ConfigError
from config.clinic import FILE, WEEKDAYS, Clinic, Doctor, Span, load_clinic

ZONES = ("Asia/Kolkata", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Africa/Casablanca", "Asia/Kathmandu")
CLINIC = load_clinic()
MINUTES = st.integers(0, 24 * 12 - 1).map(lambda number: time(number // 12, number % 12 * 5))


@st.composite
def clinics(draw: st.DrawFn) -> Clinic:
    opens, closes = sorted(draw(st.lists(MINUTES, min_size=2, max_size=2, unique=True)))
    span = Span(opens=opens, closes=closes)
    doctor = Doctor(
        id="rao",
        name="Dr Rao",
        slot_minutes=draw(st.integers(5, 240)),
        fee_paise=0,
        hours={day: (span,) for day in WEEKDAYS},
    )
    days = st.dates(date(2026, 3, 1), date(2026, 11, 30))
    holidays = frozenset(draw(st.lists(days, max_size=5)))
    return CLINIC.model_copy(update={"zone": draw(st.sampled_from(ZONES)), "doctors": (doctor,), "holidays": holidays})


@settings(max_examples=300, deadline=None)
@given(clinics(), st.dates(date(2026, 3, 1), date(2026, 11, 30)))
def test_times_are_apart_within_the_hours_and_none_is_on_a_holiday(clinic: Clinic, day: date) -> None:
    [doctor] = clinic.doctors
    slots = slots_of(clinic, doctor, day)
    assert all(one.end <= other.start for one, other in pairwise(slots))
    assert not (slots and day in clinic.holidays)
    zone, span = ZoneInfo(clinic.zone), doctor.hours[WEEKDAYS[day.weekday()]][0]
    for slot in slots:
        assert slot.end - slot.start == doctor.slot_minutes * 60
        assert local_day(clinic, slot.start) == day
        assert datetime.fromtimestamp(slot.start, zone).time() >= span.opens
        assert slot.end <= datetime.combine(day, span.closes, zone).timestamp()
        assert slot_named(clinic, slot.id) == slot


def test_the_hour_that_summer_time_skips_has_no_times() -> None:
    doctor = (
        load_clinic().doctors[0].model_copy(update={"hours": {"sun": (Span(opens=time(1), closes=time(4)),)}, "slot_minutes": 30})
    )
    clinic = load_clinic().model_copy(update={"zone": "Europe/Berlin", "doctors": (doctor,)})
    starts = [datetime.fromtimestamp(one.start, ZoneInfo("Europe/Berlin")) for one in slots_of(clinic, doctor, date(2026, 3, 29))]
    assert [f"{one:%H:%M}" for one in starts] == ["01:00", "01:30", "03:00", "03:30"]


def test_a_time_that_the_clinic_does_not_have_is_none() -> None:
    clinic = load_clinic()
    for id_ in ("rao@20261124T043000Z", "nobody@20261124T043000Z", "rao@20261124T043100Z", "rao@20269924T043000Z", "", "rao"):
        found = slot_named(clinic, id_)
        assert (found is not None) == (id_ == "rao@20261124T043000Z"), id_
    assert slot_named(clinic, "rao@20260126T043000Z") is None  # a holiday


KEYS = st.sampled_from(["a.0", "a.1", "b.0", "c.0"])
STEPS = st.lists(
    st.tuples(st.sampled_from(["hold", "confirm", "return"]), KEYS, st.integers(0, 8), st.integers(1, 4)), max_size=30
)


@settings(max_examples=300, deadline=None)
@given(STEPS)
def test_no_two_bookings_ever_have_the_same_moment_and_what_was_given_back_is_not_taken_again(
    steps: list[tuple[str, str, int, int]],
) -> None:
    diary, returned = Diary(), set[str]()
    for what, key, start, length in steps:
        match what:
            case "hold":
                after = diary.hold(key, start, start + length)
                assert after is None or key not in returned
            case "confirm":
                after = diary.confirm(key)
                assert after is None or key not in returned
            case _:
                after = diary.give_back(key, start, start + length)
                returned.add(key)
        diary = after or diary
        standing = sorted((one.start, one.end) for one in diary.entries if one.state != "returned")
        assert all(one[1] <= other[0] for one, other in pairwise(standing))
        assert len({one.key for one in diary.entries}) == len(diary.entries)


@given(st.integers(0, 10**11))
def test_amounts_in_words_have_every_paisa(paise: int) -> None:
    words = rupees(paise)
    whole, _, rest = words.removeprefix("₹").replace(",", "").partition(".")
    assert int(whole) * 100 + int(rest or 0) == paise


def test_amounts_are_grouped_as_in_india() -> None:
    assert [rupees(paise) for paise in (50_000, 45_050, 12_345_678, 1_000_000_000)] == [
        "₹500",
        "₹450.50",
        "₹1,23,456.78",
        "₹1,00,00,000",
    ]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("fee_paise: 50000", "fee_paise: 500.5", "fee_paise"),
        ("fee_paise: 50000", "fee_paise: 99", "1 rupee"),
        ("zone: Asia/Kolkata", "zone: Asia/Nowhere", "no such time zone"),
        ('wed: ["09:00-13:00"]', 'wed: ["13:00-09:00"]', "must end after they begin"),
        ('sat: ["09:00-12:00"]', 'sat: ["09:00-12:00", "11:00-14:00"]', "overlap"),
        ("id: sen", "id: rao", "the same id"),
        ("hold_minutes: 30", "hold_minutes: 5", "hold_minutes"),
    ],
)
def test_a_mistake_in_the_file_is_told_with_its_place(tmp_path: Path, old: str, new: str, told: str) -> None:
    text = FILE.read_text(encoding="utf-8")
    assert old in text
    file = tmp_path / "clinic.yaml"
    file.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(ConfigError, match=told) as raised:
        load_clinic(file)
    assert str(raised.value).startswith("clinic.yaml:")


def test_every_day_of_a_year_has_ids_that_lead_back() -> None:
    clinic = load_clinic()
    for number in range(365):
        for doctor in clinic.doctors:
            for slot in slots_of(clinic, doctor, date(2026, 11, 1) + timedelta(days=number)):
                assert slot_named(clinic, slot.id) == slot
