"""What the coach keeps and answers: idempotent on the intent, in any order; refuses what it does not understand."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.clinical_monitor.agent import ClinicalMonitor
from agents.lifestyle_coach.agent import LifestyleCoach
from agents.lifestyle_coach.meal import MealReader
from agents.result import Result
from bot.adapters.sqlite import SqliteStore
from bot.errors import Malformed
from bot.model.effects import Intent
from bot.model.ids import EffectId, person_of
from bot.ports.documents import Document
from bot.ports.store import Reading
from bot.understanding.festivals import Calendar
from config.lifestyle import Lifestyle
from config.policy import load_policy
from tests.agents.town import NOON, ROOT

ASHA = person_of("phone:910000000001")
HOUR, DAY = 3600.0, 86_400.0
POLICY = load_policy()


def intent(name: str, id: str, at: float = NOON, **data: Any) -> Intent:
    return Intent(EffectId(id), ASHA, "lifestyle_coach", name, at, data)


class Desk:
    """The coach over a store."""

    def __init__(self, store: SqliteStore, coach: LifestyleCoach) -> None:
        self.store, self.coach = store, coach

    async def ask(self, name: str, id: str, at: float = NOON, **data: Any) -> Result:
        return await self.coach.handle(intent(name, id, at, **data), now=at + 1)

    async def kept(self, kind: str) -> list[Any]:
        return [(one.id, one.at, one.data) for one in await self.store.records(ASHA, kind)]

    async def reading(self, value: float, at: float) -> None:
        await self.store.add_reading(Reading(EffectId(f"g{at}"), ASHA, "glucose", value, at))


@pytest.fixture
async def desk(tmp_path: Path, reader: MealReader, numbers: Lifestyle) -> AsyncIterator[Desk]:
    async with SqliteStore.open(tmp_path / "store.db") as store:
        yield Desk(store, LifestyleCoach(store, reader, numbers, POLICY))


async def test_a_meal_is_kept_once_and_answered_the_same_again(desk: Desk) -> None:
    first = await desk.ask("record_meal", "m1", text="2 roti, dal, ek katori chawal")
    assert first.outcome == "recorded"
    assert first.facts["foods"] == "2 × roti\ndal\nrice (1 katori)"
    assert 0 < first.facts["carbs_low"] < first.facts["carbs_high"]
    assert first == await desk.ask("record_meal", "m1", text="2 roti, dal, ek katori chawal")
    assert len(await desk.kept("meal")) == 1


async def test_foods_are_named_in_the_persons_language(desk: Desk) -> None:
    result = await desk.ask("record_meal", "m1", text="2 roti, ek katori chawal", language="hi")
    assert result.facts["foods"] == "2 × रोटी\nचावल (1 कटोरी)"


async def test_what_nobody_can_read_is_asked_again_and_then_kept_in_words(desk: Desk) -> None:
    assert (await desk.ask("record_meal", "m1", text="lunch")).outcome == "unclear"
    assert await desk.kept("meal") == []
    noted = await desk.ask("record_meal", "m2", text="zorblax", as_told=True)
    assert noted.outcome == "noted"
    assert noted.facts["carbs_low"] is None
    assert noted.facts["foods"] == "zorblax"


async def test_how_much_it_was_changes_only_what_was_assumed(desk: Desk) -> None:
    told = await desk.ask("record_meal", "m1", text="2 roti")
    untold = await desk.ask("record_meal", "m2", NOON + 5, text="roti, rice")
    assert (told.facts["assumed"], untold.facts["assumed"]) == (False, True)
    less = await desk.ask("add_portion", "p2", NOON + 9, meal="m2", portion="less")
    assert less.facts["carbs_high"] < untold.facts["carbs_high"]
    assert (await desk.ask("add_portion", "p1", NOON + 9, meal="m1", portion="more")).facts["carbs_high"] == told.facts[
        "carbs_high"
    ]


async def test_a_corrected_meal_takes_the_place_of_the_wrong_one(desk: Desk) -> None:
    await desk.ask("record_meal", "m1", text="2 roti")
    await desk.ask("record_meal", "m2", NOON + 1.5 * HOUR, text="3 roti", supersedes="m1")
    linked = await desk.ask("link_reading", "l1", NOON + 2 * HOUR, value=150)
    assert (linked.facts["foods"], linked.facts["minutes_after"]) == ("3 × roti", 120)
    await desk.reading(150, NOON + 2 * HOUR)
    assert (await desk.ask("review_meals", "r1", NOON + 3 * HOUR)).facts["lines"] == "• 3 × roti: 150 mg/dL"


async def test_a_reading_is_joined_with_the_meal_one_to_three_hours_before(desk: Desk) -> None:
    await desk.ask("record_meal", "m1", text="2 roti, dal")
    outcomes = [
        (await desk.ask("link_reading", f"l{minutes}", NOON + minutes * 60, value=190)).outcome for minutes in (30, 120, 200)
    ]
    assert outcomes == ["no_meal", "linked", "no_meal"]
    linked = await desk.ask("link_reading", "l2", NOON + 2 * HOUR, value=190)
    assert (linked.facts["minutes_after"], linked.facts["above"], linked.facts["target_high"]) == (120, True, 180.0)
    pregnant = await desk.ask("link_reading", "l3", NOON + 2 * HOUR, value=150, condition="gestational")
    assert pregnant.facts["above"] is True
    data = {"by": "Dr Rao", "glucose": {"after_meal": {"low": 90, "high": 200}}}
    await ClinicalMonitor(desk.store, POLICY).handle(intent("set_targets", "t", NOON, **data), now=NOON)
    own = await desk.ask("link_reading", "l4", NOON + 2 * HOUR, value=190)
    assert (own.facts["above"], own.facts["target_high"]) == (False, 200.0)


async def test_the_last_meals_are_shown_with_their_readings(desk: Desk) -> None:
    assert (await desk.ask("review_meals", "r0")).outcome == "nothing"
    await desk.ask("record_meal", "m1", text="2 roti, dal")
    await desk.reading(151, NOON + 2 * HOUR)
    await desk.reading(140, NOON + 2.5 * HOUR)
    found = await desk.ask("review_meals", "r1", NOON + 5 * HOUR)
    assert found.facts == {"lines": "• 2 × roti, dal: 151 mg/dL", "count": 1}
    assert "8.4 mmol/L" in (await desk.ask("review_meals", "r2", NOON + 5 * HOUR, unit="mmol/L")).facts["lines"]


async def test_one_swap_is_offered_a_day_and_never_the_same_soon_again(desk: Desk) -> None:
    first = await desk.ask("record_meal", "m1", text="2 samosa, 2 gulab jamun")
    assert (first.facts["swap_from"], first.facts["swap_to"]) == ("samosa", "boiled chana")
    second = await desk.ask("record_meal", "m2", NOON + HOUR, text="2 samosa")
    assert second.facts["swap_from"] is None
    third = await desk.ask("record_meal", "m3", NOON + 26 * HOUR, text="2 samosa")
    assert third.facts["swap_to"] == "makhana"
    assert (await desk.ask("record_meal", "m1", text="2 samosa, 2 gulab jamun")).facts == first.facts


@pytest.mark.parametrize("words", ["vrat, 2 samosa", "fever, 2 samosa", "at a wedding 2 samosa"])
async def test_on_a_fast_in_illness_and_at_a_feast_nothing_is_offered(desk: Desk, words: str) -> None:
    assert (await desk.ask("record_meal", "m1", text=words)).facts["swap_from"] is None


async def test_after_a_low_sugar_nothing_is_offered(desk: Desk) -> None:
    await desk.reading(62, NOON - HOUR)
    assert (await desk.ask("record_meal", "m1", text="4 gulab jamun")).facts["swap_from"] is None


async def test_around_a_festival_nothing_is_offered(tmp_path: Path, reader: MealReader, numbers: Lifestyle) -> None:
    calendar = Calendar.load(ROOT / "dialogs/lexicon/rules/festivals.yaml")
    async with SqliteStore.open(tmp_path / "store.db") as store:
        desk = Desk(store, LifestyleCoach(store, reader, numbers, POLICY, calendar))
        diwali = 1_794_117_600.0  # 8 November 2026, 11:30 in India
        assert (await desk.ask("record_meal", "m1", diwali, text="4 samosa")).facts["swap_from"] is None
        assert (await desk.ask("record_meal", "m2", diwali + 60 * DAY, text="4 samosa")).facts["swap_from"] == "samosa"


@pytest.mark.parametrize("day", ["fasting", "ill"])
@pytest.mark.parametrize(
    ("answer", "condition", "outcome"),
    [
        ("yes", None, "refer"),
        ("unsure", None, "refer"),
        ("no", None, "recorded"),
        ("no", "type_1", "refer"),
        (None, None, "ask_medicines"),
        (None, "type_1", "refer"),
    ],
)
async def test_a_fast_with_risky_medicines_is_for_the_care_team(
    desk: Desk, day: str, answer: str | None, condition: str | None, outcome: str
) -> None:
    """Not knowing of the medicines is no permission."""
    if answer:
        await desk.ask("set_risk_medicines", "r1", NOON - 5, answer=answer)
    assert (await desk.ask("set_day", "d1", day=day, condition=condition)).outcome == outcome
    meal = await desk.ask("record_meal", "m1", NOON + 5, text="kanji", condition=condition)
    assert (meal.facts["day"], meal.facts["refer"]) == (day, outcome != "recorded")


async def test_a_risky_name_on_the_list_of_medicines_outweighs_a_no(desk: Desk) -> None:
    await desk.ask("set_risk_medicines", "r1", NOON - 5, answer="no")
    await desk.store.documents.save(Document("medicine", "x", ASHA, NOON - 9, state="taking", data={"name": "Glimepiride M"}))
    assert (await desk.ask("set_day", "d1", day="fasting")).outcome == "refer"


async def test_the_answer_of_today_changes_nothing_of_yesterday(desk: Desk) -> None:
    first = await desk.ask("set_day", "d1", day="ill")
    await desk.ask("set_risk_medicines", "r1", NOON + 5, answer="no")
    assert await desk.ask("set_day", "d1", day="ill") == first


async def test_other_days_need_no_care_team(desk: Desk) -> None:
    assert (await desk.ask("set_day", "t", day="travel")).outcome == "recorded"
    assert (await desk.ask("set_day", "o", day="travel", days=0)).outcome == "over"


async def test_a_meal_on_a_day_that_was_told_before_is_of_that_day_until_it_is_over(desk: Desk) -> None:
    await desk.ask("set_day", "d1", NOON, day="ill", days=2)
    meal = await desk.ask("record_meal", "m1", NOON + DAY, text="kanji")
    assert (meal.facts["day"], meal.facts["refer"]) == ("ill", True)
    later = await desk.ask("record_meal", "m2", NOON + 3 * DAY, text="kanji")
    assert (later.facts["day"], later.facts["refer"]) == (None, False)


async def test_all_as_usual_again_ends_every_kind_of_day(desk: Desk) -> None:
    await desk.ask("set_day", "d1", NOON, day="ill")
    await desk.ask("set_day", "d2", NOON + 1, day="travel")
    assert (await desk.ask("set_day", "d3", NOON + 2, day="over")).outcome == "over"
    assert (await desk.ask("record_meal", "m1", NOON + 3, text="kanji")).facts["day"] is None


async def test_minutes_of_the_week_are_counted_and_the_goal_is_reached_once(desk: Desk) -> None:
    monday = NOON - DAY  # 24 November 2025
    first = await desk.ask("record_activity", "a1", monday, kind="walk", minutes=90)
    assert (first.outcome, first.facts["week_minutes"], first.facts["week_goal"]) == ("recorded", 90, 150)
    second = await desk.ask("record_activity", "a2", monday + DAY, kind="run", minutes=30)
    assert (second.outcome, second.facts["week_minutes"]) == ("goal_reached", 120)
    await desk.ask("record_activity", "a5", monday + DAY + HOUR, kind="walk", minutes=10)
    assert (await desk.ask("record_activity", "a3", monday + 2 * DAY, kind="walk", minutes=20)).outcome == "recorded"
    assert second == await desk.ask("record_activity", "a2", monday + DAY, kind="run", minutes=30)
    assert (await desk.ask("record_activity", "a4", monday + 7 * DAY, kind="walk", minutes=20)).facts["week_minutes"] == 20


@pytest.mark.parametrize(("country", "minutes"), [("IN", 50), ("DE", 20), (None, 50)])
async def test_a_week_begins_on_the_day_of_the_persons_country(desk: Desk, country: str | None, minutes: int) -> None:
    monday = NOON - DAY
    await desk.ask("record_activity", "a1", monday - DAY, kind="walk", minutes=30, country=country)
    told = await desk.ask("record_activity", "a2", monday, kind="walk", minutes=20, country=country)
    assert told.facts["week_minutes"] == minutes


async def test_steps_are_the_counter_of_the_day(desk: Desk) -> None:
    await desk.ask("record_activity", "s1", steps=6000)
    result = await desk.ask("record_activity", "s2", NOON + HOUR, steps=8000)
    assert (result.outcome, result.facts["day_steps"]) == ("goal_reached", 8000)


async def test_goals_are_the_persons_own(desk: Desk) -> None:
    assert (await desk.ask("set_activity_goal", "g0", minutes=5)).outcome == "out_of_range"
    assert (await desk.ask("set_activity_goal", "g1", minutes=60)).facts == {"minutes": 60, "steps": 7000}
    assert (await desk.ask("record_activity", "a1", NOON + 1, kind="walk", minutes=60)).outcome == "goal_reached"


async def test_a_corrected_activity_counts_once(desk: Desk) -> None:
    await desk.ask("record_activity", "a1", kind="walk", minutes=100)
    assert (await desk.ask("record_activity", "a2", NOON + 5, kind="walk", minutes=10, supersedes="a1")).facts[
        "week_minutes"
    ] == 10


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("fly", {}),
        ("record_meal", {"text": 7}),
        ("add_portion", {"meal": "m1", "portion": "huge"}),
        ("add_portion", {"meal": 4, "portion": "less"}),
        ("record_activity", {}),
        ("record_activity", {"minutes": "thirty"}),
        ("record_activity", {"minutes": float("nan")}),
        ("record_activity", {"minutes": True}),
        ("set_activity_goal", {}),
        ("set_day", {"day": "birthday"}),
        ("set_risk_medicines", {"answer": "perhaps"}),
        ("set_day", {"day": "ill", "days": 1e9}),
        ("link_reading", {}),
    ],
)
async def test_what_it_does_not_understand_is_refused_and_never_kept(desk: Desk, name: str, data: dict[str, Any]) -> None:
    with pytest.raises(Malformed):
        await desk.coach.handle(intent(name, "x", **data), now=NOON)
    for kind in ("meal", "meal_portion", "activity", "activity_goal", "life_day", "risk_medicine"):
        assert await desk.kept(kind) == []


SCRIPT: list[tuple[str, str, float, dict[str, Any]]] = [
    ("record_meal", "m1", 0.0, {"text": "2 roti, rice"}),
    ("record_meal", "m2", 60.0, {"text": "3 roti, rice", "supersedes": "m1"}),
    ("add_portion", "p1", 90.0, {"meal": "m2", "portion": "less"}),
    ("record_activity", "a1", 100.0, {"kind": "walk", "minutes": 100}),
    ("record_activity", "a2", 110.0, {"kind": "walk", "minutes": 60}),
    ("set_day", "d1", 120.0, {"day": "travel"}),
    ("set_activity_goal", "g1", 130.0, {"minutes": 120}),
    ("set_risk_medicines", "r1", 140.0, {"answer": "no"}),
]


@settings(max_examples=8, deadline=None)
@given(
    order=st.lists(st.sampled_from(range(len(SCRIPT))), max_size=12).flatmap(
        lambda more: st.permutations([*range(len(SCRIPT)), *more])
    )
)
def test_repeats_and_any_order_leave_the_same_record(
    tmp_path_factory: pytest.TempPathFactory, reader: MealReader, numbers: Lifestyle, order: list[int]
) -> None:
    async def play(numbers_of: list[int]) -> tuple[list[Any], Result]:
        async with SqliteStore.open(tmp_path_factory.mktemp("store") / "store.db") as store:
            desk = Desk(store, LifestyleCoach(store, reader, numbers, POLICY))
            for number in numbers_of:
                name, id, after, data = SCRIPT[number]
                await desk.ask(name, id, NOON + after, **data)
            kinds = ("meal", "meal_portion", "activity", "activity_goal", "life_day", "risk_medicine")
            kept = [await desk.kept(kind) for kind in kinds]
            return kept, await desk.ask("record_activity", "a2", NOON + 110, kind="walk", minutes=60)

    assert asyncio.run(play(order)) == asyncio.run(play(list(range(len(SCRIPT)))))
