"""The sender: one outbound item is one call to the gateway, in order for each person, claimed before it is sent.

What we cannot know is asked, not guessed: when a send may or may not have happened, the gateway's own history decides.
"""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Callable
from contextlib import suppress
from time import perf_counter

from msgspec.structs import replace

from bot.backup.doubt import Restored
from bot.errors import BotError, GatewayUnavailable, Malformed, OutcomeUnknown, Refused, SessionsUnavailable
from bot.metrics import Metrics
from bot.model.codec import decode_effect
from bot.model.effects import Outbound
from bot.model.ids import EffectId, GatewayId
from bot.ports.aid import Aid
from bot.ports.bus import Delivery
from bot.ports.gateway import Gateway
from bot.ports.sessions import Caps, Deliveries
from bot.ports.store import DeliveryRecord, Store
from bot.ports.templates import Approved
from bot.running.write_behind import WriteBehind
from bot.sending.circuit import Circuits
from bot.sending.delivery_watch import DeliveryWatch
from bot.sending.earlier_send import EarlierSend
from bot.sending.forms import FORMS, Forms
from bot.sending.last_look import LastLook, explained
from bot.sending.pacing import Pacer
from bot.sending.question import question_of
from bot.sending.shut_out import REFUSALS, ShutOut
from bot.sending.spending import Spending
from bot.sending.standstill import Standstill

log = logging.getLogger(__name__)

OF_THE_PERSON = frozenset({"undeliverable", "not_allowed_to_write", "same_number", "opted_out", "not_on_whatsapp", "bad_address"})
"""Refusals that other words do not change."""
ANSWER = "in:"
"""How the id of a message begins that answers a person's own: they are on WhatsApp. A gateway whose look-up failed says all the
same that they are not (Evolution, issue 2308), and "call 112" must not end with that."""
SECONDS = 90.0
"""Deadline of one attempt: the gateway's 30 seconds, a look into its history, the claims and the records."""


