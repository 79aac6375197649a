"""``procare audit``: who did what to whose record, and the proof that nothing of it was changed."""

from __future__ import annotations

import asyncio
import getpass
import time
from datetime import UTC, datetime

import click

from bot import logs
from bot.app.desks import open_store
from bot.audit.chain import Break, Entry, Note, broken
from bot.cli.whom import person_named
from bot.errors import Malformed
from bot.migrations.kinds import FORMER
from bot.ports.store import Store
from config.settings import read_settings

PAGE = 1000


async def looked_at(store: Store, what: str, whose: str) -> None:
    """Enter that the one who is logged in looked at a person's record. Before anything is shown."""
    await store.audit.enter(Note(time.time(), f"staff {getpass.getuser()}"[:80], what, whose))


@click.group()
def audit() -> None:
    """Who did what to whose record: a log that is only ever added to."""


@audit.command("list")
@click.option("--person", help="Only what concerns this person (an id as logs have it, or a phone number like +919800000001).")
@click.option("--limit", type=click.IntRange(1, 100_000), default=100, show_default=True, help="How many, the newest first.")
def list_entries(person: str | None, limit: int) -> None:
    """Show entries, the newest first."""
    logs.set_up("CRITICAL")
    entries, names = asyncio.run(_with_names(person))
    found = [one for one in entries if person is None or one.note.whose in names]
    for entry in reversed(found[-limit:]):
        note = entry.note
        when = datetime.fromtimestamp(note.at, UTC)
        rest = "  ".join(part for part in (note.whose, note.why, note.rule, note.content[:12]) if part)
        click.echo(f"{entry.number:>6}  {when:%Y-%m-%d %H:%M:%S}  {note.who:<24} {note.what:<22} {rest}")
    click.echo(f"{min(len(found), limit)} shown of {len(found)}")


@audit.command()
@click.option("--seal", help="A newest seal that was noted before: it must still be in the chain.")
def verify(seal: str | None) -> None:
    """Check every seal, and tell the newest: note it elsewhere and give it later with --seal. Exit status 1: it is broken."""
    logs.set_up("CRITICAL")
    try:
        found, cut = asyncio.run(_all())
    except Malformed as error:
        raise click.ClickException("an entry, or the mark at its end, cannot be read: the log was tampered with") from error
    if (wrong := broken(found) or cut) is not None:
        raise click.ClickException(_told(wrong))
    if seal is not None and seal not in {one.seal for one in found}:
        raise click.ClickException(
            "the seal that was noted before is not in the log: its end was cut off or all of it was made anew"
        )
    click.echo(f"{len(found)} entries, all as they were sealed")
    if found:
        click.echo(f"newest seal: {found[-1].seal}")


def _told(wrong: Break) -> str:
    if wrong.how == "unmarked":
        return (
            f"nothing marks entry {wrong.number - 1} as the last: the mark was taken out, perhaps with entries behind it, or the "
            "log is of an older release and nothing was entered since; the next entry sets a mark"
        )
    if wrong.how == "missing":
        return f"entry {wrong.number} is missing"
    return f"entry {wrong.number} was changed, or one before it was put in its place"


async def _all() -> tuple[list[Entry], Break | None]:
    """All of them, and whether the end is what it was a moment before."""
    async with open_store(read_settings()) as store:
        cut = await store.audit.cut()
        return await _entries(store), cut


async def _with_names(named: str | None) -> tuple[list[Entry], set[str]]:
    """All entries; and this person's id, with that of before ids were moved: what was entered is never changed."""
    async with open_store(read_settings()) as store:
        if named is None:
            return await _entries(store), set()
        person = person_named(named)
        former = await store.documents.get(FORMER, person)
        return await _entries(store), {person} | ({str(former.data["id"])} if former else set())


async def _entries(store: Store) -> list[Entry]:
    found: list[Entry] = []
    while page := await store.audit.entries(found[-1].number if found else 0, PAGE):
        found += page
    return found
