"""Real conversations through the real flows with the real monitor: patient, relative and doctor, each in their own."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from agents.clinical_monitor.agent import ClinicalMonitor
from agents.clinical_monitor.cases import KIND
from bot.adapters.sqlite import SqliteStore
from bot.model.effects import Intent, Outbound
from bot.model.ids import EffectId, PersonId
from bot.ports.documents import Document
from tests.agents.clinical_monitor.home import ASHA, DESK, MEHTA, POLICY, PRIYA, RAO
from tests.agents.town import Town

ASHAS, PRIYAS, MEHTAS = "919800000001", "919800000002", "919800000011"
NAMES = {ASHA: "Asha", PRIYA: "Priya", MEHTA: "Dr Mehta", RAO: "Dr Rao", DESK: "Meena"}


@pytest.fixture
async def town(tmp_path: Path) -> AsyncIterator[Town]:
    async with SqliteStore.open(tmp_path / "store.db") as store:
        town = Town(store, {"clinical_monitor": ClinicalMonitor(store, POLICY)})
        town.settle_in(PRIYAS, name="Priya")
        tie = {"caregiver": PRIYA, "name": "Priya"}
        await store.documents.save(Document("caregiver", "c1", ASHA, 0.0, state="agreed", data=tie))
        yield town


def to(messages: list[Outbound]) -> list[str]:
    return [NAMES[message.person] for message in messages]


def of(messages: list[Outbound], person: PersonId) -> list[str]:
    return [message.text for message in messages if message.person == person]


async def state(town: Town) -> list[str]:
    return [one.state for one in await town.store.documents.of(ASHA, KIND)]


async def test_an_alarm_climbs_from_the_daughter_to_the_doctor_who_takes_it_until_the_patient_says_that_help_came(
    town: Town,
) -> None:
    town.settle_in(ASHAS, language="hi")
    said = await town.write(ASHAS, "मुझे सीने में दर्द है")
    assert to(said) == ["Asha", "Priya", "Asha"]
    assert all(message.kind == "emergency" for message in said)
    assert "112" in said[0].text  # the fixed text goes before everything
    assert "Asha wrote what may be an emergency" in said[1].text
    assert "Priya को बता दिया है" in said[2].text
    later = await town.pass_time(200)
    assert to(later) == ["Dr Mehta", "Asha"]
    assert of(later, MEHTA)[0].startswith("ProCare emergency: chest pain.")
    assert "Asha, +919800000001" in of(later, MEHTA)[0]
    assert "Priya से अभी तक जवाब नहीं मिला" in of(later, ASHA)[0]
    taken = await town.tap(MEHTAS, "take")
    assert sorted(to(taken)) == ["Asha", "Dr Mehta", "Priya"]
    assert "Dr Mehta is looking after Asha now" in of(taken, PRIYA)[0]
    assert await state(town) == ["acknowledged"]
    assert to(await town.pass_time(500)) == ["Asha"]  # did help come?
    over = await town.tap(ASHAS, "came")
    assert to(over)[0] == "Asha"
    assert sorted(to(over)[1:]) == ["Dr Mehta", "Priya"]
    assert await state(town) == ["closed_by_patient"]
    assert await town.pass_time(86400) == []


async def test_nobody_came_in_the_patients_own_words_tells_the_relative_once_more_and_the_doctor_at_once(town: Town) -> None:
    town.settle_in(ASHAS)
    await town.write(ASHAS, "I have chest pain")
    await town.tap(PRIYAS, "with_them")
    assert await state(town) == ["acknowledged"]
    town.now += 300
    said = await town.write(ASHAS, "nobody came")
    assert set(to(said)) == {"Priya", "Dr Mehta", "Asha"}
    assert "writes that nobody has come yet" in "\n".join(of(said, PRIYA))
    assert "I have told Priya and Dr Mehta" in "\n".join(of(said, ASHA))
    said = await town.tap(PRIYAS, "with_them")
    assert "Priya has answered" in "\n".join(of(said, ASHA))
    assert await state(town) == ["acknowledged"]


async def test_who_cannot_come_makes_the_next_be_told_and_when_nobody_answers_the_patient_hears_it(town: Town) -> None:
    town.settle_in(ASHAS)
    await town.write(ASHAS, "I have chest pain")
    declined = await town.tap(PRIYAS, "cannot")
    assert to(declined) == ["Priya"]
    assert set(to(await town.pass_time(60))) == {"Dr Mehta", "Asha"}
    later = await town.pass_time(1300)
    assert {"Dr Rao", "Meena"} <= set(to(later))
    assert await state(town) == ["exhausted_told"]
    assert "Nobody whom I told has answered: Dr Mehta, Dr Rao and Meena" in "\n".join(of(later, ASHA))


async def test_a_low_sugar_is_treated_told_to_the_daughter_and_called_off_when_it_is_up_again(town: Town) -> None:
    town.settle_in(ASHAS)
    said = await town.write(ASHAS, "sugar 45")
    assert "112" in of(said, ASHA)[0]
    assert "3 teaspoons of sugar" in of(said, PRIYA)[0]
    assert len(of(said, PRIYA)) == 1  # the words and the reading are one case
    assert any("very low. Take sugar NOW" in text for text in of(said, ASHA))
    assert await state(town) == ["climbing"]
    later = await town.pass_time(910)
    assert set(to(later)) == {"Asha"}  # the recheck comes before the doctor
    up = await town.write(ASHAS, "110")
    assert "good again" in of(up, PRIYA)[0]
    assert await state(town) == ["closed_by_patient"]
    assert set(to(await town.pass_time(7200))) <= {"Asha"}


async def test_somebody_of_whom_nothing_is_known_gets_the_text_and_the_truth_and_nobody_else_is_told(town: Town) -> None:
    said = await town.write(ASHAS, "I have chest pain")
    assert to(said) == ["Asha", "Asha"]
    assert "112" in said[0].text
    assert "could not tell anybody" in said[1].text
    assert await state(town) == ["exhausted_told"]


async def test_thoughts_of_death_are_told_to_the_care_team_and_not_to_the_family(town: Town) -> None:
    town.settle_in(ASHAS)
    said = await town.write(ASHAS, "I want to kill myself")
    assert set(to(said)) == {"Asha", "Dr Mehta"}
    assert "The family has not been told" in of(said, MEHTA)[0]


async def test_who_wants_no_messages_still_hears_what_belongs_to_their_emergency(town: Town) -> None:
    town.settle_in(ASHAS)
    await town.write(ASHAS, "stop")
    said = await town.write(ASHAS, "I have chest pain")
    assert [message.kind for message in said] == ["emergency", "emergency"]
    assert "could not tell anybody" in said[1].text  # "stop" took the consent back


async def test_the_doctors_own_target_decides_what_is_praised(town: Town) -> None:
    town.settle_in(ASHAS)
    assert "outside it" in (await town.write(ASHAS, "sugar 140 fasting"))[0].text
    data = {"glucose": {"fasting": {"low": 90, "high": 150}}, "by": "Dr Mehta"}
    await town.deliver(Intent(EffectId("t"), ASHA, "clinical_monitor", "set_targets", town.now, data, unanswered=True))
    [praise] = await town.write(ASHAS, "sugar 141 fasting")
    assert "within your target of 90–150" in praise.text


async def test_three_highs_are_told_once_and_offered_to_the_care_team(town: Town) -> None:
    town.settle_in(ASHAS)
    said: list[Outbound] = []
    for _ in range(4):
        said += await town.write(ASHAS, "sugar 190 after lunch")
        said += await town.pass_time(86400)
    assert [message.notice_class for message in said if "above your target in 7 days" in message.text] == ["clinical"]
    assert ["says little" in message.text for message in said if "outside it" in message.text] == [True, True, False, False]
    assert sum("Shall I tell your care team?" in message.text for message in said) == 1
    await town.tap(ASHAS, "trend.offer:no")
    assert town.sessions[ASHA].stack == []


async def test_medicines_are_noted_listed_and_taken(town: Town) -> None:
    town.settle_in(ASHAS)
    await town.write(ASHAS, "show my medicines")
    await town.tap(ASHAS, "yes")
    await town.write(ASHAS, "Metformin 500")
    noted = await town.write(ASHAS, "morning and night")
    assert "Metformin 500" in noted[0].text
    listed = await town.write(ASHAS, "show my medicines")
    assert "• Metformin 500: morning and night" in listed[0].text
    await town.tap(ASHAS, "right")
    taken = await town.write(ASHAS, "i took my medicine")
    assert any("taken" in message.text for message in [*taken, *(await town.tap(ASHAS, "taken") if taken[-1].options else [])])
    assert [one.data["medicine"] for one in await town.store.records(ASHA, "medicine_taken")] == ["Metformin 500"]


async def test_a_pressure_that_is_severe_in_pregnancy_is_cared_for_where_the_doctor_told_us_of_it(town: Town) -> None:
    town.settle_in(ASHAS)
    data = {"pregnant": True, "by": "Dr Mehta"}
    await town.deliver(Intent(EffectId("t"), ASHA, "clinical_monitor", "set_targets", town.now, data, unanswered=True))
    assert "165/100 is very high. Sit down now." in (await town.write(ASHAS, "bp 165/100"))[0].text


async def test_a_pressure_whose_lower_value_alone_is_low_is_called_low(town: Town) -> None:
    town.settle_in(ASHAS)
    assert "That is low." in (await town.write(ASHAS, "bp 104/55"))[0].text


async def test_the_doctor_hears_the_first_value_of_a_low_that_took_two_rounds(town: Town) -> None:
    town.settle_in(ASHAS)
    await town.write(ASHAS, "sugar 48")
    for value in ("62", "95"):
        await town.pass_time(900)
        await town.write(ASHAS, value)
    [asked] = [one.data for one in town.intents if one.name == "contact_today"]
    assert (asked["reason"], asked["value"]) == ("low_sugar", 48)


async def test_a_question_that_gives_up_on_an_unclear_answer_does_not_pass_over_it_in_silence(town: Town) -> None:
    town.settle_in(ASHAS)
    await town.write(ASHAS, "show my medicines")
    await town.write(ASHAS, "blorp zindle quux frob")
    assert "did not understand" in (await town.write(ASHAS, "zorple fib nang quood"))[0].text
    assert town.sessions[ASHA].stack == []