class Sender:
    """Handles the deliveries of the send queues. Idempotent: a message that went out is not sent again."""

    def __init__(
        self,
        gateway: Gateway,
        deliveries: Deliveries,
        caps: Caps,
        store: Store,
        records: WriteBehind[DeliveryRecord],
        pacer: Pacer,
        circuits: Circuits,
        metrics: Metrics,
        clock: Callable[[], float],
        *,
        notices_per_day: int,
        watch: DeliveryWatch | None = None,
        approved: Approved | None = None,
        restored: Restored | None = None,
        spending: Spending | None = None,
        aid: Aid | None = None,
        shut_out: ShutOut | None = None,
    ) -> None:
        self._aid, self._shut_out = aid, shut_out
        self._watch, self._spending = watch, spending
        self._gateway, self._deliveries, self._caps, self._store = gateway, deliveries, caps, store
        self._records, self._pacer, self._circuits = records, pacer, circuits
        self._metrics, self._clock, self._forms = metrics, clock, Forms(approved, clock)
        self._earlier = EarlierSend(gateway, deliveries, store, self._forms, metrics, restored)
        self._last_look = LastLook(caps, notices_per_day, self._forms.wordings)
        self._standstill = Standstill(clock)
        self._gone: OrderedDict[EffectId, None] = OrderedDict()  # emergencies that went out from this process
        # What was handed to the gateway and not noted yet: the claims may be gone when we come to it again.
        self._begun: OrderedDict[EffectId, tuple[Outbound, GatewayId | None]] = OrderedDict()

    async def handle(self, delivery: Delivery) -> None:
        """One delivery of a send queue. Raises what the consumer settles."""
        message = decode_effect(delivery.envelope.body)
        if not isinstance(message, Outbound):
            raise Malformed("a send queue holds something that is not a message")
        watching = None
        if self._watch is not None and message.kind == "emergency":
            # Before it is known whether it can be sent at all, and without holding it up.
            watching = asyncio.create_task(self._watch.expect(message))
        try:
            await self._in_time(message, redelivered=delivery.redelivered)
        finally:
            if watching is not None:
                await watching

    def lets_pass(self, delivery: Delivery) -> bool:
        """Whether what waits behind this delivery, which has just failed, is sent without waiting for it."""
        message = decode_effect(delivery.envelope.body)
        return isinstance(message, Outbound) and self._standstill.lets_pass(message)

    async def _in_time(self, message: Outbound, *, redelivered: bool) -> None:
        # The place in the pace is waited for before anything else, and outside the deadline: at one message a second the
        # last of many waits for minutes, and nothing is wrong with that.
        await self._pacer.wait(message.instance, urgent=message.kind == "emergency")
        started = perf_counter()
        async with asyncio.timeout(SECONDS):
            try:
                done = await self._sent_in_some_way(message, redelivered=redelivered)
            except (GatewayUnavailable, OutcomeUnknown) as error:
                raise await self._settled(message, error) from error
        if done:
            self._metrics.stages.labels("send").observe(perf_counter() - started)
            self._metrics.stages.labels("reply").observe(max(0.0, self._clock() - message.at))

    async def _sent_in_some_way(self, message: Outbound, *, redelivered: bool) -> bool:
        try:
            return await self._send_once(message, redelivered=redelivered)
        except SessionsUnavailable:
            if message.kind != "emergency":
                raise
            return await self._send_unclaimed(message)

    async def _send_once(self, message: Outbound, *, redelivered: bool) -> bool:
        now = self._clock()
        form, gateway_id = self._begun.get(message.id, (message, None))
        if gateway_id:
            await self._accept(form, gateway_id)
            return True
        claim = await self._deliveries.claim(message.person, message.id, now=now)
        if claim.state in ("sent", "failed"):
            # Only the durable record may be missing still, if we were stopped between the two.
            if claim.gateway_id:
                await self._keep(message, "sent", gateway_id=claim.gateway_id)
            self._count(message, "repeated")
            return False
        if message.kind == "emergency" and (aided := await self._aided(message)):
            await self._accept(message, aided)
            return True
        # An engine that lost its data learns of this person's younger messages before an older one is repeated.
        forgotten = claim.state is None and (not claim.known or message.at <= claim.since)
        # After a restore it may have gone out although neither knows of it, because both are older than that.
        doubtful = claim.state is None and self._earlier.doubtful(message)
        if (forgotten or doubtful) and (gateway_id := await self._earlier.recorded(message)):
            await self._deliveries.sent(message.person, message.id, gateway_id, now=now, asked=question_of(message))
            self._count(message, "repeated")
            return False
        attempted = claim.state == "claimed" or message.id in self._begun or (redelivered and forgotten) or doubtful
        if attempted and (found := await self._earlier.in_history(message)):
            await self._accept(*found)
            return True
        if reason := await self._withheld(message, now):
            await self._store.record([explained(message, reason, now)])
            await self._deliveries.failed(message.person, message.id, reason, now=now)
            await self._keep(message, "withheld", code=reason)
            self._count(message, f"withheld_{reason}")
            return False
        await self._call(message)
        return True

    async def _aided(self, message: Outbound) -> GatewayId | None:
        """Under which id an ingress has sent it that waited for us in vain. Better twice than never: who cannot ask sends."""
        if self._aid is not None:
            with suppress(BotError):
                return await self._aid.gave(message.person, message.id)
        return None

    async def _withheld(self, message: Outbound, now: float) -> str | None:
        reason = await self._last_look.withheld(message, now)
        if reason is None and self._spending is not None and not await self._spending.reserve(message, now):
            await self._caps.give_back(message.person, message.id)
            return "cost"
        return reason

    async def _call(self, message: Outbound) -> None:
        try:
            form, gateway_id = await self._through(message)
        except Refused as refusal:
            self._begun.pop(message.id, None)
            self._standstill.ended(message)
            if refusal.code == "not_on_whatsapp" and message.id.startswith(ANSWER):
                self._count(message, "unknown")
                raise OutcomeUnknown("Somebody who has just written is said not to be there.", code=refusal.code) from refusal
            if refusal.code in REFUSALS and self._shut_out is not None:
                await self._shut_out.again(replace(message, template=None))  # that was tried
            if message.kind == "notice":
                await self._caps.give_back(message.person, message.id)
            if self._spending is not None:
                await self._spending.give_back(message, self._clock())
            await self._deliveries.failed(message.person, message.id, refusal.code, now=self._clock())
            await self._keep(message, "failed", code=refusal.code)
            self._count(message, "refused")
            log.warning("message refused by the gateway", extra={"action": "send_refused", "code": refusal.code})
            return
        except GatewayUnavailable:
            self._begun.pop(message.id, None)
            await self._deliveries.release(message.person, message.id)
            if self._spending is not None:
                await self._spending.give_back(message, self._clock())
            self._count(message, "unavailable")
            raise
        except OutcomeUnknown:
            # The claim stays: the next attempt looks into the gateway's history first.
            self._count(message, "unknown")
            raise
        if message.kind == "emergency":
            self._remember(message)  # should the claims go away before they hear of it
        await self._accept(form, gateway_id)

    async def _through(self, message: Outbound) -> tuple[Outbound, GatewayId]:
        again = self._standstill.failed_before(message)
        async with self._circuits.guard(message.instance, urgent=message.kind == "emergency", again=again):
            sent = await self._sent(message)
        self._standstill.went_out(message)
        return sent

    async def _settled(self, message: Outbound, error: GatewayUnavailable | OutcomeUnknown) -> BotError:
        """The error as it is to be settled: whether the message stands alone with it, or everybody does."""
        settled = self._standstill.failed(message, error)
        if self._standstill.asks(message):
            state = ""
            with suppress(BotError):
                state = await self._gateway.ping(message.instance)
            self._standstill.says(message, works=state == "open")
        return settled

    async def _sent(self, message: Outbound) -> tuple[Outbound, GatewayId]:
        """Send it in the best form that goes through. Raises as the gateway does; of several refusals, the last."""
        refused = Refused("There is no form in which it may go out.", code="no_template")
        count = 0
        async for form in self._forms.of(message):
            self._note_begun(form, None)
            try:
                return form, await self._gateway.send(form)
            except Refused as refusal:
                self._begun.pop(message.id, None)
                refused, count = refusal, count + 1
                if refusal.code in OF_THE_PERSON or count == FORMS:
                    break
                if not form.as_template and refusal.code != "window_closed":
                    break
        raise refused

    async def _accept(self, message: Outbound, gateway_id: GatewayId) -> None:
        self._note_begun(message, gateway_id)
        await self._deliveries.sent(message.person, message.id, gateway_id, now=self._clock(), asked=question_of(message))
        how = f"template:{message.template.name}" if message.as_template and message.template else None
        await self._keep(message, "sent", gateway_id=gateway_id, code=how)
        if self._shut_out is not None:
            await self._shut_out.went_out(message, gateway_id)
        self._begun.pop(message.id, None)
        self._count(message, "sent_as_template" if how else "sent")
        if message.as_template and (offer := message.template) and offer.language not in ("", offer.wordings[0].language):
            self._metrics.said_otherwise(offer.language)
        if self._spending is not None:
            self._spending.went_out(message, self._clock())
        if self._watch is not None and message.kind != "reply":
            await self._watch.went_out(message, gateway_id)

    def _note_begun(self, message: Outbound, gateway_id: GatewayId | None) -> None:
        self._begun[message.id] = (message, gateway_id)
        while len(self._begun) > 10_000:
            self._begun.popitem(last=False)

    async def _send_unclaimed(self, message: Outbound) -> bool:
        """The claims are out of reach, the person may be in danger: better twice than never."""
        if message.id in self._gone:
            return False
        await self._through(message)
        self._remember(message)
        self._count(message, "sent_unclaimed")
        log.error("emergency sent without a claim", extra={"action": "send_unclaimed"})
        return True

    def _remember(self, message: Outbound) -> None:
        self._gone[message.id] = None
        while len(self._gone) > 10_000:
            self._gone.popitem(last=False)

    async def _keep(self, message: Outbound, state: str, *, gateway_id: GatewayId | None = None, code: str | None = None) -> None:
        await self._records.add(
            DeliveryRecord(id=message.id, person=message.person, state=state, at=self._clock(), gateway_id=gateway_id, code=code)
        )

    def _count(self, message: Outbound, outcome: str) -> None:
        self._metrics.sends.labels(message.kind, outcome).inc()
