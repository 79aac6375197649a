"""A laboratory's results: asked for, told to the patient, corrected, and kept as readings when the patient wants that."""

from __future__ import annotations

from msgspec.structs import replace

from agents.care_coordinator import corrected, given
from agents.care_coordinator.booking import (
    RESULT_EVERY,
    RESULT_SOON,
    RESULT_SOON_UNTIL,
    RESULT_UNTIL,
    Booking,
    News,
    facts_of,
    read,
    told,
)
from agents.care_coordinator.bookings import Bookings
from agents.care_coordinator.corrected import Noted, TestResult
from agents.care_coordinator.lab_values import shown
from agents.clinical_monitor.critical_results import critical_words, unclear_words
from agents.result import Ask, Result
from bot.errors import Refused, Unavailable
from bot.model.effects import Intent
from bot.model.ids import PersonId
from bot.ports.documents import Document
from bot.ports.laboratory import Laboratory, LabResult
from bot.ports.media import MediaStore
from config.laboratory import Laboratory as Limits

OURS = "care_coordinator"
"""How the ids of tasks for other agents begin where they arrive."""
MONITOR, BRIDGE = "clinical_monitor", "doctor_bridge"


class LabResults:
    """``limits``: what in a report cannot wait, by the clinical monitor's rule."""

    def __init__(
        self,
        bookings: Bookings,
        laboratory: Laboratory | None,
        media: MediaStore | None,
        limits: Limits,
        *,
        mg_dl_per_mmol: float,
    ) -> None:
        self._bookings, self._laboratory, self._media = bookings, laboratory, media
        self._limits, self._factor = limits, mg_dl_per_mmol

    async def event(self, intent: Intent, now: float) -> Result:
        """The laboratory says that something about an order is new. What, is asked for there."""
        id_ = given.needed(intent, "order").rpartition(".")[0]
        if (document := await self._bookings.find(id_)) is None:
            return Result("unknown")
        await self._look(document, now)
        return Result("taken_in")

    async def wake(self, document: Document, now: float) -> Document:
        """Look for a result whose time has come; a laboratory that is away is asked later."""
        booking = read(document)
        if booking.result_at is None or now < booking.result_at:
            return document
        try:
            return await self._look(document, now)
        except (Unavailable, Refused):
            return await self._bookings.change(document.id, lambda one: replace(one, result_at=now + 3600), now)

    async def keep(self, intent: Intent, now: float) -> Result:
        """``kept`` (count): the values go to the clinical monitor, each once. ``nothing`` when none of them can be a reading;
        ``corrected`` when it was asked about values that the laboratory has corrected since."""
        id_, number = given.needed(intent, "booking"), given.number(intent, "version") or 0
        document = next((one for one in await self._bookings.of(intent.person) if one.id == id_), None)
        result = read(document).result if document else None
        if document is None or result is None:
            return Result("failed")
        if number != result.number:
            return Result("corrected")

        def decide(one: Booking) -> Booking:
            same = one.result is not None and one.result.number == number
            return replace(one, result=corrected.wanted(one.result)) if same and one.result else one

        result = read(await self._bookings.change(id_, decide, now)).result
        if result is None or result.number != number:
            return Result("corrected")
        asks = [
            Ask(one.id, intent.person, MONITOR, one.kept.intent, {**one.kept.data, **_instead_of(one.instead_of)})
            for one in corrected.fresh(result, id_, self._factor)
        ]
        return Result("kept", {"count": len(asks)}, asks=tuple(asks)) if asks else Result("nothing")

    async def _look(self, document: Document, now: float) -> Document:
        """Ask for a result, or a correction, that is not here yet; the patient is told of one that is."""
        booking = read(document)
        if self._laboratory is None or booking.saga.kind != "lab" or booking.saga.state != "booked":
            return document
        key = booking.saga.key()
        found = await self._laboratory.result(key=key)
        pause = RESULT_SOON if found is None and now < booking.saga.place.end + RESULT_SOON_UNTIL else RESULT_EVERY
        later = now + pause if now < booking.saga.place.end + RESULT_UNTIL else None
        if found is None or not corrected.is_news(booking.result, found):
            return await self._bookings.change(document.id, lambda one: replace(one, result_at=later), now)
        ref = None
        if self._media is not None and found.has_report and (report := await self._laboratory.report(key=key)) is not None:
            ref = await self._media.put(report, mime="application/pdf", person=document.person, now=now, keep_seconds=None)

        def decide(one: Booking) -> Booking:
            if not corrected.is_news(one.result, found):
                return one
            return self._with_result(one, document, found, ref, later)

        return await self._bookings.change(document.id, decide, now)

    def _with_result(
        self, booking: Booking, document: Document, found: LabResult, ref: str | None, later: float | None
    ) -> Booking:
        """With the result and the news of it, and what it takes back of an earlier one."""
        id_, before = document.id, booking.result
        if before is None:
            result, back = TestResult(ref, found.values, revision=found.revision), tuple[Noted, ...]()
        else:
            result = corrected.with_correction(before, found, ref, id_, self._factor)
            back = corrected.taken_back(before, result)
        facts = {**facts_of(booking.saga), "test": booking.saga.about.get("test"), "booking": id_, "version": result.number}
        others = corrected.in_report_only(result, self._factor)
        facts |= shown([one.kept for one in corrected.fresh(result, id_, self._factor)], others)
        facts |= {"report": ref} if ref else {}
        facts |= {"corrected": True} if result.number else {}
        facts |= {"taken_back": len(back)} if back else {}
        name = f"result.{result.number}" if result.number else "result"
        asks = tuple(_withdrawal(one, document.person) for one in back)
        grave, was = critical_words(result.values, self._limits), critical_words(before.values, self._limits) if before else ""
        facts |= {"critical": True} if grave else {"calmed": True} if was else {}
        if grave != was:
            data = {"booking": id_, "version": result.number, "detail": grave}
            data |= {field: facts[field] for field in ("day", "time") if field in facts}
            asks = (*asks, Ask(f"{id_}.{name}.critical", document.person, MONITOR, "critical_result", data))
        unclear, had = unclear_words(result.values, self._limits), unclear_words(before.values, self._limits) if before else ""
        facts |= {"unclear": True} if unclear else {}
        if unclear and unclear != had:
            data = {"reason": "unclear_result", "detail": unclear}
            asks = (*asks, Ask(f"{id_}.{name}.unclear", document.person, BRIDGE, "contact_today", data))
        return told(replace(booking, result=result, result_at=later), News(name, "patient", "lab_result", facts, asks=asks))


def _withdrawal(noted: Noted, person: PersonId) -> Ask:
    data = {name: noted.kept.data[name] for name in ("value", "measured_at")}
    data |= {"reading": f"{OURS}:{noted.id}", "kind": noted.kept.intent.removeprefix("record_")}
    return Ask(f"{noted.id}.withdrawn", person, MONITOR, "withdraw_reading", data)


def _instead_of(wrong: Noted | None) -> dict[str, str]:
    return {"supersedes": f"{OURS}:{wrong.id}"} if wrong else {}
