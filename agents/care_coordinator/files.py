"""Intents about files that people send to be kept. What lies here is only about them; the bytes lie behind the media port."""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace

from agents.care_coordinator import given
from agents.result import Result
from bot.errors import StoreUnavailable
from bot.model.effects import Intent
from bot.ports.documents import Document, Documents
from bot.ports.media import MediaStore
from config.clinic import Clinic

KIND = "file"
MIMES = ("image/jpeg", "image/png", "image/webp", "application/pdf")
LABELS = ("lab_report", "prescription", "letter", "meter", "other")


class KeptFiles:
    """Documents of kind ``file``: ``kept``, ``labelled``, or ``forgotten`` (then nothing but the fact is left)."""

    def __init__(self, documents: Documents, media: MediaStore | None, clinic: Clinic) -> None:
        self._documents, self._media, self._rules = documents, media, clinic.files

    async def keep(self, intent: Intent, now: float) -> Result:
        """``kept`` (file: id), ``known``, ``too_large``, ``wrong_kind``; ``failed`` when its bytes are not here."""
        ref, mime = given.text(intent, "ref"), (given.text(intent, "mime") or "").partition(";")[0].strip().lower()
        if ref is None or self._media is None:
            return Result("failed")
        id_ = given.made_of("f", intent.person, ref)
        known = await self._documents.get(KIND, id_)
        if known is not None and known.state != "forgotten":
            same = known.data.get("intent") == intent.id
            return Result("kept", {"file": {"id": id_}}) if same else Result("known")
        if mime not in MIMES:
            return Result("wrong_kind")
        if (given.number(intent, "size") or 0) > self._rules.largest_mib * 1024 * 1024:
            return Result("too_large")
        # It was stored for a while, as everything that is sent; now it stays until somebody deletes it.
        if not await self._media.keep(ref, now=now, keep_seconds=None):
            return Result("failed")
        data: dict[str, Any] = {"ref": ref, "mime": mime, "intent": intent.id}
        data |= {name: text for name in ("name", "caption", "message") if (text := given.text(intent, name, longest=200))}
        document = known or Document(KIND, id_, intent.person, now)
        if not await self._documents.save(replace(document, at=now, state="kept", data=data)):
            raise StoreUnavailable("Somebody else keeps the same file.")
        return Result("kept", {"file": {"id": id_}})

    async def label(self, intent: Intent, now: float) -> Result:
        """Label this file and the pages of the last minutes: ``shared`` or ``labelled`` (receipt); ``failed``: no such file."""
        label = given.text(intent, "kind") or "other"
        label = label if label in LABELS else "other"
        shared = given.text(intent, "shared") if isinstance(intent.data.get("shared"), str) else intent.data.get("shared")
        shared = shared is True or (isinstance(shared, str) and shared.lower() == "true")
        id_ = given.needed(intent, "file")
        receipt = given.made_of("", intent.person, id_)[:6].upper()
        since = now - self._rules.label_within_minutes * 60
        labelled = False
        for document in await self._documents.of(intent.person, KIND):
            if document.data.get("labelled_by") == intent.id:
                labelled = True
            elif document.state == "kept" and (document.id == id_ or document.at >= since):
                data = {**document.data, "label": label, "shared": shared, "receipt": receipt, "labelled_by": intent.id}
                if not await self._documents.save(replace(document, state="labelled", data=data)):
                    raise StoreUnavailable("Somebody else changes the same file.")
                labelled = True
        if not labelled:
            return Result("failed")
        return Result("shared" if shared else "labelled", {"receipt": receipt})

    async def forget(self, intent: Intent, now: float) -> Result:
        """``forgotten``, also when it was before; ``failed`` when this person has no such file."""
        document = await self._documents.get(KIND, given.needed(intent, "file"))
        if document is None or document.person != intent.person:
            return Result("failed")
        if document.state == "forgotten":
            return Result("forgotten")
        # The bytes first: were they to stay after the note is gone, nobody would know of them.
        if self._media is not None and isinstance(ref := document.data.get("ref"), str):
            await self._media.delete(ref)
        if not await self._documents.save(replace(document, state="forgotten", data={})):
            raise StoreUnavailable("Somebody else changes the same file.")
        return Result("forgotten")
