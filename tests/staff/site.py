"""The staff's site on a port, with a store in memory, and a browser that is one in the ways that matter here."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pyotp
from aiohttp import ClientResponse, ClientSession, CookieJar
from aiohttp.test_utils import TestServer
from yarl import URL

from bot.adapters.memory import MemoryStore
from bot.model.ids import InputId, PersonId
from bot.model.session import Session
from bot.ports.bus import Bus
from bot.ports.store import JournalEntry
from bot.staff.account import Account
from bot.staff.accounts import Accounts
from bot.staff.codes import new_secret
from bot.staff.tickets import Seal
from config.staff import load_staff_rules
from webhooks.staff.oidc import Provider
from webhooks.staff.site import make_site

RULES = load_staff_rules()
VERSION = "2026-1"
PASSWORD = "correct horse battery"
_FORM = re.compile(r'name="form" value="([0-9a-f]{64})"')


class Browser:
    """Follows no redirects, so that a test sees each."""

    def __init__(self, session: ClientSession, url: URL) -> None:
        self.session, self.url, self.form = session, url, ""

    async def get(self, path: str, **headers: str) -> tuple[int, str]:
        async with self.session.get(self.url.join(URL(path)), allow_redirects=False, headers=headers) as response:
            return await self._seen(response)

    async def post(self, path: str, data: dict[str, str], **headers: str) -> tuple[int, str]:
        filled = {"form": self.form, **data}
        async with self.session.post(self.url.join(URL(path)), data=filled, allow_redirects=False, headers=headers) as response:
            return await self._seen(response)

    async def _seen(self, response: ClientResponse) -> tuple[int, str]:
        text = await response.text()
        if found := _FORM.search(text):
            self.form = found[1]
        return response.status, response.headers.get("Location") or text


class Site:
    def __init__(self, store: Any, url: URL) -> None:
        self.store, self.url, self.now = store, url, 1_790_000_000.0
        self.accounts = Accounts(store, RULES)
        self.secrets: dict[str, str] = {}
        self._hash, self.turns = "", 0

    async def employ(self, login: str, *roles: str) -> None:
        self._hash = self._hash or await self.accounts.hashed(PASSWORD)
        self.secrets[login] = new_secret()
        assert await self.accounts.make(Account(login, roles, self.now, password=self._hash, secret=self.secrets[login]))

    def code(self, login: str) -> str:
        return pyotp.TOTP(self.secrets[login]).at(int(self.now))

    @asynccontextmanager
    async def browser(self) -> AsyncIterator[Browser]:
        jar = CookieJar(unsafe=True, treat_as_secure_origin=self.url.origin())
        async with ClientSession(cookie_jar=jar) as session:
            yield Browser(session, self.url)

    async def sign_in(self, browser: Browser, who: str, **wrong: str) -> tuple[int, str]:
        await browser.get("/staff/sign-in")
        return await browser.post("/staff/sign-in", {"login": who, "password": PASSWORD, "code": self.code(who), **wrong})

    async def agreed(self, person: PersonId, *purposes: str, version: str = VERSION) -> None:
        """The person's newest turn says that they allow just this."""
        consent = {"version": version, "purposes": list(purposes)}
        self.turns += 1
        session = Session(person, version=self.turns, consent=consent)
        turn = JournalEntry(person, InputId(f"i{self.turns}"), self.turns, self.now, "text", session)
        await self.store.append_journal([turn])

    async def noted(self) -> list[tuple[str, str, str]]:
        return [(one.note.who, one.note.what, one.note.whose) for one in await self.store.audit.entries()]


class _NoBus:
    """For tests that look at no queue."""


@asynccontextmanager
async def open_site(bus: Bus | None = None, provider: Provider | None = None) -> AsyncIterator[Site]:
    store = MemoryStore()
    site: Site | None = None

    def clock() -> float:
        assert site is not None
        return site.now

    app = make_site(store, bus or _NoBus(), RULES, Seal(b"k" * 32), clock, provider, consent_version=VERSION)  # type: ignore[arg-type]
    async with TestServer(app) as server:
        site = Site(store, server.make_url("/"))
        yield site
