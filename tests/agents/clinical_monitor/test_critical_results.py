"""A laboratory's critical result: which values are, who is told, and what ends it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from agents.clinical_monitor.agent import ClinicalMonitor
from agents.clinical_monitor.cases import KIND
from agents.clinical_monitor.critical_results import CATEGORY, RECORD, critical_words, unclear_words
from agents.result import Result, Tell
from bot.adapters.sqlite import SqliteStore
from bot.errors import Malformed
from bot.ports.laboratory import LabValue
from config.care_team import CareTeam
from config.laboratory import Laboratory
from config.policy import Policy
from tests.agents.clinical_monitor.home import ASHA, DESK, FAMILY, MEHTA, NOON, POLICY, RAO, asked, known

LIMITS = POLICY.laboratory
NIGHT = NOON + 11 * 3600.0  # 22:30 in India, when everybody of this clinic is at work
K: dict[str, Any] = {"booking": "t1", "version": 0, "detail": "K 6.8 mmol/L", "day": "2025-11-24", "time": "07:00"}


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[SqliteStore]:
    async with SqliteStore.open(tmp_path / "store.db") as opened:
        yield opened


def value(kind: str, number: float, unit: str, **more: Any) -> LabValue:
    return LabValue(kind, number, unit, NOON, **more)


@pytest.mark.parametrize(
    ("kind", "unit", "fine", "critical"),
    [
        ("potassium", "mmol/L", (2.8, 4.1, 6.0), (2.7, 6.1, 6.8)), ("Serum Potassium", "mEq / L", (5.9,), (6.4,)),
        ("sodium", "mmol/L", (125, 155), (124, 156)), ("glucose", "mg/dL", (54, 450), (40, 53, 451, 600)),
        ("fasting_glucose", "mmol/l", (3.0, 25.0), (2.2, 33.3)), ("creatinine", "mg/dl", (0.9, 3.9), (4.0, 9.5)),
        ("creatinine", "µmol/L", (80, 349), (350,)), ("creatinine", "μmol/L", (80,), (350,)), ("urea", "mmol/L", (30,), (31,)),
        ("hemoglobin", "g/dL", (8.0, 13), (7.9,)), ("Hb", "g/L", (80,), (79,)), ("ketones", "mmol/L", (2.9,), (3.0,)),
        ("calcium", "mg/dL", (7.2, 12), (7.1, 12.1)), ("magnesium", "mmol/L", (0.4,), (0.3, 2.1)),
        ("hco3", "mEq/L", (15,), (14,)),
        ("platelets", "×10^9/L", (50,), (49,)), ("platelet count", "lakhs/cumm", (0.5, 2.5), (0.4,)), ("inr", "", (5.0,), (5.1,)),
        ("hba1c", "%", (4.0, 16.0), ()), ("toString", "mmol/L", (1e9,), ()), ("creatinine", "mg%", (1.1,), (4.2,)),
        # In a unit that we do not know: only what is critical in each of those that we know.
        ("potassium", "mM", (4.4,), (2.1, 6.8)), ("glucose", "", (5.6, 20, 100, 400), (2.1, 30, 600)),
        ("creatinine", "", (5, 90), (400,)),
    ],
)  # fmt: skip
def test_which_values_are_critical(kind: str, unit: str, fine: tuple[float, ...], critical: tuple[float, ...]) -> None:
    assert [one for one in (*fine, *critical) if critical_words([value(kind, one, unit)], LIMITS)] == list(critical)


def test_what_the_laboratory_marks_is_critical_whatever_it_is_and_is_told_without_marks_of_its_own() -> None:
    odd = value("*tropo\nnin* #12A", 9.0, "ng/mL\n", critical=True)
    assert critical_words([odd, value("potassium", 4.0, "mmol/L", critical=True)], LIMITS) == "troponin 12A 9 ng/mL, K 4 mmol/L"
    many = [value("potassium", 6.5 + number, "mmol/L") for number in range(9)]
    assert critical_words(many, LIMITS).endswith("K 11.5 mmol/L +3")
    assert critical_words([], LIMITS) == ""


def test_what_is_in_a_unit_that_we_do_not_know_is_for_a_person_to_look_at_unless_it_is_critical() -> None:
    values = [
        value("glucose", 5.6, "mmol"),
        value("potassium", 4.4, ""),
        value("hba1c", 7.0, "mmol/mol"),
        value("na", 140, "mmol/L"),
    ]
    assert unclear_words(values, LIMITS) == "glucose 5.6 mmol?, K 4.4 ?"
    assert unclear_words([value("potassium", 6.8, "mM"), value("k", 4.4, "mM", critical=True)], LIMITS) == ""
    assert critical_words([value("potassium", 6.8, "mM")], LIMITS) == "K 6.8 mM?"


def test_every_limit_has_its_source_and_waits_for_a_clinician() -> None:
    assert all(len(one.source) > 20 for one in LIMITS.results.values())
    assert (LIMITS.sign_off.status, LIMITS.sign_off.reviewer) == ("needs clinician sign-off", None)
    assert CATEGORY in POLICY.escalation.without_caregivers


@pytest.mark.parametrize(
    "wrong",
    [
        {"limits": [{"units": ["mmol/L"]}]},
        {"limits": []},
        {"called": ["k", "Sodium"]},
    ],
)
def test_a_mistake_in_the_limits_is_seen_at_the_start(wrong: dict[str, Any]) -> None:
    data = LIMITS.model_dump()
    data["results"]["potassium"] |= wrong
    with pytest.raises(ValidationError):
        Laboratory.model_validate(data)


async def told(store: SqliteStore, id_: str, *, now: float = NIGHT, **data: Any) -> Result:
    intent = asked("critical_result", id_, at=now, **(K | data))
    return await ClinicalMonitor(store, POLICY, FAMILY).handle(intent, now=now)


def names(tells: tuple[Tell, ...]) -> list[tuple[str, str]]:
    return [(one.person, one.name) for one in tells]


async def later(store: SqliteStore, minutes: int, policy: Policy = POLICY, step: int = 1) -> list[Tell]:
    """All that is told in these minutes, by who looks every ``step`` of them."""
    monitor, every = ClinicalMonitor(store, policy, FAMILY), dict[str, Tell]()
    for minute in range(0, minutes + 1, step):
        now = NIGHT + 60.0 * minute
        while due := await store.documents.claim_due(monitor.kinds, now, 10, 30.0):  # what is due again at once, too
            for document in due:
                woken = await monitor.wake(document, now=now)
                await store.documents.save(woken.document)
                every |= {one.id: one for one in woken.tells}
    return list(every.values())


async def test_the_doctor_is_called_at_night_and_no_relative_and_the_patient_hears_whom(store: SqliteStore) -> None:
    await known(store)
    result = await told(store, "r0")
    assert (result.outcome, names(result.tells)) == ("opened", [(MEHTA, "doctor_alarm"), (ASHA, "emergency_status")])
    alarm, status = (one.facts for one in result.tells)
    assert (alarm["category"], alarm["detail"], alarm["day"]) == ("lab_result", "K 6.8 mmol/L", "2025-11-24")
    assert (status["state"], status["names"]) == ("told", "Dr Mehta")
    again = await told(store, "r0")
    assert (again.outcome, [one.id for one in again.tells]) == ("opened", [one.id for one in result.tells])
    heard = await later(store, 60)
    assert [one.person for one in heard if one.name == "doctor_alarm"] == [MEHTA, RAO, DESK]
    assert "caregiver_alarm" not in [one.name for one in heard]
    assert [one.facts["state"] for one in heard if one.person == ASHA] == ["told", "told", "told", "none_left"]
    [record] = await store.records(ASHA, RECORD)
    assert record.data == {"booking": "t1", "version": 0, "detail": "K 6.8 mmol/L"}


async def test_who_is_silent_is_called_again_each_hour_for_a_day_and_the_patient_hears_it_once(store: SqliteStore) -> None:
    await known(store)
    await told(store, "r0")
    heard = await later(store, 26 * 60 + 24 * 45, step=15)
    alarms = [one.person for one in heard if one.name == "doctor_alarm"]
    assert alarms[:30] == [MEHTA, RAO, DESK] * 10
    assert alarms.count(DESK) == 25, "once, and 24 times again"
    states = [one.facts["state"] for one in heard if one.person == ASHA]
    assert states == ["told", "told", "told", "none_left", "none_left"]
    [case] = await store.documents.of(ASHA, KIND)
    assert (case.state, case.due) == ("exhausted_told", None)


async def test_where_nobody_is_on_duty_the_doctor_is_called_when_they_are_and_the_patient_hears_both(store: SqliteStore) -> None:
    await known(store)
    day = {"wed": ["09:00-18:00"]}
    members = [one.model_dump() | {"hours": day, "emergencies": "in_hours"} for one in POLICY.care_team.members[:1]]
    members[0]["phone"] = f"+{members[0]['phone']}"
    team = CareTeam.model_validate({"clinics": POLICY.care_team.model_dump()["clinics"], "members": members})
    policy = POLICY.model_copy(update={"care_team": team})
    result = await ClinicalMonitor(store, policy, FAMILY).handle(asked("critical_result", "r0", at=NIGHT, **K), now=NIGHT)
    assert [(one.person, one.facts["state"]) for one in result.tells] == [(ASHA, "nobody")]
    heard = [one for one in await later(store, 11 * 60 + 40, policy, 10) if one.id not in {said.id for said in result.tells}]
    assert names(tuple(heard)) == [(MEHTA, "doctor_alarm"), (ASHA, "emergency_status")]
    assert heard[1].facts["state"] == "told"


async def test_without_consent_to_share_nobody_is_told_and_the_patient_hears_that(store: SqliteStore) -> None:
    await known(store, purposes=("care_messages", "caregiver"))
    [status] = (await told(store, "r0")).tells
    assert (status.person, status.facts["state"], status.facts["category"]) == (ASHA, "nobody", "lab_result")


async def test_neither_help_nor_a_good_reading_ends_it_only_the_laboratory_or_the_care_team(store: SqliteStore) -> None:
    await known(store)
    await told(store, "r0")
    monitor = ClinicalMonitor(store, POLICY, FAMILY)
    for how in ("help_came", "safe"):
        ended = await monitor.handle(asked("close_case", how, at=NIGHT, how=how), now=NIGHT)
        assert ended.outcome == "nothing_open"
    await monitor.handle(asked("record_glucose", "good", at=NIGHT, value=120.0), now=NIGHT)
    [case] = await store.documents.of(ASHA, KIND)
    assert case.state == "climbing"
    taken = await monitor.handle(asked("answer_alarm", "a", person=MEHTA, at=NIGHT, case=case.id, answer="taken"), now=NIGHT)
    assert (taken.outcome, [one.name for one in taken.asks]) == ("accepted", ["escalate"])


async def test_nobody_came_goes_on_with_the_same_case(store: SqliteStore) -> None:
    await known(store)
    await told(store, "r0")
    await later(store, 1)
    result = await ClinicalMonitor(store, POLICY, FAMILY).handle(asked("no_help_came", "n", at=NIGHT + 60), now=NIGHT + 60)
    assert (result.outcome, names(result.tells)[0]) == ("grouped", (RAO, "doctor_alarm"))
    assert len(await store.documents.of(ASHA, KIND)) == 1


async def test_a_correction_without_the_value_ends_it_also_days_later_and_the_doctor_hears_that(store: SqliteStore) -> None:
    await known(store)
    await told(store, "r0")
    monitor = ClinicalMonitor(store, POLICY, FAMILY)
    [case] = await store.documents.of(ASHA, KIND)
    await monitor.handle(asked("answer_alarm", "a", person=MEHTA, at=NIGHT, case=case.id, answer="taken"), now=NIGHT)
    await later(store, 1)
    days = NIGHT + 3 * 86_400.0
    result = await told(store, "r1", now=days, version=1, detail="")
    assert (result.outcome, names(result.tells)) == ("withdrawn", [(MEHTA, "alarm_over")])
    assert result.tells[0].facts["how"] == "result_corrected"
    assert (await told(store, "r1", now=days, version=1, detail="")).outcome == "withdrawn"


async def test_another_value_alarms_anew_and_the_same_one_does_not(store: SqliteStore) -> None:
    await known(store)
    await told(store, "r0")
    assert (await told(store, "r1", version=1, detail="Na 112 mmol/L")).outcome == "opened"
    other = await told(store, "x0", booking="t2")
    assert other.outcome == "opened"
    assert (await told(store, "x1", booking="t2", version=1)).outcome == "grouped"
    states = {
        (one.data["about"]["booking"], one.data["about"]["detail"]): one.state for one in await store.documents.of(ASHA, KIND)
    }
    assert states == {
        ("t1", "K 6.8 mmol/L"): "closed_by_patient", ("t1", "Na 112 mmol/L"): "climbing", ("t2", "K 6.8 mmol/L"): "climbing",
    }  # fmt: skip


async def test_a_version_that_is_late_alarms_nobody(store: SqliteStore) -> None:
    await known(store)
    assert (await told(store, "r1", version=1, detail="")).outcome == "withdrawn"
    assert (await told(store, "r0")).outcome == "outdated"
    assert await store.documents.of(ASHA, KIND) == []


@pytest.mark.parametrize("data", [{"booking": None}, {"version": None}, {"version": "1"}])
async def test_what_no_coordinator_sends_is_refused(store: SqliteStore, data: dict[str, Any]) -> None:
    with pytest.raises(Malformed):
        await told(store, "r0", **data)
