"""``procare staff``: who of the staff may sign in to the pages, and with which roles."""

from __future__ import annotations

import asyncio
import getpass
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar, get_args

import click
from msgspec.structs import replace

from bot import logs
from bot.app.desks import open_store
from bot.audit.chain import Note
from bot.cli.late import LateGroup
from bot.ports.store import Store
from bot.staff.account import LOGIN, Account
from bot.staff.accounts import Accounts
from bot.staff.codes import address_of, new_secret
from config.settings import read_settings
from config.staff import Role, load_staff_rules

T = TypeVar("T")
ROLES = click.option(
    "--role", "roles", multiple=True, required=True, type=click.Choice(get_args(Role)), help="May be given several times."
)


@click.group(cls=LateGroup, late={"serve": "bot.cli.run:serve_staff"})
def staff() -> None:
    """People who work here: their accounts on the staff's pages."""


@staff.command()
@click.argument("login")
@ROLES
def add(login: str, roles: tuple[str, ...]) -> None:
    """Make an account. Asks for a password, and shows once what the person types into an authenticator app."""
    login = _login(login)
    password = _asked()
    secret = new_secret()

    async def made(accounts: Accounts, now: float) -> bool:
        hashed = await accounts.hashed(password)
        return await accounts.make(Account(login, tuple(dict.fromkeys(roles)), now, password=hashed, secret=secret))

    if not _do(made, "made an account", login):
        raise click.ClickException(f"there is an account '{login}' already")
    _tell(secret, login)


@staff.command("list")
def list_accounts() -> None:
    """Show all accounts."""

    async def found(accounts: Accounts, now: float) -> list[Account]:
        return await accounts.all()

    now = time.time()
    for one in _do(found, None, ""):
        rest = ", rests after failures" if one.rests(now) else ""
        click.echo(f"{one.login:<40} {one.state}{rest:<24} {', '.join(one.roles)}{f'   {one.name}' if one.name else ''}")


@staff.command()
@click.argument("login")
@ROLES
def roles(login: str, roles: tuple[str, ...]) -> None:
    """Give an account these roles and no others, at once. An identity provider's people get theirs from it."""
    _change(login, lambda found, _: replace(found, roles=tuple(dict.fromkeys(roles))), "changed roles")


@staff.command()
@click.argument("login")
def close(login: str) -> None:
    """Close an account and end its sessions, at once."""
    _change(login, lambda found, now: replace(found, state="closed", sessions_from=now), "closed an account")


@staff.command("open")
@click.argument("login")
def open_again(login: str) -> None:
    """Open a closed account again, or one that rests after failures."""
    _change(login, lambda found, _: replace(found, state="open", failures=0, rests_until=0.0), "opened an account")


@staff.command()
@click.argument("login")
def reset(login: str) -> None:
    """Ask for a new password, give it and a new authenticator secret, and end all sessions."""
    password = _asked()
    secret = new_secret()

    async def done(accounts: Accounts, now: float) -> Account | None:
        hashed = await accounts.hashed(password)
        fresh = {"password": hashed, "secret": secret, "code_step": 0, "failures": 0, "rests_until": 0.0, "sessions_from": now}
        return await accounts.change(login, lambda found: replace(found, **fresh))

    if _do(done, "reset an account", login) is None:
        raise click.ClickException(f"there is no account '{login}'")
    _tell(secret, login)


def _change(login: str, change: Callable[[Account, float], Account], what: str) -> None:
    async def done(accounts: Accounts, now: float) -> Account | None:
        return await accounts.change(login, lambda found: change(found, now))

    changed = _do(done, what, login)
    if changed is None:
        raise click.ClickException(f"there is no account '{login}'")
    click.echo(f"{changed.login}: {changed.state}, {', '.join(changed.roles)}")


def _do(work: Callable[[Accounts, float], Awaitable[T]], what: str | None, login: str) -> T:
    """The work, and a note of it in the audit log when it changed something."""
    logs.set_up("CRITICAL")
    rules = load_staff_rules()

    async def run(store: Store) -> T:
        now = time.time()
        result = await work(Accounts(store, rules), now)
        if what is not None and result not in (None, False):
            await store.audit.enter(Note(now, f"staff {getpass.getuser()}"[:80], what, why=login[:80]))
        return result

    async def opened() -> T:
        async with open_store(read_settings()) as store:
            return await run(store)

    return asyncio.run(opened())


def _login(login: str) -> str:
    login = login.strip().lower()
    if not LOGIN.fullmatch(login):
        raise click.ClickException("a login has 2 to 80 of a-z, 0-9 and . _ @ + -, and begins with a letter or digit")
    return login


def _asked() -> str:
    """Never a word of the command: those stand in the list of processes and in the shell's history."""
    password: str = click.prompt("Password", hide_input=True, confirmation_prompt=True)
    _checked(password)
    return password


def _checked(password: str) -> None:
    rules = load_staff_rules().sign_in
    if not rules.password_least <= len(password) <= rules.password_most:
        raise click.ClickException(f"a password has {rules.password_least} to {rules.password_most} characters")


def _tell(secret: str, login: str) -> None:
    click.echo("For an authenticator app, shown only now:")
    click.echo(f"  secret   {secret}")
    click.echo(f"  address  {address_of(secret, login)}")
