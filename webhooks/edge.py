"""The webhook: authenticate, bound, parse, publish with confirms, answer. Nothing else happens here.

Answers: 200 taken or knowingly ignored · 400 not an event · 401 not our gateway · 408 too slow · 413 too large ·
415 compressed · 503 the bus (or what the parse needs) did not confirm: the gateway then repeats for about 20 minutes.
"""

from __future__ import annotations

import asyncio
import logging
import time

from aiohttp import web

from bot.errors import BotError, Malformed, Unavailable
from webhooks.auth import WebhookAuth
from webhooks.body import BodyRefused, held_body
from webhooks.budget import Budget
from webhooks.intake import Intake, Opened
from webhooks.limits import EdgeLimits
from webhooks.parsed import Ignored
from webhooks.watch import Unwatched, Watch

log = logging.getLogger(__name__)

AT_ONCE = "messages.edited"
"""The gateway holds back all later messages of an instance until this event is answered (the other events run in parallel),
so it is answered before it is published. The trade: an edit that we answered dies with this process if the bus stays away
until the process ends; a late or lost edit is a smaller harm than an instance that stands still."""


class Edge:
    """Give ``handle`` to a router and run ``run`` beside it. A closed edge answers 503."""

    def __init__(self, intake: Intake, auth: WebhookAuth, limits: EdgeLimits | None = None, watch: Watch | None = None) -> None:
        self._intake = intake
        self._auth = auth
        self._limits = limits or EdgeLimits()
        self._watch = watch or Unwatched()
        self._budget = Budget(self._limits.large_bodies)
        self._postponed: asyncio.Queue[Opened] = asyncio.Queue(self._limits.max_postponed)
        self._running = False

    @property
    def budget(self) -> Budget:
        return self._budget

    async def run(self, stop: asyncio.Event) -> None:
        """Publish what was answered beforehand, until ``stop`` is set; then what is left, as far as ``drain_seconds`` reach."""
        self._running = True
        try:
            async with asyncio.TaskGroup() as group:
                publisher = group.create_task(self._publish_postponed(), name="edge-postponed")
                await stop.wait()
                self._running = False
                try:
                    async with asyncio.timeout(self._limits.drain_seconds):
                        await self._postponed.join()
                except TimeoutError:
                    log.error("answered events are lost", extra={"action": "postponed_lost", "count": self._postponed.qsize()})
                publisher.cancel()
        finally:
            self._running = False

    async def handle(self, request: web.Request) -> web.Response:
        started = time.perf_counter()
        event, outcome, response = "none", "failed", None
        try:
            event, outcome, response = await self._answer(request)
            return response
        finally:
            self._watch.webhook(event, outcome, time.perf_counter() - started)

    async def _answer(self, request: web.Request) -> tuple[str, str, web.Response]:
        if not self._auth.admits(request.headers):
            return self._refused("none", 401, "unauthorised")
        event = "none"
        try:
            async with held_body(request, self._limits, self._budget) as body:
                opened = await self._intake.open(body)
                event = opened.event
                if event == AT_ONCE and not all(isinstance(item, Ignored) for item in opened.parsed):
                    return self._postpone(opened)
                async with asyncio.timeout(self._limits.publish_seconds):
                    taken = await self._intake.publish(opened)
        except BodyRefused as refusal:
            return self._refused(event, refusal.status, refusal.code)
        except Malformed as error:
            return self._refused(event, 400, error.code)
        except TimeoutError:
            return self._refused(event, 503, "not_confirmed")
        except Unavailable as error:
            return self._refused(event, 503, error.code)
        return event, "taken" if taken else "ignored", web.Response()

    def _postpone(self, opened: Opened) -> tuple[str, str, web.Response]:
        if not self._running or self._postponed.full():
            return self._refused(opened.event, 503, "no_room")
        self._postponed.put_nowait(opened)
        self._watch.postponed(self._postponed.qsize())
        return opened.event, "postponed", web.Response()

    async def _publish_postponed(self) -> None:
        while True:
            opened = await self._postponed.get()
            try:
                await self._publish_patiently(opened)
            finally:
                self._postponed.task_done()
                self._watch.postponed(self._postponed.qsize())

    async def _publish_patiently(self, opened: Opened) -> None:
        pause = 0.1
        deadline = asyncio.get_running_loop().time() + self._limits.postponed_seconds
        while True:
            try:
                async with asyncio.timeout(self._limits.publish_seconds):
                    await self._intake.publish(opened)
                return
            except (Unavailable, TimeoutError):
                if asyncio.get_running_loop().time() + pause > deadline:
                    log.error("an answered event is lost", extra={"action": "postponed_lost", "count": 1})
                    return
            except BotError as error:
                log.error("an answered event is lost", extra={"action": "postponed_lost", "code": error.code, "count": 1})
                return
            await asyncio.sleep(pause)
            pause = min(pause * 2, 5.0)

    def _refused(self, event: str, status: int, code: str) -> tuple[str, str, web.Response]:
        """One log line without content; the answer names nothing that was expected."""
        log.warning("webhook refused", extra={"action": "webhook_refused", "event": event, "status": status, "code": code})
        response = web.Response(status=status)
        if status == 503:
            response.headers["Retry-After"] = str(self._limits.retry_after)
        if status in (401, 408, 413, 415):
            response.force_close()  # the rest of the body is not wanted
        return event, f"refused:{code}", response
