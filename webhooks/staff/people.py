"""A patient's record for those who care for them. Each look is entered in the audit log before anything is shown."""

from __future__ import annotations

from msgspec import to_builtins

from bot.audit.chain import Note
from bot.model.naming import typed
from bot.ports.store import Store, standing
from webhooks.staff.guard import Visit
from webhooks.staff.page import Page

SHOWN = 100
"""Digits of a phone number with its country code (E.164)."""
REASONS = ("care", "asked_by_patient", "correction", "complaint", "quality")
"""Why somebody looks at a record; the audit log keeps it."""


class People:
    def __init__(self, store: Store) -> None:
        self._store = store

    async def ask(self, _: Visit) -> Page:
        return Page("people", {"reasons": REASONS, "failed": False})

    async def record(self, visit: Visit) -> Page:
        """By POST, so that no number stands in an address, a history or a proxy's log."""
        form = await visit.request.post()
        person, reason = typed(str(form.get("who", ""))), str(form.get("reason", ""))
        if person is None or reason not in REASONS:
            return Page("people", {"reasons": REASONS, "failed": True}, 400)
        who = f"staff {visit.account.login}"[:80]
        await self._store.audit.enter(Note(visit.now, who, "looked at a record", person, reason))
        held = await self._store.held(person, SHOWN)
        readings = [
            {"kind": one.kind, "value": one.value, "context": one.context, "grade": one.grade, "at": one.at}
            for one in standing(held.readings, SHOWN)
        ]
        documents = [{"kind": one.kind, "state": one.state, "at": one.at} for one in held.documents]
        records = [{"kind": one.kind, "at": one.at, "data": to_builtins(one.data)} for one in held.records]
        found = {"person": person, "readings": readings, "records": records, "documents": documents}
        return Page("record", {**found, "most": SHOWN})
