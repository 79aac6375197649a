"""Who is asking, may they, and did they mean it: stands before every page of the staff."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

from aiohttp import web

from bot.errors import Malformed, Unavailable
from bot.staff.account import Account
from bot.staff.accounts import Accounts
from bot.staff.tickets import Seal, Ticket
from config.staff import StaffRules
from webhooks.staff.page import Page, shown, wants_json

log = logging.getLogger(__name__)

COOKIE = "__Host-procare_staff"
"""The prefix makes browsers refuse it from another host, another path or an unprotected line (loopback counts as protected)."""
RENEW = 60.0
"""Seconds after which a ticket in use is renewed."""
SIGN_IN = "/staff/sign-in"


@dataclass(frozen=True, slots=True)
class Visit:
    """One request of somebody who is signed in."""

    request: web.Request
    account: Account
    ticket: Ticket
    permissions: frozenset[str]
    now: float


View = Callable[[Visit], Awaitable[Page | web.StreamResponse]]


class Guard:
    def __init__(self, accounts: Accounts, rules: StaffRules, seal: Seal, clock: Callable[[], float]) -> None:
        self._accounts, self._rules, self._seal, self._clock = accounts, rules, seal, clock

    def page(self, view: View, permission: str | None) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
        """``view`` for those who have the permission (None: for everybody who is signed in). What changes something comes by POST
        and carries the form's seal."""

        async def handle(request: web.Request) -> web.StreamResponse:
            now = self._clock()
            try:
                visit = await self._visit(request, now)
                if visit is None:
                    return _sent_away(request)
                if permission is not None and permission not in visit.permissions:
                    log.warning("staff page refused", extra={"action": "staff_refused", "kind": permission, "status": 403})
                    return self._shown(visit, Page("refused", {"why": "roles"}, 403))
                if request.method == "POST" and not await self.meant(request, visit.ticket.nonce):
                    return self._shown(visit, Page("refused", {"why": "form"}, 403))
                made = await view(visit)
                response = self._shown(visit, made) if isinstance(made, Page) else made
                if now - visit.ticket.seen > RENEW and COOKIE not in response.cookies:
                    self.carry(response, Ticket(visit.account.login, visit.ticket.began, now, visit.ticket.nonce))
                return response
            except Malformed:
                return shown(request, Page("refused", {"why": "malformed"}, 400), NOBODY)
            except Unavailable as error:
                log.error("staff page failed", extra={"action": "staff_failed", "code": error.code})
                return shown(request, Page("refused", {"why": "engine"}, 503), NOBODY)

        return handle

    async def meant(self, request: web.Request, nonce: str) -> bool:
        """Whether a page of ours sent this form."""
        origin = request.headers.get("Origin")
        if origin is not None and urlsplit(origin).netloc != request.host:
            return False
        form = await request.post()
        offered = form.get("form", "")
        return isinstance(offered, str) and self._seal.is_form(nonce, offered)

    def begin(self, response: web.StreamResponse, account: Account) -> None:
        now = self._clock()
        self.carry(response, Ticket(account.login, now, now, secrets.token_urlsafe(16)))

    def carry(self, response: web.StreamResponse, ticket: Ticket) -> None:
        age = int(self._rules.sign_in.whole_seconds)
        sealed = self._seal.sealed("staff", ticket)
        response.set_cookie(COOKIE, sealed, max_age=age, path="/", secure=True, httponly=True, samesite="Lax")

    def drop(self, response: web.StreamResponse) -> None:
        response.set_cookie(COOKIE, "", max_age=0, path="/", secure=True, httponly=True, samesite="Lax")

    async def _visit(self, request: web.Request, now: float) -> Visit | None:
        rules = self._rules.sign_in
        ticket = self._seal.opened("staff", request.cookies.get(COOKIE, ""), Ticket)
        if ticket is None or now - ticket.seen > rules.idle_seconds or now - ticket.began > rules.whole_seconds:
            return None
        account = await self._accounts.find(ticket.login)
        if account is None or account.state != "open" or ticket.began < account.sessions_from:
            return None
        return Visit(request, account, ticket, self._rules.permissions(account.roles), now)

    def _shown(self, visit: Visit, page: Page) -> web.Response:
        around = {
            "login": visit.account.name or visit.account.login,
            "may": visit.permissions,
            "form": self._seal.form(visit.ticket.nonce),
        }
        return shown(visit.request, page, around)


NOBODY = {"login": None, "may": frozenset[str](), "form": ""}


def _sent_away(request: web.Request) -> web.StreamResponse:
    if wants_json(request):
        return shown(request, Page("refused", {"why": "signed_out"}, 401), NOBODY)
    return web.Response(status=303, headers={"Location": SIGN_IN, "Cache-Control": "no-store"})
