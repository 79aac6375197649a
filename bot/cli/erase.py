"""``procare erase``: erase a person as they could themselves, and prove it by searching every store."""

from __future__ import annotations

import asyncio
import getpass
import time
from collections import Counter

import click

from agents.engagement_engine.copies import ERASURE
from agents.engagement_engine.erasure_report import seal_of
from agents.result import Result
from bot import logs
from bot.app.desks import open_store
from bot.app.engines import open_engines
from bot.app.erasing import Findings, erase_person, find_remains
from bot.cli.audit import looked_at
from bot.cli.whom import person_named
from bot.logs import short
from bot.model.ids import PersonId, owner_of
from bot.ports.documents import Document
from config.engagement import load_engagement
from config.settings import read_settings

PAGE = 1000
SHOWN = 20  # things one by one; of more of them the counts tell


@click.command()
@click.argument("person")
@click.option("--verify", is_flag=True, help="Erase nothing: search every store. Exit status 1: something is left.")
@click.option(
    "--report", is_flag=True, help="Erase nothing: show what earlier erasures took and what stays, sealed in the audit log."
)
@click.option("--reason", help="Why, for the audit log: no name, no number.")
@click.option("--yes", is_flag=True, help="Do not ask.")
def erase(person: str, verify: bool, report: bool, reason: str | None, yes: bool) -> int:
    """Erase all that is held of PERSON (their id, or their phone number like +919800000001) and of their household."""
    logs.set_up("CRITICAL")
    if verify:
        return _told(asyncio.run(_searched(person)))
    if report:
        return _reported(*asyncio.run(_receipts(person)))
    if owner_of(PersonId(person))[1] is not None:
        raise click.ClickException("that is a member of a household: they are erased with it, or in the chat under 'my data'")
    if not reason:
        raise click.ClickException("give --reason TEXT: the audit log has to tell why")
    if not yes:
        click.confirm("Erase it all for good?", abort=True)
    result = asyncio.run(_erased(person, logs.redact(reason)))
    if result.outcome != "erased":
        receipt = result.facts["receipt"]
        raise click.ClickException(f"noted, but not done: an engine does not answer. Receipt {receipt}. Erase again when it does")
    click.echo(f"erased, receipt {result.facts['receipt']}")
    return 0


async def _erased(named: str, reason: str) -> Result:
    async with open_engines(read_settings()) as engines:
        who = f"staff {getpass.getuser()}"[:80]
        return await erase_person(engines, load_engagement(), person_named(named), time.time(), who=who, why=reason)


async def _searched(named: str) -> Findings:
    async with open_engines(read_settings()) as engines:
        person = person_named(named)
        await looked_at(engines.store, "searched for remains", person)
        return await find_remains(engines, load_engagement(), person)


async def _receipts(named: str) -> tuple[list[Document], set[str]]:
    """Their receipts, and the rules that the audit log names for erasing them."""
    rules: set[str] = set()
    last = 0
    async with open_store(read_settings()) as store:
        person = person_named(named)
        await looked_at(store, "looked at reports of erasing", person)
        receipts = await store.documents.of(person, ERASURE)
        while page := await store.audit.entries(last, PAGE):
            last = page[-1].number
            rules |= {one.note.rule for one in page if one.note.whose == person and one.note.what == "erased"}
    return receipts, rules


def _reported(receipts: list[Document], rules: set[str]) -> int:
    """Exit status 1 when a report is not what the audit log sealed."""
    wrong = 0
    for receipt in receipts:
        told = receipt.data.get("report")
        if told is None:
            click.echo(f"receipt {receipt.id.upper()}: {receipt.state}, no report")
            continue
        sealed = f"receipt {receipt.id} report {seal_of(receipt.id, told)}" in rules
        wrong += not sealed
        click.echo(
            f"receipt {receipt.id.upper()}: {receipt.state}; {'sealed in the audit log' if sealed else 'NOT AS IT WAS SEALED'}"
        )
        for name, count in told["erased"].items():
            click.echo(f"  erased {count:>6}  {name}")
        click.echo(f"  erased {told['files']:>6}  files")
        for name, count in told["stays"].items():
            click.echo(f"  stays  {count:>6}  {name}")
        click.echo(f"  why    {told['law']}")
    if not receipts:
        click.echo("no receipt: this person was not erased")
    return 1 if wrong else 0


def _told(findings: Findings) -> int:
    for receipt in findings.receipts:
        click.echo(f"receipt {receipt.id.upper()}: {receipt.state}")
    if not findings.receipts:
        click.echo("no receipt: this person was not erased")
    kept = Counter((one.remain.place, one.remain.kind, one.stays) for one in findings.found if one.stays)
    for (place, kind, why), count in sorted(kept.items()):
        click.echo(f"stays  {place:<10} {kind:<20} {count:>6}  {why}")
    left = [one.remain for one in findings.left]
    for remain in left[:SHOWN]:
        click.echo(f"LEFT   {remain.place:<10} {remain.kind:<20} {short(remain.id)}")
    if len(left) > SHOWN:
        for place, count in sorted(Counter(one.place for one in left).items()):
            click.echo(f"LEFT   {place:<10} {count:>6} in all")
    click.echo(f"{len(left)} left that should be gone" if left else "nothing is left that should be gone")
    return 1 if left else 0
