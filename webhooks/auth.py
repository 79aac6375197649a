"""Is this delivery from our gateway? A shared token, or the short-lived JWT that Evolution makes of its ``jwt_key`` option."""

from __future__ import annotations

import hmac
from collections.abc import Callable, Mapping

import jwt

from bot.errors import ConfigError

LEEWAY = 30.0  # seconds of clock difference that a JWT is forgiven
SHORTEST_KEY = 32  # bytes, RFC 7518 section 3.2 for HS256
_MAX_HEADER = 8_192


class WebhookAuth:
    """With neither a token nor a key everybody is let in: the settings allow that on a private address only."""

    def __init__(self, token: str | None, jwt_key: str | None, clock: Callable[[], float]) -> None:
        if jwt_key is not None and len(jwt_key.encode()) < SHORTEST_KEY:
            raise ConfigError(f"The webhook's JWT key must have at least {SHORTEST_KEY} bytes.", code="weak_jwt_key")
        self._token = token.encode() if token else None
        self._jwt_key = jwt_key
        self._clock = clock

    @property
    def open(self) -> bool:
        return self._token is None and self._jwt_key is None

    def admits(self, headers: Mapping[str, str]) -> bool:
        """Constant time in the token's content. A JWT is stale after 10 minutes, also for the gateway's own late retries:
        it makes the token once an event."""
        if self.open:
            return True
        authorization = headers.get("Authorization", "")
        scheme, _, bearer = authorization.partition(" ")
        bearer = bearer.strip() if scheme.lower() == "bearer" else ""
        offered = headers.get("X-Webhook-Token", "")
        if len(bearer) > _MAX_HEADER or len(offered) > _MAX_HEADER:
            return False
        # All three are looked at whatever the first says, so that the time tells nothing.
        return self._is_token(bearer) | self._is_token(offered) | self._is_jwt(bearer)

    def _is_token(self, offered: str) -> bool:
        if self._token is None:
            return False
        return hmac.compare_digest(offered.encode("utf-8", "surrogateescape"), self._token)

    def _is_jwt(self, offered: str) -> bool:
        if self._jwt_key is None or not offered:
            return False
        try:
            claims = jwt.decode(
                offered,
                self._jwt_key,
                algorithms=["HS256"],
                # Times are checked below against the given clock.
                options={"require": ["exp"], "verify_exp": False, "verify_iat": False, "verify_nbf": False, "verify_aud": False},
            )
        except jwt.PyJWTError:
            return False
        expires = claims.get("exp")
        return (
            isinstance(expires, int | float)
            and not isinstance(expires, bool)
            and expires + LEEWAY > self._clock()
            and claims.get("app") == "evolution"
            and claims.get("action") == "webhook"
        )
