"""Moments as operators read them."""

from __future__ import annotations

from datetime import UTC, datetime


def in_utc(at: float) -> str:
    """Unix seconds -> ``2026-11-24 06:05:00 UTC``."""
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
