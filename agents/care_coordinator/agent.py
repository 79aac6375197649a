"""The care coordinator: which intent is answered where."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from agents.care_coordinator import given
from agents.care_coordinator.booking import KIND as BOOKING
from agents.care_coordinator.bookings import Bookings
from agents.care_coordinator.calendar import DoctorCalendar
from agents.care_coordinator.family import FamilyTies
from agents.care_coordinator.files import KeptFiles
from agents.care_coordinator.lab_results import LabResults
from agents.care_coordinator.lab_tests import LabCalendar, LabTests
from agents.care_coordinator.paying import Paying
from agents.care_coordinator.ports import Calendar
from agents.care_coordinator.visits import Visits
from agents.clinical_monitor.person import Known, know
from agents.result import Result, Woken
from bot.errors import ConfigError, Malformed, Refused, StoreUnavailable, Unavailable
from bot.model.effects import Intent
from bot.model.ids import PersonId, person_of
from bot.model.session import Channel
from bot.ports.documents import Document
from bot.ports.laboratory import Laboratory
from bot.ports.media import MediaStore
from bot.ports.payments import Payments
from bot.ports.store import Store
from config.clinic import Clinic
from config.policy import Policy

Handler = Callable[[Intent, float], Awaitable[Result]]


class CareCoordinator:
    """Books visits and tests, takes payments, keeps files, and knows who may help (docs/agents/care_coordinator.md).

    Without ``payments`` bookings need no payment; without ``laboratory`` tests cannot be booked, and the answer says so;
    without ``media`` no file is kept; without ``number`` (our own on WhatsApp) an invitation has a code and no link.
    """

    name = "care_coordinator"
    kinds: tuple[str, ...] = (BOOKING,)

    def __init__(
        self,
        store: Store,
        policy: Policy,
        clinic: Clinic,
        *,
        media: MediaStore | None = None,
        payments: Payments | None = None,
        laboratory: Laboratory | None = None,
        number: str | None = None,
    ) -> None:
        self._store, self._policy, self._clinic = store, policy, clinic
        for doctor in clinic.doctors:
            if doctor.member and policy.care_team.member(doctor.member) is None:
                raise ConfigError(f"clinic.yaml: {doctor.id}: no member {doctor.member!r} stands in care_team.yaml: add one")
            if doctor.clinic and doctor.clinic not in policy.care_team.clinics:
                raise ConfigError(f"clinic.yaml: {doctor.id}: no clinic {doctor.clinic!r} stands in care_team.yaml: add it")
        documents = store.documents
        calendar = DoctorCalendar(documents, clinic)
        calendars: dict[str, Calendar] = {"visit": calendar}
        if laboratory is not None:
            calendars["lab"] = LabCalendar(laboratory)
        self._bookings = Bookings(documents, calendars, payments, clinic, self._doctor)
        prepaid = payments is not None
        self._visits = Visits(self._bookings, calendar, clinic, self._know, policy.care_team, prepaid=prepaid)
        factor = policy.ranges.mg_dl_per_mmol_l
        self._tests = LabTests(self._bookings, documents, laboratory, clinic, self._know, prepaid=prepaid)
        self._results = LabResults(self._bookings, laboratory, media, policy.laboratory, mg_dl_per_mmol=factor)
        paying = Paying(self._bookings, payments)
        family, files = FamilyTies(documents, clinic, number, self._know), KeptFiles(documents, media, clinic)
        self._handlers: dict[str, Handler] = {
            "find_times": self._find_times,
            "book_visit": self._visits.book,
            "next_visits": self._visits.next_visits,
            "move_visit": self._visits.move,
            "cancel_visit": self._visits.cancel,
            "visit_happened": self._visits.happened,
            "quote_test": self._tests.quote,
            "book_test": self._tests.book,
            "keep_results": self._results.keep,
            "lab_event": self._results.event,
            "open_payment": paying.open_payment,
            "payment_link": paying.payment_link,
            "payment_state": paying.payment_state,
            "payment_event": paying.payment_event,
            "family": family.family,
            "invite_caregiver": family.invite,
            "open_invitation": family.open_invitation,
            "answer_invitation": family.answer_invitation,
            "set_caregiver_scope": family.set_scope,
            "remove_caregiver": family.remove,
            "leave_patient": family.leave,
            "keep_file": files.keep,
            "label_file": files.label,
            "forget_file": files.forget,
        }

    @property
    def intents(self) -> tuple[str, ...]:
        return tuple(self._handlers)

    async def handle(self, intent: Intent, *, now: float) -> Result:
        if (handler := self._handlers.get(intent.name)) is None:
            raise Malformed(f"care_coordinator does not know the intent {intent.name[:60]!r}")
        try:
            return await handler(intent, now)
        except StoreUnavailable:
            raise
        except (Unavailable, Refused) as error:
            if intent.unanswered:
                raise  # an event of a partner must not be lost
            # A question to a partner, which the patient asks again if they like; what was booked goes on by itself.
            return Result("unavailable" if isinstance(error, Unavailable) else "failed")

    async def wake(self, document: Document, *, now: float) -> Woken:
        return await self._bookings.wake(await self._results.wake(document, now), now)

    async def _find_times(self, intent: Intent, now: float) -> Result:
        service = given.one_of(intent, "service", ("visit", "lab_home", "lab_centre"))
        return await (self._visits if service == "visit" else self._tests).find_times(intent, now)

    async def _know(self, person: PersonId) -> Known:
        return await know(self._store, self._policy, person)

    async def _doctor(self, id_: str, patient: PersonId) -> tuple[PersonId, Channel | None] | None:
        """By the number that the patient writes to: the doctor may never have written to us."""
        doctor = self._clinic.doctor(id_)
        member = self._policy.care_team.member(doctor.member) if doctor and doctor.member else None
        if member is None:
            return None
        channel = (await self._know(patient)).channel
        reached = Channel(channel.instance, channel.integration, member.phone) if channel else None
        return person_of(f"phone:{member.phone}"), reached
