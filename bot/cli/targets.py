"""``procare targets``: a patient's own targets, for the desk that enters what a doctor has decided."""

from __future__ import annotations

import asyncio
import getpass
import secrets
import time
from typing import Any

import click

from agents.clinical_monitor.agent import ClinicalMonitor
from agents.clinical_monitor.profile import Profiles
from agents.clinical_monitor.written_targets import named_parts, read_targets
from bot import logs, queues
from bot.app.desks import open_store
from bot.app.engines import open_engines
from bot.audit.chain import Note
from bot.cli.audit import looked_at
from bot.cli.whom import person_named
from bot.model.codec import encode
from bot.model.ids import owner_of
from bot.model.telling import Ask
from bot.ports.bus import Envelope, QueueSpec
from bot.running.agent_runner import task_of
from config.care_team import Member
from config.policy import Policy, load_policy
from config.settings import read_settings


@click.group()
def targets() -> None:
    """What a patient's readings are graded by: the doctor's targets, else the usual ones."""


@targets.command()
@click.argument("person")
def show(person: str) -> None:
    """Show what holds for PERSON (their id, or their phone number like +919800000001) now."""
    logs.set_up("CRITICAL")
    for name, value in asyncio.run(_shown(person)).items():
        click.echo(f"{name:<17} {value:g}")


@targets.command("set")
@click.argument("person")
@click.argument("wanted")
@click.option("--doctor", required=True, help="Who decided it: the id of a doctor in config/care_team.yaml.")
def set_(person: str, wanted: str, doctor: str) -> None:
    """Set WANTED for PERSON, written as doctors write it: "fasting 80-130, bp 130/80, hba1c 7"; "fasting off" takes it back.

    The patient hears it under the doctor's name; the audit log has who decided and who entered it."""
    logs.set_up("CRITICAL")
    policy = load_policy()
    decided = _doctor(policy, doctor)
    words = policy.bridge.targets
    order = read_targets(f"{words.begin[0]} {wanted}", words, policy.clinical)
    if order is None or order.wrong or not order.data:
        told = order.wrong if order and order.wrong else wanted
        raise click.ClickException(
            f"'{told}' is no target, or out of the bounds in config/clinical.yaml (targets_within). Write it like "
            '"fasting 80-130, after meal 80-180, bp 130/80, hba1c 7". Nothing was set'
        )
    asyncio.run(_set(person, order.data, decided))
    click.echo(f"handed to {ClinicalMonitor.name}: {', '.join(named_parts(order.data))}, as the word of {decided.name}")


def _doctor(policy: Policy, id_: str) -> Member:
    doctors = {one.id: one for one in policy.care_team.members if one.role == "doctor"}
    if id_ not in doctors:
        raise click.ClickException(f"no doctor '{id_}' in config/care_team.yaml; there are: {', '.join(doctors) or 'none'}")
    return doctors[id_]


async def _shown(named: str) -> dict[str, float]:
    async with open_store(read_settings()) as store:
        person = person_named(named)
        await looked_at(store, "looked at targets", person)
        return await Profiles(store, load_policy()).with_change(person, {}, time.time())


async def _set(named: str, data: dict[str, Any], doctor: Member) -> None:
    settings = read_settings()
    async with open_engines(settings) as engines:
        person = person_named(named)
        if await engines.store.session(owner_of(person)[0]) is None:
            raise click.ClickException("nothing is known of this person, so nothing was set")
        now, who = time.time(), f"staff {getpass.getuser()}"[:80]
        await engines.store.audit.enter(Note(now, who, "entered targets", person, f"decided by {doctor.id}"))
        given = {**data, "by": doctor.name, "login": doctor.id}
        intent = task_of("staff", Ask(secrets.token_hex(12), person, ClinicalMonitor.name, "set_targets", given), now)
        queue = queues.agent(ClinicalMonitor.name)
        await engines.bus.declare([QueueSpec(queue)])
        await engines.bus.publish(queue, Envelope(id=intent.id, key=intent.person, body=encode(intent), at=now))
