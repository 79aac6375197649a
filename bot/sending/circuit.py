"""A circuit for each instance: while the gateway fails, messages wait in the queue instead of hammering it."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from purgatory import AsyncCircuitBreakerFactory
from purgatory.domain.model import CLOSED, OPENED, Context, OpenedState

from bot.errors import GatewayUnavailable, Refused
from bot.metrics import Metrics

THRESHOLD = 10
"""So many messages that fail in a row open the circuit. Where every fourth call fails, five in a row come twice a minute at
fifty sends a second, and each time everybody waits for nothing; ten come once in hours."""
OPEN_SECONDS = 5.0
"""How long it stays open before one message may try again."""
GRACE = 3.0
"""For so much longer what failed before leaves the first try to what did not: it may be the one that cannot go out at all. All
that waits asks again within this time (half of ``OPEN_SECONDS``, and a fifth more)."""


class Circuits:
    """Wraps purgatory's circuit breakers, one an instance, kept in memory: each sender finds out for itself."""

    def __init__(self, metrics: Metrics, *, threshold: int = THRESHOLD, open_seconds: float = OPEN_SECONDS) -> None:
        self._factory = AsyncCircuitBreakerFactory(default_threshold=threshold, default_ttl=open_seconds, exclude=[Refused])
        self._metrics, self._open_seconds = metrics, open_seconds

    @asynccontextmanager
    async def guard(self, instance: str, *, urgent: bool = False, again: bool = False) -> AsyncIterator[None]:
        """Raises GatewayUnavailable at once while the circuit is open. A refusal of one message is not a failure, and what fails
        ``again`` is none anew: one message alone does not open the circuit for all others.

        What is ``urgent`` is tried in any case, and counts for nothing: the circuit may be open for the sake of one phone that
        the gateway cannot reach, and then opens again with each of its retries."""
        if urgent:
            yield
            return
        breaker = await self._factory.get_breaker(instance)
        if again and breaker.context.state == CLOSED:
            yield
            with suppress(OpenedState):  # by others meanwhile
                async with breaker:
                    pass  # that it went out counts
            return
        try:
            if again and self._rests(breaker.context):
                raise OpenedState(instance)
            async with breaker:
                yield
        except OpenedState as opened:
            self._metrics.circuit.labels(instance).set(1)
            raise GatewayUnavailable("the circuit is open", code="circuit_open", retry_after=self._open_seconds / 2) from opened
        else:
            self._metrics.circuit.labels(instance).set(0)

    def _rests(self, context: Context) -> bool:
        opened_at = context.opened_at
        return context.state == OPENED and opened_at is not None and time.time() < opened_at + self._open_seconds + GRACE
