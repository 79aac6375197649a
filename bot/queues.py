"""Names of the queues, in one place."""

from __future__ import annotations

from bot.model.ids import PersonId, partition_of
from bot.ports.bus import QueueSpec

RECORDS = "records"
"""Things to keep durably, and batches that the store could not take."""

GATEWAY = "gateway"
"""Receipts and channel states."""


def turns(partition: int) -> str:
    return f"turns.{partition}"


def sends(partition: int) -> str:
    return f"sends.{partition}"


def urgent(partition: int) -> str:
    """Emergency texts have queues of their own: they never stand behind notices."""
    return f"urgent.{partition}"


def agent(name: str) -> str:
    return f"agent.{name}"


def family(queue: str) -> str:
    """``turns.3`` -> ``turns``: a name of few values, for labels."""
    head, _, tail = queue.rpartition(".")
    return head if tail.isdigit() else queue


def turns_of(person: PersonId, partitions: int) -> str:
    return turns(partition_of(person, partitions))


def topology(partitions: int, agents: tuple[str, ...]) -> list[QueueSpec]:
    """Every queue of an installation."""
    ordered = [QueueSpec(name(p), ordered=True) for name in (turns, sends, urgent) for p in range(partitions)]
    return [*ordered, *(QueueSpec(agent(name)) for name in agents), QueueSpec(RECORDS), QueueSpec(GATEWAY)]
