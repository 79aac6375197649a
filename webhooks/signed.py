"""Webhooks of partners that sign: HMAC-SHA256 over the raw bytes, compared in constant time before anything is read."""

from __future__ import annotations

import hmac
import logging
from collections.abc import Awaitable, Callable, Mapping
from hashlib import sha256

from aiohttp import web

from bot.errors import Malformed, Unavailable
from bot.model.effects import Intent
from webhooks.body import BodyRefused, held_body
from webhooks.budget import Budget
from webhooks.limits import EdgeLimits

log = logging.getLogger(__name__)

LIMITS = EdgeLimits(max_body=256 * 1024, small_body=256 * 1024)
Publish = Callable[[Intent], Awaitable[None]]
"""Returns when the bus has confirmed; raises Unavailable."""


def signature_of(secret: str, body: bytes | bytearray) -> str:
    return hmac.new(secret.encode(), body, sha256).hexdigest()


def is_signed(body: bytes | bytearray, offered: str, secrets: tuple[str, ...], prefix: str = "") -> bool:
    """Whether ``offered`` is ``prefix`` and the signature by one of the secrets."""
    given = offered.strip().lower().encode("utf-8", "surrogateescape")
    # Every secret is tried whatever the first says, so that the time tells nothing.
    matches = [hmac.compare_digest((prefix + signature_of(secret, body)).encode(), given) for secret in secrets]
    return any(matches)


class SignedWebhook:
    """``header`` carries the hex signature. ``secrets``: the current one and, while deliveries signed before a change are still
    repeated, the one before it. ``read`` makes the intents of a body; an event that is not for us makes none."""

    def __init__(
        self,
        name: str,
        header: str,
        secrets: tuple[str, ...],
        read: Callable[[bytes, Mapping[str, str]], list[Intent]],
        publish: Publish,
    ) -> None:
        self._name, self._header, self._secrets = name, header, secrets
        self._read, self._publish = read, publish
        self._budget = Budget(LIMITS.large_bodies)

    async def handle(self, request: web.Request) -> web.Response:
        """200 when what it says is on the bus (or not for us), 401 for a bad signature, 400 for what cannot be read, 503 when the
        partner should try again."""
        try:
            async with held_body(request, LIMITS, self._budget) as body:
                raw = bytes(body)
        except BodyRefused as refusal:
            return self._refused(refusal.status, refusal.code)
        if not is_signed(raw, request.headers.get(self._header, ""), self._secrets):
            return self._refused(401, "unauthorised")
        try:
            for intent in self._read(raw, request.headers):
                await self._publish(intent)
        except Malformed as error:
            return self._refused(400, error.code)
        except (Unavailable, TimeoutError):
            return self._refused(503, "not_confirmed")
        return web.Response()

    def _refused(self, status: int, code: str) -> web.Response:
        log.warning(
            "partner's webhook refused", extra={"action": "partner_refused", "kind": self._name, "status": status, "code": code}
        )
        return web.Response(status=status)
