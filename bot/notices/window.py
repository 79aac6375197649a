"""The official channel's window: free words go through for 24 hours after the person last wrote; after that, only templates."""

from __future__ import annotations

WINDOW = 86_400.0
MARGIN = 60.0
"""Seconds that a message may lie with us and with Meta; better a template too early than a refusal."""


def window_end(last_inbound_at: float | None) -> float:
    """Until when free words go through; 0 to somebody who never wrote."""
    return 0.0 if last_inbound_at is None else last_inbound_at + WINDOW - MARGIN


def closed(window_until: float | None, now: float) -> bool:
    """None: the channel has no window, or the message answers what the person just wrote."""
    return window_until is not None and now > window_until
