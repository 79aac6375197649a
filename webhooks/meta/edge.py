"""Meta's webhook: proof of the address once, then signed events. Authenticate, bound, parse, publish, answer.

Answers: 200 taken or knowingly ignored · 400 not an event · 401 not signed with our app's secret · 403 a wrong verify token ·
408, 413, 415 as everywhere · 503 the bus did not confirm: Meta then repeats for up to seven days.
"""

from __future__ import annotations

import asyncio
import hmac
import logging
import re
import time
from collections.abc import Callable, Mapping

from aiohttp import web

from bot.errors import Malformed, Unavailable
from webhooks.body import BodyRefused, held_body
from webhooks.budget import Budget
from webhooks.intake import Intake, Opened
from webhooks.limits import EdgeLimits
from webhooks.meta.parsing import parse
from webhooks.signed import is_signed
from webhooks.watch import Unwatched, Watch

log = logging.getLogger(__name__)

PATH = "/webhooks/meta"
EVENT = "meta"
LIMITS = EdgeLimits(max_body=4 * 1024 * 1024)
"""Meta's deliveries stay below 3 MB; files never travel in them."""
_CHALLENGE = re.compile(r"[0-9A-Za-z_-]{1,200}")


class MetaEdge:
    """``secrets``: the app's secret and, while deliveries signed before a change are still repeated, the one before it.
    ``numbers``: instance -> Meta's id of its phone number."""

    def __init__(
        self,
        intake: Intake,
        secrets: tuple[str, ...],
        verify_token: str,
        numbers: Mapping[str, str],
        clock: Callable[[], float],
        *,
        limits: EdgeLimits = LIMITS,
        watch: Watch | None = None,
    ) -> None:
        self._intake, self._secrets, self._verify, self._clock = intake, secrets, verify_token.encode(), clock
        self._instances = {number: instance for instance, number in numbers.items()}
        self._limits, self._watch = limits, watch or Unwatched()
        self._budget = Budget(limits.large_bodies)

    def add_routes(self, app: web.Application) -> None:
        app.router.add_get(PATH, self.verify)
        app.router.add_post(PATH, self.handle)

    async def verify(self, request: web.Request) -> web.Response:
        """Meta asks once, when the address is set, whether we know the token that was typed there."""
        asked = request.query
        offered = asked.get("hub.verify_token", "").encode("utf-8", "surrogateescape")
        challenge = asked.get("hub.challenge", "")
        known = hmac.compare_digest(offered, self._verify)
        if not known or asked.get("hub.mode") != "subscribe" or not _CHALLENGE.fullmatch(challenge):
            log.warning("webhook refused", extra={"action": "webhook_refused", "event": EVENT, "status": 403, "code": "verify"})
            return web.Response(status=403)
        return web.Response(text=challenge)

    async def handle(self, request: web.Request) -> web.Response:
        started = time.perf_counter()
        outcome = "failed"
        try:
            status, outcome = await self._taken(request)
            response = web.Response(status=status)
            if status == 503:
                response.headers["Retry-After"] = str(self._limits.retry_after)
            if status in (401, 408, 413, 415):
                response.force_close()
            return response
        finally:
            self._watch.webhook(EVENT, outcome, time.perf_counter() - started)

    async def _taken(self, request: web.Request) -> tuple[int, str]:
        try:
            async with held_body(request, self._limits, self._budget) as body:
                if not is_signed(body, request.headers.get("X-Hub-Signature-256", ""), self._secrets, "sha256="):
                    return self._refused(401, "unauthorised")
                opened = Opened(EVENT, parse(body, self._instances, self._clock()))
            async with asyncio.timeout(self._limits.publish_seconds):
                taken = await self._intake.publish(opened)
        except BodyRefused as refusal:
            return self._refused(refusal.status, refusal.code)
        except Malformed as error:
            return self._refused(400, error.code)
        except TimeoutError:
            return self._refused(503, "not_confirmed")
        except Unavailable as error:
            return self._refused(503, error.code)
        return 200, "taken" if taken else "ignored"

    def _refused(self, status: int, code: str) -> tuple[int, str]:
        log.warning("webhook refused", extra={"action": "webhook_refused", "event": EVENT, "status": status, "code": code})
        return status, f"refused:{code}"
