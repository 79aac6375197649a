"""The care coordinator's partners: a payment service and a laboratory, where the settings name them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

from aiohttp import web
from pydantic import SecretStr

from bot import queues
from bot.model.codec import encode
from bot.model.effects import Intent
from bot.ports.bus import Bus, Envelope
from bot.ports.laboratory import Laboratory
from bot.ports.payments import Payments
from config.settings import Settings
from webhooks.lab import events as lab_events
from webhooks.lab.client import HttpLaboratory
from webhooks.razorpay import events as razorpay_events
from webhooks.razorpay.client import RazorpayPayments
from webhooks.signed import SignedWebhook

RAZORPAY_PATH, LAB_PATH = "/webhooks/razorpay", "/webhooks/lab"


@dataclass(frozen=True)
class Partners:
    """None: there is none, and the coordinator says so."""

    payments: Payments | None = None
    laboratory: Laboratory | None = None


@asynccontextmanager
async def open_partners(settings: Settings) -> AsyncIterator[Partners]:
    async with AsyncExitStack() as stack:
        payments: Payments | None = None
        laboratory: Laboratory | None = None
        if settings.razorpay_key_id and settings.razorpay_key_secret:
            secret = settings.razorpay_key_secret.get_secret_value()
            client = RazorpayPayments(settings.razorpay_key_id, secret, url=settings.razorpay_url)
            payments = await stack.enter_async_context(client)
        if settings.lab_url and settings.lab_key:
            lab = HttpLaboratory(settings.lab_url, settings.lab_key.get_secret_value())
            laboratory = await stack.enter_async_context(lab)
        yield Partners(payments, laboratory)


NOTHING = "v0000000000000000.0"
"""A reference that no booking has."""


def try_partners(settings: Settings) -> dict[str, Callable[[], Awaitable[str]]]:
    """A question to each partner that the settings name; it raises what is wrong."""
    tries: dict[str, Callable[[], Awaitable[str]]] = {}

    async def payments() -> str:
        async with open_partners(settings) as partners:
            if partners.payments is not None:
                await partners.payments.look(reference=NOTHING, link=None)
        return "ok"

    async def laboratory() -> str:
        async with open_partners(settings) as partners:
            if partners.laboratory is not None:
                await partners.laboratory.result(key=NOTHING)
        return "ok"

    if settings.razorpay_key_id:
        tries["payments"] = payments
    if settings.lab_url:
        tries["laboratory"] = laboratory
    return tries


def add_partner_routes(app: web.Application, settings: Settings, bus: Bus, clock: Callable[[], float]) -> None:
    """Where partners call us; a route is there only when its secret is."""

    async def publish(intent: Intent) -> None:
        envelope = Envelope(id=intent.id, key=intent.person, body=encode(intent), at=intent.at)
        await bus.publish(queues.agent(intent.agent), envelope)

    if settings.razorpay_webhook_secret is not None:
        read = razorpay_events.read_event(clock)
        secrets = _secrets(settings.razorpay_webhook_secret)
        app.router.add_post(RAZORPAY_PATH, SignedWebhook("razorpay", razorpay_events.SIGNATURE, secrets, read, publish).handle)
    if settings.lab_webhook_secret is not None:
        read = lab_events.read_event(clock)
        secrets = _secrets(settings.lab_webhook_secret)
        app.router.add_post(LAB_PATH, SignedWebhook("lab", lab_events.SIGNATURE, secrets, read, publish).handle)


def _secrets(setting: SecretStr) -> tuple[str, ...]:
    return tuple(one.strip() for one in setting.get_secret_value().split(",") if one.strip())
