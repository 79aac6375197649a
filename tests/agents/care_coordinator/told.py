"""A laboratory test that is booked, and what the laboratory tells of it."""

from __future__ import annotations

from bot.model.effects import Intent
from bot.model.ids import EffectId, PersonId, person_of
from bot.ports.laboratory import LabValue
from tests.agents.care_coordinator.place import ASHA, Place

PERSON = person_of(f"phone:{ASHA}")


async def booked(place: Place) -> str:
    """A lab test is booked; the key under which the laboratory knows it."""
    await place.write(ASHA, "I want a lab test")
    await place.tap(ASHA, "hba1c")
    await place.tap(ASHA, "lab")
    await place.write(ASHA, "skip")
    await place.tap(ASHA, "first")
    await place.tap(ASHA, "yes")
    [booking] = await place.store.documents.of(PERSON, "booking")
    return f"{booking.id}.0"


async def told_by_the_laboratory(place: Place, key: str, *values: LabValue) -> list[str]:
    """What Asha hears when the laboratory has this result, or this correction."""
    place.laboratory.has_result(key, *values)
    before, nobody = len(place.texts(ASHA)), PersonId("laboratory")
    for number in range(2):  # at least once
        id_ = EffectId(f"lab:{key}.{len(place.intents)}.{number}")
        await place.deliver(Intent(id_, nobody, "care_coordinator", "lab_event", place.now, {"order": key}, unanswered=True))
    await place.pass_time(10)
    return place.texts(ASHA)[before:]


async def values_of(place: Place, kind: str) -> list[float]:
    return [one.value for one in await place.store.readings(PERSON, kind)]
