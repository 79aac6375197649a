"""A laboratory's report with a value that cannot wait, through the real flows: at night, on a full day, in a correction."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from agents.clinical_monitor.agent import ClinicalMonitor
from agents.doctor_bridge.agent import DoctorBridge
from bot.model.effects import Outbound
from bot.model.ids import person_of
from bot.model.session import Session
from bot.notices.days import day_of
from bot.notices.person import heard_at
from bot.ports.laboratory import LabValue
from config.care_team import CareTeam
from tests.agents.care_coordinator.place import ASHA, DR_RAO, Place, town
from tests.agents.care_coordinator.told import PERSON, booked, told_by_the_laboratory, values_of
from tests.agents.care_coordinator.world import DOCTORS, POLICY

DAY, HOUR = 86_400.0, 3600.0


def report(place: Place, *, potassium: float, age: float = 30 * HOUR) -> tuple[LabValue, ...]:
    at = place.now - age
    return LabValue("potassium", potassium, "mmol/L", at), LabValue("hba1c", 7.4, "%", at)


def full_day(place: Place) -> Session:
    """Asha has heard her five of today."""
    session, day = place.sessions[PERSON], day_of(place.now, "Asia/Kolkata")
    session.heard = [heard_at(place.now - 60, day, "") for _ in range(5)]
    return session


def heard(place: Place, phone: str, before: int = 0) -> list[Outbound]:
    return [one for one in place.said if one.person == person_of(f"phone:{phone}")][before:]


async def to_night(place: Place) -> None:
    """To 22:30 of the day after tomorrow, India."""
    await place.pass_time(2 * DAY + 11 * HOUR)


@asynccontextmanager
async def on_call(tmp_path: Path) -> AsyncIterator[Place]:
    """A town with a laboratory, in which Dr Rao is told of emergencies at any hour."""
    team = POLICY.care_team.model_dump()
    hours = {day: ["08:00-20:00"] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}
    member = team["members"][0] | {"phone": f"+{DOCTORS}", "emergencies": "always", "hours": hours}
    awake = CareTeam.model_validate({"clinics": team["clinics"], "members": [member]})
    async with town(tmp_path, lab=True) as place:
        policy = POLICY.model_copy(update={"care_team": awake})
        place.agents["clinical_monitor"] = ClinicalMonitor(place.store, policy)
        place.agents["doctor_bridge"] = DoctorBridge(place.store, policy)
        yield place


async def test_an_old_sample_that_is_dangerous_alarms_the_doctor_at_night_and_comes_uncapped(tmp_path: Path) -> None:
    async with on_call(tmp_path) as place:
        key = await booked(place)
        await to_night(place)
        session, before = full_day(place), len(heard(place, ASHA))
        counted = len(session.heard)
        await told_by_the_laboratory(place, key, *report(place, potassium=6.8))
        now = heard(place, ASHA, before)
        assert [one.kind for one in now] == ["emergency", "emergency"]
        assert "needs a doctor today" in now[0].text
        assert now[0].media is not None
        assert "I have told Dr Rao of your care team" in now[1].text
        assert len(place.sessions[PERSON].heard) == counted, "an emergency counts for nothing"
        [what, *_] = heard(place, DR_RAO)[-1:]
        assert "K 6.8 mmol/L" in what.text
        assert what.kind == "emergency"
        # The rest, whether the HbA1c is to be noted, waits for the morning, and then is asked.
        await place.pass_time(12 * HOUR)
        asked = heard(place, ASHA, before)[-1]
        assert "It says HbA1c 7.4 %" in asked.text
        assert asked.kind == "notice"
        await place.tap(ASHA, "yes")
        assert await values_of(place, "hba1c") == [7.4]


async def test_a_correction_that_makes_a_value_critical_comes_at_once_with_what_was_taken_back(tmp_path: Path) -> None:
    async with on_call(tmp_path) as place:
        key = await booked(place)
        await place.pass_time(2 * DAY)
        at = place.now - 30 * HOUR
        await told_by_the_laboratory(place, key, LabValue("glucose", 140.0, "mg/dL", at))
        await place.tap(ASHA, "yes")
        await to_night(place)
        before = len(heard(place, ASHA))
        await told_by_the_laboratory(place, key, LabValue("glucose", 600.0, "mg/dL", at))
        now = heard(place, ASHA, before)
        assert [one.kind for one in now] == ["emergency", "emergency"]
        assert await values_of(place, "glucose") == [], "the wrong value counts no more, whoever hears of it when"
        await place.pass_time(12 * HOUR)
        rest = heard(place, ASHA, before)[2:]
        assert any("not among your readings any more" in one.text for one in rest)
        assert any("It says sugar 600 mg/dL" in one.text for one in rest)


async def test_that_it_was_a_mistake_is_told_at_once_to_both(tmp_path: Path) -> None:
    async with on_call(tmp_path) as place:
        key = await booked(place)
        await to_night(place)
        await told_by_the_laboratory(place, key, *report(place, potassium=6.8))
        full_day(place)
        before, doctors = len(heard(place, ASHA)), len(heard(place, DR_RAO))
        await told_by_the_laboratory(place, key, *report(place, potassium=4.4))
        assert "does not show a value any more" in heard(place, ASHA, before)[0].text
        assert "does not stand any more" in heard(place, DR_RAO, doctors)[0].text


async def test_a_correction_of_the_paper_alone_calls_nobody_again(tmp_path: Path) -> None:
    async with on_call(tmp_path) as place:
        key = await booked(place)
        await to_night(place)
        values = report(place, potassium=6.8)
        await told_by_the_laboratory(place, key, *values)
        doctors = len(heard(place, DR_RAO))
        await told_by_the_laboratory(place, key, *values)
        assert len(heard(place, DR_RAO)) == doctors
        assert len(await place.store.documents.of(PERSON, "emergency_case")) == 1


async def test_a_report_that_can_wait_waits(tmp_path: Path) -> None:
    async with on_call(tmp_path) as place:
        key = await booked(place)
        await to_night(place)
        before = len(heard(place, ASHA))
        await told_by_the_laboratory(place, key, *report(place, potassium=4.4))
        assert heard(place, ASHA, before) == []
        assert await place.store.documents.of(PERSON, "emergency_case") == []


async def test_a_result_of_which_nobody_tells_is_found_within_hours(tmp_path: Path) -> None:
    async with on_call(tmp_path) as place:
        key = await booked(place)
        [booking] = await place.store.documents.of(PERSON, "booking")
        sample = booking.data["saga"]["place"]["end"]
        await place.pass_time(sample + 9 * HOUR - place.now)  # six hours after it there was no result
        place.laboratory.has_result(key, *report(place, potassium=6.8))
        doctors = len(heard(place, DR_RAO))
        await place.pass_time(2 * HOUR)
        assert "K 6.8 mmol/L" in heard(place, DR_RAO, doctors)[0].text


async def test_a_value_in_a_unit_that_nobody_knows_reaches_a_person_and_the_patient_hears_that(tmp_path: Path) -> None:
    async with on_call(tmp_path) as place:
        key = await booked(place)
        await place.pass_time(2 * DAY)
        odd = LabValue("creatinine", 5.0, "units", place.now - 30 * HOUR)
        before, doctors = len(heard(place, ASHA)), len(heard(place, DR_RAO))
        await told_by_the_laboratory(place, key, odd, LabValue("hba1c", 7.4, "%", place.now - 30 * HOUR))
        asked = "\n".join(one.text for one in heard(place, ASHA, before))
        assert "a unit that I do not know" in asked
        assert "show the report to a doctor today" in asked
        assert "It says HbA1c 7.4 %" in asked
        [screen] = [one.text for one in heard(place, DR_RAO, doctors)]
        assert "An answer is wanted today" in screen
        assert "creatinine 5 units?" in screen
        assert await place.store.documents.of(PERSON, "emergency_case") == [], "nobody is woken for it"
        await told_by_the_laboratory(place, key, odd, LabValue("hba1c", 7.5, "%", place.now - 30 * HOUR))
        assert len(heard(place, DR_RAO)) == doctors + 1, "the same value in a corrected report is no news to the clinic"
