"""An option is known by its sound and with a slip; a denial, another value or a second meaning never is."""

from __future__ import annotations

import pytest

from bot.dialogue.flow import Step
from bot.dialogue.folding import fold
from bot.dialogue.nearly import nearly
from bot.dialogue.options import contained, named, read_choice
from bot.understanding.meaning import Context
from tests.dialogue.talk import content
from tests.reading import our_reader


def chosen(place: str, text: str, language: str = "en") -> str | None:
    flow, name = place.split("/")
    step: Step = content().flows[flow].steps[name]
    found = read_choice(step, our_reader().understand(text, Context(language=language)), text)
    return found.id if found else None


def slips(word: str, others: set[str]) -> set[str]:
    """The label with one letter left out, two turned round, or one that another label has in its place."""
    found = {word[:at] + word[at + 1 :] for at in range(len(word))}
    found |= {word[:at] + word[at + 1] + word[at] + word[at + 2 :] for at in range(len(word) - 1)}
    return found | {word[:at] + letter + word[at + 1 :] for at in range(len(word)) for letter in sorted(others)}


CONTEXT, CONSENT, ERASE, AGAIN, SIGNS = (
    "log_glucose/ask_context",
    "welcome/ask_consent",
    "erase_data/ask",
    "hypo_care/treat",
    "high_care/ask_signs",
)


@pytest.mark.parametrize(
    ("place", "text", "option"),
    [
        (CONTEXT, "paragadupuna", "fasting"), (CONTEXT, "khali pett", "fasting"), (CONTEXT, "पेट खाली", None),
        (CONTEXT, "சாப்பிட பின்", "after_meal"), (CONTEXT, "bhojanaalu", None), (CONTEXT, "Nach dem Esen", "after_meal"),
        (CONSENT, "main sehmat hoon", "agree"), (CONSENT, "i agrree", "agree"), (CONSENT, "ஒப்புக்கொள்ளவில்லை", "decline"),
        (CONSENT, "অমি ৰাজি", "agree"), (CONSENT, "i disagre", "decline"),
        (CONTEXT, "khalee petot", "fasting"), (CONTEXT, "saapidum mun", "before_meal"), (CONTEXT, "xowar agot", "bedtime"),
        (SIGNS, "nixsit nohoy", "unsure"), ("more_conditions/ask", "siruniraga noy", "kidney"),
        ("pay/show", "vendum", None), ("meals/offer_check", "venda", "no"),
        (CONSENT, "moi raji", "agree"), (AGAIN, "vizhunga mudiyavillai", "cannot"),
        (SIGNS, "hoy, eta ba besi", "yes"), ("medicines/ask_reason", "੪੨੦੦ ਕਦਮ", None),
        (AGAIN, "ਲੈ ਲੲੀ", "took"), (AGAIN, "খাই নল'লোঁ", None), (AGAIN, "खा नहीं पाया", None),
    ],
)  # fmt: skip
def test_by_sound_and_with_one_slip(place: str, text: str, option: str | None) -> None:
    assert chosen(place, text) == option


def test_no_with_a_slip_is_not_the_yes_that_stands_behind_it() -> None:
    for text in ("nahi, rehne dein", "No, kep it", "Nein, behaltn", "হয়, ৰাখক"):
        assert chosen(ERASE, text) != "yes", text


@pytest.mark.parametrize(("place", "language"), [("family/show", "ta"), ("family/show", "ml"), (CONSENT, "ml")])
def test_one_wrong_letter_never_makes_another_option_of_a_label(place: str, language: str) -> None:
    """A Tamil "change" with a slip sounds like "somebody else", a Malayalam "I agree" like "I do not": it is asked again."""
    flow, name = place.split("/")
    step = content().flows[flow].steps[name]
    labels = {choice.id: fold(choice.label.render(language, {})) for choice in step.choices}
    for meant, label in labels.items():
        for typed in slips(label, {letter for one, other in labels.items() if one != meant for letter in other}):
            found = None if named(step, typed) else nearly(step.choices, typed)
            assert found is None or found.id == meant, (label, typed, found.id)


def test_a_longer_label_with_a_slip_is_not_the_option_that_stands_in_the_rest_of_it() -> None:
    """ "Do not ask me any more" is no "not today", "my medicines" no "medicine", and "not sure" of signs of danger no "no"."""
    for place, text in (("meals/offer_check", "இனி ேகட்க வேண்டாம்"), (SIGNS, "റപ്പില്ല"), (SIGNS, "ഉപ്പില്ല")):
        assert chosen(place, text, "ta" if place != SIGNS else "ml") is None, text
    step = content().flows["more"].steps["choose"]
    assert contained(step, "என மருந்துகள்") is None
    assert chosen("medicine_list/offer", "வேண்டும்", "ta") == "yes"  # "I want", a letter away from its "no"
    assert chosen("family/confirm_remove", "வேண்டும்", "ta") != "no"
