"""What we ask people to write never sounds like danger, in any language that the reader knows.

Labels of the other languages may: typed to the question that shows them they are answers all the same (test_typed_labels.py).
"""

from __future__ import annotations

import pytest

from bot.dialogue.flow import Choice
from bot.dialogue.folding import fold
from bot.understanding.meaning import Context
from bot.understanding.reader import Reader
from tests.dialogue.talk import ROOT, content, policy

# Synonyms of one language that sound like danger in another: "stok" is a stroke, "fas" a noose. There they alarm first.
STOCK = {"no stock": ("emergency", "stroke")}
ALIKE = {
    "bn": {**STOCK, "fast": ("emergency", "self_harm")}, "or": STOCK, "as": STOCK,
    "ml": {"shanivar": ("emergency", "seizure")},
}  # fmt: skip
COMMANDS = ("menu", "help", "stop", "start", "language", "human", "cancel", "back", "repeat", "skip")


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader.load(ROOT / "dialogs/lexicon", ROOT / "config/readings.yaml")


@pytest.mark.parametrize("language", [*policy().behaviour.languages, None])
def test_labels_commands_and_synonyms_raise_no_alarm(reader: Reader, language: str | None) -> None:
    words = set(COMMANDS)
    for flow in content().flows.values():
        if flow.name == "emergency_check":
            continue
        for step in flow.steps.values():
            for choice in step.choices:
                words |= choice.words - labels(choice, language)
    alarms = {}
    for word in sorted(words):
        meaning = reader.understand(word, Context(language=language))
        if meaning.urgency != "none":
            alarms[word] = (meaning.urgency, meaning.category)
    assert alarms == ALIKE.get(language or "", {})


def labels(choice: Choice, language: str | None) -> set[str]:
    """The labels that need not be heard as no danger: those of the other languages, and for their readers the English one."""
    shown = {one: fold(choice.label.render(one, {})) for one in content().languages}
    return set(shown.values()) - ({shown["en"]} if language in ("en", None) else set())


EVERYDAY = """
ok|hi|hello|good morning|thanks a lot|who are you?|what can you do|i will go to the sky park|my skin is dry
see you tomorrow|no|yes|1|1965|Asha|Ravi Kumar|Fatima|English|I agree|later|I am fine|okay good night
my son is at school|I ate rice and dal|it is very hot today|please call me later|my shoes fit me well|mera naam Ravi hai
kal milte hain|khana kha liya|accha theek hai|aaj mausam accha hai|bahut dhanyavaad
"""


@pytest.mark.parametrize("text", EVERYDAY.strip().replace("\n", "|").split("|"))
def test_everyday_words_raise_no_alarm(reader: Reader, text: str) -> None:
    for language in ("en", "hi", "ta", "ur", None):
        assert reader.understand(text, Context(language=language)).urgency == "none"
