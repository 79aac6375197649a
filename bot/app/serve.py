"""Run roles in one process until told to stop: open the engines, start, drain, close, in this order."""

from __future__ import annotations

import asyncio
import logging
import secrets
import socket
import time
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from functools import partial
from typing import Any

from aiohttp import web

from agents.health_insights.agent import HealthInsights
from agents.registry import NAMES, make_agents
from bot import queues
from bot.adapters.lexicon_copy import load_index
from bot.app.connections import answering
from bot.app.elsewhere import Behind
from bot.app.engines import TALKING, Engines, engine_names, open_engines
from bot.app.gateway import open_gateway
from bot.app.ingress import Gateways, ingress_work
from bot.app.listening import runner_of
from bot.app.llm import open_llm
from bot.app.meta import open_meta
from bot.app.operations import Operations
from bot.app.partners import open_partners
from bot.app.pictures import open_pictures
from bot.app.roles import Parts, member_name, run_agent, run_scheduler, run_sender, run_worker
from bot.app.staff import open_staff
from bot.app.tracing import open_tracing, with_tracing
from bot.app.watch import (
    BACKUPS_EVERY,
    CASES_EVERY,
    DISK_EVERY,
    EVERY,
    KEYS_EVERY,
    QueueWatch,
    keep_sampling,
    sample_backup,
    sample_cases,
    sample_disk,
    sample_keys,
)
from bot.app.words import load_engagement_words
from bot.dialogue.bundle import read_bundle
from bot.dialogue.content import Content, content_of, load_content
from bot.dialogue.engine import Engine
from bot.errors import ConfigError, StoreUnavailable
from bot.media.kinds import UNKNOWN_MIME, mime_by_content
from bot.metrics import Metrics
from bot.ports.advice import Opinions
from bot.ports.media import MediaStore
from bot.ports.store import DeliveryRecord, JournalEntry
from bot.published.library import Library
from bot.running.write_behind import WriteBehind
from bot.sending.approvals import Approvals, watch_approvals
from bot.tracing import Tracing
from bot.turns.recorder import DeliveryBatch, JournalBatch, to_bus
from bot.understanding.festivals import Calendar
from bot.understanding.reader import Reader
from bot.upkeep.experiments import watch_experiments
from config.policy import FOLDER, Policy, load_policy
from config.settings import Settings
from webhooks.app import tell_no_versions

log = logging.getLogger(__name__)

Work = Coroutine[Any, Any, None]
ALL = ("ingress", "worker", *(f"agent {name}" for name in NAMES), "sender", "scheduler", "staff")
"""Every role, as ``procare serve`` runs them."""


def load_content_and_reader(settings: Settings, policy: Policy) -> tuple[Content, Reader]:
    """Content and understanding, checked. Raises ConfigError with file, line, reason and remedy."""
    content = load_content(settings.dialogs_dir, settings.locales_dir, languages=policy.behaviour.languages)
    return content, load_reader(settings)


def load_reader(settings: Settings) -> Reader:
    words = settings.dialogs_dir / "lexicon"
    return Reader.load(words, FOLDER / "readings.yaml", load_index(words, settings.data_dir / "cache"))


