"""How long a token of Vault or OpenBao still lives: it is asked for once, and half of it is the time to renew it."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping

from bot.errors import ConfigError


class TokenLife:
    """One token. ``looked_up`` is what ``lookup-self`` told, ``renewed`` what ``renew-self`` told."""

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self._clock = clock
        self._end: float | None = None
        self._span, self._renew_at = 0.0, float("inf")

    def looked_up(self, told: Mapping[str, object]) -> None:
        """A token without an end (``ttl`` 0) needs nothing; one that cannot be renewed only sinks."""
        left = _seconds(told.get("ttl"))
        self._span = max(left, _seconds(told.get("period")), _seconds(told.get("creation_ttl")))
        if left:
            self._end = self._clock() + left
            self._renew_at = self._end - self._span / 2 if told.get("renewable") is True else float("inf")

    def renewed(self, told: Mapping[str, object]) -> None:
        """One that has come near its longest life gets less each time, and ``left`` sinks."""
        granted = _seconds(told.get("lease_duration"))
        if not granted:
            raise ConfigError("PROCARE_KMS_TOKEN: the key service did not renew it.", code="kms_token_not_renewed")
        self._span = max(self._span, granted)
        self._end = self._clock() + granted
        self._renew_at = self._clock() + granted / 2

    @property
    def due(self) -> bool:
        return self._clock() >= self._renew_at

    @property
    def left(self) -> float:
        """The share of its life that is to come; 1.0 where it has no end, or none that we were told."""
        return 1.0 if self._end is None else max(0.0, min(1.0, (self._end - self._clock()) / self._span))


def _seconds(value: object) -> float:
    return float(value) if isinstance(value, int | float) and value > 0 else 0.0
