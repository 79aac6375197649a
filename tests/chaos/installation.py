"""A whole installation under trial: a gateway, the roles as processes of their own, and content that answers every message."""

from __future__ import annotations

import asyncio
import shutil
import subprocess
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from msgspec import Struct

from config.settings import ROOT
from tests.chaos.fleet import Fleet
from tests.e2e.service import NotReady, run
from tests.servers.machine import HERE, Machine
from tests.servers.ports import free_port
from webhooks.app import PATH
from webhooks.lookalike.delivery import Retries
from webhooks.lookalike.people import Instance, Patient
from webhooks.lookalike.server import LookAlike

KEY, TOKEN = "key-of-the-trials-gateway", "token-of-the-trials-webhook"
INSTANCE = "procare"
Roles = Mapping[str, tuple[str, ...]]
"""The words of each process after ``procare``; the gateway's webhook goes to the one with the name ``ingress``."""


class Installation(Struct):
    """``settings``: of all its processes. ``gateway`` knows what was sent also when they have ended."""

    gateway: LookAlike
    fleet: Fleet
    settings: dict[str, object]
    folder: Path

    async def parked(self) -> subprocess.CompletedProcess[str]:
        """What ``procare parked list`` says."""
        return await asyncio.to_thread(run, self.folder, self.settings, "parked", "list")


@asynccontextmanager
async def installed(
    folder: Path,
    engines: Mapping[str, object],
    patients: Sequence[Patient],
    roles: Roles,
    *,
    content: Path,
    instances: Sequence[Instance] = (Instance(INSTANCE),),
    attempts: int = 100,
    ledger: int = 100_000,
    address: str = "127.0.0.1",
    machines: Mapping[str, Machine] | None = None,
) -> AsyncIterator[Installation]:
    """Every process is ready; they are stopped on leaving.

    ``engines``: the settings of queues, sessions and store. ``attempts``: how often the gateway offers an event. ``ledger``: how
    many sent messages it remembers. ``address``: where it listens. ``machines``: of processes that do not run on this one.
    """
    port = free_port()
    gateway = LookAlike(
        instances, api_key=KEY, webhook_url=f"http://127.0.0.1:{port}{PATH}", webhook_headers={"X-Webhook-Token": TOKEN},
        patients=patients, retries=Retries(base=0.2, most=2.0, attempts=attempts, timeout=10.0), receipts="sent", ledger=ledger,
    )  # fmt: skip
    async with gateway.listening(address) as url:
        settings = {
            **engines, "dialogs_dir": content, "evolution_url": url, "evolution_api_key": KEY, "webhook_token": TOKEN,
            "send_rate": 1000,
        }  # fmt: skip
        fleet = Fleet(folder / "fleet", settings)
        for name, words in roles.items():
            service = fleet.add(name, *words, machine=(machines or {}).get(name, HERE))
            if name == "ingress":
                service.listen_on(port)
        try:
            await _started(fleet)
            yield Installation(gateway, fleet, settings, folder)
        finally:
            fleet.close()


async def _started(fleet: Fleet) -> None:
    """Patiently: many processes and servers come up on the same cores."""
    for again in (True, True, False):
        try:
            return await fleet.start()
        except NotReady:
            if not again:
                raise


def engines_of(rabbitmq: str, redis: str, mongodb: str, database: str) -> dict[str, object]:
    """Addresses as settings."""
    return {"rabbitmq_url": rabbitmq, "redis_url": redis, "mongodb_url": mongodb, "mongodb_database": database}


def patients_of(numbers: Iterable[str]) -> list[Patient]:
    return [Patient(number, "Asha", INSTANCE) for number in numbers]


def dialogues(folder: Path, *more: Path) -> Path:
    """The real content with a shorter welcome and one flow that says every message back; and ``more`` flows."""
    copied = folder / "dialogs"
    shutil.copytree(ROOT / "dialogs", copied)
    for path in (*(Path(__file__).parent / "flows").glob("*.yaml"), *more):
        shutil.copy(path, copied / "flows" / path.name)
    return copied