async def serve(settings: Settings, roles: Sequence[str], stop: asyncio.Event, *, ready: Callable[[str], None]) -> None:
    """Run ``roles`` until ``stop`` is set, then finish what is in hand. ``ready`` is called with our address when all is up.

    Raises ConfigError for what an operator must mend; anything else that ends a role ends the process, loudly.
    """
    policy = load_policy(languages=settings.languages)
    metrics = Metrics()
    talks = not TALKING.isdisjoint(roles)
    speaks = "worker" in roles or "ingress" in roles  # the ingress in danger only
    dialogue = load_content_and_reader(settings, policy) if speaks or (talks and not settings.evolution_url) else None
    async with AsyncExitStack() as stack:
        tracing = await stack.enter_async_context(open_tracing(settings, roles, member_name()))
        engines = with_tracing(await stack.enter_async_context(open_engines(settings)), tracing)
        await answering(lambda: engines.bus.declare(queues.topology(settings.partitions, NAMES)))
        parts = await stack.enter_async_context(_parts(settings, policy, engines, metrics, tracing))
        token = settings.webhook_token.get_secret_value() if settings.webhook_token else None
        if settings.evolution_url is None and token is None and settings.webhook_jwt_key is None:
            token = secrets.token_urlsafe(24)  # shared with the look-alike of this process only
        listener = stack.enter_context(_bound(settings))
        address = f"http://{_host(settings)}:{listener.getsockname()[1]}"
        app = web.Application(client_max_size=settings.max_body_mib * 1024 * 1024)
        tell_no_versions(app)
        operations = _operations(engines, metrics, app)
        opening = open_gateway(settings, app, address, token, dialogue[1] if dialogue else None, engines.media)
        gateway = await stack.enter_async_context(opening) if talks else None
        meta = await stack.enter_async_context(open_meta(settings, engines))
        advice = await stack.enter_async_context(
            open_llm(settings, engines, metrics, parts.clock, policy.behaviour.consent_version)
        )
        work: list[Work] = [
            keep_sampling(partial(sample_keys, engines.keys, metrics), KEYS_EVERY, stop),
            keep_sampling(partial(sample_disk, settings.data_dir, metrics), DISK_EVERY, stop),
        ]
        gateways = Gateways(gateway, meta, token)
        if speaks and dialogue is not None:
            content, reader = dialogue
            calendar = Calendar.load(settings.dialogs_dir / "lexicon/rules/festivals.yaml")
            engine = Engine(content, policy, reader.understand, calendar)
            if "ingress" in roles:
                work += await ingress_work(parts, app, gateways, engine, reader, stop, alone="worker" not in roles)
            if "worker" in roles:
                work += await _worker(parts, engine, stop, advice.opinions if advice else None)
        if "sender" in roles and gateways.sending is not None:  # the settings want one of the two
            work.append(run_sender(parts, gateways.sending, stop))
        if "scheduler" in roles:
            work += _scheduler(parts, stop)
        partners = await stack.enter_async_context(open_partners(settings))
        drawing = f"agent {HealthInsights.name}" in roles
        pictures = (
            await stack.enter_async_context(open_pictures(settings, policy, engines.media, metrics.said_otherwise))
            if drawing
            else None
        )
        agents = {}
        if any(role.startswith("agent ") for role in roles):  # the others need neither their content nor their partners
            agents = make_agents(
                engines.store, policy, settings.dialogs_dir, media=engines.media, payments=partners.payments,
                laboratory=partners.laboratory, number=settings.whatsapp_number, pictures=pictures,
                meals=advice.uses if advice else None, answers=advice.uses if advice else None,
                words=load_engagement_words(settings, policy, metrics.said_otherwise), tombstones=engines.tombstones,
                behind=Behind(engines.footprint, engines.bus),
            )  # fmt: skip
        work += [run_agent(parts, agent, stop) for name, agent in agents.items() if f"agent {name}" in roles]
        if "staff" in roles:
            await stack.enter_async_context(open_staff(settings, engines, parts.clock))
        await stack.enter_async_context(_listening(app, listener, settings))
        log.info("ready", extra={"action": "ready", "role": ", ".join(roles), "engine": engine_names(settings)})
        ready(f"{address}/")
        async with asyncio.TaskGroup() as group:
            for coroutine in work:
                group.create_task(coroutine)
            await stop.wait()
            operations.stopping = True
            log.info("stopping", extra={"action": "stopping"})
        log.info("stopped", extra={"action": "stopped"})


