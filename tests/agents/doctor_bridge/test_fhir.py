"""The bundle against the official JSON schema of FHIR R4, whatever the record holds."""

from __future__ import annotations

import asyncio
import copy
import json
import sys
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import to_builtins
from msgspec.structs import replace

from agents.care_coordinator.actions import Place
from agents.care_coordinator.booking import Booking
from agents.care_coordinator.saga import Saga
from agents.doctor_bridge.fhir.gathering import gather
from agents.doctor_bridge.fhir.resources import Medicine, Person, Visit, Whole, bundle, cut_of
from bot.adapters.memory import MemoryStore
from bot.adapters.sqlite import SqliteStore
from bot.app.desks import open_store
from bot.cli.main import commands
from bot.model.ids import EffectId, person_of
from bot.ports.documents import Document
from bot.ports.store import Reading
from config.fhir import load_fhir
from config.settings import read_settings
from tests.agents.doctor_bridge.clinic import ASHA, ASHAS, POLICY, known
from tests.agents.town import NOON

# Imported without its formats, which we do not check: for one of them it would build 38 grammars, which takes seconds.
with patch.dict(sys.modules, {"rfc3987_syntax": None}):
    from jsonschema import Draft6Validator  # type: ignore[import-untyped]

NAMES = load_fhir()
VALID = Draft6Validator(json.loads((Path(__file__).parent / "fhir.r4.schema.json").read_text(encoding="utf-8")))
TIMES = st.floats(0, 4_000_000_000)
TEXTS = st.text(max_size=40).map(str.strip)
IDS = st.text("abc:#0123456789", min_size=1, max_size=40)
READINGS = st.builds(
    Reading,
    id=IDS.map(EffectId),
    person=st.just(ASHA),
    kind=st.sampled_from([*NAMES.readings, "steps"]),
    value=st.floats(0, 1e4),
    at=TIMES,
    context=st.sampled_from([None, "fasting"]),
    grade=st.sampled_from([None, *NAMES.grades, "else"]),
    supersedes=st.sampled_from([None, EffectId("x")]),
)
STATES = st.sampled_from(["booked", "pending", "cancelled", "fulfilled", "noshow"])
WHOLE = st.builds(
    Whole,
    person=st.builds(Person, id=st.just(str(ASHA)), name=TEXTS, birth_year=st.none() | st.integers(1900, 2020)),
    readings=st.lists(READINGS, max_size=6, unique_by=lambda one: one.id).map(tuple),
    visits=st.lists(
        st.builds(Visit, id=IDS, start=TIMES, end=TIMES, state=STATES, doctor=TEXTS), max_size=3, unique_by=lambda one: one.id
    ).map(tuple),
    medicines=st.lists(
        st.builds(
            Medicine, id=IDS, name=TEXTS.filter(lambda text: bool(text.split())), taking=st.booleans(), at=TIMES, times=TEXTS
        ),
        max_size=3,
        unique_by=lambda one: one.id,
    ).map(tuple),
)


def problems(found: dict[str, Any]) -> list[str]:
    return [error.message[:200] for error in VALID.iter_errors(found)]


@settings(max_examples=25, deadline=None)
@given(WHOLE)
def test_every_record_makes_a_valid_bundle_whose_references_resolve(whole: Whole) -> None:
    found = bundle(whole, NAMES, NOON)
    assert problems(found) == []
    urls = {entry["fullUrl"] for entry in found["entry"]}
    subjects = [entry["resource"].get("subject") for entry in found["entry"]]
    assert {one["reference"] for one in subjects if one} <= urls
    assert len(urls) == len(found["entry"])
    assert found == bundle(whole, NAMES, NOON)


@given(WHOLE)
def test_no_number_is_lost_or_made_up(whole: Whole) -> None:
    resources = [entry["resource"] for entry in bundle(whole, NAMES, NOON)["entry"]]
    said = [one["valueQuantity"]["value"] for one in resources if "valueQuantity" in one]
    said += [part["valueQuantity"]["value"] for one in resources for part in one.get("component", [])]
    assert sorted(said) == sorted(round(one.value, 2) for one in whole.readings if one.kind in NAMES.readings)


def test_the_schema_refuses_what_is_wrong() -> None:
    good = bundle(Whole(Person("p1", "Asha", 1965), medicines=(Medicine("m", "Metformin", True, NOON),)), NAMES, NOON)
    assert problems(good) == []
    for change in ({"status": 5}, {"sttaus": "active"}, {"dateAsserted": "yesterday"}):
        bad = copy.deepcopy(good)
        bad["entry"][1]["resource"] |= change
        assert problems(bad), change


