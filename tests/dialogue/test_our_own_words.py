"""What we ask people to write never sounds like danger, in any language that the reader knows.

Labels of the other languages may: typed to the question that shows them they are answers all the same (test_typed_labels.py).
"""

from __future__ import annotations

from functools import cache

import pytest

from bot.dialogue.answer_words import read_answers
from bot.dialogue.flow import Choice
from bot.dialogue.folding import fold
from bot.understanding.meaning import Context
from bot.understanding.reader import Reader
from tests.dialogue.talk import ROOT, content, policy
from tests.reading import our_reader

COMMANDS = ("menu", "help", "stop", "start", "language", "human", "cancel", "back", "repeat", "skip")


@pytest.fixture(scope="module")
def reader() -> Reader:
    return our_reader()


@pytest.mark.parametrize("language", [*policy().behaviour.languages, None])
def test_labels_commands_and_synonyms_raise_no_alarm(reader: Reader, language: str | None) -> None:
    words = set(COMMANDS) | typed(language)
    for flow in content().flows.values():
        if flow.name == "emergency_check":
            continue
        for step in flow.steps.values():
            for choice in step.choices:
                words |= choice.inside - labels(choice, language) - typed_in_native_letters()
    alarms = {}
    for word in sorted(words):
        meaning = reader.understand(word, Context(language=language))
        if meaning.urgency != "none":
            alarms[word] = (meaning.urgency, meaning.category)
    assert not alarms


def typed(language: str | None) -> frozenset[str]:
    """What the language's own page of answers has; another one's words may sound like danger in it."""
    name = f"locales/{language}/answers.yaml"
    files = {name: (ROOT / name).read_bytes()} if (ROOT / name).is_file() else {}
    return frozenset().union(*read_answers(files, [str(language)])[0].by_english.values())


@cache
def typed_in_native_letters() -> frozenset[str]:
    """Of all languages. In Latin letters they do not count within a message (Choice.inside)."""
    return frozenset(word for word in frozenset().union(*map(typed, policy().behaviour.languages)) if not word.isascii())


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
