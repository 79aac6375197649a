"""A lesson a day at the person's hour, each once, whatever order requests come in and whatever breaks in between."""

from __future__ import annotations

import random
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from agents.learning_library.courses import KIND
from agents.learning_library.enrolment import Enrolment, Request, ask, lesson, next_lesson, read, told, write
from bot.adapters.sqlite.store import SqliteStore
from tests.agents.library.asking import ASHA, DAY, NINE, asked, made
from tests.agents.library.shelf import SHELF

COURSES = SHELF.courses
INDIA = "Asia/Kolkata"
wishes = st.sampled_from(["enrol", "pause", "stop", "speak"])
requests = st.lists(
    st.builds(
        lambda number, at, wish, course, minute: Request(f"i{number}", float(at), wish, course, minute, INDIA, "hi"),
        st.integers(0, 12), st.integers(0, 30), wishes, st.sampled_from(sorted(COURSES)), st.integers(0, 1439),
    ),
    max_size=10, unique_by=lambda one: one.id,
)  # fmt: skip


def summed(asked_for: list[Request], now: float = NINE) -> Enrolment:
    enrolment = Enrolment()
    for request in asked_for:
        enrolment, _ = ask(enrolment, request, COURSES, now)
    return enrolment


@given(requests, st.randoms(use_true_random=False))
def test_any_order_and_any_repeat_come_to_the_same(asked_for: list[Request], dice: random.Random) -> None:
    mixed = [*asked_for, *dice.sample(asked_for, len(asked_for) // 2)]
    dice.shuffle(mixed)
    one, other = summed(sorted(asked_for, key=lambda request: (request.at, request.id))), summed(mixed)
    assert one.wishes() == other.wishes()
    assert one.state(COURSES) == other.state(COURSES)
    assert one.due == other.due


@given(requests)
def test_a_repeat_is_answered_alike(asked_for: list[Request]) -> None:
    enrolment, answers = Enrolment(), {}
    for request in asked_for:
        enrolment, answers[request.id] = ask(enrolment, request, COURSES, NINE)
    for request in asked_for:
        assert ask(enrolment, request, COURSES, NINE + 5) == (enrolment, answers[request.id])


@given(requests, st.integers(0, 40))
def test_a_record_survives_being_written(asked_for: list[Request], days: int) -> None:
    enrolment = summed(asked_for)
    for _ in range(days):
        if lesson(enrolment, COURSES):
            enrolment = told(enrolment, enrolment.due or NINE)
    assert read(write(enrolment)) == enrolment


@given(
    st.integers(0, 1439), st.sampled_from([INDIA, "America/New_York", "Europe/Berlin", "Australia/Lord_Howe"]),
    st.floats(1.7e9, 1.9e9), st.integers(1, 30),
)  # fmt: skip
def test_lessons_are_on_days_of_their_own_at_the_persons_hour(minute: int, zone: str, now: float, days: int) -> None:
    enrolment = Enrolment()
    enrolment, _ = ask(enrolment, Request("e", now, "enrol", "newly_diagnosed", minute, zone, "en"), COURSES, now)
    dues = []
    for _ in range(days):
        if enrolment.due is None:
            break
        assert enrolment.due > now
        dues.append(enrolment.due)
        now = enrolment.due + 60
        enrolment = told(enrolment, now)
    here = [datetime.fromtimestamp(due, ZoneInfo(zone)) for due in dues]
    assert all((later.date() - earlier.date()).days >= 1 for earlier, later in pairwise(here))
    hours = [one.hour * 60 + one.minute for one in here]
    assert sum(hour != minute for hour in hours) <= 1  # the night in which the clock is put forward


def test_an_hour_that_changes_does_not_bring_two_lessons_on_one_day() -> None:
    enrolment = summed([Request("e", NINE - 100, "enrol", "newly_diagnosed", 540, INDIA, "en")], NINE - 100)
    enrolment = told(enrolment, NINE)
    enrolment, outcome = ask(enrolment, Request("f", NINE + 60, "enrol", "newly_diagnosed", 600, INDIA, "en"), COURSES, NINE + 60)
    assert (outcome, enrolment.due) == ("already", NINE + DAY + 3600)


@pytest.mark.parametrize(
    ("before", "wish", "outcome"),
    [
        ([], "enrol", "enrolled"), (["enrol"], "enrol", "already"), (["enrol", "pause"], "enrol", "resumed"),
        (["enrol", "stop"], "enrol", "resumed"), ([], "pause", "not_enrolled"), (["enrol"], "pause", "paused"),
        (["enrol", "stop"], "pause", "not_enrolled"), (["enrol"], "stop", "stopped"), ([], "stop", "not_enrolled"),
    ],
)  # fmt: skip
def test_outcomes(before: list[str], wish: str, outcome: str) -> None:
    def one(number: int, name: str) -> Request:
        return Request(f"i{number}", float(number), name, "starting_insulin" if name == "enrol" else "", 540, INDIA)  # type: ignore[arg-type]

    enrolment = summed([one(number, name) for number, name in enumerate(before)])
    assert ask(enrolment, one(99, wish), COURSES, NINE)[1] == outcome


def test_another_course_takes_the_place_of_the_first_and_both_keep_their_progress() -> None:
    enrolment = summed([Request("a", 1.0, "enrol", "newly_diagnosed", 540, INDIA)])
    enrolment = told(enrolment, NINE)
    enrolment, outcome = ask(enrolment, Request("b", 2.0, "enrol", "starting_insulin", 540, INDIA), COURSES, NINE + 60)
    assert outcome == "switched"
    assert lesson(enrolment, COURSES) == (0, COURSES["starting_insulin"].lessons[0])
    enrolment, _ = ask(enrolment, Request("c", 3.0, "enrol", "newly_diagnosed", 540, INDIA), COURSES, NINE + 120)
    assert lesson(enrolment, COURSES) == (1, COURSES["newly_diagnosed"].lessons[1])


def test_more_requests_than_are_kept_are_summed_up() -> None:
    many = [
        Request(f"i{number:03}", float(number), "enrol" if number % 2 else "pause", "starting_insulin", 540, INDIA)
        for number in range(100)
    ]
    enrolment = summed(many)
    assert len(enrolment.requests) == 30
    assert enrolment.state(COURSES) == "active"


def test_the_next_lesson_is_always_ahead() -> None:
    enrolment = summed([Request("a", 1.0, "enrol", "newly_diagnosed", 540, INDIA)])
    assert next_lesson(enrolment, NINE) == NINE + DAY
    assert next_lesson(enrolment, NINE - 1) == NINE
    assert next_lesson(replace(enrolment, told_at=NINE - 3600), NINE - 1) == NINE + DAY


@pytest.mark.anyio
async def test_a_course_goes_on_after_a_restart_and_an_outage_brings_no_burst(tmp_path: Path) -> None:
    heard: list[tuple[str, int]] = []
    async with SqliteStore.open(tmp_path / "store.db") as store:
        agent = made(store)
        result = await agent.handle(
            asked("e", "enrol", at=NINE - DAY / 2, course="high_blood_pressure", hour="09:00", zone=INDIA), now=NINE - DAY / 2
        )
        assert (result.outcome, result.facts["days"], result.facts["hour"]) == ("enrolled", 10, "09:00")
    now = NINE
    while now < NINE + 40 * DAY:
        async with SqliteStore.open(tmp_path / "store.db") as store:
            if not NINE + 3 * DAY - 60 < now < NINE + 6 * DAY + 8 * 3600:  # three days in which nothing runs
                for document in await store.documents.claim_due([KIND], now, 10, 60.0):
                    woken = await made(store).wake(document, now=now)
                    again = await made(store).wake(document, now=now)  # the machine died between telling and saving
                    assert again.tells == woken.tells
                    heard += [(tell.facts["article"], int((now - NINE) // DAY)) for tell in woken.tells]
                    assert all(tell.expires_at == now + 21_600 for tell in woken.tells)
                    assert await store.documents.save(woken.document)
        now += 4 * 3600
    assert [article for article, _ in heard] == list(COURSES["high_blood_pressure"].lessons)
    assert [day for _, day in heard] == [0, 1, 2, *range(7, 14)]
    async with SqliteStore.open(tmp_path / "store.db") as store:
        [document] = await store.documents.of(ASHA, KIND)
        assert (document.state, document.due) == ("finished", None)
        result = await made(store).handle(asked("g", "enrol", at=now, course="high_blood_pressure"), now=now)
        assert result.outcome == "finished"


@pytest.mark.anyio
async def test_lessons_follow_the_language_in_which_the_person_now_reads(tmp_path: Path) -> None:
    async with SqliteStore.open(tmp_path / "store.db") as store:
        agent = made(store)
        await agent.handle(asked("e", "enrol", course="newly_diagnosed", language="en"), now=NINE)
        await agent.handle(asked("h", "helpful", at=NINE + 1, article="bp", helped=True, language="hi"), now=NINE + 1)
        [document] = await store.documents.of(ASHA, KIND)
        assert read(document.data).wishes().language == "hi"
        woken = await agent.wake(document, now=NINE + DAY)
        assert woken.tells[0].facts["course"] == COURSES["newly_diagnosed"].titles["hi"]


@pytest.mark.anyio
async def test_a_paused_course_tells_nothing(tmp_path: Path) -> None:
    async with SqliteStore.open(tmp_path / "store.db") as store:
        agent = made(store)
        await agent.handle(asked("e", "enrol", course="newly_diagnosed"), now=NINE)
        [claimed] = await store.documents.claim_due([KIND], NINE + DAY, 10, 60.0)
        await agent.handle(asked("p", "pause", at=NINE + 1), now=NINE + 1)
        await store.documents.save((await agent.wake(claimed, now=NINE + DAY)).document)  # too late: another version stands there
        [document] = await store.documents.of(ASHA, KIND)
        assert (document.state, document.due) == ("paused", None)
        assert (await agent.wake(document, now=NINE + DAY)).tells == ()
