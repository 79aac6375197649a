"""What a store holds of one patient, for the bundle."""

from __future__ import annotations

from agents.care_coordinator.booking import KIND, Booking, read
from agents.care_coordinator.saga import FREE
from agents.clinical_monitor.person import know
from agents.doctor_bridge.fhir.resources import Medicine, Person, Visit, Whole
from bot.model.ids import PersonId
from bot.ports.documents import Document
from bot.ports.store import Reading, Store
from config.fhir import FhirNames
from config.policy import Policy

MOST = 20_000
"""Readings of one bundle, and as many visits and medicines: eleven years of five readings a day. They are the newest; where there
are more, the bundle says that it is not whole."""
HAPPENED = {"yes": "fulfilled", "no": "noshow"}


async def gather(store: Store, policy: Policy, names: FhirNames, person: PersonId, most: int = MOST) -> Whole:
    """``most``: of readings, of visits, of medicines. One kind of reading after the other, so that little more is ever held."""
    known = await know(store, policy, person)
    readings = list[Reading]()
    for kind in names.readings:
        readings += await store.readings(person, kind, limit=most + 1)
        readings = sorted(readings, key=_newest_first)[: most + 1]
    bookings_kept = await store.documents.of(person, KIND, most + 1)
    medicines_kept = await store.documents.of(person, "medicine", most + 1)
    cut = max(len(readings), len(bookings_kept), len(medicines_kept)) > most
    bookings = [(one, read(one)) for one in bookings_kept[:most]]
    visits = [_visit(*one) for one in bookings if one[1].saga.kind == "visit" and not _never_was(one[1])]
    medicines = [
        Medicine(
            one.id, str(one.data.get("name") or ""), one.state == "taking", one.at, str(one.data.get("times") or ""),
            str(one.data.get("told_by") or "person"),
        )
        for one in medicines_kept[:most]
        if one.state in ("taking", "ended") and one.data.get("name")
    ]  # fmt: skip
    return Whole(
        Person(person, known.name, known.birth_year, known.phone or ""),
        tuple(sorted(readings[:most], key=lambda one: (one.at, one.id))),
        tuple(sorted(visits, key=lambda one: (one.start, one.id))),
        tuple(sorted(medicines, key=lambda one: (one.at, one.id))),
        most if cut else None,
    )


def _newest_first(reading: Reading) -> tuple[float, str]:
    return -reading.at, reading.id


def _never_was(booking: Booking) -> bool:
    """A time that was only held, or that somebody else had: no appointment, and none that was cancelled."""
    return booking.announced < 0 and (booking.saga.state in FREE or booking.saga.state == "undoing")


def _visit(document: Document, booking: Booking) -> Visit:
    saga = booking.saga
    state = "cancelled" if saga.state in FREE or saga.state == "undoing" else "booked" if saga.state == "booked" else "pending"
    if state == "booked" and booking.happened:
        state = HAPPENED[booking.happened]
    doctor = str(saga.place.about.get("who") or "")
    return Visit(document.id, float(saga.place.start), float(saga.place.end), state, doctor)
