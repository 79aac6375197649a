"""Run migrations, one after the other, and take the last one back. Each step may be the last before a crash: run it again."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Callable, Sequence
from typing import Protocol

from bot.audit.chain import Note
from bot.errors import ConfigError
from bot.migrations.ledger import Ran, note, noted
from bot.ports.bus import Bus, QueueSpec
from bot.ports.resealing import Step
from bot.ports.store import Store

Told = Callable[[str, Step], None]
"""Called after each batch, with its place."""


class Migration(Protocol):
    @property
    def name(self) -> str: ...

    @property
    def about(self) -> str: ...

    @property
    def done(self) -> bool:
        """Also where it was never needed."""

    @property
    def unfinished(self) -> bool:
        """It was broken off, on its way there or back."""

    def preview(self) -> AsyncIterator[tuple[str, Step]]:
        """What it would change."""

    def forward(self) -> AsyncIterator[tuple[str, Step]]: ...

    def back(self) -> AsyncIterator[tuple[str, Step]]: ...


async def quiet(bus: Bus, queues: Sequence[QueueSpec]) -> None:
    """Raises ConfigError unless every role is stopped and nothing waits: what waits is under the ids of before."""
    await bus.declare(queues)
    running, waiting = [], []
    for spec in queues:
        depth = await bus.depth(spec.name)
        running += [spec.name] if depth.consumers else []
        waiting += [spec.name] if depth.ready or depth.unsettled else []
    if running:
        raise ConfigError(f"Stop every role first: somebody takes messages from {running[0]}.", code="migration_not_quiet")
    if waiting or await bus.delayed():
        where = ", ".join(waiting[:5]) or "the delayed retries"
        raise ConfigError(
            f"Messages wait in {where}: start the service until nothing waits, stop the ingress first, then the others.",
            code="migration_not_quiet",
        )
    if await bus.parked(1):
        raise ConfigError("Messages are parked: replay or drop them first (`procare parked`).", code="migration_not_quiet")


async def forward(migration: Migration, store: Store, by: str, clock: Callable[[], float], told: Told) -> Counter[str]:
    """To the end, also what was broken off before."""
    return await _run(migration, store, by, clock, told, back=False)


async def back(migration: Migration, store: Store, by: str, clock: Callable[[], float], told: Told) -> Counter[str]:
    """Raises ConfigError where it never ran: then there is no before."""
    ran = await noted(store.documents, migration.name)
    if ran is None or ran.state == "taken back":
        raise ConfigError(f"{migration.name} did not run here: there is nothing to take back.", code="migration_did_not_run")
    return await _run(migration, store, by, clock, told, back=True)


async def _run(
    migration: Migration, store: Store, by: str, clock: Callable[[], float], told: Told, *, back: bool
) -> Counter[str]:
    documents, name = store.documents, migration.name
    await store.audit.enter(Note(clock(), by, "takes a migration back" if back else "begins a migration", why=name))
    await note(documents, name, Ran("going back" if back else "running", clock(), by))
    counts: Counter[str] = Counter()
    async for place, step in migration.back() if back else migration.forward():
        counts[place] += step.done
        counts[f"{place}, unreadable"] += step.unreadable
        told(place, step)
    await note(documents, name, Ran("taken back" if back else "done", clock(), by, dict(counts)))
    await store.audit.enter(Note(clock(), by, "took a migration back" if back else "ended a migration", why=name))
    return counts
