"""When a sugar was measured, asked and answered in people's own words: no label, no number of the list."""

from __future__ import annotations

import pytest

from bot.dialogue.engine import Engine
from bot.model.effects import Intent
from tests.dialogue.asked import Asked
from tests.dialogue.talk import content, policy
from tests.reading import our_reader


def asked(language: str) -> Asked:
    talk = Asked(language, "log_glucose/ask_context")
    talk.engine = Engine(content(), policy(), our_reader().understand)
    return talk


def recorded(talk: Asked) -> list[object]:
    """The moments of the readings that the last message had recorded."""
    effects = talk.turns[-1].effects
    return [one.data["context"] for one in effects if isinstance(one, Intent) and one.name == "record_glucose"]


@pytest.mark.parametrize(
    ("language", "text", "moment"),
    [
        ("en", "after eating", "after_meal"),
        ("en", "post meal", "after_meal"),
        ("en", "after bf", "after_meal"),
        ("en", "just ate", "after_meal"),
        ("en", "b4 breakfast", "fasting"),
        ("en", "two hours after my dinner", "after_meal"),
        ("hi_Latn", "khane k baad", "after_meal"),
        ("hi_Latn", "roti khane ke baad", "after_meal"),
        ("hi_Latn", "nashta karke", "after_meal"),
        ("hi_Latn", "bina khaye", "fasting"),
        ("hi_Latn", "sone se pehle", "bedtime"),
        ("hi", "खाना खाकर", "after_meal"),
        ("te", "తిన్నాక", "after_meal"),
        ("te", "తినకముందు", "before_meal"),
        ("ta", "சாப்பிட்ட பிறகு", "after_meal"),
        ("ta", "saptu", "after_meal"),
        ("kn", "ತಿಂದ ಮೇಲೆ", "after_meal"),
        ("ml", "ഊണ് കഴിഞ്ഞ്", "after_meal"),
        ("bn", "kheye", "after_meal"),
        ("mr", "जेवल्यावर", "after_meal"),
        ("mr", "जेवायच्या आधी", "before_meal"),
        ("gu", "ખાધા પછી", "after_meal"),
        ("pa", "ਰੋਟੀ ਖਾ ਕੇ", "after_meal"),
        ("ur", "کھا کر", "after_meal"),
        ("or", "ଖାଇ ସାରି", "after_meal"),
        ("as", "খাই উঠি", "after_meal"),
    ],
)
def test_the_moment_is_heard_in_peoples_own_words(language: str, text: str, moment: str) -> None:
    talk = asked(language)
    talk.say(text)
    assert recorded(talk) == [moment]


@pytest.mark.parametrize(
    "text",
    ["what can i eat after a walk", "not after food", "feeling dizzy after eating", "chest pain after eating", "i ate 2 roti"],
)
def test_what_asks_denies_or_tells_something_else_is_no_moment(text: str) -> None:
    talk = asked("en")
    talk.say(text)
    assert recorded(talk) == []
