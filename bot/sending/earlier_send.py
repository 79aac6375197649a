"""Whether a message went out already: asked of our own records, and of the gateway's history, never guessed."""

from __future__ import annotations

import logging

from bot.backup.doubt import Restored
from bot.errors import StoreUnavailable
from bot.metrics import Metrics
from bot.model.effects import Outbound
from bot.model.ids import GatewayId
from bot.ports.gateway import Gateway
from bot.ports.sessions import Deliveries
from bot.ports.store import Store
from bot.sending.forms import Forms, in_template

log = logging.getLogger(__name__)


class EarlierSend:
    """``restored``: what was decided around the cut of a restored backup may have gone out although nobody here knows of it."""

    def __init__(
        self, gateway: Gateway, deliveries: Deliveries, store: Store, forms: Forms, metrics: Metrics, restored: Restored | None
    ) -> None:
        self._gateway, self._deliveries, self._store = gateway, deliveries, store
        self._forms, self._metrics, self._restored = forms, metrics, restored

    def doubtful(self, message: Outbound) -> bool:
        return self._restored is not None and self._restored.doubts(message.at)

    async def in_history(self, message: Outbound) -> tuple[Outbound, GatewayId] | None:
        # Not since the claim: after a loss of the claims, ours may be younger than the send that we look for.
        known = await self._deliveries.known_ids(message.person)
        since = message.at
        if self._restored is not None and self._restored.doubts(message.at):
            since = min(since, self._restored.cut)  # decided anew: it may have gone out at any time after the cut
        wordings = (await self._forms.wordings(message))[:1]  # the history shows a template's name, not its language
        found = None
        for form in (message, *(in_template(message, one) for one in wordings)):
            if gateway_id := await self._gateway.find(form, since=since, known=known):
                found = form, gateway_id
                break
        self._metrics.unknown_outcomes.labels("found" if found else "repeated").inc()
        log.warning(
            "outcome of a send was unknown",
            extra={"action": "unknown_outcome", "outcome": "found" if found else "repeated", "kind": message.kind},
        )
        return found

    async def recorded(self, message: Outbound) -> GatewayId | None:
        """The claim may have been there and is gone: the message is new, or the engine lost its data. The store knows which."""
        try:
            record = await self._store.delivery(message.id)
        except StoreUnavailable:
            if message.kind != "emergency":
                raise
            return None
        return record.gateway_id if record and record.state == "sent" else None