def test_a_blood_pressure_is_one_panel_with_codes_and_units() -> None:
    upper = Reading(EffectId("a"), ASHA, "systolic", 182.0, NOON, grade="severe")
    lower = Reading(EffectId("a:diastolic"), ASHA, "diastolic", 121.0, NOON, grade="severe")
    found = bundle(Whole(Person("p1"), (upper, lower)), NAMES, NOON)
    [_, panel] = [entry["resource"] for entry in found["entry"]]
    assert panel["code"]["coding"][0]["code"] == "85354-9"
    parts = [(part["code"]["coding"][0]["code"], part["valueQuantity"]) for part in panel["component"]]
    assert [(code, value["value"]) for code, value in parts] == [("8480-6", 182.0), ("8462-4", 121.0)]
    assert {value["code"] for _, value in parts} == {"mm[Hg]"}
    assert panel["interpretation"][0]["coding"][0]["code"] == "HH"


async def test_a_kept_record_goes_out_through_the_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with SqliteStore.open(tmp_path / "store.db") as store:
        await known(store)
        await store.add_reading(Reading(EffectId("r1"), ASHA, "glucose", 182.0, NOON, context="fasting", grade="high"))
        taking = {"name": "Metformin", "times": "8:00"}
        await store.add_reading(Reading(EffectId("care_coordinator:t1.0"), ASHA, "glucose", 140.0, NOON + 1))
        place = Place("rao@20261124T043000Z", int(NOON), int(NOON) + 1800)
        saga = Saga("v1", "visit", place, 0, False, "taken", NOON, 0.0)
        for number, booking in enumerate((Booking(saga), Booking(replace(saga, state="cancelled"), announced=0))):
            await store.documents.save(Document("booking", f"v{number}", ASHA, NOON, data=to_builtins(booking)))
        await store.documents.save(Document("medicine", "m1", ASHA, NOON, state="taking", data=taking))
        await store.documents.save(Document("medicine", "m2", ASHA, NOON, state="replaced", data={"name": "Wrong"}))
        whole = await gather(store, POLICY, NAMES, ASHA)
    found = bundle(whole, NAMES, NOON)
    assert problems(found) == []
    kinds = ["Patient", "Observation", "Observation", "Appointment", "MedicationStatement"]
    assert [entry["resource"]["resourceType"] for entry in found["entry"]] == kinds
    patient, own, lab, visit, _ = [entry["resource"] for entry in found["entry"]]
    assert patient["telecom"] == [{"system": "phone", "value": "+919800000001"}]
    assert [one["code"]["coding"][0]["code"] for one in (own, lab)] == ["41653-7", "2339-0"]
    assert ("performer" in own, "performer" in lab) == (True, False)  # nobody measured that themselves
    assert visit["status"] == "cancelled"  # the time that somebody else had is no appointment
    assert CliRunner().invoke(commands, ["fhir", "--help"]).exit_code == 0


async def test_a_long_record_is_whole_and_one_that_is_cut_says_so_in_the_bundle() -> None:
    store = MemoryStore()
    await known(store)
    for number in range(1200):  # more than a thousand used to stop silently
        kind = "glucose" if number % 12 else "weight"
        await store.add_reading(Reading(EffectId(f"r{number}"), ASHA, kind, 100.0 + number, NOON + number))
    for number in range(150):
        name = {"name": f"Medicine {number}"}
        await store.documents.save(Document("medicine", f"m{number:03}", ASHA, NOON + number, state="taking", data=name))
    whole = await gather(store, POLICY, NAMES, ASHA)
    cut = await gather(store, POLICY, NAMES, ASHA, 1199)
    assert (len(whole.readings), len(whole.medicines), whole.cut_at) == (1200, 150, None)
    found = bundle(whole, NAMES, NOON)
    assert not cut_of(found)
    assert [one.value for one in cut.readings] == [100.0 + number for number in range(1, 1200)]  # the oldest is left out
    told = bundle(cut, NAMES, NOON)
    assert cut_of(told)
    assert problems({**told, "entry": told["entry"][-2:]}) == []
    assert "1199" in told["entry"][-1]["resource"]["issue"][0]["diagnostics"]


def test_who_writes_a_record_that_is_cut_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PROCARE_DATA_DIR", str(tmp_path))

    async def fill() -> None:
        async with open_store(read_settings()) as store:
            for number in range(2):
                whose = person_of(f"phone:{ASHAS}")  # named with this store's key
                await store.add_reading(Reading(EffectId(f"r{number}"), whose, "weight", 70.0, NOON + number))

    asyncio.run(fill())
    whole = CliRunner().invoke(commands, ["fhir", f"+{ASHAS}"])
    cut = CliRunner().invoke(commands, ["fhir", f"+{ASHAS}", "--most", "1", "-o", str(tmp_path / "record.json")])
    assert (whole.exit_code, "NOT THE WHOLE RECORD" in whole.stderr) == (0, False)
    assert (cut.exit_code, "NOT THE WHOLE RECORD" in cut.stderr) == (0, True)
