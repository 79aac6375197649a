"""The check digit of Aadhaar numbers (Verhoeff's scheme of 1969)."""

from __future__ import annotations

from typing import Final

_TURN: Final = (1, 5, 7, 6, 2, 8, 3, 0, 9, 4)
"""The scheme's permutation; its powers are used place by place."""


def _times(a: int, b: int) -> int:
    """Multiplication of the dihedral group of the pentagon."""
    if a < 5:
        return (a + b) % 5 if b < 5 else 5 + (a + b) % 5
    return 5 + (a - b) % 5 if b < 5 else (a - b) % 5


def _powers() -> list[tuple[int, ...]]:
    powers = [tuple(range(10))]
    for _ in range(7):
        powers.append(tuple(_TURN[digit] for digit in powers[-1]))
    return powers


_POWERS: Final = _powers()


def has_check_digit(digits: str) -> bool:
    """True when the last digit is the one that the others ask for."""
    check = 0
    for place, digit in enumerate(reversed(digits)):
        check = _times(check, _POWERS[place % 8][int(digit)])
    return check == 0
