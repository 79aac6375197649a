"""Whether a reading is said to be somebody else's: "her sugar 220", "mummy ki sugar 220"."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from bot.understanding.meaning import ReadingFound
from bot.understanding.said import Said

WHOSE: Final = ("of_them", "family", "child")
MEASURES: Final = ("m_glucose", "m_bp", "m_pulse", "m_weight", "m_temp", "m_spo2", "m_hba1c")
NEAR: Final = 3  # tokens between the person and what was measured: "at my son's wedding I ate, sugar 220" is one's own
WORDS: Final = 10  # a longer message tells a story, in which many are named


def of_another(said: Said, readings: Sequence[ReadingFound]) -> bool:
    """Only where the words leave little doubt: the person stands beside what was measured, and it is not called one's own."""
    span = readings[0].span if readings else None
    if span is None or len(said.tokens) > WORDS:
        return False
    found = [at for at, token in enumerate(said.tokens) if token.start < span.end and token.end > span.start]
    if not found:
        return False
    own = any(said.here(tag.start - 1, "first_person") for tag in said.all_of(MEASURES))
    return not own and said.near(WHOSE, found[0], found[-1] + 1, NEAR)
