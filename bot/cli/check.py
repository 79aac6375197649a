"""``procare check``: the effective configuration, secrets masked, and every connection tried."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path

import click
from pydantic import SecretStr

from bot import logs
from bot.app.desks import PARTS, try_part
from bot.app.engines import engine_names
from bot.app.gateway import try_gateway
from bot.app.llm import check_llm
from bot.app.meta import try_meta
from bot.app.partners import try_partners
from bot.app.serve import load_content_and_reader
from bot.app.watch import room
from bot.errors import BotError, ConfigError
from config.clinic import load_clinic
from config.policy import load_policy
from config.settings import PREFIX, Settings, read_settings

LEAST_FREE = 100e6  # bytes
HINTS = {
    "redis_misconf": "it cannot write its file: is the disk full?",
    "redis_oom": "its memory is full: see maxmemory",
    "redis_noauth": "it wants a user and a password in PROCARE_REDIS_URL",
    "redis_wrongpass": "it knows another password",
}
"""What a code of an engine mostly means, for people."""

_USER_INFO = re.compile(r"(?<=://)[^/@\s]*@")


@click.command()
def check() -> None:
    """Explain the effective configuration and test every connection. Exit status 1 when something is wrong."""
    logs.set_up("CRITICAL")  # what is wrong stands in the list
    settings = read_settings()
    click.echo("Settings")
    for name, field in Settings.model_fields.items():
        value = getattr(settings, name)
        mark = "" if value == field.default else "   (set)"
        click.echo(f"  {PREFIX + name.upper():<34} {shown(value)}{mark}")
    names = engine_names(settings)
    good = asyncio.run(_try_all(settings, names))
    if not good:
        raise click.exceptions.Exit(1)


def shown(value: object) -> str:
    """A value for people: unset is said, secrets are masked; of an address everything but user and password is shown."""
    if value is None:
        return "-"
    if not isinstance(value, SecretStr):
        return str(value)
    secret = value.get_secret_value()
    return _USER_INFO.sub("***@", secret) if "://" in secret else "***"


async def _try_all(settings: Settings, names: dict[str, str]) -> bool:
    async def content() -> str:
        content, _ = load_content_and_reader(settings, load_policy(languages=settings.languages))
        return f"{len(content.flows)} flows, version {content.version[:12]}"

    async def gateway() -> str:
        return await try_gateway(settings)

    async def models() -> str:
        return check_llm(settings)

    async def clinic() -> str:
        found = load_clinic()
        return f"{len(found.doctors)} doctors, zone {found.zone}"

    async def people() -> str:
        team = load_policy().care_team
        words = f"{len(team.members)} people, {len(team.clinics)} clinics"
        for name in team.without_number():
            words += f"; {name} has no WhatsApp number of its own: its patients are told to {team.stands_in}, which is on call"
        return words

    click.echo("Checks")
    good = await _try("content", "dialogues, translations, policy", content)
    for part in PARTS:

        async def ask(part: str = part) -> str:
            return await try_part(settings, part)

        good &= await _try(part, names[part], ask)
    good &= await _try("disk", "where the data folder lies", partial(_disk, settings.data_dir))
    good &= await _try("models", "language models", models)
    good &= await _try("clinic", "doctors, hours, fees", clinic)
    good &= await _try("care team", "who is told of alarms", people)
    for partner, question in try_partners(settings).items():
        good &= await _try(partner, "partner of the care team", question)
    if settings.meta:

        async def meta() -> str:
            return await try_meta(settings)

        good &= await _try("meta", "numbers on Meta's Cloud API", meta)
        if settings.evolution_url is None:
            return good
    return good & await _try("gateway", names["gateway"], gateway)


async def _disk(folder: Path) -> str:
    return _room(folder)


def _room(folder: Path) -> str:
    free, whole = room(folder)
    words = f"{free / 1e9:.1f} GB free ({free / whole:.0%})"
    if free < LEAST_FREE:
        raise ConfigError(f"{words}: engines stop writing when it is full", code="disk_full")
    return words


async def _try(name: str, what: str, ask: Callable[[], Awaitable[str]]) -> bool:
    try:
        async with asyncio.timeout(15):
            word = await ask()
    except BotError as error:
        hint = f"; {HINTS[error.code]}" if error.code in HINTS else ""
        click.echo(f"  {name:<10} {what:<30} PROBLEM: {error} ({error.code}{hint})")
        return False
    except TimeoutError:
        click.echo(f"  {name:<10} {what:<30} PROBLEM: no answer within 15 seconds")
        return False
    click.echo(f"  {name:<10} {what:<30} {word}")
    return True
