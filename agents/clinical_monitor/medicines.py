"""What the person takes, in their own words, and whether they took it. Kept as told; nothing here knows or says a dose."""

from __future__ import annotations

from msgspec.structs import replace

from agents.clinical_monitor.given import maybe_number, measured_at, needed, one_of, superseded, text
from agents.result import Result
from bot.errors import Malformed
from bot.model.effects import Intent, Record
from bot.model.ids import EffectId, PersonId
from bot.model.several import several
from bot.ports.documents import Document
from bot.ports.store import Reading, Store
from config.clinical import Ranges

KIND, TAKEN = "medicine", "medicine_taken"
MOST = 40  # medicines of one person
SHOWN = 650  # characters of a list


class Medicines:
    """A medicine is a document in the state ``taking``, ``ended`` or ``replaced``; each dose, or its absence, is a record."""

    def __init__(self, store: Store, ranges: Ranges) -> None:
        self._store, self._ranges = store, ranges

    async def listed(self, intent: Intent) -> Result:
        taking = await self._taking(intent.person)
        lines = [f"• {one.data['name']}{': ' if one.data.get('times') else ''}{one.data.get('times') or ''}" for one in taking]
        while lines and sum(len(line) + 1 for line in lines) > SHOWN:
            lines.pop()
        return Result("listed", {"medicines": "\n".join(lines), "count": len(taking)}) if taking else Result("none")

    async def add(self, intent: Intent, now: float) -> Result:
        """The same name again replaces what was told before; so does a correction."""
        name, times = needed(intent, "name", 100), text(intent, "times", 200)
        told_by = text(intent, "told_by", 60) or "person"
        taking, wrong = await self._taking(intent.person), superseded(intent)
        if len(taking) >= MOST and await self._store.documents.get(KIND, intent.id) is None:
            raise Malformed(f"add_medicine: there are {MOST} medicines already")
        data = {"name": name, "times": times, "told_by": told_by}
        await self._store.documents.save(Document(KIND, intent.id, intent.person, min(intent.at, now), state="taking", data=data))
        for one in taking:
            same = one.data["name"].casefold() == name.casefold() or one.id == wrong
            if same and one.id != intent.id and one.at <= intent.at:
                await self._store.documents.save(replace(one, state="replaced"))
        return Result("added", {"name": name})

    async def end(self, intent: Intent) -> Result:
        """A medicine that is taken no more, by the doctor's word."""
        name, found = needed(intent, "name", 100).casefold(), False
        for one in await self._store.documents.of(intent.person, KIND):
            if one.data["name"].casefold() == name and one.state in ("taking", "ended"):
                found = True
                data = {**one.data, "ended_by": text(intent, "by", 60)}
                if one.state == "taking":
                    await self._store.documents.save(replace(one, state="ended", data=data))
        return Result("ended" if found else "unknown")

    async def record(self, intent: Intent, now: float) -> Result:
        """Taken, skipped with the reason, or not answered. ``which`` asks back when several could be meant."""
        status = one_of(intent, "status", "taken", "later", "skipped", "unanswered")
        name, told, units = text(intent, "medicine", 100), text(intent, "text", 300), maybe_number(intent, "units")
        if units is not None:
            await self._keep_units(intent, units, now)
        elif name is None and status == "taken":
            taking = [one.data["name"] for one in await self._taking(intent.person)]
            named = [one for one in taking if told and one.casefold() in told.casefold()]
            if len(named) != 1 and len(taking) > 1:
                return Result("which", {"due": several(taking, SHOWN)})
            name = named[0] if len(named) == 1 else taking[0] if taking else None
        data = {
            "medicine": name, "status": status, "reason": text(intent, "reason", 60), "units": units,
            "text": told, "supersedes": superseded(intent),
        }  # fmt: skip
        record = Record(
            intent.id, intent.person, TAKEN, measured_at(intent, now), {k: v for k, v in data.items() if v is not None}
        )
        await self._store.record([record])
        return Result("recorded", {"medicine": name})

    async def _keep_units(self, intent: Intent, units: float, now: float) -> None:
        """Units of insulin, as told. They are kept, never weighed."""
        if not self._ranges.possible("insulin_dose", units):
            raise Malformed("record_medicine: that many units cannot be")
        raw, wrong = text(intent, "raw", 60), superseded(intent)
        await self._store.add_reading(
            Reading(
                EffectId(intent.id), intent.person, "insulin_dose", units, measured_at(intent, now),
                unit="units", raw=raw, supersedes=wrong,
            )
        )  # fmt: skip

    async def _taking(self, person: PersonId) -> list[Document]:
        """In the order in which they were told."""
        kept = await self._store.documents.of(person, KIND)
        return sorted((one for one in kept if one.state == "taking"), key=lambda one: (one.at, one.id))
