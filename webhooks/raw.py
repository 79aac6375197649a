"""Reading single fields out of JSON that we do not trust.

A payload is opened one level at a time: structs of ``Raw`` fields take only the keys that we know, so that neither a wrong
type nor megabytes of unknown fields cost anything. Every reader answers None for what is absent or of another type.
"""

from __future__ import annotations

import math
from typing import TypeVar

from msgspec import DecodeError, Raw
from msgspec.json import Decoder

T = TypeVar("T")

NOTHING = Raw()
MAX_FIELD_BYTES = 64 * 1024  # ids, names and numbers beyond this are not what they say

_strings = Decoder(str)
_scalars: Decoder[int | float | str | bool | None] = Decoder(int | float | str | bool | None)
_lists: Decoder[list[Raw]] = Decoder(list[Raw])


def opened(raw: Raw, decoder: Decoder[T]) -> T | None:
    """The object of that form, or None where the field holds something else."""
    if not len(raw):
        return None
    try:
        return decoder.decode(raw)
    except (DecodeError, RecursionError, UnicodeDecodeError):
        return None


def present(raw: Raw) -> bool:
    return len(raw) > 0 and bytes(memoryview(raw)[:4]) != b"null"


def items(raw: Raw, limit: int) -> list[Raw]:
    """The first elements of a list; [] where it is none."""
    return (opened(raw, _lists) or [])[:limit]


def string(raw: Raw, max_bytes: int = MAX_FIELD_BYTES) -> str | None:
    """A string as it came, but for broken UTF-8, which becomes replacement characters."""
    if not len(raw) or len(raw) > max_bytes:
        return None
    try:
        return _strings.decode(raw)
    except (DecodeError, UnicodeDecodeError):
        return _mended(raw)


def _mended(raw: Raw) -> str | None:
    data = bytes(raw)
    if not data.startswith(b'"'):
        return None
    try:
        return _strings.decode(data.decode("utf-8", "replace"))
    except (DecodeError, UnicodeDecodeError):
        return None


def number(raw: Raw) -> float | None:
    """A finite number from ``12``, ``1.5``, ``"12"`` or ``{"low":12,"high":0,"unsigned":true}``."""
    if not len(raw) or len(raw) > 200:
        return None
    try:
        value = _scalars.decode(raw)
    except (DecodeError, UnicodeDecodeError):
        return _halves(raw)
    if isinstance(value, bool) or value is None:
        return None
    try:
        result = float(value)
    except (ValueError, OverflowError):
        return None
    return result if math.isfinite(result) else None


def _halves(raw: Raw) -> float | None:
    """A 64-bit number that JavaScript's Long wrote as two signed 32-bit halves."""
    try:
        value = _longs.decode(raw)
    except (DecodeError, UnicodeDecodeError):
        return None
    low, high = value.get("low"), value.get("high")
    if type(low) is not int or type(high) is not int or abs(low) >= 2**32 or abs(high) >= 2**32:
        return None
    result = ((high & 0xFFFFFFFF) << 32) | (low & 0xFFFFFFFF)
    if not value.get("unsigned") and result >= 2**63:
        result -= 2**64
    return float(result)


_longs: Decoder[dict[str, int | bool]] = Decoder(dict[str, int | bool])


def whole(raw: Raw, *, top: int = 2**53) -> int | None:
    """A whole number 0..top."""
    value = number(raw)
    return int(value) if value is not None and 0 <= value <= top else None


def flag(raw: Raw) -> bool:
    """True for ``true`` only: a wrong type is no yes."""
    return bytes(raw) == b"true" if len(raw) == 4 else False
