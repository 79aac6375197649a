"""What we show is understood back, in every translated language: labels of options, and words that a text says to type."""

from __future__ import annotations

import datetime
import re
import unicodedata
from functools import cache

import pytest

from bot.dialogue.catalogue import read_book, read_bytes, translations_of
from bot.dialogue.engine import Engine
from bot.dialogue.flow import Step
from bot.dialogue.folding import fold
from bot.dialogue.options import read_choice
from bot.model.session import Frame, Wait
from bot.understanding.keys import drop_schwa, latin
from bot.understanding.meaning import Context, Meaning
from tests.dialogue.talk import Talk
from tests.reading import our_reader
from tests.transcripts.stage import LOCALES, TRANSLATED, policy, stage_in_all

STARRED = re.compile(r"\*([^*\n{}]+)\*")
SURE = 0.6
NOW = 1_764_050_400.0

# Not typed: a heading, the name of a button.
NOT_TYPED = re.compile(r":$|^[A-Z](?!.*\d)")
# "hi" is a Hindi word, too; whatever a relative writes opens the conversation.
ANY_WORD_WILL_DO = {"relative_unreached.ask.say", "relative_unreached.ask.say.2"}


@cache
def read(text: str, language: str) -> Meaning:
    base = stage_in_all().content.tongues[language].base
    return our_reader().understand(text, Context(language=base, now=NOW, zone="Asia/Kolkata"))


def promised(text: str, language: str) -> tuple[object, ...]:
    """What typing these words brings about: a command, a flow, readings."""
    meaning, content = read(text, language), stage_in_all().content
    intent = meaning.intent
    meant = content.by_intent.get(intent.id) if intent and intent.score >= SURE else None
    flow = content.by_phrase.get(fold(text), meant)
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


def test_no_label_that_is_typed_as_it_is_shown_raises_an_alarm() -> None:
    """Whatever the reader hears in it. English words that sound like danger are looked for in tests/dialogue."""
    heard, wrong = 0, []
    for language in TRANSLATED:
        for flow in stage_in_all().content.flows.values():
            for step in flow.steps.values() if flow.name != "emergency_check" else ():
                for choice in step.choices:
                    label = choice.label.render(language, {})
                    if read(label, language).urgency != "none":
                        heard += 1
                        wrong += [] if answers(language, step, label) == choice.id else [(language, step.path, label)]
    assert wrong == []
    assert heard  # "When sugar falls" in some language, at least


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_day_is_understood_as_we_write_it(language: str) -> None:
    """ "28 నవంబర్" is no complaint. The English "may" is a verb, too: "sugar 30 may be wrong" stays a reading."""
    tongue, wrong = stage_in_all().content.tongues[language], []
    for month in range(1, 13):
        shown = tongue.date(datetime.date(2026, month, 21))
        meaning = read(shown, language)
        days = [(one.get("day"), one.get("month")) for one in meaning.times]
        if (days != [(21, month)] or meaning.intent is None or meaning.intent.id != "none") and "May" not in shown:
            wrong.append(f"'{shown}' is {days}, {meaning.intent}")
    assert not wrong, "\n".join(wrong)


SHORT = 6  # letters; with fewer, one of them may make another word
PARTED = str.maketrans(dict.fromkeys("–", " "))
BARE = str.maketrans(
    dict.fromkeys("\u093c\u09bc\u0a3c\u0abc\u0b3c\u200c\u200d", "") | {"ँ": "ं"} | dict.fromkeys(",;:!?/()“”।۔،-", " ")
)


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_label_is_understood_without_its_dots_and_marks(language: str) -> None:
    """As many type: no nukta, no joiner, no comma."""
    wrong = []
    for flow in stage_in_all().content.flows.values():
        for step in flow.steps.values():
            for choice in step.choices:
                label = unicodedata.normalize("NFD", choice.label.render(language, {})).translate(BARE)
                if (
                    label == choice.label.render(language, {})
                    or len("".join(label.split())) < SHORT
                    or read(label, language).command
                ):
                    continue
                found = read_choice(step, read(label, language), label)
                if found is None or found.id != choice.id:
                    wrong.append(f"{step.path}: '{label}' is {found.id if found else 'nothing'}, not {choice.id}")
    assert not wrong, "\n".join(wrong)


LATIN = [code for code in TRANSLATED if code not in ("en", "de", "hi_Latn")]  # people write these in Latin letters, too
EACH, MOST = 6, 0.9  # of the labels so many are looked at, and so many are known again; the others are asked again
VOICED = (
    (re.compile(r"(?<=[aeioun])k(?=[aeiou])"), "g"), (re.compile(r"(?<=[aeioun])t(?=[aeiou])"), "d"),
    (re.compile(r"(?<=[aeioum])p(?=[aeiou])"), "b"), (re.compile(r"(?:^|(?<=[aeiou]))c(?=[aeiou])"), "s"),
)  # fmt: skip


def typed_in_latin(word: str, language: str) -> str:
    """As its writers spell it: "khali pet"; Bengali and Assamese say "o" for the unwritten vowel, and Assamese writes "x" and "s"
    for what others write with "s" and "ch"; Tamil and Malayalam write one letter for k and g, which people tell apart."""
    if word.isascii():
        return word
    if language in ("bn", "as"):
        text = latin(word, "o")
        return text.replace("sh", "s").replace("s", "x").replace("ch", "s").replace("c", "s") if language == "as" else text
    if language in ("ta", "ml"):
        text = latin(word)
        for letter, voiced in VOICED:
            text = letter.sub(voiced, text)
        return text
    return latin(word) if language in ("te", "kn", "or") else drop_schwa(latin(word))


def as_we_hear_it(word: str) -> str:
    return word if word.isascii() else drop_schwa(latin(word))


def test_a_label_in_latin_letters_is_its_option_or_none_and_never_another() -> None:
    """Nobody spells alike, so some are asked again."""
    choices = [
        (step, choice)
        for flow in stage_in_all().content.flows.values()
        for step in flow.steps.values()
        for choice in step.choices
    ]
    for language in LATIN:
        known = seen = 0
        for step, choice in choices[::EACH]:
            label = choice.label.render(language, {})
            if label.isascii():
                continue
            words = label.translate(BARE).translate(PARTED).split()
            theirs, ours = [typed_in_latin(word, language) for word in words], [as_we_hear_it(word) for word in words]
            for typed in {" ".join(theirs), " ".join(ours)}:
                found = read_choice(step, read(typed, language), typed)
                assert found is None or found.id == choice.id, (language, step.path, label, typed)
                seen, known = seen + 1, known + (found is not None)
        assert known >= MOST * seen, (language, known, seen)


def answers(language: str, step: Step, label: str) -> str | None:
    """The option that the engine takes when the label is typed to the open question; None where anything of danger is said."""
    talk = Talk(language)
    content = stage_in_all().content
    talk.engine = Engine(content, policy(), our_reader().understand)
    talk.session.profile = {"language": language, "language_chosen": language}
    talk.session.consent = {"version": policy().behaviour.consent_version, "purposes": ["care_messages"]}
    talk.session.stack = [Frame(step.flow, content.version, step.name, wait=Wait(step.name))]
    turn = talk.say(label)
    if any(getattr(effect, "kind", "") == "emergency" for effect in turn.effects):
        return None
    return next((line["option"] for line in turn.trace if line["action"] == "answered"), None)


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
