"""Amounts. Always whole paise inside; as words only where somebody reads them."""

from __future__ import annotations


def rupees(paise: int) -> str:
    """``₹1,23,456.50``: Indian grouping, no paise where there are none."""
    whole, rest = divmod(abs(paise), 100)
    digits = str(whole)
    head, tail = digits[:-3], digits[-3:]
    groups: list[str] = []
    while head:
        groups.insert(0, head[-2:])
        head = head[:-2]
    words = ",".join([*groups, tail]) + (f".{rest:02d}" if rest else "")
    return f"{'-' if paise < 0 else ''}₹{words}"
