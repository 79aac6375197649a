"""An account of the staff, and what becomes of it as somebody tries to sign in. Pure: no clock, no store."""

from __future__ import annotations

import re
from typing import Any, Literal

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from bot.errors import Malformed
from bot.model.ids import PersonId
from bot.ports.documents import Document
from config.staff import SignInRules

KIND = "staff_account"
LOGIN = re.compile(r"[a-z0-9][a-z0-9._@+-]{1,79}")
VOUCHED = re.compile(r"sso:[0-9a-f]{32}")
"""Logins of people for whom an identity provider vouches; nobody can make a local account of that form."""

State = Literal["open", "closed"]


class Account(Struct, frozen=True, omit_defaults=True):
    """``password`` is Argon2's own text, ``secret`` the base32 secret of the codes; both are empty where an identity provider
    vouches (``name``: what it calls them). ``code_step`` is the last 30-second step whose code was used: no code is taken
    twice. A session that began before ``sessions_from`` is over."""

    login: str
    roles: tuple[str, ...]
    at: float
    state: State = "open"
    password: str = ""
    secret: str = ""
    name: str = ""
    failures: int = 0
    rests_until: float = 0.0
    code_step: int = 0
    sessions_from: float = 0.0
    version: int = 0

    def rests(self, now: float) -> bool:
        return now < self.rests_until


def tried(account: Account, now: float, rules: SignInRules) -> Account:
    """One attempt, counted before it is judged, so that many at once are not judged by the same count."""
    failures = account.failures + 1
    rests = now + rules.rest_seconds if failures % rules.tries == 0 else account.rests_until
    return replace(account, failures=failures, rests_until=rests)


def entered(account: Account, code_step: int) -> Account:
    """The attempt was good."""
    return replace(account, failures=0, rests_until=0.0, code_step=max(code_step, account.code_step))


def signed_out(account: Account, now: float) -> Account:
    """Everywhere: what was signed in until now no longer counts."""
    return replace(account, sessions_from=now)


def document_of(account: Account) -> Document:
    data: dict[str, Any] = msgspec.to_builtins(account)
    for name in ("login", "version", "at", "state"):
        data.pop(name, None)
    return Document(
        KIND, account.login, PersonId(f"staff:{account.login}"), account.at, account.version, state=account.state, data=data
    )


def account_of(document: Document) -> Account:
    """Raises Malformed."""
    known = {**document.data, "login": document.id, "at": document.at, "state": document.state, "version": document.version}
    try:
        return msgspec.convert(known, Account)
    except msgspec.ValidationError as error:
        raise Malformed("an account of the staff cannot be read") from error
