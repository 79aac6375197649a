"""What the monitor keeps of each kind of reading, of repeats and corrections, and how targets and illnesses change its answer."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from random import Random
from typing import Any

import pytest

from agents.clinical_monitor import follow_up
from agents.clinical_monitor.cases import KIND
from agents.result import Result
from bot.adapters.sqlite import SqliteStore
from bot.errors import Malformed
from bot.model.ids import member_of
from bot.model.session import Member
from tests.agents.clinical_monitor.home import ASHA, NOON, PRIYA, Home, asked, known

DAY = 86400.0


@pytest.fixture
async def home(tmp_path: Path) -> AsyncIterator[Home]:
    async with SqliteStore.open(tmp_path / "store.db") as store:
        await known(store)
        yield Home(store)


@pytest.mark.parametrize(
    ("name", "data", "outcome"),
    [
        ("record_glucose", {"value": 120, "context": "fasting"}, "in_range"),
        ("record_glucose", {"value": 5}, "implausible"),
        ("record_blood_pressure", {"systolic": 150, "diastolic": 85}, "high"),
        ("record_blood_pressure", {"systolic": 85, "diastolic": 150}, "implausible"),
        ("record_weight", {"value": 72}, "noted"),
        ("record_weight", {"value": 720}, "implausible"),
        ("record_hba1c", {"value": 7.2}, "noted"),
        ("record_spo2", {"value": 92}, "low"),
        ("record_heart_rate", {"value": 160}, "critical_high"),
        ("record_temperature", {"value": 38.4}, "fever"),
        ("record_ketones", {"value": 1.6}, "raised"),
    ],
)
async def test_each_kind_is_graded_and_what_cannot_be_is_not_kept(
    home: Home, name: str, data: dict[str, Any], outcome: str
) -> None:
    result = await home.ask(name, "a", **data)
    assert (result.outcome, result.facts["repeated"]) == (outcome, False)
    kind = {"record_blood_pressure": "systolic"}.get(name, name.removeprefix("record_"))
    assert len(await home.kept(kind)) == (outcome != "implausible")
    again = await home.ask(name, "a", **data)
    assert (again.outcome, again.facts["repeated"]) == (outcome, outcome != "implausible")
    assert len(await home.kept(kind)) == (outcome != "implausible")


async def test_both_values_of_a_pressure_and_the_pulse_are_kept_and_corrected_together(home: Home) -> None:
    await home.ask("record_blood_pressure", "a", systolic=190, diastolic=95, heart_rate=80)
    result = await home.ask("record_blood_pressure", "b", systolic=119, diastolic=75, heart_rate=70, supersedes="a")
    assert (result.outcome, result.facts["target_systolic"]) == ("in_range", 130)
    assert [await home.kept(kind) for kind in ("systolic", "diastolic", "heart_rate")] == [
        [(119, "in_range")], [(75, "in_range")], [(70, None)],
    ]  # fmt: skip


async def test_a_corrected_reading_takes_the_place_of_the_wrong_one_also_when_it_comes_first(home: Home) -> None:
    result = await home.ask("record_glucose", "b", value=145, supersedes="a")
    assert result.outcome == "in_range"
    late = await home.ask("record_glucose", "a", value=45)
    assert (late.outcome, late.tells) == ("critical_low", ())
    assert await home.kept("glucose") == [(145, "in_range")]
    assert await home.cases() == []
    await home.ask("record_glucose", "c", value=100, supersedes=5)
    assert len(await home.kept("glucose")) == 2


async def test_a_reading_that_is_taken_back_counts_no_more_and_what_it_alarmed_goes_on_until_it_is_answered(home: Home) -> None:
    await home.ask("record_glucose", "a", value=600)
    for _ in range(2):
        taken = await home.ask("withdraw_reading", "w", reading="a", kind="glucose", value=600, measured_at=NOON)
        assert taken.outcome == "withdrawn"
    assert await home.kept("glucose") == []
    late = await home.ask("record_glucose", "a", value=600)  # delivered again
    assert late.tells == ()
    assert await home.cases() == [("dka", "climbing")]
    early: dict[str, Any] = {"reading": "b", "kind": "glucose", "value": 40, "measured_at": NOON}
    await home.ask("withdraw_reading", "v", **early)  # it comes before what it takes back
    assert (await home.ask("record_glucose", "b", value=40)).tells == ()
    assert await home.kept("glucose") == []


async def test_a_dangerous_reading_opens_a_case_and_one_of_yesterday_does_not(home: Home) -> None:
    old = await home.ask("record_glucose", "old", value=44, measured_at=NOON - DAY)
    assert (old.outcome, old.tells) == ("critical_low", ())
    result = await home.ask("record_glucose", "new", value=44)
    assert [(tell.person, tell.name) for tell in result.tells] == [
        (PRIYA, "caregiver_alarm"), (ASHA, "emergency_status"),
    ]  # fmt: skip
    assert (await home.ask("record_glucose", "new", value=44)).tells == result.tells
    assert await home.cases() == [("severe_hypoglycaemia", "climbing")]
    up = await home.ask("record_glucose", "up", value=105, at=NOON + 900)
    assert {tell.name for tell in up.tells} >= {"alarm_over"}
    assert await home.cases() == [("severe_hypoglycaemia", "closed_by_patient")]


async def test_without_consent_a_dangerous_reading_is_told_to_nobody_else(home: Home) -> None:
    await known(home.store, purposes=("care_messages",))
    result = await home.ask("record_glucose", value=44)
    assert [(tell.person, tell.facts["state"]) for tell in result.tells] == [(ASHA, "nobody")]
    assert await home.cases() == [("severe_hypoglycaemia", "exhausted_told")]


async def test_the_monitor_knows_whether_the_recheck_came(home: Home) -> None:
    async def episodes() -> list[tuple[str, str, int]]:
        found = await home.store.documents.of(ASHA, follow_up.KIND)
        return [(one.data["protocol"], one.state, len(one.data["checks"])) for one in found]

    await home.ask("record_glucose", "a", value=60)
    await home.ask("record_glucose", "b", value=62, at=NOON + 900)
    assert await episodes() == [("hypo", "waiting", 2)]
    await home.ask("record_glucose", "c", value=90, at=NOON + 1800)
    assert await episodes() == [("hypo", "settled", 3)]
    await home.ask("record_blood_pressure", "d", systolic=190, diastolic=100, at=NOON + 2000)
    [waiting] = [one for one in await home.store.documents.of(ASHA, follow_up.KIND) if one.state == "waiting"]
    woken = await home.monitor.wake(waiting, now=waiting.due or 0.0)
    assert (woken.document.state, woken.document.due) == ("no_recheck", None)
    await home.ask("record_blood_pressure", "e", systolic=186, diastolic=100, at=NOON + 2300)
    assert ("blood_pressure", "confirmed", 2) in await episodes()


async def test_targets_by_condition_age_and_the_doctors_word(home: Home) -> None:
    async def outcome(value: float, **data: Any) -> tuple[str, float]:
        result = await home.ask("record_glucose", value=value, context="fasting", **data)
        return result.outcome, result.facts["target_high"]

    assert await outcome(140) == ("above_target", 130)
    assert await outcome(100, pregnancy=True) == ("above_target", 95)
    await known(home.store, birth_year=1950)
    assert await outcome(140) == ("in_range", 150)
    targets: dict[str, Any] = {
        "glucose": {"fasting": {"low": 90, "high": 120}},
        "by": "Dr Mehta",
        "conditions": ["heart_failure"],
    }
    assert (await home.ask("set_targets", "t", **targets)).outcome == "set"
    assert await outcome(140) == ("above_target", 120)
    assert await outcome(53) == ("critical_low", 120)
    [kept] = await home.store.records(ASHA, "targets")
    assert (kept.data["by"], kept.at) == ("Dr Mehta", NOON)


async def test_who_asks_hears_the_targets_by_which_their_next_reading_is_graded(home: Home) -> None:
    before = await home.ask("tell_targets")
    assert (before.outcome, before.facts["fasting_high"]) == ("told", 130)
    await home.ask("set_targets", glucose={"fasting": {"low": 90, "high": 150}}, by="Dr Mehta")
    assert (await home.ask("tell_targets")).facts["fasting_high"] == 150
    assert (await home.ask("tell_targets", pregnancy=True)).facts["after_meal_high"] < before.facts["after_meal_high"]


async def test_a_repeat_after_new_targets_keeps_its_first_grade(home: Home) -> None:
    assert (await home.ask("record_glucose", "a", value=140, context="fasting")).outcome == "above_target"
    await home.ask("set_targets", glucose={"fasting": {"low": 90, "high": 150}}, by="Dr Mehta")
    assert (await home.ask("record_glucose", "a", value=140, context="fasting")).outcome == "above_target"


async def test_a_fast_gain_matters_to_somebody_with_heart_failure(home: Home) -> None:
    await home.ask("record_weight", value=70, at=NOON - 2 * DAY)
    assert (await home.ask("record_weight", value=72.5)).outcome == "noted"
    await home.ask("set_targets", conditions=["heart_failure"], by="Dr Mehta")
    result = await home.ask("record_weight", value=72.6)
    assert (result.outcome, result.facts["gained"]) == ("fast_gain", 2.6)


async def test_what_the_patient_told_themselves_counts_all_of_it_with_what_the_doctor_added_and_in_the_old_form(
    home: Home,
) -> None:
    await home.ask("record_weight", value=70, at=NOON - 2 * DAY)
    await known(home.store, condition="type_2", conditions=["type_2", "pregnant", "heart_failure"])
    assert (await home.ask("record_weight", value=72.6)).outcome == "fast_gain"
    result = await home.ask("record_glucose", value=100, context="fasting")
    assert (result.outcome, result.facts["target_high"]) == ("above_target", 95)
    await known(home.store, condition="gestational")  # as records were before
    await home.ask("set_targets", conditions=["kidney"], by="Dr Mehta")
    assert (await home.ask("record_glucose", value=100, context="fasting")).facts["target_high"] == 95
    assert (await home.ask("record_weight", value=72.7)).outcome == "fast_gain"
    await known(home.store)
    told = await home.ask("record_glucose", value=100, context="fasting", conditions=["type_2", "pregnant"])
    assert told.facts["target_high"] == 95  # a conversation knows before the journal does


async def test_weight_that_creeps_up_is_told_once_in_heart_failure_as_an_event_of_its_own(home: Home) -> None:
    async def weigh(day: int, value: float, id_: str = "") -> Result:
        return await home.ask("record_weight", id_ or f"day{day}", value=value, at=NOON + day * DAY)

    for day, value in enumerate((70.0, 70.4, 70.8, 71.2)):
        assert (await weigh(day * 4, value)).tells == ()
    await home.ask("set_targets", conditions=["heart_failure"], by="Dr Mehta")
    result = await weigh(13, 72.4)
    assert result.outcome == "noted"
    [tell] = result.tells
    assert (tell.person, tell.name) == (ASHA, "weight_rising")
    assert tell.facts == {"trend": "weight_rising", "gained": 2.4, "days": 14, "weight": 72.4}
    assert (await weigh(13, 72.4)).tells == result.tells  # a repeat
    assert (await weigh(16, 73.0)).tells == ()  # quiet for a week
    assert (await weigh(21, 74.0)).tells[0].facts["gained"] == 3.2
    assert (await weigh(22, 76.0)).outcome == "fast_gain"  # is heard at once, and not told again


async def test_a_trend_is_told_once_and_a_repeat_tells_the_same(home: Home) -> None:
    for day in (3, 2):
        assert (await home.ask("record_glucose", value=260, at=NOON - day * DAY)).tells == ()
    result = await home.ask("record_glucose", "third", value=280)
    [tell] = result.tells
    facts = {"trend": "three_highs", "count": 3, "days": 7, "most": 280.0, "least": 0, "before": 0, "last": 0}
    assert (tell.name, tell.facts) == ("trend", facts)
    assert (await home.ask("record_glucose", "third", value=280)).tells == result.tells
    assert (await home.ask("record_glucose", value=290, at=NOON + DAY)).tells == ()


async def test_who_stops_measuring_is_asked_once(home: Home) -> None:
    for day in range(6):
        await home.ask("record_glucose", value=120, at=NOON + day * DAY)
    [watch] = await home.store.documents.of(ASHA, "watch")
    now = watch.due or 0.0
    early = await home.monitor.wake(watch, now=now)  # set by the first reading: the last one is younger
    assert (early.tells, early.document.due) == ((), NOON + 9 * DAY)
    woken = await home.monitor.wake(early.document, now=NOON + 9 * DAY)
    [tell] = woken.tells
    assert (tell.name, tell.facts["trend"], tell.facts["days"]) == ("trend", "missed", 4)
    assert woken.document.due is None
    assert (await home.monitor.wake(early.document, now=NOON + 9 * DAY + 60)).tells[0].id == tell.id


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("make_tea", {}), ("record_glucose", {}), ("record_glucose", {"value": "120"}),
        ("record_glucose", {"value": float("nan")}),
        ("record_glucose", {"value": True}), ("record_blood_pressure", {"systolic": 120}), ("set_targets", {}),
        ("set_targets", {"by": "x", "conditions": ["tea"]}), ("add_medicine", {"name": "  "}),
        ("record_medicine", {"status": "eaten"}),
        ("record_medicine", {"status": "taken", "units": 9999}), ("open_case", {}),
        ("answer_alarm", {"case": "x", "answer": "perhaps"}),
        ("close_case", {"how": "why"}),
    ],
)  # fmt: skip
async def test_what_no_flow_sends_is_malformed_and_leaves_nothing(home: Home, name: str, data: dict[str, Any]) -> None:
    with pytest.raises(Malformed):
        await home.ask(name, **data)
    assert await home.cases() == []
    assert await home.store.records(ASHA, "targets") == []


async def test_any_order_and_any_repeat_of_readings_leaves_the_same_readings(home: Home, tmp_path: Path) -> None:
    intents = [
        asked("record_glucose", f"g{number}", value=60 + 20 * number, measured_at=NOON - number * 60) for number in range(8)
    ]
    intents.append(asked("record_glucose", "right", value=111, supersedes="g3", measured_at=NOON - 180))
    async with SqliteStore.open(tmp_path / "other.db") as other:
        await known(other)
        second = Home(other)
        for intent in intents:
            await home.monitor.handle(intent, now=NOON)
        shuffled = [*intents, *intents]
        Random(7).shuffle(shuffled)
        for intent in shuffled:
            await second.monitor.handle(intent, now=NOON)
        assert await home.store.readings(ASHA, "glucose") == await other.readings(ASHA, "glucose")


async def test_a_member_of_a_household_is_alarmed_for_by_the_owners_consent_and_called_off_by_the_owners_word(home: Home) -> None:
    mother = member_of(ASHA, "1")
    await known(home.store, household=[Member("1", "Kamala", {"birth_year": 1950, "condition": "type_2"})])
    low = asked("record_glucose", "low", person=mother, value=44)
    result = await home.monitor.handle(low, now=NOON)
    assert [(tell.person, tell.facts.get("patient")) for tell in result.tells] == [(PRIYA, "Kamala"), (mother, None)]
    loose = asked("record_glucose", "loose", person=mother, value=140, context="fasting")
    assert (await home.monitor.handle(loose, now=NOON)).facts["target_high"] == 150  # her own age, not the owner's
    low = asked("record_glucose", "again", person=mother, value=44, at=NOON + 7200)
    await home.monitor.handle(low, now=NOON + 7200)
    assert (await home.ask("close_case", how="safe", at=NOON + 7300)).outcome == "closed"
    states = [one.state for one in await home.store.documents.of(mother, KIND)]
    assert states == ["closed_by_patient", "closed_by_patient"]
