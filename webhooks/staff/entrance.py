"""The way in and out: login, password and code; or an identity provider that vouches."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable
from hashlib import blake2s
from typing import Literal

from aiohttp import web
from msgspec import Struct

from bot.errors import Unavailable
from bot.staff.account import VOUCHED, signed_out
from bot.staff.accounts import Accounts
from bot.staff.tickets import Seal
from config.staff import StaffRules
from webhooks.staff.guard import NOBODY, SIGN_IN, Guard, Visit
from webhooks.staff.oidc import NotVouched, Provider, Started
from webhooks.staff.page import HEADERS, Page, shown

log = logging.getLogger(__name__)

BEFORE = "__Host-procare_staff_before"
BEFORE_SECONDS = 600
HOME = "/staff/"
Failure = Literal["", "form", "fields", "often", "provider"]
"""Why nobody was let in: the page was too old, what was typed, too many attempts of all, or what the provider said."""


class Waiting(Struct, frozen=True):
    """Carried by a browser between the sign-in page and its answer. ``started``: what the identity provider was asked with."""

    nonce: str
    at: float
    started: Started | None = None


class Entrance:
    def __init__(
        self,
        accounts: Accounts,
        rules: StaffRules,
        seal: Seal,
        guard: Guard,
        provider: Provider | None,
        clock: Callable[[], float],
    ) -> None:
        self._accounts, self._rules, self._seal, self._guard = accounts, rules, seal, guard
        self._provider, self._clock = provider, clock
        self._attempts: list[float] = []

    def add_routes(self, app: web.Application) -> None:
        app.router.add_get(SIGN_IN, self.ask)
        app.router.add_post(SIGN_IN, self.sign_in)
        app.router.add_post("/staff/sign-out", self._guard.page(self.sign_out, None))
        if self._provider is not None:
            app.router.add_get("/staff/sign-in/provider", self.send_on)
            app.router.add_get("/staff/sign-in/back", self.back)
            app.router.add_get("/staff/sign-out/provider", self.send_off)

    async def ask(self, request: web.Request) -> web.StreamResponse:
        return self._asked(request, "")

    async def sign_in(self, request: web.Request) -> web.StreamResponse:
        now = self._clock()
        waiting = self._waiting(request, now)
        if waiting is None or not await self._guard.meant(request, waiting.nonce):
            return self._asked(request, "form", 403)
        if not self._slot(now):
            return self._asked(request, "often", 429)
        form = await request.post()
        login, password, code = (str(form.get(name, "")) for name in ("login", "password", "code"))
        try:
            account = await self._accounts.sign_in(login.strip().lower(), password, code, now)
        except Unavailable as error:
            return self._failed(request, error)
        if account is None:
            log.warning("staff sign-in refused", extra={"action": "staff_sign_in_refused"})
            return self._asked(request, "fields", 401)
        response = web.Response(status=303, headers={**HEADERS, "Location": HOME})
        self._guard.begin(response, account)
        return response

    async def sign_out(self, visit: Visit) -> web.StreamResponse:
        """Everywhere: a ticket that somebody copied ends too."""
        await self._accounts.change(visit.account.login, lambda found: signed_out(found, visit.now))
        vouched = self._provider is not None and VOUCHED.fullmatch(visit.account.login)
        response = web.Response(status=303, headers={**HEADERS, "Location": SIGN_IN + ("?left" if vouched else "")})
        self._guard.drop(response)
        return response

    async def send_off(self, request: web.Request) -> web.StreamResponse:
        """To where the identity provider signs them out: whoever sits at this computer next would come in as them."""
        try:
            address = await self._provider.leaving() if self._provider is not None and self._slot(self._clock()) else None
        except Unavailable as error:
            return self._failed(request, error)
        return web.Response(status=303, headers={**HEADERS, "Location": address or SIGN_IN})

    async def send_on(self, request: web.Request) -> web.StreamResponse:
        """A link, not a form: browsers hold a form's redirects to ``form-action``."""
        now = self._clock()
        if self._provider is None or not self._slot(now):
            return self._asked(request, "often", 429)
        try:
            address, started = await self._provider.start()
        except Unavailable as error:
            return self._failed(request, error)
        response = web.Response(status=303, headers={**HEADERS, "Location": address})
        self._carry(response, Waiting(secrets.token_urlsafe(16), now, started))
        return response

    async def back(self, request: web.Request) -> web.StreamResponse:
        """The identity provider sent them back with a code for us."""
        now = self._clock()
        waiting = self._waiting(request, now)
        started = waiting.started if waiting else None
        if started is None or self._provider is None:
            return self._asked(request, "form", 403)
        if not self._slot(now):
            return self._asked(request, "often", 429)
        try:
            person = await self._provider.finish(request.query, started)
            login = "sso:" + blake2s(person.subject.encode(), digest_size=16).hexdigest()
            account = await self._accounts.vouched(login, person.name, person.roles, now) if person.roles else None
        except NotVouched as refusal:
            log.warning("identity refused", extra={"action": "staff_sign_in_refused", "code": refusal.code})
            return self._asked(request, "provider", 401)
        except Unavailable as error:
            return self._failed(request, error)
        if account is None:
            return self._asked(request, "provider", 401)
        response = web.Response(status=303, headers={**HEADERS, "Location": HOME})
        response.set_cookie(BEFORE, "", max_age=0, path="/", secure=True, httponly=True, samesite="Lax")
        self._guard.begin(response, account)
        return response

    def _asked(self, request: web.Request, failed: Failure, status: int = 200) -> web.Response:
        waiting = Waiting(secrets.token_urlsafe(16), self._clock())
        around = {**NOBODY, "form": self._seal.form(waiting.nonce)}
        minutes = int(self._rules.sign_in.rest_seconds // 60)
        data = {"failed": failed, "tries": self._rules.sign_in.tries, "minutes": minutes, "provider": self._provider is not None}
        data["left"] = "left" in request.query and self._provider is not None
        response = shown(request, Page("sign_in", data, status), around)
        self._carry(response, waiting)
        return response

    def _failed(self, request: web.Request, error: Unavailable) -> web.Response:
        log.error("staff sign-in failed", extra={"action": "staff_failed", "code": error.code})
        return shown(request, Page("refused", {"why": "engine"}, 503), NOBODY)

    def _carry(self, response: web.StreamResponse, waiting: Waiting) -> None:
        sealed = self._seal.sealed("before", waiting)
        response.set_cookie(BEFORE, sealed, max_age=BEFORE_SECONDS, path="/", secure=True, httponly=True, samesite="Lax")

    def _waiting(self, request: web.Request, now: float) -> Waiting | None:
        waiting = self._seal.opened("before", request.cookies.get(BEFORE, ""), Waiting)
        return waiting if waiting and now - waiting.at <= BEFORE_SECONDS else None

    def _slot(self, now: float) -> bool:
        """A place among the attempts of the last minute, whoever makes them."""
        self._attempts = [at for at in self._attempts if now - at < 60]
        if len(self._attempts) >= self._rules.sign_in.attempts_per_minute:
            return False
        self._attempts.append(now)
        return True
