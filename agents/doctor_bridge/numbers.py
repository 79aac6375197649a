"""Numbers of cases that people can read, say and type: two digits and a letter that no other looks or sounds like (12A)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from hashlib import blake2s

LETTERS = "ACDEFHJKMNPRTVWX"  # without B, G, I, L, O, Q, S, U, Y, Z: they pass for digits or for one another
FEW, MORE = range(10, 100), range(100, 1000)
_WRITTEN = re.compile(rf"\s*#\s*(\d{{2,3}})\s*([{LETTERS}{LETTERS.lower()}])(?![^\W\d_])", re.ASCII)


def numbers_for(case: str) -> Iterator[str]:
    """All numbers in the order in which a case tries them: the short ones first, beginning anywhere. The same each time."""
    start = int.from_bytes(blake2s(case.encode(), digest_size=4).digest(), "big")
    for digits in (FEW, MORE):
        every = len(digits) * len(LETTERS)
        for step in range(every):
            place = (start + step * 7) % every  # 7 divides neither 90 * 16 nor 900 * 16
            yield f"{digits[place // len(LETTERS)]}{LETTERS[place % len(LETTERS)]}"


def written_number(text: str) -> tuple[str | None, str]:
    """The number with which a message begins (``#12a``), and the rest."""
    found = _WRITTEN.match(text)
    return (f"{found[1]}{found[2].upper()}", text[found.end() :]) if found else (None, text)
