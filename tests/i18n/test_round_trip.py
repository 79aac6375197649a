"""What we show is understood back, in every translated language: labels of options, and words that a text says to type."""

from __future__ import annotations

import re
from functools import cache

import pytest

from bot.dialogue.answers import read_choice
from bot.dialogue.catalogue import read_book, read_bytes, translations_of
from bot.understanding.meaning import Context, Meaning
from tests.transcripts.stage import LOCALES, TRANSLATED, reader, stage_in_all

STARRED = re.compile(r"\*([^*\n{}]+)\*")
SURE = 0.6
NOW = 1_764_050_400.0

# Not typed: a heading, the name of a button.
NOT_TYPED = re.compile(r":$|^[A-Z](?!.*\d)")
# "hi" is a Hindi word, too; whatever a relative writes opens the conversation.
ANY_WORD_WILL_DO = {"relative_unreached.ask.say", "relative_unreached.ask.say.2"}
# Typed, these labels are heard as danger: first comes the help, then the answer. The reader's faults, to be mended.
HEARD_AS_DANGER = {
    ("de", "education/browse", "low_sugar"),
    ("gu", "education/browse", "low_sugar"),
    ("kn", "education/browse", "low_sugar"),
    ("mr", "education/browse", "low_sugar"),
    ("ta", "education/browse", "low_sugar"),
    ("ml", "profile/ask_condition", "unsaid"),
}


@cache
def read(text: str, language: str) -> Meaning:
    base = stage_in_all().content.tongues[language].base
    return reader().understand(text, Context(language=base, now=NOW, zone="Asia/Kolkata"))


def promised(text: str, language: str) -> tuple[object, ...]:
    """What typing these words brings about: a command, a flow, readings."""
    meaning, content = read(text, language), stage_in_all().content
    intent = meaning.intent
    flow = content.by_intent.get(intent.id) if intent and intent.score >= SURE else None
    readings = tuple(sorted((one.kind, one.value, one.context) for one in meaning.readings))
    return meaning.command, flow, readings


@cache
def book(language: str) -> dict[str, tuple[str, str]]:
    return translations_of(read_book(read_bytes(LOCALES, language), language))


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_label_that_is_shown_is_understood_as_its_option(language: str) -> None:
    wrong = []
    for flow in stage_in_all().content.flows.values():
        for step in flow.steps.values():
            for choice in step.choices:
                label = choice.label.render(language, {})
                found = read_choice(step, read(label, language), label)
                if found is None or found.id != choice.id:
                    wrong.append(f"{step.path}: '{label}' is {found.id if found else 'nothing'}, not {choice.id}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("language", TRANSLATED)
def test_no_label_that_is_shown_sounds_like_danger(language: str) -> None:
    heard = set()
    for flow in stage_in_all().content.flows.values():
        for step in flow.steps.values() if flow.name != "emergency_check" else ():
            for choice in step.choices:
                if read(choice.label.render(language, {}), language).urgency != "none":
                    heard.add((language, step.path, choice.id))
    assert heard - HEARD_AS_DANGER == set()


@pytest.mark.parametrize("language", [one for one in TRANSLATED if one != "en"])
def test_what_people_are_told_to_type_does_what_the_text_promises(language: str) -> None:
    wrong = []
    for key, written in stage_in_all().content.keys.items():
        source, text = book(language).get(key, ("", ""))
        ours = STARRED.findall(written.source)
        if source != written.source or not ours or key in ANY_WORD_WILL_DO:
            continue
        theirs = STARRED.findall(text)
        if len(ours) != len(theirs):
            wrong.append(f"{key}: {ours} became {theirs}")
            continue
        for english, word in zip(ours, theirs, strict=True):
            meant = promised(english, "en")
            if not NOT_TYPED.search(english) and any(meant) and promised(word, language) != meant:
                wrong.append(f"{key}: *{word}* is {promised(word, language)}, *{english}* is {meant}")
    assert not wrong, "\n".join(wrong)
