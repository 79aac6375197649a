"""Names and settings of the queues. All are durable quorum queues; nothing in them is ever dropped.

    <prefix>.to                the exchange of all publishes, a topic one: so the broker can tell who may write to which queue.
                               Each queue is bound to it by its own name
    <prefix>.<name>            a queue of ours. What is delivered 1000 times without being settled goes to the parked queue
    <prefix>.parked            messages set aside
    <prefix>.later.<ms>        a queue and a fanout exchange of that name: messages wait there for their time, then go to the
                               queue that their routing key names

A delay is rounded up to the next of ``DELAYS``: a queue whose messages all wait equally long never holds an expired message
behind one that waits longer.
"""

from __future__ import annotations

from typing import Any

DELIVERY_LIMIT = 1000  # explicit, because RabbitMQ 4 drops after 20; with a limit, returned messages go to the front
NO_DELIVERY_LIMIT = 1_000_000_000  # for the parked queue: every listing counts as a delivery
DELAYS = (
    *(0.1, 0.25, 0.5, 1.0, 2.0, 3.0, 5.0, 8.0, 12.0, 20.0, 30.0, 45.0),
    *(60.0, 90.0, 120.0, 180.0, 300.0, 450.0, 600.0, 900.0, 1200.0, 1800.0, 2700.0),
    *(3600.0, 5400.0, 7200.0, 10800.0, 14400.0, 21600.0, 43200.0, 86400.0),
)  # seconds

# At-least-once dead-lettering keeps a message until its next queue has confirmed it; it wants reject-publish.
_SAFE = {"x-queue-type": "quorum", "x-dead-letter-strategy": "at-least-once", "x-overflow": "reject-publish"}


def queue_arguments(prefix: str, *, ordered: bool) -> dict[str, Any]:
    arguments: dict[str, Any] = {
        **_SAFE,
        "x-delivery-limit": DELIVERY_LIMIT,
        "x-dead-letter-exchange": "",
        "x-dead-letter-routing-key": f"{prefix}.parked",
    }
    if ordered:
        arguments["x-single-active-consumer"] = True
    return arguments


def parked_arguments() -> dict[str, Any]:
    return {"x-queue-type": "quorum", "x-delivery-limit": NO_DELIVERY_LIMIT}


def delay_arguments(delay: float) -> dict[str, Any]:
    return {**_SAFE, "x-message-ttl": round(delay * 1000), "x-dead-letter-exchange": ""}


def delay_for(seconds: float) -> float:
    """The delay that is used for a wish: the next longer one, at most a day."""
    return next((delay for delay in DELAYS if delay >= seconds), DELAYS[-1])


def delay_name(prefix: str, delay: float) -> str:
    return f"{prefix}.later.{round(delay * 1000)}"