async def _worker(parts: Parts, engine: Engine, stop: asyncio.Event, opinions: Opinions | None) -> list[Work]:
    """The turns, with what is published read before the first of them."""
    settings, engines, languages = parts.settings, parts.engines, parts.policy.behaviour.languages
    await _keep(engine.contents.current, engines.media)
    library = Library(
        engine, engines.store.bundles, engines.directory,
        lambda bundle, current: content_of(bundle, languages, current=current),
        parts.metrics, parts.clock, member_name(), keep=lambda content: _keep(content, engines.media),
    )  # fmt: skip
    await library.open(read_bundle(settings.dialogs_dir, settings.locales_dir, languages=languages))
    return [
        run_worker(parts, engine, library, stop, opinions),
        watch_experiments(engine, engines.store, stop),
        watch_approvals(engine, Approvals(engines.store.documents, parts.clock), stop),
    ]


def _scheduler(parts: Parts, stop: asyncio.Event) -> list[Work]:
    """Timers, and the figures that one process tells for all."""
    engines, metrics = parts.engines, parts.metrics
    watched = QueueWatch(engines.bus, queues.topology(parts.settings.partitions, NAMES), metrics, parts.clock)
    return [
        run_scheduler(parts, stop),
        keep_sampling(watched.sample, EVERY, stop),
        keep_sampling(partial(sample_backup, engines.directory, metrics), BACKUPS_EVERY, stop),
        keep_sampling(partial(sample_cases, engines.store.documents, metrics, parts.clock), CASES_EVERY, stop),
    ]


async def _keep(content: Content, media: MediaStore) -> None:
    """Put the files that flows send where the sender finds them. A store that is full costs the pictures, not the words."""
    try:
        for data in content.media.values():
            await media.put(data, mime=mime_by_content(data) or UNKNOWN_MIME, person=None, now=time.time(), keep_seconds=None)
    except StoreUnavailable as error:
        log.error("files of the dialogues were not kept", extra={"action": "content_media_failed", "code": error.code})


@asynccontextmanager
async def _parts(
    settings: Settings, policy: Policy, engines: Engines, metrics: Metrics, tracing: Tracing
) -> AsyncIterator[Parts]:
    """The shared parts; the writers behind outlive every role, so that a draining turn still finds its journal."""
    journal: WriteBehind[JournalEntry] = WriteBehind(
        engines.store.append_journal, to_bus(engines.bus, JournalBatch, time.time), metrics
    )
    deliveries: WriteBehind[DeliveryRecord] = WriteBehind(
        engines.store.save_deliveries, to_bus(engines.bus, DeliveryBatch, time.time), metrics
    )
    async with asyncio.TaskGroup() as group:
        writers = [
            group.create_task(journal.run(), name="journal"),
            group.create_task(deliveries.run(), name="delivery records"),
        ]
        try:
            yield Parts(settings, policy, engines, metrics, time.time, journal, deliveries, tracing)
        finally:
            for writer in writers:
                writer.cancel()


def _operations(engines: Engines, metrics: Metrics, app: web.Application) -> Operations:
    probes = {"bus": engines.bus.ping, "sessions": engines.directory.ping, "store": engines.store.ping}
    operations = Operations(metrics, probes, engines.directory.channels)
    operations.add_routes(app)
    return operations


@contextmanager
def _bound(settings: Settings) -> Iterator[socket.socket]:
    """Our socket, bound before anything else needs the port, and not yet listening."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as bound:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            bound.bind((settings.host, settings.port))
        except OSError as error:
            raise ConfigError(f"PROCARE_PORT: cannot listen on {settings.host}:{settings.port}: {error.strerror}") from error
        yield bound


@asynccontextmanager
async def _listening(app: web.Application, listener: socket.socket, settings: Settings) -> AsyncIterator[None]:
    """Listen. On exit, requests in hand are finished."""
    runner = runner_of(app, settings)
    await runner.setup()
    try:
        await web.SockSite(runner, listener, backlog=1024).start()
        yield
    finally:
        await runner.cleanup()


def _host(settings: Settings) -> str:
    host = "127.0.0.1" if settings.host in ("0.0.0.0", "::", "localhost") else settings.host  # noqa: S104 - compared, not bound
    return f"[{host}]" if ":" in host else host
