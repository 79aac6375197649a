"""What we keep of a person: described, copied for them, erased."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Final, Protocol

import msgspec

from agents.care_coordinator.ties import CARES
from agents.doctor_bridge.fhir.resources import cut_of
from agents.engagement_engine.erasure_report import report_of, seal_of
from agents.engagement_engine.kept import made_of
from agents.engagement_engine.people import life_of
from agents.engagement_engine.printing import print_copy
from agents.engagement_engine.rule import day_of
from agents.result import Ask, Result, Woken
from bot.audit.chain import Note
from bot.errors import StoreUnavailable, Unavailable
from bot.model.effects import Intent
from bot.model.ids import PersonId, member_of, owner_of, person_of
from bot.ports.documents import Document
from bot.ports.media import MediaStore
from bot.ports.remains import Remain
from bot.ports.store import Held, Store
from bot.ports.tombstones import Tombstone, Tombstones
from config.engagement import Engagement

log = logging.getLogger(__name__)

ERASURE: Final = "erasure"
"""In the state ``erasing`` or ``erased``; its id is the receipt. It stays, because it proves that and when it was done."""
FILES: Final = "file"  # the care coordinator's documents of reports that people sent
WHO: Final = "agent engagement_engine"
ASKED: Final = "asked by the person"
DAY: Final = 86_400.0
LOOKS: Final = {1: 120.0, 2: 3600.0, 3: 86_400.0}
"""After so many looks it looks once more, so many seconds later: the journal of the very turn that asked comes after the first,
and what was on its way (a file, a delayed retry) later still; what lay in the queue of an agent that was down, a day later."""
RETRY: Final = 120.0
FAREWELL: Final = 20.0  # seconds that the chat has to say that it is done; who writes later begins anew

Bundle = Callable[[PersonId, float], Awaitable[dict[str, Any]]]
"""A person's record as a FHIR bundle."""


class Elsewhere(Protocol):
    """Where more than the store and the files is held of people."""

    async def forget(self, people: Sequence[PersonId], until: float) -> None:
        """Idempotent. Raises Unavailable."""


