"""A patient's record for those who care for them, as far as the patient allows. Each look is entered in the audit log before
anything is shown."""

from __future__ import annotations

from typing import get_args

from msgspec import to_builtins

from bot.audit.chain import Note
from bot.model.consent import purposes_of
from bot.model.ids import PersonId, owner_of
from bot.model.naming import typed
from bot.ports.store import Store, standing
from config.staff import Looks, Reason
from webhooks.staff.guard import Visit
from webhooks.staff.page import Page

SHOWN = 100
REASONS: tuple[str, ...] = get_args(Reason)
SHARE = "share_with_clinic"
AN_HOUR = 3600.0


class People:
    """``version``: of the consent text, so that a yes to another text counts for nothing."""

    def __init__(self, store: Store, looks: Looks, version: str) -> None:
        self._store, self._looks, self._version = store, looks, version
        self._looked: dict[str, list[float]] = {}  # when each account looked, within the last hour

    async def ask(self, _: Visit) -> Page:
        return Page("people", {"reasons": REASONS, "failed": False})

    async def record(self, visit: Visit) -> Page:
        """By POST, so that no number stands in an address, a history or a proxy's log."""
        form = await visit.request.post()
        person, reason = typed(str(form.get("who", ""))), str(form.get("reason", ""))
        if person is None or reason not in REASONS:
            return Page("people", {"reasons": REASONS, "failed": True}, 400)
        if not self._slot(visit.account.login, visit.now):
            return Page("refused", {"why": "too_many"}, 429)
        who = f"staff {visit.account.login}"[:80]
        if reason not in self._looks.without_consent and not await self._allowed(person):
            await self._store.audit.enter(Note(visit.now, who, "was refused a record", person, reason))
            return Page("refused", {"why": "consent"}, 403)
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

    async def _allowed(self, person: PersonId) -> bool:
        """Of a member of a household the owner of the phone decides."""
        session = await self._store.session(owner_of(person)[0])
        return session is not None and SHARE in purposes_of(session.consent, self._version)

    def _slot(self, login: str, now: float) -> bool:
        recent = [at for at in self._looked.get(login, ()) if now - at < AN_HOUR]
        room = len(recent) < self._looks.an_hour
        self._looked[login] = [*recent, now] if room else recent
        return room
