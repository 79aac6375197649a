"""What a native reader would trip over is found in a translation, and a good one has no finding."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog

from bot.dialogue.catalogue import read_catalogue
from bot.dialogue.file_texts import Written
from bot.i18n.book import languages_of
from bot.i18n.glossary import load_glossary
from bot.i18n.lint import mistakes
from tests.dialogue.speakers import ALL, LOCALES, content

SOURCE = "Your fasting sugar is {{ value }} mg/dL. Write *menu* to see more."


def codes(
    tmp_path: Path,
    language: str,
    text: str,
    *,
    source: str = SOURCE,
    key: str = "a.b.say",
    note: str | None = None,
    glossary: str = "",
) -> list[str]:
    (tmp_path / language).mkdir(exist_ok=True)
    (tmp_path / language / "glossary.yaml").write_text(glossary or '"fasting": "खाली पेट / উপবাস"\n', encoding="utf-8")
    catalog = Catalog(locale=language)
    catalog.add(source, text, context=key)
    made = replace(content(), keys={key: Written(source, "dialogs/flows/a.yaml", note, False)})
    terms = load_glossary(tmp_path, language)
    return [one.code for one in mistakes(made, catalog, content().tongues[language], terms)]


GOOD = "आपकी खाली पेट की शुगर {{ value }} mg/dL है। और देखने के लिए *menu* लिखें।"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (GOOD, []),
        (GOOD.replace("शुगर", "સુગર"), ["script"]),
        (GOOD.replace("और देखने के लिए", "to see more"), ["english"]),
        (GOOD + " 112 या १०८", ["digits"]),
        (GOOD.replace(" है", "  है"), ["spaces"]),
        (GOOD.replace("है।", "है ।"), ["spaces"]),
        (" " + GOOD, ["spaces"]),
        (GOOD.replace("आपकी", "तुम्हारी"), ["rude"]),
        (GOOD.replace("लिखें", "लिखो"), ["rude"]),
        (GOOD + " बाद में फिर पूछूँगा।", ["gender"]),
        (GOOD + " जवाब का इंतज़ार कर रही हूँ।", ["gender"]),
        (GOOD + " बाद में फिर पूछा जाएगा।", []),
        (GOOD.replace("*menu*", "*मेनू दिखाओ, बताओ*"), []),
        (GOOD.replace("है।", "है, 15 मिनट बाद फिर।"), []),
        (GOOD + ' वे कहें: "तुम्हारी बारी"।', []),
        (GOOD.replace("खाली पेट की", "व्रत की"), ["glossary"]),
    ],
)
def test_one_mistake_is_one_finding(tmp_path: Path, text: str, found: list[str]) -> None:
    assert codes(tmp_path, "hi", text) == found


def test_a_label_has_a_longest_length_counted_as_whatsapp_does(tmp_path: Path) -> None:
    label = "a.b.option.c"
    assert codes(tmp_path, "hi", "क" * 24, source="Tea", key=label) == []
    assert codes(tmp_path, "hi", "क" * 23 + "👍", source="Tea", key=label) == ["label"]


def test_a_message_has_a_longest_length_and_one_with_buttons_a_shorter(tmp_path: Path) -> None:
    long = "क " * 512 + "क"
    assert codes(tmp_path, "hi", long, source="Tea", key="log_glucose.praise.say") == []
    assert codes(tmp_path, "hi", long, source="Tea", key="menu.choose.say") == ["length"]
    assert codes(tmp_path, "hi", "क" * 21, source="Tea", key="activity_goal.ask_what.option.minutes") == ["label"]


def test_two_labels_of_a_question_differ(tmp_path: Path) -> None:
    catalog = Catalog(locale="hi")
    keys = {f"a.b.option.{name}": Written(name, "dialogs/flows/a.yaml", None, False) for name in ("tea", "chai")}
    for key, written in keys.items():
        catalog.add(written.source, "चाय", context=key)
    [finding] = mistakes(replace(content(), keys=keys), catalog, content().tongues["hi"], ())
    assert (finding.code, finding.level) == ("label", "blocker")


def test_the_second_line_of_a_row_says_more_than_its_label(tmp_path: Path) -> None:
    catalog = Catalog(locale="hi")
    texts = {"a.b.option.c": ("High BP", "हाई बीपी"), "a.b.option.c.description": ("High blood pressure", "हाई बीपी।")}
    for key, (source, text) in texts.items():
        catalog.add(source, text, context=key)
    keys = {key: Written(source, "dialogs/flows/a.yaml", None, False) for key, (source, _) in texts.items()}
    [finding] = mistakes(replace(content(), keys=keys), catalog, content().tongues["hi"], ())
    assert (finding.code, finding.level, "option.c.description" in finding.message) == ("label", "warning", True)


def test_numbers_of_the_source_are_said_with_the_languages_own_mark_and_clock(tmp_path: Path) -> None:
    source = "Take 15 g: 3 spoons. Like *5.3*, or 3, at 9 pm."
    assert codes(tmp_path, "de", "Nehmen Sie 15 g: 3 Löffel. Etwa *5,3* oder 3, um 21 Uhr.", source=source) == []
    assert codes(tmp_path, "de", "Nehmen Sie 15 g: 3 Löffel. Etwa *5,3*, um 21 Uhr.", source=source) == ["number"]
    assert codes(tmp_path, "de", "Nehmen Sie 15 g: 3 Löffel. Etwa *5.3* oder 3, um 21 Uhr.", source=source) == ["number"]
    assert codes(tmp_path, "de", "Nehmen Sie 10 g: 3 Löffel. Etwa *5,3* oder 3, um 9.", source=source) == ["number"]


def test_in_a_latin_language_a_sentence_that_is_as_the_source_is_not_translated(tmp_path: Path) -> None:
    no_terms = '"a (1)": "b"\n"a (2)": "c"\n'
    assert codes(tmp_path, "de", SOURCE, glossary=no_terms) == ["english"]
    assert codes(tmp_path, "de", "Blutdruck", source="Blood pressure") == []
    assert codes(tmp_path, "de", SOURCE, note="Do not translate", glossary=no_terms) == []
    assert codes(tmp_path, "hi_Latn", "Aapki शुगर {{ value }} mg/dL hai.", glossary='"a": "b"') == ["script"]


def test_letters_of_the_source_itself_are_meant(tmp_path: Path) -> None:
    assert codes(tmp_path, "ta", "Language / भाषा", source="Language / भाषा", note="Keep both languages") == []


def test_a_glossary_knows_a_word_with_another_ending_and_leaves_alone_what_means_two_things(tmp_path: Path) -> None:
    assert codes(tmp_path, "hi", GOOD, glossary='"fasting": "खाली पेटों"') == []
    assert codes(tmp_path, "hi", GOOD, glossary='"fasting (a reading)": "x"\n"fasting (of Ramadan)": "y"') == []


def test_a_word_of_the_glossary_is_looked_for_where_the_source_has_it_in_the_plural(tmp_path: Path) -> None:
    source, theirs = "I send you reminders.", "आपको याद दिलाया जाएगा।"
    assert codes(tmp_path, "hi", theirs, source=source, glossary='"reminder": "रिमाइंडर"') == ["glossary"]
    assert codes(tmp_path, "hi", "आपको रिमाइंडर मिलेंगे।", source=source, glossary='"reminder": "रिमाइंडर"') == []


def test_heads_of_a_glossary_that_stand_in_one_line_are_each_looked_for(tmp_path: Path) -> None:
    assert codes(tmp_path, "hi", GOOD, glossary='"fasting, hungry": "व्रत"') == ["glossary"]
    assert codes(tmp_path, "hi", GOOD, glossary='"hungry, fasting": "भूख, खाली पेट"') == []
    assert codes(tmp_path, "hi", GOOD, glossary='"hungry, fasting": "भूख / खाली पेट"') == []
    assert codes(tmp_path, "hi", GOOD, glossary='"fasting, hungry": "भूख, खाली पेट"') == ["glossary"]
    assert codes(tmp_path, "hi", GOOD, glossary='"hungry, fasting (may be left out)": "व्रत"') == []


def test_a_glossary_tells_what_stays_of_a_word_and_what_may_be_left_out(tmp_path: Path) -> None:
    assert codes(tmp_path, "hi", GOOD, glossary='"fasting": "खाना-"') == ["glossary"]
    assert codes(tmp_path, "hi", GOOD, glossary='"fasting": "खाल-"') == []
    assert codes(tmp_path, "hi", GOOD, glossary='"your (may be left out)": "तेरी"') == []


def test_what_is_typed_in_english_is_no_word_of_the_glossary(tmp_path: Path) -> None:
    menu = '"menu": "मेनू"'
    assert codes(tmp_path, "hi", GOOD, glossary=menu) == []
    assert codes(tmp_path, "hi", GOOD.replace("*menu*", "*सूची*"), glossary=menu) == ["glossary"]


@pytest.mark.parametrize("language", languages_of(LOCALES))
def test_every_language_has_a_glossary_that_can_be_read(language: str) -> None:
    assert load_glossary(LOCALES, language)
    assert language in ALL


@pytest.mark.parametrize("language", languages_of(LOCALES))
def test_our_translations_have_no_finding(language: str) -> None:
    catalog, glossary = read_catalogue(LOCALES, language), load_glossary(LOCALES, language)
    assert [str(one) for one in mistakes(content(), catalog, content().tongues[language], glossary)] == []