class Copies:
    """``media``: where a copy is put; without, there is none. ``bundle``: without, a copy has no FHIR record. ``elsewhere`` is
    forgotten at once, ``behind`` at the later looks: the chat itself still has to say that it is done."""

    def __init__(
        self,
        store: Store,
        rules: Engagement,
        media: MediaStore | None,
        bundle: Bundle | None,
        elsewhere: Elsewhere | None = None,
        *,
        behind: Elsewhere | None = None,
        tombstones: Tombstones | None = None,
    ) -> None:
        self._store, self._rules, self._media, self._bundle, self._elsewhere = store, rules, media, bundle, elsewhere
        self._behind, self._tombstones = behind, tombstones

    async def describe(self, intent: Intent, now: float) -> Result:
        """``told`` (readings, since, reports, records) or ``nothing``."""
        held = await self._store.held(intent.person, self._rules.copies.most)
        times = [*(one.at for one in held.readings), *(one.at for one in held.records)]
        if not times:
            return Result("nothing")
        zone = (await life_of(self._store, intent.person, self._rules.zone)).zone
        reports = sum(one.kind == FILES for one in held.documents)
        facts = {
            "readings": len(held.readings),
            "since": day_of(min(times), zone),
            "reports": reports,
            "records": len(held.records),
        }
        return Result("told", facts)

    async def export(self, intent: Intent, now: float) -> Result:
        """``ready`` (file: a PDF with the data as JSON in it; newest: so many of each sort, where there are more) or
        ``preparing`` (by_day) where files cannot be kept just now."""
        life = await life_of(self._store, intent.person, self._rules.zone)
        whole = await self._whole(intent.person, intent.at)
        await self._store.audit.enter(Note(now, WHO, "copied for the person", intent.person, "asked by the person"))
        text = json.dumps(whole, ensure_ascii=False, indent=1, sort_keys=True).encode()
        bundle = await self._bundle(intent.person, intent.at) if self._bundle else None
        fhir = json.dumps(bundle, ensure_ascii=False, indent=1).encode() if bundle else None
        data = await asyncio.to_thread(print_copy, whole["held"][0]["readings"], text, fhir, life.zone, intent.at)
        if self._media is None:
            return Result("preparing", {"by_day": self._by_day(intent, life.zone)})
        try:
            keep = self._rules.copies.keep_days * DAY
            ref = await self._media.put(data, mime="application/pdf", person=intent.person, now=now, keep_seconds=keep)
        except StoreUnavailable as error:
            log.warning("a copy is not kept", extra={"action": "no_copy", "code": error.code})
            return Result("preparing", {"by_day": self._by_day(intent, life.zone)})
        cut = "newest" in whole or (bundle is not None and cut_of(bundle))
        return Result("ready", {"file": ref, "newest": self._rules.copies.most} if cut else {"file": ref})

    async def erase(self, intent: Intent, now: float, *, who: str = WHO, why: str = ASKED) -> Result:
        """``erased`` or ``erasing`` (by_day), with a receipt. Noted first: what is not done now is done when the note is due."""
        receipt = made_of("erasure", intent.id)
        note = await self._store.documents.get(ERASURE, receipt)
        if note is None:
            zone = (await life_of(self._store, intent.person, self._rules.zone)).zone
            people = await self.whole(intent.person)
            ties = [one.id for one in await self._store.documents.of(intent.person, CARES)]
            data = {
                "until": intent.at,
                "people": people,
                "ties": ties,
                "by_day": self._by_day(intent, zone),
                "who": who,
                "why": why,
            }
            note = Document(ERASURE, receipt, intent.person, intent.at, due=now + RETRY, state="erasing", data=data)
            await self._store.documents.save(note)
            note = await self._store.documents.get(ERASURE, receipt) or note
        facts = {"receipt": receipt.upper(), "by_day": note.data["by_day"]}
        if note.state == "erased":
            return Result("erased", facts, asks=_farewells(note))
        try:
            note = await self._erase(note, now)
        except Unavailable as error:
            log.warning("erasing waits", extra={"action": "erasing_waits", "code": error.code})
            return Result("erasing", facts)
        await self._store.documents.save(msgspec.structs.replace(note, state="erased", due=_next_look(note, now)))
        return Result("erased", facts, asks=_farewells(note))

    async def erase_again(self, stone: Tombstone, now: float) -> bool:
        """Who came back with a backup. False where that knows of the erasure. What is left to do, who helped them being told, is
        done when the note is due."""
        held = await self._store.documents.get(ERASURE, stone.receipt)
        if held is not None and held.state == "erased":
            return False
        if held is None:
            ties = [one.id for one in await self._store.documents.of(stone.person, CARES)]
            by_day = day_of(stone.until + self._rules.erasure.by_days * DAY, self._rules.zone)
            data = {"until": stone.until, "people": list(stone.people), "ties": ties, "by_day": by_day}
            data |= {"who": "restore", "why": "erased before the backup was restored"}
            held = Document(ERASURE, stone.receipt, stone.person, stone.until, due=now, state="erasing", data=data)
            await self._store.documents.save(held)
        await self._erase(held, now)
        return True

    async def wake(self, document: Document, now: float) -> Woken:
        """What could not be erased at once; and once more afterwards, because a turn or a file may have been on its way."""
        if self._behind is not None and document.state == "erased":
            people = [PersonId(one) for one in document.data["people"]]
            await self._behind.forget(people, float(document.data["until"]) + FAREWELL)
        done = await self._erase(document, now)
        return Woken(msgspec.structs.replace(done, state="erased", due=_next_look(done, now)), asks=_farewells(document))

    async def _erase(self, note: Document, now: float) -> Document:
        """The note with its report. What the audit log says of it holds for the report that is then stored with the note."""
        until, rules = float(note.data["until"]), self._rules.erasure
        people = [PersonId(one) for one in note.data["people"]]
        everybody = people if note.person in people else [note.person, *people]
        if self._tombstones is not None:  # before anything goes: a backup that is restored later brings it back
            await self._tombstones.put(Tombstone(note.id, note.person, tuple(people), until))
        before = await self._remains(everybody)
        files = 0
        if self._elsewhere is not None:  # first, so that no turn begins from what is about to go
            await self._elsewhere.forget(people, until)
        if self._media is not None:
            for person in people:
                for ref in await self._media.of(person):
                    about = await self._media.about(ref)
                    if about is not None and about.at <= until:
                        await self._media.delete(ref)
                        files += 1
        kept = (*rules.keep_documents, ERASURE)
        for person in everybody:
            await self._store.erase(person, until, keep_records=rules.keep_records, keep_documents=kept)
        if note.state == "erasing":  # the second look takes nothing from somebody who began anew
            await self._store.unlink(note.person)
        report = report_of(before, await self._remains(everybody), until, files, rules.source, note.data.get("report"))
        who, why = note.data.get("who", WHO), note.data.get("why", ASKED)
        rule = f"receipt {note.id} report {seal_of(note.id, report)}"
        await self._store.audit.enter(Note(now, who, "erased", note.person, why, rule=rule))
        return msgspec.structs.replace(note, data={**note.data, "report": report})

    async def _remains(self, people: Sequence[PersonId]) -> list[Remain]:
        """Each thing once: what is of a household is told for its owner, too."""
        return list(dict.fromkeys([one for person in people for one in await self._store.remains(person)]))

    async def _whole(self, person: PersonId, at: float) -> dict[str, Any]:
        """All that is held, of everybody who is reached through this phone, with what we know of them. ``newest``: so many
        of each sort, because somebody has more."""
        session = await self._store.session(owner_of(person)[0])
        most, people = self._rules.copies.most, await self._people(person)
        every = [(one, await self._store.held(one, most + 1)) for one in people]
        cut = any(len(sort) > most for _, one in every for sort in (one.readings, one.records, one.documents))
        held = [_plain(one, Held(all_.readings[:most], all_.records[:most], all_.documents[:most])) for one, all_ in every]
        known = {"profile": session.profile, "consent": session.consent, "household": list(session.household)} if session else {}
        cut_at = {"newest": most} if cut else {}
        plain: dict[str, Any] = msgspec.to_builtins({"made_at": at, "person": person, **known, **cut_at, "held": held})
        return plain

    async def whole(self, person: PersonId) -> list[PersonId]:
        """All names under which something of theirs may lie: their household's, and those from before their phone was known."""
        hidden = [person_of(f"lid:{lid}") for lid in await self._store.hidden_numbers(person)]
        return list(dict.fromkeys([*await self._people(person), *hidden]))

    async def _people(self, person: PersonId) -> list[PersonId]:
        owner, member = owner_of(person)
        session = await self._store.session(owner)
        if session is None or member is not None:
            return [person]
        # Also those who were removed from this phone: what was sent about them is in their record.
        ever = [str(number) for number in range(1, session.members_ever + 1)]
        ids = dict.fromkeys([*(one.id for one in session.household), *ever])
        return [person, *(member_of(owner, one) for one in ids)]

    def _by_day(self, intent: Intent, zone: str) -> str:
        return day_of(intent.at + self._rules.erasure.by_days * DAY, zone)


def _plain(person: PersonId, held: Held) -> dict[str, Any]:
    plain: dict[str, Any] = {"person": person, **msgspec.to_builtins(held)}
    return plain


def _next_look(note: Document, now: float) -> float | None:
    seconds = LOOKS.get(int(note.data["report"]["looks"]))
    return None if seconds is None else now + seconds


def _farewells(note: Document) -> tuple[Ask, ...]:
    """Whom they helped should not rely on them any more."""
    return tuple(
        Ask(f"{note.id}:{tie}", note.person, "care_coordinator", "leave_patient", {"patient": tie}) for tie in note.data["ties"]
    )
