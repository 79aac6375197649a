"""Switch tracing on, where the settings name a collector."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import replace

from bot.app.engines import Engines
from bot.traced import TracedBus
from bot.tracing import UNTRACED, Tracing
from config.settings import Settings

CLOSE_SECONDS = 3.0
BATCH, WAITING, EVERY = 256, 2048, 2000  # spans in one POST, spans that may wait (more are dropped), milliseconds


@asynccontextmanager
async def open_tracing(settings: Settings, roles: Sequence[str], member: str) -> AsyncIterator[Tracing]:
    """Nothing of OpenTelemetry is imported while it is off."""
    if settings.otlp_url is None:
        yield UNTRACED
        return
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    from bot.adapters.otel.export import OtlpJson
    from bot.adapters.otel.traced import Traced

    batches = BatchSpanProcessor(
        OtlpJson(settings.otlp_url), max_queue_size=WAITING, schedule_delay_millis=EVERY, max_export_batch_size=BATCH
    )
    traced = Traced(batches, share=settings.trace_share, role=", ".join(roles)[:100], member=member)
    try:
        yield traced
    finally:
        with suppress(TimeoutError):  # what the collector does not take in time is lost
            await asyncio.wait_for(asyncio.to_thread(traced.close), CLOSE_SECONDS)


def with_tracing(engines: Engines, tracing: Tracing) -> Engines:
    """The engines as the roles use them: with tracing on, what is published carries its trace."""
    return engines if tracing is UNTRACED else replace(engines, bus=TracedBus(engines.bus, tracing))
