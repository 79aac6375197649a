"""Accounts of the staff in the store: made, found, changed whatever others do meanwhile, and asked whether a sign-in is good."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from msgspec.structs import replace

from bot.audit.chain import Note
from bot.errors import StoreUnavailable
from bot.ports.store import Store
from bot.staff.account import KIND, LOGIN, VOUCHED, Account, account_of, document_of, entered, tried
from bot.staff.codes import step_of
from config.staff import StaffRules

CONFLICTS = 8
PAGE = 500


class Accounts:
    """Every method raises StoreUnavailable when the store does not answer in time."""

    def __init__(self, store: Store, rules: StaffRules) -> None:
        self._documents, self._audit, self._rules = store.documents, store.audit, rules
        costs = rules.hashing
        self._hasher = PasswordHasher(time_cost=costs.passes, memory_cost=costs.memory_kib, parallelism=costs.lanes)
        self._one = asyncio.Semaphore(1)  # an attempt takes memory and a core on purpose: never many at once
        self._nobody = self._hasher.hash("nobody")  # what an unknown login is compared with, so that it takes as long

    async def find(self, login: str) -> Account | None:
        if not (LOGIN.fullmatch(login) or VOUCHED.fullmatch(login)):
            return None
        document = await self._documents.get(KIND, login)
        return account_of(document) if document else None

    async def all(self) -> list[Account]:
        found: list[Account] = []
        while True:
            page = await self._documents.listed(KIND, limit=PAGE, after=found[-1].login if found else None)
            found += [account_of(one) for one in page]
            if len(page) < PAGE:
                return found

    async def make(self, account: Account) -> bool:
        """False, and nothing is stored, when there is one already."""
        return await self._documents.save(document_of(account))

    async def change(self, login: str, change: Callable[[Account], Account]) -> Account | None:
        """What is stored afterwards; None when there is no such account."""
        for _ in range(CONFLICTS):
            account = await self.find(login)
            if account is None:
                return None
            changed = change(account)
            if changed == account:
                return account
            if await self._documents.save(document_of(changed)):
                return replace(changed, version=account.version + 1)
        raise StoreUnavailable("an account was changed by others again and again")

    async def hashed(self, password: str) -> str:
        async with self._one:
            return await asyncio.to_thread(self._hasher.hash, password)

    async def sign_in(self, login: str, password: str, code: str, now: float) -> Account | None:
        """The account, or None: unknown, closed, resting after failures, wrong. Which of these is told to nobody.

        The attempt is counted in the store before it is judged, whichever process judges it.
        """
        account = await self.find(login)
        if account is None or account.state != "open" or not account.password or account.rests(now):
            await self._holds(self._nobody, password)
            await self._note(now, login if account else "unknown", "sign-in refused")
            return None
        rules = self._rules.sign_in
        counted: Account | None = None

        def count(found: Account) -> Account:
            nonlocal counted
            counted = None if found.rests(now) else found
            return tried(found, now, rules) if counted else found

        if await self.change(login, count) is None or counted is None:
            return None
        account = counted
        known = await self._holds(account.password, password)
        step = step_of(account.secret, code, now, aside=rules.code_steps_aside, after=account.code_step)
        if not known or step is None:
            await self._note(now, login, "sign-in refused")
            return None
        once = step

        def enter(found: Account) -> Account:
            return entered(found, once) if found.code_step < once else found

        changed = await self.change(login, enter)
        if changed is None or changed.state != "open" or changed.failures:  # the code was used by somebody else just now
            return None
        await self._note(now, login, "signed in")
        return changed

    async def vouched(self, login: str, name: str, roles: tuple[str, ...], now: float) -> Account | None:
        """The account of somebody whom the identity provider sent, with the roles that it gives them now; None: closed here."""
        fresh = Account(login, roles, now, name=name[:80])
        account = fresh if await self.make(fresh) else await self.change(login, lambda found: replace(found, roles=roles))
        if account is None or account.state != "open":
            return None
        await self._note(now, login, "signed in")
        return account

    async def _holds(self, hashed: str, password: str) -> bool:
        if len(password) > self._rules.sign_in.password_most:
            password = ""
        async with self._one:
            try:
                return await asyncio.to_thread(self._hasher.verify, hashed, password)
            except (VerificationError, InvalidHashError):
                return False

    async def _note(self, now: float, login: str, what: str) -> None:
        await self._audit.enter(Note(now, f"staff {login}"[:80], what))
