"""Wire the webhook edge to the bus."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from typing import Protocol

from bot import queues
from bot.app.engines import Engines
from bot.errors import Malformed, StoreUnavailable
from bot.ingress.flood import Gate
from bot.metrics import Metrics
from bot.model.codec import encode
from bot.model.effects import Record
from bot.model.events import ChannelState, Receipt
from bot.model.ids import InputId, PersonId, effect_of, numberless, person_of
from bot.model.inbound import Inbound
from bot.ports.bus import Bus, Envelope
from bot.ports.sessions import Sessions
from bot.tracing import UNTRACED, Tracing
from config.settings import Settings
from webhooks.auth import WebhookAuth
from webhooks.edge import Edge
from webhooks.evolution.messages import Reading
from webhooks.files import Fetch, FetchRemote, Files
from webhooks.intake import AuthorOf, Intake
from webhooks.limits import MIB, EdgeLimits
from webhooks.people import lid_person

log = logging.getLogger(__name__)

FILE_SHARE = 0.8
"""Of the time that a publish may take: the bus has to confirm in the rest."""


class EdgeMetrics:
    """What the edge tells, as metrics."""

    def __init__(self, metrics: Metrics) -> None:
        self._metrics = metrics

    def webhook(self, event: str, outcome: str, seconds: float) -> None:
        self._metrics.webhooks.labels(event, outcome).inc()
        self._metrics.stages.labels("accept").observe(seconds)

    def ignored(self, reason: str) -> None:
        self._metrics.ignored.labels(reason).inc()

    def identity_mismatch(self, kind: str) -> None:
        self._metrics.identity.labels(f"mismatch_{kind}").inc()

    def unverified(self) -> None:
        self._metrics.identity.labels("unverified").inc()

    def media(self, outcome: str) -> None:
        self._metrics.media.labels(outcome).inc()

    def flood(self, outcome: str) -> None:
        self._metrics.flood.labels(outcome).inc()

    def postponed(self, waiting: int) -> None:
        self._metrics.postponed.set(waiting)

    def missed(self, outcome: str) -> None:
        self._metrics.missed.labels(outcome).inc()

    def history_read(self, instance: str, until: float) -> None:
        self._metrics.history_read.labels(instance).set(until)


class ToBus:
    """Where parsed events go: turns to the person's partition, the gateway's own words to its queue."""

    def __init__(self, bus: Bus, partitions: int, clock: Callable[[], float], tracing: Tracing = UNTRACED) -> None:
        self._bus, self._partitions, self._clock, self._tracing = bus, partitions, clock, tracing

    async def turn(self, inbound: Inbound) -> None:
        """One trace a message, from its arrival on: a webhook may bring several."""
        envelope = Envelope(id=inbound.id, key=inbound.person, body=encode(inbound), at=inbound.received_at)
        with self._tracing.begun("ingress", at=inbound.received_at, person=inbound.person, kind=inbound.kind):
            await self._bus.publish(queues.turns_of(inbound.person, self._partitions), envelope)

    async def gateway_event(self, event: Receipt | ChannelState) -> None:
        key = numberless(event.gateway_id) if isinstance(event, Receipt) else event.instance
        name = event.status if isinstance(event, Receipt) else event.state
        envelope = Envelope(id=f"{key}:{name}", key=key, body=encode(event), at=event.at)
        await self._bus.publish(queues.GATEWAY, envelope)

    async def link(self, lid: str, phone: str) -> bool:
        """Have it remembered that a hidden number belongs to a phone. Over the bus: the edge needs no other engine for it."""
        person = person_of(f"phone:{phone}")
        record = Record(id=effect_of(f"link:{person_of(f'{lid}:{phone}')}", 0), person=person, kind="link", at=self._clock(),
                        data={"lid": lid, "phone": phone})  # fmt: skip
        await self._bus.publish(queues.RECORDS, Envelope(id=record.id, key=person, body=encode(record), at=record.at))
        return True


class KnowsPhones(Protocol):
    async def phone_of(self, lid: str) -> str | None: ...


async def known_phone(lid: str, places: Sequence[KnowsPhones]) -> str | None:
    """From the first that knows it. Raises Unavailable. A link that nobody can read costs no message: a 400 would be the end of
    it, and whoever wrote is answered as somebody new."""
    for place in places:
        try:
            if phone := await place.phone_of(lid):
                return phone
        except Malformed as error:
            log.error("a hidden number's link is unreadable", extra={"action": "link_unreadable", "code": error.code})
    return None


async def converses(person: PersonId, sessions: Sessions) -> bool:
    """Whether the session engine holds a conversation of this person. It forgets one of a hidden number long before it forgets
    the link of that number: whose it holds and whose link it does not is joined to no phone, and need not wait for the store."""
    try:
        return (await sessions.load(person, InputId("converses"))).session is not None
    except Malformed:
        return False


def make_intake(
    settings: Settings, engines: Engines, metrics: Metrics, clock: Callable[[], float], *, fetch: Fetch | None = None,
    fetch_remote: FetchRemote | None = None, gate: Gate | None = None, tracing: Tracing = UNTRACED,
    arrived: Callable[[Inbound], None] | None = None, author_of: AuthorOf | None = None,
) -> Intake:  # fmt: skip
    """What the webhooks and the exchange consumer share. ``fetch``: bytes that did not come with their message, from Evolution;
    ``fetch_remote``: from Meta; ``gate``: what holds floods back; ``arrived`` looks after
    whoever is in danger; ``author_of`` tells who wrote a message that was edited."""
    watch = EdgeMetrics(metrics)
    to_bus = ToBus(engines.bus, settings.partitions, clock, tracing)

    async def phone_of(lid: str) -> str | None:
        try:
            return await known_phone(lid, (engines.directory, engines.store))
        except StoreUnavailable:
            if await converses(lid_person(lid), engines.sessions):
                return None
            raise

    return Intake(
        publish_turn=to_bus.turn,
        publish_gateway_event=to_bus.gateway_event,
        phone_of=phone_of,
        link=to_bus.link,
        files=Files(
            engines.media,
            clock=clock,
            watch=watch,
            keep_seconds=settings.media_days * 86_400.0,
            fetch=fetch,
            fetch_remote=fetch_remote,
            file_seconds=settings.publish_seconds * FILE_SHARE,
        ),
        clock=clock,
        reading=Reading(trust_unverified=settings.trust_unverified_senders),
        watch=watch,
        gate=gate,
        arrived=arrived,
        author_of=author_of,
    )


def make_edge(settings: Settings, intake: Intake, metrics: Metrics, clock: Callable[[], float], *, token: str | None) -> Edge:
    """The webhook. ``token`` is the shared secret that the gateway sends."""
    key = settings.webhook_jwt_key.get_secret_value() if settings.webhook_jwt_key else None
    limits = EdgeLimits(
        max_body=settings.max_body_mib * MIB,
        large_bodies=max(settings.large_bodies_mib, settings.max_body_mib) * MIB,
        publish_seconds=settings.publish_seconds,
        drain_seconds=settings.stop_seconds / 2,
    )
    return Edge(intake, WebhookAuth(token, key, clock), limits, EdgeMetrics(metrics))
