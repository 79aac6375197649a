"""What waits for people: cases between patients and their clinic, and bookings. No names, no numbers in the lists."""

from __future__ import annotations

from typing import Any

from agents.care_coordinator import booking as bookings
from agents.care_coordinator.money import rupees
from agents.care_coordinator.saga import ENDS as OVER
from agents.doctor_bridge import files as cases
from agents.doctor_bridge.case import ENDS
from bot.audit.chain import Note
from bot.errors import Malformed
from bot.ports.documents import Document
from bot.ports.store import Store
from webhooks.staff.guard import Visit
from webhooks.staff.page import Page

PAGE, MOST = 200, 5000
"""Documents of one look, and of all looks for one page."""
STUCK = 9
"""So many failures in a row mean that a person has to look."""


class Work:
    def __init__(self, store: Store) -> None:
        self._store = store

    async def open_cases(self, _: Visit) -> Page:
        found: list[dict[str, Any]] = []
        for document in await self._listed(cases.KIND):
            if document.state in ENDS and document.state != "taken":
                continue
            case = cases.read(document)
            found.append(
                {
                    "id": document.id, "number": case.number, "severity": case.severity, "state": case.state,
                    "clinic": case.clinic, "opened_at": case.opened_at, "next_at": case.next_at, "answered_at": case.answered_at,
                }
            )  # fmt: skip
        found.sort(key=lambda one: (one["answered_at"] is not None, one["severity"] != "emergency", one["opened_at"]))
        return Page("cases", {"cases": found})

    async def case(self, visit: Visit) -> Page:
        document = await self._store.documents.get(cases.KIND, visit.request.match_info["id"])
        if document is None:
            return Page("refused", {"why": "gone"}, 404)
        who = f"staff {visit.account.login}"[:80]
        await self._store.audit.enter(Note(visit.now, who, "looked at a case", document.person, document.id[:80]))
        case = cases.read(document)
        return Page(
            "case",
            {
                "id": document.id, "person": document.person, "number": case.number, "severity": case.severity,
                "state": case.state, "clinic": case.clinic, "opened_at": case.opened_at,
                "matters": [{"about": one.about, "at": one.at, "facts": one.facts} for one in case.matters],
                "told": [{"who": one.contact.id, "at": one.at, "answer": one.answer} for one in case.told],
                "log": [{"at": at, "who": who, "what": what} for at, who, what in case.log],
            },
        )  # fmt: skip

    async def bookings(self, _: Visit) -> Page:
        found = []
        for document in await self._listed(bookings.KIND):
            if document.state in OVER:
                continue
            saga = bookings.read(document).saga
            about = saga.place.about
            found.append(
                {
                    "id": document.id, "kind": saga.kind, "state": saga.state, "amount": rupees(saga.amount), "due": document.due,
                    "when": f"{about.get('day', '')} {about.get('time', '')}".strip(), "failures": saga.tries,
                    "stuck": saga.tries >= STUCK,
                }
            )  # fmt: skip
        found.sort(key=lambda one: not one["stuck"])
        return Page("bookings", {"bookings": found})

    async def _listed(self, kind: str) -> list[Document]:
        """Raises Malformed when there are more than a page can show."""
        found: list[Document] = []
        while True:
            page = await self._store.documents.listed(kind, limit=PAGE, after=found[-1].id if found else None)
            found += page
            if len(page) < PAGE:
                return found
            if len(found) >= MOST:
                raise Malformed("too many for a page")
