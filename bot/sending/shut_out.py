"""What the official channel shuts out, as the person has not written for a day: a template instead, or when they write again.

Meta takes such a message and says afterwards, in a receipt, that it failed. So what was sent is held until its receipt comes. An
emergency is not looked after here: its case climbs.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Sequence

from msgspec.structs import replace

from bot import queues
from bot.metrics import Metrics
from bot.model.codec import encode
from bot.model.effects import Outbound, TemplateWording
from bot.model.events import Receipt, Told
from bot.model.ids import EffectId, GatewayId, InputId, partition_of
from bot.model.session import Channel
from bot.ports.bus import Bus, Envelope
from bot.ports.sessions import Caps, Deliveries

log = logging.getLogger(__name__)

CODE = "131047"
"""Meta's number for it."""
REFUSALS = frozenset({"window_closed", "no_template"})
"""What the gateway, or nothing that could be tried, says of it at once."""
AGENT, EVENT = "channel", "shut_out"
AS_TEMPLATE = ":template"
"""How the id of its repeat ends."""
WORDS = ("words", "words_2", "words_3", "words_4", "words_5", "words_6")
"""What the flow that says it again takes (``words_again``), in parts of so many characters: a variable holds no more."""
PART = 700


class ShutOut:
    """``wordings`` gives the approved ones of a message's template."""

    def __init__(
        self,
        deliveries: Deliveries,
        caps: Caps,
        bus: Bus,
        wordings: Callable[[Outbound], Awaitable[Sequence[TemplateWording]]],
        metrics: Metrics,
        clock: Callable[[], float],
        partitions: int,
    ) -> None:
        self._deliveries, self._caps, self._bus, self._wordings = deliveries, caps, bus, wordings
        self._metrics, self._clock, self._partitions = metrics, clock, partitions

    async def went_out(self, message: Outbound, how: GatewayId) -> None:
        """It was taken. Its receipt may be here already."""
        if message.integration != "cloud" or message.as_template or message.kind == "emergency":
            return
        if await self._deliveries.hold(how, message) == CODE:
            await self.again(message)

    async def told(self, receipt: Receipt) -> None:
        """A message failed, for whatever reason."""
        if receipt.code == CODE and (message := await self._deliveries.words(receipt.gateway_id)):
            await self.again(message)

    async def again(self, message: Outbound) -> None:
        """By template where that was not tried and one is approved, else when the person writes. A repeat makes the same."""
        if message.kind == "emergency":
            return
        if message.kind == "notice":
            await self._caps.give_back(message.person, message.id)
        now, number = self._clock(), partition_of(message.person, self._partitions)
        if not message.id.endswith(AS_TEMPLATE) and await self._wordings(message):
            template = replace(message, id=EffectId(f"{message.id}{AS_TEMPLATE}"), window_until=0.0)
            await self._bus.publish(queues.sends(number), Envelope(template.id, message.person, encode(template), now))
            return self._count(message, "as_template")
        channel = Channel(message.instance, message.integration, message.address)
        text = message.text
        facts = {name: text[place * PART : (place + 1) * PART] for place, name in enumerate(WORDS) if text[place * PART :]}
        if message.step:  # where it is open still it is put again, with its buttons
            facts["question"] = message.step
        if message.media:
            facts |= {"file": message.media.ref, "kind": message.media.kind}
        name = InputId(f"{AGENT}:{message.id.removesuffix(AS_TEMPLATE)}")
        event = Told(name, message.person, AGENT, EVENT, now, facts, channel, message.expires_at)
        await self._bus.publish(queues.turns(number), Envelope(event.id, message.person, encode(event), now))
        self._count(message, "kept")

    def _count(self, message: Outbound, outcome: str) -> None:
        self._metrics.shut_out.labels(message.kind, outcome).inc()
        log.warning("a message was shut out", extra={"action": "shut_out", "kind": message.kind, "outcome": outcome})
