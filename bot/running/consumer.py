"""Consume one queue: people side by side, each person's messages one at a time and in order, every delivery settled once."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack, suppress
from math import inf
from time import perf_counter, time

from bot import logs
from bot.errors import BotError, BusUnavailable, Unavailable, Unsettled
from bot.logs import redact
from bot.metrics import Metrics
from bot.ports.bus import Bus, Delivery, Subscription
from bot.queues import family
from bot.running.settle import Settle, pause, settle
from bot.tracing import UNTRACED, Span, Tracing

log = logging.getLogger(__name__)

Handler = Callable[[Delivery], Awaitable[None]]


class Consumer:
    """Runs ``handler`` for each delivery of ``queue`` until told to stop.

    The bus hands out at most ``prefetch`` unsettled deliveries: that is the backpressure. ``budget`` bounds one attempt in
    seconds; it is longer than any single deadline inside the handler and far shorter than the broker's acknowledgement timeout.
    A delivery that waits for an engine is held here, so that the ones of the same person behind it keep their order; ``behind``
    hears of each that has to wait so. ``lets_pass`` is asked after each failure whether they go on without it all the same.
    """

    def __init__(
        self,
        bus: Bus,
        queue: str,
        handler: Handler,
        metrics: Metrics,
        *,
        prefetch: int,
        budget: float | None,
        longest_pause: float = 15.0,
        drain_seconds: float = 15.0,
        tracing: Tracing = UNTRACED,
        behind: Callable[[Delivery], None] | None = None,
        lets_pass: Callable[[Delivery], bool] | None = None,
    ) -> None:
        self._tracing, self._behind, self._lets_pass = tracing, behind, lets_pass
        self.bus, self.queue, self.handler, self.metrics = bus, queue, handler, metrics
        self.prefetch, self.budget = prefetch, budget
        self.longest_pause, self.drain_seconds = longest_pause, drain_seconds
        self._lanes: dict[str, deque[Delivery]] = {}
        self._aside: dict[int, Delivery] = {}  # tried on beside their lanes, by their tag
        self._tasks: set[asyncio.Task[None]] = set()
        self._stopping = asyncio.Event()

    async def run(self, stop: asyncio.Event) -> None:
        """Returns when ``stop`` is set and what was begun is finished (or ``drain_seconds`` have passed)."""
        async with AsyncExitStack() as stack:
            self.metrics.queue_age.labels(self.queue).set_function(self.oldest_age)
            stack.callback(self.metrics.queue_age.remove, self.queue)
            subscription = await self._subscribed(stack, stop)
            if subscription is None:
                return
            group = await stack.enter_async_context(asyncio.TaskGroup())
            intake = group.create_task(self._take(subscription, group), name=f"intake {self.queue}")
            await stop.wait()
            intake.cancel()
            await asyncio.wait({intake})
            self._stopping.set()
            # Deliveries that wait behind another in their lane are not begun any more: the bus takes them back in order.
            begun = [task for task in self._tasks if not task.done()]
            if begun:
                _, late = await asyncio.wait(begun, timeout=self.drain_seconds)
                for task in late:
                    task.cancel()

    def oldest_age(self) -> float:
        """Seconds since the oldest message in hand was published."""
        ats = [lane[0].envelope.at for lane in self._lanes.values() if lane]
        ats += [delivery.envelope.at for delivery in self._aside.values()]
        return max(0.0, time() - min(ats, default=inf))

    async def _subscribed(self, stack: AsyncExitStack, stop: asyncio.Event) -> Subscription | None:
        """Subscribe; a partition may become ours while the bus is away, so wait for it. None when a stop came first."""
        attempt = 0
        while not stop.is_set():
            attempt += 1
            try:
                return await stack.enter_async_context(self.bus.subscribe(self.queue, prefetch=self.prefetch))
            except BusUnavailable as error:
                log.warning("not subscribed yet", extra={"action": "subscribe_again", "queue": self.queue, "code": error.code})
                with suppress(TimeoutError):
                    await asyncio.wait_for(stop.wait(), pause(attempt, error, longest=self.longest_pause))
        return None

    async def _take(self, subscription: Subscription, group: asyncio.TaskGroup) -> None:
        while True:
            delivery = await subscription.get()
            key = delivery.envelope.key
            lane = self._lanes.get(key)
            if lane is not None:
                lane.append(delivery)
                if self._behind:
                    self._behind(delivery)
                continue
            self._lanes[key] = deque([delivery])
            self._begin(subscription, key, group)

    def _begin(self, subscription: Subscription, key: str, group: asyncio.TaskGroup) -> None:
        task = group.create_task(self._drive(subscription, key, group), name=f"lane {self.queue}")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _drive(self, subscription: Subscription, key: str, group: asyncio.TaskGroup) -> None:
        lane = self._lanes[key]
        aside: Delivery | None = None

        def step_aside(delivery: Delivery) -> None:
            """It goes on being tried by this task; what waits behind it has a task of its own from now on."""
            nonlocal aside
            if aside is None and self._lets_pass is not None and self._lets_pass(delivery):
                aside = self._aside[delivery.tag] = lane.popleft()
                self.metrics.stood_aside.labels(family(self.queue)).inc()
                log.warning("a message is not waited for any longer", extra={"action": "stood_aside", "queue": self.queue})
                if lane:
                    self._begin(subscription, key, group)
                else:
                    del self._lanes[key]

        try:
            while lane and not self._stopping.is_set():
                await self._deliver(subscription, lane[0], step_aside)
                if aside is not None:
                    break
                lane.popleft()
        finally:
            if aside is not None:
                del self._aside[aside.tag]
            else:
                del self._lanes[key]

    async def _deliver(self, subscription: Subscription, delivery: Delivery, step_aside: Callable[[Delivery], None]) -> None:
        logs.turn_id.set(delivery.envelope.id)
        logs.person_id.set(delivery.envelope.key)
        started = perf_counter()
        with self._tracing.handling(delivery) as span:
            outcome = await self._handled(subscription, delivery, span, step_aside)
            span.note(outcome=outcome)
        self.metrics.handled.labels(family(self.queue), outcome).observe(perf_counter() - started)

    async def _handled(
        self, subscription: Subscription, delivery: Delivery, span: Span, step_aside: Callable[[Delivery], None]
    ) -> str:
        """Try until it is settled. Returns what became of it: acked, parked, or that it went back."""
        attempt = strikes = 0
        while True:
            attempt += 1
            error = await self._attempt(delivery)
            # What went wrong during an outage is the outage's fault: after it, the message begins with a clean sheet.
            strikes = 0 if isinstance(error, Unavailable | Unsettled) else strikes + 1
            decision = settle(error, strikes)
            try:
                if decision is Settle.ACK:
                    await subscription.ack(delivery)
                    return "acked"
                if error is not None and decision is Settle.PARK:
                    await self._park(subscription, delivery, error)
                    span.note(code=_code(error))
                    return "parked"
            except BusUnavailable as unsettled:
                # The broker is away: it will hand the delivery out again. The handler is idempotent, so that is harmless.
                log.warning("delivery not settled", extra={"action": "not_settled", "queue": self.queue, "code": unsettled.code})
                return "not_settled"
            if error is not None:
                code = _code(error)
                span.note(code=code, attempt=attempt)
                self.metrics.retries.labels(family(self.queue), code).inc()
                if attempt in (1, 5) or attempt % 20 == 0:
                    log.warning(
                        "delivery will be tried again",
                        extra={"action": "retry", "queue": self.queue, "code": code, "attempt": attempt},
                    )
                if not self._stopping.is_set():
                    step_aside(delivery)
                if await self._pause(pause(attempt, error, longest=self.longest_pause)):
                    return "gave_back"

    async def _attempt(self, delivery: Delivery) -> Exception | None:
        try:
            async with asyncio.timeout(self.budget):
                await self.handler(delivery)
        except Exception as error:
            return error
        return None

    async def _pause(self, seconds: float) -> bool:
        """Wait; True when a stop came meanwhile, so that the delivery goes back unsettled."""
        try:
            await asyncio.wait_for(self._stopping.wait(), seconds)
        except TimeoutError:
            return False
        return True

    async def _park(self, subscription: Subscription, delivery: Delivery, error: Exception) -> None:
        code = _code(error)
        # Our own errors' words are free of personal data; a stranger's may quote some, so only its place is kept.
        detail = str(error) if isinstance(error, BotError) else _place(error)
        await subscription.park(delivery, code, redact(detail)[:500])
        self.metrics.parked.labels(family(self.queue), code).inc()
        log.error("delivery parked", extra={"action": "parked", "queue": self.queue, "code": code}, exc_info=error)


def _code(error: Exception) -> str:
    return error.code if isinstance(error, BotError) else type(error).__name__


def _place(error: Exception) -> str:
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    where = f"{trace.tb_frame.f_code.co_filename.rsplit('/', 2)[-1]}:{trace.tb_lineno}" if trace is not None else "unknown place"
    return f"{type(error).__name__} at {where}"
