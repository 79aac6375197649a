"""The message bus: durable queues, confirmed publishes, acknowledgement, delayed retry and a parked queue."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from typing import Protocol

from msgspec import Struct


class Envelope(Struct, frozen=True):
    """One message on the bus. ``key`` is the person: messages of one key in one ordered queue are handled in order."""

    id: str
    key: str
    body: bytes
    at: float  # when it was first published, Unix seconds; kept through retries and replays
    attempt: int = 0  # how often ``later`` was used on it
    trace: str = ""  # W3C traceparent of the span it was published in; empty without tracing


class QueueSpec(Struct, frozen=True):
    """A queue that must exist. An ordered queue has one active consumer at a time, whoever else is subscribed."""

    name: str
    ordered: bool = False


class Delivery(Struct, frozen=True):
    """A message handed to a consumer. ``tag`` belongs to the subscription that gave it."""

    envelope: Envelope
    queue: str
    tag: int
    redelivered: bool  # it may have been handled, wholly or in part, before


class Depth(Struct, frozen=True):
    """``ready`` wait for a consumer, ``unsettled`` are with one. ``oldest_age`` is in seconds where the engine can tell;
    ``consumers`` are those subscribed now, in any process."""

    ready: int
    unsettled: int
    oldest_age: float | None = None
    consumers: int = 0


class Parked(Struct, frozen=True):
    """A message set aside with its reason. ``id`` is unique among the parked."""

    id: str
    queue: str
    code: str
    detail: str
    parked_at: float
    envelope: Envelope


class Subscription(Protocol):
    """Deliveries of one queue. At most ``prefetch`` are out unsettled, so take a slot before you call ``get``."""

    async def get(self) -> Delivery:
        """The next delivery; waits for one. Survives reconnects. Cancellation takes nothing."""

    async def ack(self, delivery: Delivery) -> None:
        """Done with it. An acknowledgement that comes too late (the broker took it back) is ignored."""

    async def later(self, delivery: Delivery, seconds: float) -> None:
        """Take it back and deliver it again after about ``seconds`` with ``attempt`` + 1, behind what came since."""

    async def park(self, delivery: Delivery, code: str, detail: str) -> None:
        """Set it aside for a person to look at. It is parked durably before it leaves its queue."""


class Bus(Protocol):
    """All methods raise BusUnavailable when the broker does not answer in time."""

    async def declare(self, queues: Sequence[QueueSpec]) -> None:
        """Make sure that the queues exist. Idempotent."""

    async def publish(self, queue: str, envelope: Envelope) -> None:
        """Returns when the broker has confirmed that it holds the message durably. Order of calls = order in the queue."""

    def subscribe(self, queue: str, *, prefetch: int) -> AbstractAsyncContextManager[Subscription]:
        """Consume a queue. On exit, what is unsettled goes back to the front of the queue, in order."""

    async def depth(self, queue: str) -> Depth:
        """How full a queue is now. What waits for a delayed retry is not in it."""

    async def delayed(self) -> int:
        """How many messages wait for a delayed retry."""

    async def ping(self) -> None:
        """Raises BusUnavailable when the broker does not answer."""

    async def parked(self, limit: int = 100) -> list[Parked]:
        """The oldest parked messages, oldest first. They stay parked."""

    async def replay(self, parked_id: str) -> bool:
        """Publish a parked message to its queue again (attempt 0) and forget it here. False when there is none."""

    async def drop(self, parked_id: str) -> bool:
        """Delete a parked message. False when there is none."""
