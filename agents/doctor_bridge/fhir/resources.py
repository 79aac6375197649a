"""One patient's record as FHIR R4 resources. Pure: what is stored in, JSON out; nothing is judged, added or left unsaid here."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from msgspec import Struct

from bot.ports.store import Reading
from config.fhir import FhirNames, Name

LOINC, UCUM = "http://loinc.org", "http://unitsofmeasure.org"
CATEGORY = "http://terminology.hl7.org/CodeSystem/observation-category"
INTERPRETATION = "http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation"
OURS = "urn:procare"
LABORATORY = "care_coordinator:t"  # how the ids of readings begin that the coordinator kept from a laboratory's report
Json = dict[str, Any]


class Person(Struct, frozen=True):
    id: str
    name: str = ""
    birth_year: int | None = None
    phone: str = ""  # digits


class Visit(Struct, frozen=True):
    """``state``: booked, pending, cancelled, fulfilled or noshow."""

    id: str
    start: float
    end: float
    state: str
    doctor: str = ""


class Medicine(Struct, frozen=True):
    """In the words of whoever told it."""

    id: str
    name: str
    taking: bool
    at: float
    times: str = ""
    told_by: str = "person"


class Whole(Struct, frozen=True):
    """``cut_at``: there is more of something than this, and only so many of the newest are here."""

    person: Person
    readings: tuple[Reading, ...] = ()
    visits: tuple[Visit, ...] = ()
    medicines: tuple[Medicine, ...] = ()
    cut_at: int | None = None


def bundle(whole: Whole, names: FhirNames, now: float) -> Json:
    """A collection in which every reference leads to a resource of the same bundle. The same record gives the same ids."""
    patient = _url("patient", whole.person.id)
    resources = [
        (patient, _patient(whole.person)),
        *_observations(whole.readings, names, patient),
        *((_url("visit", one.id), _appointment(one, patient)) for one in whole.visits),
        *((_url("medicine", one.id), _medication(one, patient)) for one in whole.medicines),
        *([(_url("cut", whole.person.id), _not_whole(whole.cut_at, names))] if whole.cut_at is not None else []),
    ]
    return {
        "resourceType": "Bundle",
        "type": "collection",
        "timestamp": instant(now),
        "entry": [{"fullUrl": url, "resource": {**resource, "id": url.removeprefix("urn:uuid:")}} for url, resource in resources],
    }


def cut_of(found: Json) -> bool:
    """Whether a bundle says that it does not hold everything."""
    return any(entry["resource"]["resourceType"] == "OperationOutcome" for entry in found.get("entry", ()))


def instant(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _not_whole(most: int, names: FhirNames) -> Json:
    issue = {"severity": "warning", "code": "incomplete", "diagnostics": names.cut.format(most=most)}
    return {"resourceType": "OperationOutcome", "issue": [issue]}


def _patient(person: Person) -> Json:
    return {
        "resourceType": "Patient",
        "identifier": [_ours("patient", person.id)],
        **({"name": [{"text": name}]} if (name := _line(person.name)) else {}),
        **({"telecom": [{"system": "phone", "value": f"+{person.phone}"}]} if person.phone else {}),
        **({"birthDate": f"{person.birth_year:04d}"} if person.birth_year else {}),
    }


def _observations(readings: Sequence[Reading], names: FhirNames, patient: str) -> list[tuple[str, Json]]:
    """Two halves of one blood pressure are one panel; a half alone stays one observation."""
    lower = {one.id.removesuffix(":diastolic"): one for one in readings if one.kind == "diastolic"}
    found, paired = [], set[str]()
    for one in readings:
        other = lower.get(one.id) if one.kind == "systolic" else None
        if other:
            paired.add(other.id)
            parts = [_component(half, names.readings[half.kind]) for half in (one, other)]
            found.append((one, {**_observation(one, names.panel, names, patient), "component": parts}))
        elif one.kind in names.readings and one.kind != "diastolic":
            name = (
                names.laboratory.get(one.kind, names.readings[one.kind]) if _of_the_laboratory(one) else names.readings[one.kind]
            )
            found.append((one, {**_observation(one, name, names, patient), "valueQuantity": _quantity(one.value, name)}))
    for one in lower.values():
        if one.id not in paired:
            name = names.readings["diastolic"]
            found.append((one, {**_observation(one, name, names, patient), "valueQuantity": _quantity(one.value, name)}))
    return [(_url("reading", one.id), resource) for one, resource in found]


def _observation(reading: Reading, name: Name, names: FhirNames, patient: str) -> Json:
    grade = names.grades.get(reading.grade or "")
    return {
        "resourceType": "Observation",
        "identifier": [_ours("reading", reading.id)],
        "status": "corrected" if reading.supersedes else "final",
        "category": [{"coding": [{"system": CATEGORY, "code": name.category}]}],
        "code": _code(name),
        "subject": {"reference": patient},
        "effectiveDateTime": instant(reading.at),
        **({} if _of_the_laboratory(reading) else {"performer": [{"reference": patient}]}),
        **({"interpretation": [{"coding": [{"system": INTERPRETATION, "code": grade}]}]} if grade else {}),
        **({"note": [{"text": reading.context}]} if reading.context else {}),
    }


def _of_the_laboratory(reading: Reading) -> bool:
    """A value of a report, which the patient wanted among their readings: they did not measure it themselves."""
    return reading.id.startswith(LABORATORY)


def _component(reading: Reading, name: Name) -> Json:
    return {"code": _code(name), "valueQuantity": _quantity(reading.value, name)}


def _appointment(visit: Visit, patient: str) -> Json:
    name = _line(visit.doctor)
    doctor = [{"actor": {"display": name}, "status": "accepted"}] if name else []
    return {
        "resourceType": "Appointment",
        "identifier": [_ours("visit", visit.id)],
        "status": visit.state,
        "start": instant(visit.start),
        "end": instant(visit.end),
        "participant": [{"actor": {"reference": patient}, "status": "accepted"}, *doctor],
    }


def _medication(medicine: Medicine, patient: str) -> Json:
    """A statement of what somebody says they take. It is no prescription, and none is ever made of it."""
    return {
        "resourceType": "MedicationStatement",
        "identifier": [_ours("medicine", medicine.id)],
        "status": "active" if medicine.taking else "stopped",
        "medicationCodeableConcept": {"text": _line(medicine.name)},
        "subject": {"reference": patient},
        "dateAsserted": instant(medicine.at),
        **({"informationSource": {"reference": patient}} if medicine.told_by == "person" else {}),
        **({"dosage": [{"text": times}]} if (times := _line(medicine.times)) else {}),
    }


def _code(name: Name) -> Json:
    coding = {"coding": [{"system": LOINC, "code": name.loinc, "display": name.display}]} if name.loinc else {}
    return {**coding, "text": name.display}


def _quantity(value: float, name: Name) -> Json:
    return {"value": round(value, 2), "unit": name.ucum, "system": UCUM, "code": name.ucum}


def _line(text: str) -> str:
    """A line of text as FHIR allows it: no control characters, no exotic spaces."""
    return " ".join(text.split())


def _ours(kind: str, id_: str) -> Json:
    return {"system": f"{OURS}:{kind}", "value": id_}


def _url(kind: str, id_: str) -> str:
    return f"urn:uuid:{uuid5(NAMESPACE_URL, f'{OURS}:{kind}:{id_}')}"
