"""A doctor sets a patient's targets from their own WhatsApp: what they write, what becomes of it, who hears it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from agents.clinical_monitor.written_targets import Written, read_targets
from agents.doctor_bridge.files import KIND
from bot.adapters.sqlite import SqliteStore
from tests.agents.doctor_bridge.clinic import ASHA, ASHAS, DESKS, MEHTA, MEHTAS, POLICY, of, to, town_of
from tests.agents.town import Town

WORDS, CLINICAL = POLICY.bridge.targets, POLICY.clinical


def read(text: str) -> Written | None:
    return read_targets(text, WORDS, CLINICAL)


@pytest.mark.parametrize(
    ("text", "data"),
    [
        ("target", {}),
        ("Targets: Fasting 80-130", {"glucose": {"fasting": {"low": 80, "high": 130}}}),
        ("target after meal 4.4 – 10", {"glucose": {"after_meal": {"low": 79, "high": 180}}}),
        ("target fasting 5-7 mmol/l", {"glucose": {"fasting": {"low": 90, "high": 126}}}),
        ("लक्ष्य खाली पेट ८० से १३०", {"glucose": {"fasting": {"low": 80, "high": 130}}}),
        ("target bp 130/80 mmHg; HbA1c <7.5%", {"blood_pressure": {"systolic": 130, "diastolic": 80}, "hba1c": 7.5}),
        ("target\nfasting 90-150\nbedtime: 100-180.", {"glucose": {
            "fasting": {"low": 90, "high": 150}, "bedtime": {"low": 100, "high": 180}}}),
        ("target pregnant, kidney, heart failure, lung off, spo2 88, fasting off", {
            "pregnant": True, "conditions": ["kidney", "heart_failure"], "off": ["lung", "fasting"], "spo2_low": 88}),
    ],
    ids=["shown", "band", "mmol_by_point", "mmol_said", "hindi", "goals", "lines", "illnesses"],
)  # fmt: skip
def test_targets_are_read_as_doctors_write_them(text: str, data: dict[str, Any]) -> None:
    assert read(text) == Written(data)


def test_a_doctor_who_has_sugar_in_mmol_need_not_say_so_and_a_band_in_mg_dl_stays_one() -> None:
    def band(text: str, unit: str = "mmol/L") -> Any:
        found = read_targets(f"target fasting {text}", WORDS, CLINICAL, unit)
        return found.data.get("glucose", {}).get("fasting") if found else None

    assert band("5-7") == band("5-7 mmol/L", "") == {"low": 90, "high": 126}
    assert band("80-130") == {"low": 80, "high": 130}
    assert band("5-7 mg/dl") is None
    assert band("5-7", "mg/dL") is None


def test_what_cannot_be_meant_is_named_and_words_for_the_patient_stay_words() -> None:
    wrong = [
        "fasting 80-1300",
        "fasting 130-80",
        "80-130",
        "fasting 80",
        "bp 1300/80",
        "hba1c 70",
        "tea 80-130",
        "fasting 80-130 daily",
        "kidney 5",
        "spo2 50",
        "fasting 5-7",
    ]
    for one in wrong:
        assert read(f"target bp 130/80, {one}") == Written(wrong=one)
    for words in ("Target is nearly there, well done", "targeted walks help", "Take 1 tablet", "fasting 80-130"):
        assert read(words) is None


@pytest.fixture
async def town(tmp_path: Path) -> AsyncIterator[Town]:
    async with SqliteStore.open(tmp_path / "store.db") as store:
        yield town_of(store)


async def test_a_doctor_sets_targets_which_the_patient_hears_and_the_next_reading_is_graded_by(town: Town) -> None:
    town.settle_in(ASHAS)
    await town.write(ASHAS, "human")
    await town.tap(ASHAS, "medicine")
    await town.tap(ASHAS, "wait")
    number = str((await town.store.documents.of(ASHA, KIND))[0].data["number"])
    assert "outside it" in of(await town.write(ASHAS, "sugar 141 fasting"), ASHA)

    said = await town.write(DESKS, f"#{number} target fasting 90-150")
    assert of(said, ASHA) == ""
    assert "Only a doctor" in said[0].text
    said = await town.write(MEHTAS, "target fasting 90-1500")
    assert to(said) == ["Dr Mehta"]
    assert "“fasting 90-1500”" in said[0].text
    assert await town.store.records(ASHA, "targets") == []

    town.now += 60
    said = await town.write(MEHTAS, "target fasting 90-150, bp 135/85")
    assert "*Dr Mehta* has set your targets" in of(said, ASHA)
    assert "Fasting: 90–150 mg/dL" in of(said, ASHA)
    assert "Blood pressure: below 135/85" in of(said, ASHA)
    assert "HbA1c: below 7 %" in of(said, ASHA)
    assert f"Set for Asha (#{number})" in of(said, MEHTA)
    assert "fasting 90–150" in of(said, MEHTA)
    town.now += 60
    assert "within your target of 90–150" in of(await town.write(ASHAS, "sugar 141 fasting"), ASHA)
    assert "not low yet, but below your target of 90–150" in of(await town.write(ASHAS, "sugar 80 fasting"), ASHA)

    town.now += 60
    said = await town.write(MEHTAS, "target fasting off, pregnant")  # the one part is taken back, the other stands
    assert "Fasting: 70–95 mg/dL" in of(said, ASHA)
    assert "below 135/85" in of(said, ASHA)
    assert "HbA1c: below 6 %" in of(said, ASHA)
    audited = [(one.note.who, one.note.what, one.note.why) for one in await town.store.audit.entries(0, 10)]
    assert audited == [
        ("doctor mehta", "set targets", "fasting, blood_pressure"), ("doctor mehta", "set targets", "pregnant, fasting off"),
    ]  # fmt: skip

    [again, *_] = [one for one in town.intents if one.name == "set_targets"]
    assert await town.deliver(again) == []  # a repeat is heard once, and sets nothing back
    assert len(await town.store.records(ASHA, "targets")) == 2


async def test_targets_below_an_alarm_are_set_and_are_no_words_for_the_patient_and_do_not_take_the_alarm(town: Town) -> None:
    town.settle_in(ASHAS)
    alarm = next(one for one in reversed(await town.write(ASHAS, "I have chest pain")) if one.person == MEHTA)
    said = await town.write(MEHTAS, "target fasting 90-150", quoting=alarm)
    assert "*Dr Mehta* has set your targets" in of(said, ASHA)
    assert "target fasting" not in of(said, ASHA)
    assert "Set for Asha, from the next reading on" in of(said, MEHTA)
    assert [one.state for one in await town.store.documents.of(ASHA, "emergency_case")] == ["climbing"]
    assert await town.store.documents.of(ASHA, KIND) == []
    assert "I cannot read “fasting 9-1500”" in of(await town.write(MEHTAS, "target fasting 9-1500", quoting=alarm), MEHTA)


async def test_without_consent_to_share_targets_are_set_and_not_shown_and_who_stopped_does_not_hear_of_them(town: Town) -> None:
    town.settle_in(ASHAS, name=None)
    await town.write(ASHAS, "human")
    await town.tap(ASHAS, "medicine")
    await town.tap(ASHAS, "wait")
    session = town.sessions[ASHA]
    assert session.consent is not None
    session.consent["purposes"] = ["care_messages"]
    await town.write(ASHAS, "menu")
    said = await town.write(MEHTAS, "target")
    assert "has not agreed to share" in said[0].text
    said = await town.write(MEHTAS, "target hba1c 8")
    assert "Set for +919800000001 (#" in of(said, MEHTA)  # who has told no name is called by the number
    await town.write(ASHAS, "stop")
    said = await town.write(MEHTAS, "target hba1c 7.5")
    assert to(said) == ["Dr Mehta"]
    assert "do not hear it" in said[0].text
