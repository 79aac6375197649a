"""Times that the gateway tells, made usable."""

from __future__ import annotations

_OLDEST = 1_230_768_000.0  # 2009, when WhatsApp began: nothing was sent before
_MILLISECONDS = 100_000_000_000.0  # as seconds this would be the year 5138


def seconds_of(stamp: float | None, received_at: float) -> float:
    """Unix seconds of a stamp in seconds or milliseconds. Nonsense, and a future that clock skew made, become ``received_at``."""
    if stamp is None:
        return received_at
    seconds = stamp / 1000 if stamp >= _MILLISECONDS else stamp
    return seconds if _OLDEST <= seconds <= received_at else received_at
