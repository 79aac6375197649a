"""A label that is cut stays letters; lengths are those that WhatsApp counts at most."""

from __future__ import annotations

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from bot.dialogue.graphemes import cut, length

WORDS = ["రక్తంలో చక్కెర నమోదు", "க்ஷமிக்கவும்", "ഒരു മരുന്ന് കഴിക്കണം", "ಎಚ್ಚರಿಕೆ", "👨‍👩‍👧 family", "नमस्ते क्षत्रिय", "e\u0301te\u0301"]


@pytest.mark.parametrize("word", WORDS)
def test_a_cut_never_goes_through_a_letter(word: str) -> None:
    whole = regex.findall(r"\X", word)
    for limit in range(length(word) + 2):
        short = cut(word, limit)
        assert length(short) <= limit
        assert word.startswith(short)
        assert regex.findall(r"\X", short) == whole[: len(regex.findall(r"\X", short))]
        assert word == short or word[len(short)].isspace() or not regex.search(r"\p{ccc=9}$", short)


def test_a_conjunct_is_not_torn() -> None:
    assert cut("ಎಚ್ಚರಿಕೆ", 3) == "ಎ"


def test_an_emoji_counts_as_whatsapp_counts_it() -> None:
    assert (length("अब"), length("👍"), length("👍🏽"), length("ab")) == (2, 2, 4, 2)


@given(st.text(max_size=40), st.integers(0, 45))
def test_whatever_is_cut_fits(text: str, limit: int) -> None:
    assert length(cut(text, limit)) <= limit
    assert cut(text, 1000) == text
