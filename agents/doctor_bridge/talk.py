"""What was written between patient and clinic, word for word: kept as records of the patient, one for each message."""

from __future__ import annotations

from msgspec import Struct

from bot.model.effects import Intent, Record
from bot.model.ids import PersonId
from bot.ports.store import Store

KIND = "doctor_talk"
LONGEST = 4200  # characters of one message; WhatsApp takes 4096
READ, SHOWN, ROOM = 200, 8, 2000
FIELDS = ("by", "who", "member", "kind", "text", "ref", "message", "changes")
SIGNS = {"image": "🖼", "audio": "🎤", "video": "🎬", "document": "📄", "location": "📍", "contact": "👤"}


class Line(Struct, frozen=True):
    """One message. ``by``: patient or clinic. ``message``: its id in WhatsApp. ``changes``: id of the one that it replaces."""

    by: str
    who: str
    member: str
    kind: str
    text: str
    ref: str
    message: str
    changes: str
    at: float


async def keep(store: Store, intent: Intent, patient: PersonId, case: str, line: Line) -> None:
    data = {
        "case": case, "by": line.by, "who": line.who, "member": line.member, "kind": line.kind, "text": line.text[:LONGEST],
        "ref": line.ref, "message": line.message, "changes": line.changes,
    }  # fmt: skip
    await store.record([Record(intent.id, patient, KIND, line.at, data)])


async def transcript(store: Store, patient: PersonId, case: str) -> list[Line]:
    """Oldest first."""
    found = [one for one in await store.records(patient, KIND, READ) if one.data.get("case") == case]
    return [_line(one) for one in reversed(found)]


def _line(record: Record) -> Line:
    by, who, member, kind, text, ref, message, changes = (str(record.data.get(name) or "") for name in FIELDS)
    return Line(by, who, member, kind, text, ref, message, changes, record.at)


def excerpt(lines: list[Line], patient: str) -> str:
    """The last messages, each behind the name of who wrote it; the oldest go where there is no room. ``patient``: what somebody
    is called who has told us no name."""
    told = [f"{line.who or patient}: {SIGNS.get(line.kind, '')}{line.text}".strip() for line in lines[-SHOWN:]]
    while len(told) > 1 and len("\n".join(told)) > ROOM:
        told.pop(0)
    return "\n".join(told)[:ROOM]
