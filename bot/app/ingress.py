"""Wire the ingress: every way in that the settings name, the gate before the bus, and first aid."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from bot.app.first_aid import keep_texts_current
from bot.app.flood import make_gate
from bot.app.intake import make_edge, make_intake
from bot.app.losses import watch_losses
from bot.app.meta import add_meta_routes
from bot.app.partners import add_partner_routes
from bot.app.roles import Parts
from bot.dialogue.engine import Engine
from bot.ingress.first_aid import FirstAid
from bot.ports.gateway import Gateway
from bot.understanding.reader import Reader
from webhooks.app import add_routes
from webhooks.evolution.client import EvolutionGateway
from webhooks.evolution.exchange import ExchangeConsumer
from webhooks.meta.client import MetaGateway
from webhooks.routed import Routed


@dataclass(frozen=True)
class Gateways:
    """How people are reached: through Evolution API, and on Meta's Cloud API. ``token``: what Evolution's webhook shows us."""

    evolution: EvolutionGateway | None
    meta: MetaGateway | None
    token: str | None

    @property
    def sending(self) -> Gateway | None:
        return Routed(self.meta, self.evolution) if self.meta else self.evolution


async def ingress_work(
    parts: Parts, app: web.Application, gateways: Gateways, engine: Engine, reader: Reader, stop: asyncio.Event, *, alone: bool
) -> list[Coroutine[Any, Any, None]]:
    """Put the webhooks on ``app``; gives what runs beside them. ``alone``: no worker in this process keeps the texts current."""
    settings, engines, metrics, clock = parts.settings, parts.engines, parts.metrics, parts.clock
    evolution, meta, sending = gateways.evolution, gateways.meta, gateways.sending
    work: list[Coroutine[Any, Any, None]] = []
    aid = FirstAid(engine, sending, engines.aid, metrics, clock) if sending else None
    intake = make_intake(
        settings, engines, metrics, clock, gate=make_gate(settings, engines, reader, parts.policy, clock),
        fetch=evolution.fetch if evolution else None, fetch_remote=meta.fetch if meta else None,
        tracing=parts.tracing, arrived=aid.arrived if aid else None, author_of=evolution.written if evolution else None,
    )  # fmt: skip
    if aid is not None:
        work.append(aid.run(stop))
    if alone:
        work.append(keep_texts_current(engine, engines, parts.policy.behaviour.languages, metrics, clock, stop))
    add_meta_routes(app, settings, intake, metrics, clock)
    add_partner_routes(app, settings, engines.bus, clock)
    if evolution is not None:
        edge = make_edge(settings, intake, metrics, clock, token=gateways.token)
        add_routes(app, edge)
        work += [edge.run(stop), watch_losses(settings, engines, evolution, intake, metrics, clock, stop)]
    if settings.evolution_rabbitmq_url is not None:
        url = settings.evolution_rabbitmq_url.get_secret_value()
        exchange = ExchangeConsumer(url, [settings.evolution_instance], intake)
        await exchange.declare()
        work.append(exchange.run(stop))
    return work
