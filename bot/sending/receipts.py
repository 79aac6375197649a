"""Receipts and channel states, from the gateway queue into the state that others read."""

from __future__ import annotations

import logging

from bot.metrics import Metrics
from bot.model.codec import decode_gateway_event
from bot.model.events import ChannelState, Receipt
from bot.ports.bus import Delivery
from bot.ports.sessions import Deliveries, Directory
from bot.sending.shut_out import ShutOut

log = logging.getLogger(__name__)


class Receipts:
    """Handles the deliveries of the gateway queue. A receipt may precede the answer to its send; no order is assumed."""

    def __init__(self, deliveries: Deliveries, directory: Directory, metrics: Metrics, shut_out: ShutOut | None = None) -> None:
        self._deliveries, self._directory, self._metrics, self._shut_out = deliveries, directory, metrics, shut_out

    async def handle(self, delivery: Delivery) -> None:
        match decode_gateway_event(delivery.envelope.body):
            case Receipt() as receipt:
                if receipt.status == "failed" and self._shut_out is not None:
                    await self._shut_out.told(receipt)  # before it is noted: a repeat of the receipt changes nothing any more
                if await self._deliveries.receipt(receipt):
                    self._metrics.receipts.labels(receipt.status).inc()
                    if receipt.status == "failed":
                        self._failed(receipt)
            case ChannelState() as state:
                await self._directory.set_channel(state)
                self._metrics.channel.labels(state.instance).set(1 if state.state == "open" else 0)
                log.warning(
                    "channel state changed",
                    extra={"action": "channel", "instance": state.instance, "state": state.state, "reason": state.reason},
                )

    def _failed(self, receipt: Receipt) -> None:
        """It was taken, and not delivered: the number of the reason is all that tells why."""
        code = receipt.code or "unknown"
        self._metrics.undelivered.labels(receipt.instance, code).inc()
        log.warning(
            "a message failed at the gateway", extra={"action": "send_failed", "instance": receipt.instance, "code": code}
        )
