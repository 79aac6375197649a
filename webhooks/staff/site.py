"""The staff's site: which address shows what, and which permission it needs."""

from __future__ import annotations

from collections.abc import Callable

from aiohttp import web

from bot.ports.bus import Bus
from bot.ports.store import Store
from bot.staff.accounts import Accounts
from bot.staff.tickets import Seal
from config.staff import StaffRules
from webhooks.app import tell_no_versions
from webhooks.staff.entrance import HOME, Entrance
from webhooks.staff.guard import Guard, Visit
from webhooks.staff.oidc import Provider
from webhooks.staff.page import Page, css
from webhooks.staff.people import People
from webhooks.staff.running import Running
from webhooks.staff.work import Work

LARGEST = 64 * 1024
"""Bytes of a form."""


def make_site(
    store: Store,
    bus: Bus,
    rules: StaffRules,
    seal: Seal,
    clock: Callable[[], float],
    provider: Provider | None = None,
    *,
    consent_version: str,
) -> web.Application:
    app = web.Application(client_max_size=LARGEST)
    tell_no_versions(app)
    accounts = Accounts(store, rules)
    guard = Guard(accounts, rules, seal, clock)
    people, work, running = People(store, rules.looks, consent_version), Work(store), Running(store, bus, accounts)
    Entrance(accounts, rules, seal, guard, provider, clock).add_routes(app)
    app.router.add_get("/", _to_home)
    app.router.add_get("/staff", _to_home)
    app.router.add_get("/staff/staff.css", _css)
    app.router.add_get(HOME, guard.page(_home, None))
    app.router.add_get("/staff/people", guard.page(people.ask, "people"))
    app.router.add_post("/staff/people", guard.page(people.record, "people"))
    app.router.add_get("/staff/cases", guard.page(work.open_cases, "cases"))
    app.router.add_get("/staff/cases/{id}", guard.page(work.case, "cases"))
    app.router.add_get("/staff/bookings", guard.page(work.bookings, "bookings"))
    app.router.add_get("/staff/parked", guard.page(running.parked, "parked"))
    app.router.add_post("/staff/parked/{id}/replay", guard.page(running.decide("replay"), "decide_parked"))
    app.router.add_post("/staff/parked/{id}/drop", guard.page(running.decide("drop"), "decide_parked"))
    app.router.add_get("/staff/content", guard.page(running.content, "content"))
    app.router.add_get("/staff/accounts", guard.page(running.accounts, "accounts"))
    app.router.add_get("/staff/audit", guard.page(running.audit, "audit"))
    return app


async def _home(visit: Visit) -> Page:
    return Page("home", {"roles": list(visit.account.roles)})


async def _to_home(_: web.Request) -> web.StreamResponse:
    return web.Response(status=303, headers={"Location": HOME, "Cache-Control": "no-store"})


async def _css(request: web.Request) -> web.StreamResponse:
    return css(request)
