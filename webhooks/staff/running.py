"""How the service runs, for its operators and auditors: parked messages, what was published, accounts, the audit log."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from aiohttp import web

from bot.audit.chain import Entry, broken
from bot.audit.parked import Decision, decide
from bot.logs import nameless, redact, short
from bot.ports.bus import Bus
from bot.ports.store import Store
from bot.staff.accounts import Accounts
from webhooks.staff.guard import Visit
from webhooks.staff.page import HEADERS, Page

PARKED, PUBLICATIONS, ENTRIES = 200, 30, 200
PAGE = 1000


class Running:
    def __init__(self, store: Store, bus: Bus, accounts: Accounts) -> None:
        self._store, self._bus, self._accounts = store, bus, accounts

    async def parked(self, visit: Visit) -> Page:
        """Never the words of anybody: who has to read those takes them from the queue."""
        found = [
            {
                "id": one.id, "queue": one.queue, "code": one.code, "reason": redact(one.detail), "at": one.parked_at,
                "person": nameless(one.envelope.key), "message": short(one.envelope.id), "size": len(one.envelope.body),
            }
            for one in await self._bus.parked(PARKED)
        ]  # fmt: skip
        return Page("parked", {"parked": found, "most": PARKED})

    def decide(self, what: Decision) -> Callable[[Visit], Awaitable[Page | web.StreamResponse]]:
        """``replay`` or ``drop`` one of them."""

        async def decided(visit: Visit) -> Page | web.StreamResponse:
            id_ = visit.request.match_info["id"]
            who = f"staff {visit.account.login}"[:80]
            if not await decide(self._bus, self._store.audit, what, id_, who, lambda: visit.now):
                return Page("refused", {"why": "gone"}, 404)
            return web.Response(status=303, headers={**HEADERS, "Location": "/staff/parked"})

        return decided

    async def content(self, _: Visit) -> Page:
        found = [
            {"number": one.number, "version": one.version[:12], "at": one.at, "by": one.by, "note": one.note, "back": one.back}
            for one in await self._store.bundles.history(PUBLICATIONS)
        ]
        return Page("content", {"publications": found})

    async def accounts(self, visit: Visit) -> Page:
        found = [
            {
                "login": one.login, "name": one.name, "roles": list(one.roles), "state": one.state,
                "resting": one.rests(visit.now), "since": one.at,
            }
            for one in await self._accounts.all()
        ]  # fmt: skip
        return Page("accounts", {"accounts": found})

    async def audit(self, visit: Visit) -> Page:
        """The newest entries, after every seal was checked."""
        last: Entry | None = None
        cut = await self._store.audit.cut()
        newest: list[Entry] = []
        count, wrong = 0, None
        while page := await self._store.audit.entries(last.number if last else 0, PAGE):
            wrong = wrong or broken(page, last)
            last, count, newest = page[-1], count + len(page), [*newest, *page][-ENTRIES:]
        wrong = wrong or cut
        found = [
            {
                "number": one.number, "at": one.note.at, "who": one.note.who, "what": one.note.what, "whose": one.note.whose,
                "why": one.note.why,
            }
            for one in reversed(newest)
        ]  # fmt: skip
        seal = last.seal if last else ""
        broken_at = {"number": wrong.number, "how": wrong.how} if wrong else None
        return Page("audit", {"entries": found, "count": count, "broken": broken_at, "seal": seal})
