"""The look-alike: Evolution API's HTTP both ways, with test patients instead of WhatsApp behind it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Self

from aiohttp import web

from webhooks.lookalike.chats import Chats
from webhooks.lookalike.core import Core
from webhooks.lookalike.delivery import Delivery, Retries
from webhooks.lookalike.evolution_routes import EvolutionRoutes
from webhooks.lookalike.faults import Faults
from webhooks.lookalike.ids import jid_of
from webhooks.lookalike.ledger import Ledger
from webhooks.lookalike.page_routes import Meaning, PageRoutes
from webhooks.lookalike.people import Channel, Instance, Patient, Webhook, default_patients
from webhooks.lookalike.phones import Phones, Said
from webhooks.lookalike.sending import Receipts, Sending
from webhooks.lookalike.templates import Reviews, Templates

MAX_BODY = 140 * 1024 * 1024


class LookAlike:
    """Enter it before the first request; on leaving, what is not delivered is forgotten.

    ``webhook_headers`` go with every event (the bot's token). ``history``: messages kept a chat, 0 for none (then there is no
    page, no tapping and no ``findMessages``). ``receipts``: how far they go by themselves. ``window``: hold the official API
    to 24 hours after the person last wrote. ``reviews``: whether templates are approved by themselves. Times are seconds.
    """

    def __init__(
        self,
        instances: Sequence[Instance],
        *,
        api_key: str,
        webhook_url: str | None = None,
        webhook_headers: dict[str, str] | None = None,
        webhook_events: Sequence[str] = (),
        by_events: bool = False,
        patients: Sequence[Patient] | None = None,
        meaning: Meaning | None = None,
        page: bool = True,
        history: int = 500,
        chats: int = 1000,
        ledger: int = 100_000,
        receipts: Receipts = "delivered",
        receipt_pause: float = 0.15,
        window: bool = False,
        reviews: Reviews = "approve",
        retries: Retries | None = None,
        connections: int = 100,
        clock: Callable[[], float] = time.time,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        seed: int | None = None,
    ) -> None:
        hook = Webhook(webhook_url, dict(webhook_headers or {}), frozenset(webhook_events), by_events)
        channels = {instance.name: Channel(instance, hook) for instance in instances}
        people = default_patients(instances) if patients is None else patients
        self.faults = Faults(seed)
        self.ledger = Ledger(ledger)
        self.delivery = Delivery(retries or Retries(), sleep=sleep, connections=connections)
        kept = Chats(history, chats) if history else None
        self._core = Core(
            channels,
            {patient.number: patient for patient in people},
            chats=kept,
            ledger=self.ledger,
            faults=self.faults,
            delivery=self.delivery,
            clock=clock,
            sleep=sleep,
            noting=page,
        )
        if kept is not None:
            kept.pinned |= {(patient.instance, jid_of(patient.number)) for patient in people}
        sending = Sending(self._core, receipts=receipts, receipt_pause=receipt_pause, window=window)
        self._phones = Phones(self._core, sending)
        self.templates = Templates(reviews)
        self._routes = EvolutionRoutes(self._core, sending, self._phones, self.templates, api_key).routes()
        if page and kept is not None:
            self._routes += PageRoutes(self._core, self._phones, meaning).routes()

    async def __aenter__(self) -> Self:
        await self._core.__aenter__()
        return self

    async def __aexit__(self, *error: object) -> None:
        await self._core.__aexit__(*error)

    def add_to(self, app: web.Application) -> None:
        """Put the routes on an application that is not running yet. Open pages are let go when it shuts down."""
        app.add_routes(self._routes)

        async def let_go(_: web.Application) -> None:
            self._core.stream.close()

        app.on_shutdown.append(let_go)

    def post_to(self, url: str, headers: dict[str, str] | None = None) -> None:
        """Where events go from now on, for all instances; the headers stay unless given."""
        for channel in self._core.channels.values():
            hook = channel.webhook
            new = hook.headers if headers is None else dict(headers)
            channel.webhook = Webhook(url, new, hook.events, hook.by_events, hook.base64, hook.enabled)

    @asynccontextmanager
    async def listening(self, host: str = "127.0.0.1", port: int = 0) -> AsyncIterator[str]:
        """Run on a port of its own; gives the base address."""
        app = web.Application(client_max_size=MAX_BODY)
        self.add_to(app)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=2.0)
        async with self:
            await runner.setup()
            site = web.TCPSite(runner, host, port, backlog=1024)
            try:
                await site.start()
                yield f"http://{host}:{runner.addresses[0][1]}"
            finally:
                await runner.cleanup()

    @property
    def patients(self) -> list[Patient]:
        return list(self._core.patients.values())

    @property
    def undelivered(self) -> int:
        """Events that the bot has not taken yet."""
        return self.delivery.pending

    def say(
        self,
        number: str,
        text: str,
        *,
        instance: str | None = None,
        name: str | None = None,
        quoted: str | None = None,
        at: float | None = None,
    ) -> Said:
        """A person writes. ``at``: when they did, if not now."""
        channel, known = self._where(number, instance), self._core.patients.get(number)
        return self._phones.say(number, text, channel=channel, name=name or (known.name if known else None), quoted=quoted, at=at)

    def tap(self, number: str, message_id: str, option: str, *, instance: str | None = None) -> Said:
        """A person taps a button or chooses a row of a message. Raises LookupError where there is none."""
        known = self._core.patients.get(number)
        return self._phones.tap(
            number, message_id, option, channel=self._where(number, instance), name=known.name if known else None
        )

    def attach(self, number: str, kind: str, *, caption: str = "", instance: str | None = None) -> Said:
        """``image``, ``audio`` (a voice note), ``document`` or ``location``."""
        return self._phones.attach(number, kind, channel=self._where(number, instance), name=None, caption=caption)

    def react(self, number: str, message_id: str, emoji: str, *, instance: str | None = None) -> Said:
        return self._phones.react(number, message_id, emoji, channel=self._where(number, instance), name=None)

    def look_at(self, number: str, *, instance: str | None = None) -> None:
        """The person opens the chat: what was delivered is read."""
        self._phones.look_at(self._where(number, instance), number)

    def set_state(self, instance: str, state: str) -> None:
        """``open``, ``connecting`` or ``close``. A closed Baileys instance refuses sends; only Baileys tells of changes."""
        channel = self._core.channels[instance]
        channel.state = state
        if not channel.cloud:
            reason = 200 if state != "close" else 401
            self._core.emit(channel, "connection.update", {"instance": instance, "state": state, "statusReason": reason})

    def _where(self, number: str, instance: str | None) -> Channel:
        known = self._core.patients.get(number)
        name = instance or (known.instance if known else next(iter(self._core.channels)))
        return self._core.channels[name]
