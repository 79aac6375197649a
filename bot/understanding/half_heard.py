"""Number words whose rest was not understood: of "one hundred eigty six" only the hundred is, and 100 would be a wrong value."""

from __future__ import annotations

from collections.abc import Container
from typing import Final

from bot.understanding.amounts import Amount
from bot.understanding.said import Said

HALF_HEARD: Final = "half_heard"
OPEN: Final = (100.0, 200.0)  # more may follow; from 300 on the hundred alone is a reason to look, whatever follows
SHORTEST: Final = 3  # letters of a word that may be a number
TENS: Final = 10.0


def mend_half_heard(said: Said, amounts: list[Amount], numbers_at: Container[int]) -> None:
    """A spelled hundred before an unknown word counts for nothing; of a sugar, it is joined with tens in digits ("ek sau 40")."""
    for place, amount in enumerate(amounts):
        if amount.digits or amount.value not in OPEN or amount.end >= len(said.tokens):
            continue
        following = said.tokens[amount.end]
        if following.kind == "word" and len(following.text) >= SHORTEST:
            if amount.end not in said.at and amount.end not in numbers_at:
                amount.use = HALF_HEARD
        elif place + 1 < len(amounts) and said.has("m_glucose") and not said.has("m_bp"):
            rest = amounts[place + 1]
            if rest.start == amount.end and rest.digits and rest.use is None and TENS <= rest.value < OPEN[0]:
                amount.value, amount.end = amount.value + rest.value, rest.end
                amounts.remove(rest)
