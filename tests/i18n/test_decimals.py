"""Decimals: said with the mark of the language that a text is in (CLDR), and read with a point and with a comma."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from bot.dialogue.display import TONGUES
from bot.dialogue.expression import compile_value
from bot.dialogue.official.choosing import offer_for
from bot.dialogue.official.template import Stands
from bot.dialogue.text import FALLBACK, Fallback, Text
from bot.i18n.placeholders import example_values
from bot.model.locales import decimal_mark
from bot.understanding.meaning import Context
from tests.reading import our_reader
from tests.transcripts.stage import TRANSLATED, stage_in_all

POINT, COMMA = re.compile(r"(?<![\d.])\d+\.\d{1,2}(?![\d.])"), re.compile(r"(?<![\d,])\d+,\d(?![\d,])")
COMMAS = [code for code in TRANSLATED if decimal_mark(code) == ","]


def test_the_mark_is_that_of_cldr_also_for_a_language_that_is_no_folder_yet() -> None:
    assert COMMAS == ["de"]
    assert [decimal_mark(code) for code in ("en", "hi_Latn", "ur", "bn", "fr", "de_CH", "es_MX", "ne")] == [*"....", ",", *"..."]


def said(flow: str, step: str, language: str, **values: object) -> str:
    text = stage_in_all().content.flows[flow].steps[step].say
    return text.render(language, {"numbers": "112", **values}) if text else ""


@pytest.mark.parametrize(
    ("flow", "step", "values", "german"),
    [
        ("log_weight", "not_saved", {"weight": 72.5}, "72,5 kg"),
        ("log_temperature", "not_saved", {"temperature": 38.25}, "38,25 °C"),
        ("log_hba1c", "not_saved", {"hba1c": 7.2}, "HbA1c 7,2 %"),
        ("log_ketones", "not_saved", {"ketones": 0.6}, "0,6 mmol/L"),
        ("log_glucose", "tell_not_saved", {"glucose": 95.5, "person": {"unit": "mmol/L"}}, "5,3 mmol/L"),
        ("summary", "tell_weight", {"average": 70.8, "change": "+0.4"}, "+0,4 kg"),  # a number that came as text
        ("case_opened", "more", {"hba1c": "8.1", "weight": 70}, "HbA1c 8,1 %"),  # in a text with conditions
    ],
)  # fmt: skip
def test_a_text_says_numbers_as_its_own_language_writes_them(
    flow: str, step: str, values: dict[str, object], german: str
) -> None:
    assert german in said(flow, step, "de", **values)
    for language in ("en", "hi", "bn", "ur"):
        assert german.split(" ")[-2].replace(",", ".") in said(flow, step, language, **values)


def test_what_stands_in_for_a_missing_text_has_the_mark_of_its_own_language() -> None:
    text = stage_in_all().content.flows["log_weight"].steps["not_saved"].say
    assert text
    [wording] = text.wordings
    templates = {"en": wording.templates["en"], "de": wording.templates["de"]}
    lacking = Text((type(wording)(wording.key, wording.when, wording.source, templates),))
    for second, shown in (("de", "72,5 kg"), (None, "72.5 kg")):
        values = {"weight": 72.5, "numbers": "112", "person": {"language": "hi"}, FALLBACK: Fallback(second, [])}
        assert shown in lacking.render("hi", values)


def every_text(language: str) -> Iterator[tuple[str, str]]:
    """Each text of each flow with examples in its placeholders."""
    content = stage_in_all().content
    for flow in content.flows.values():
        values = {**example_values(flow.name), TONGUES: content.tongues}
        values["person"] = {**values["person"], "language": language, "unit": "mmol/L"}
        for step in flow.steps.values():
            for text in filter(None, (step.say, step.header, step.footer)):
                yield from ((one.key, one.templates[language](values)) for one in text.wordings)


@pytest.mark.parametrize("language", COMMAS)
def test_no_text_of_a_language_with_a_comma_says_a_number_with_a_point(language: str) -> None:
    texts = list(every_text(language))
    assert [(key, text) for key, text in texts if POINT.search(text)] == []
    assert sum(bool(COMMA.search(text)) for _, text in texts) > 20


def test_an_approved_template_is_filled_in_with_the_mark_of_its_own_language() -> None:
    standing = [one for found in stage_in_all().content.templates.values() for one in found]
    template = next(one for one, _ in standing if {"de", "hi"} <= one.texts.keys() and one.gaps)
    stands = Stands("log_weight/noted", None, (compile_value("{{ weight }}"),))
    offer = offer_for(((template, stands),), ["de", "hi"], {"weight": 72.5, "person": {"language": "de"}})
    assert offer
    assert [one.values for one in offer.wordings] == [("72,5",), ("72.5",)]


@pytest.mark.parametrize("language", ["de", "en", "hi", "bn"])
@pytest.mark.parametrize(
    ("typed", "kind", "value"),
    [
        ("{} kg", "weight", 72.5), ("HbA1c {} %", "hba1c", 7.2), ("ketone {}", "ketones", 0.6),
        ("temperature {}", "temperature", 37.9),
        ("{} mmol/L", "glucose", 95.48),
    ],
)  # fmt: skip
def test_a_number_is_read_with_a_point_and_with_a_comma(language: str, typed: str, kind: str, value: float) -> None:
    number = {"glucose": "5.3"}.get(kind, str(value))
    for mark in ".,":
        text = typed.format(number.replace(".", mark))
        found = our_reader().understand(text, Context(language=language)).readings
        assert [(one.kind, round(one.value or 0, 1)) for one in found] == [(kind, round(value, 1))], text
