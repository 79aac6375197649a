"""``procare fhir``: one patient's record for an electronic record system. It holds health data: keep the file accordingly."""

from __future__ import annotations

import asyncio
import json
import time
from pathlib import Path
from typing import Any

import click

from agents.doctor_bridge.fhir.gathering import MOST, gather
from agents.doctor_bridge.fhir.resources import bundle, cut_of
from bot import logs
from bot.app.desks import open_store
from bot.cli.audit import looked_at
from bot.cli.whom import person_named
from config.fhir import load_fhir
from config.policy import load_policy
from config.settings import read_settings


@click.command()
@click.argument("person")
@click.option("--most", default=MOST, show_default=True, type=click.IntRange(1, 1_000_000), help="At most so many.")
@click.option("-o", "--out", type=click.Path(dir_okay=False, path_type=Path), help="Write it there; else to the terminal.")
def fhir(person: str, most: int, out: Path | None) -> None:
    """Write the record of PERSON (their id, or their phone number like +919800000001) as a FHIR R4 bundle."""
    logs.set_up("CRITICAL")
    found = asyncio.run(_bundle(person, most))
    if found is None:
        raise click.ClickException("nothing is known of this person")
    text = json.dumps(found, ensure_ascii=False, indent=2)
    if out is None:
        click.echo(text)
    else:
        out.write_text(text + "\n", encoding="utf-8")
        click.echo(f"written: {out}, {len(found['entry'])} resources")
    if cut_of(found):
        click.echo(f"NOT THE WHOLE RECORD: there are more than {most} readings, visits or medicines. See --most", err=True)


async def _bundle(named: str, most: int) -> dict[str, Any] | None:
    names = load_fhir()
    async with open_store(read_settings()) as store:
        person = person_named(named)
        await looked_at(store, "exported as FHIR", person)
        whole = await gather(store, load_policy(), names, person, most)
        empty = not (whole.readings or whole.visits or whole.medicines or whole.person.name)
        return None if empty else bundle(whole, names, time.time())
