"""An option is known by its sound and with a slip; a denial, another value or a second meaning never is."""

from __future__ import annotations

import pytest

from bot.dialogue.answers import read_choice
from bot.dialogue.flow import Step
from bot.understanding.meaning import Context
from tests.dialogue.talk import content
from tests.reading import our_reader


def chosen(place: str, text: str, language: str = "en") -> str | None:
    flow, name = place.split("/")
    step: Step = content().flows[flow].steps[name]
    found = read_choice(step, our_reader().understand(text, Context(language=language)), text)
    return found.id if found else None


CONTEXT, CONSENT, ERASE, AGAIN = "log_glucose/ask_context", "welcome/ask_consent", "erase_data/ask", "hypo_care/treat"


@pytest.mark.parametrize(
    ("place", "text", "option"),
    [
        (CONTEXT, "paragadupuna", "fasting"), (CONTEXT, "khali pett", "fasting"), (CONTEXT, "पेट खाली", None),
        (CONTEXT, "சாப்பிட பின்", "after_meal"), (CONTEXT, "bhojanaalu", None), (CONTEXT, "Nach dem Esen", "after_meal"),
        (CONSENT, "main sehmat hoon", "agree"), (CONSENT, "i agrree", "agree"), (CONSENT, "ஒப்புக்கொள்ளவில்லை", "decline"),
        (CONSENT, "অমি ৰাজি", "agree"), (CONSENT, "i disagre", "decline"),
        (AGAIN, "ਲੈ ਲੲੀ", "took"), (AGAIN, "খাই নল'লোঁ", None), (AGAIN, "खा नहीं पाया", None),
    ],
)  # fmt: skip
def test_by_sound_and_with_one_slip(place: str, text: str, option: str | None) -> None:
    assert chosen(place, text) == option


def test_no_with_a_slip_is_not_the_yes_that_stands_behind_it() -> None:
    for text in ("nahi, rehne dein", "No, kep it", "Nein, behaltn"):
        assert chosen(ERASE, text) != "yes", text
