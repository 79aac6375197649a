"""Latin runs and numbers in Urdu stand by themselves, and come back as they were typed."""

from __future__ import annotations

import pytest

from bot.dialogue.file_texts import FileTexts
from bot.dialogue.folding import fold
from bot.dialogue.isolates import FSI, PDI, RLM, isolated, without_controls
from bot.dialogue.shapes import Variant
from bot.handwritten.source import parse_source


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("آپ کی شوگر 180 mg/dL ہے", "آپ کی شوگر <180 mg/dL> ہے"),
        ("بی پی 130/80 mmHg، نبض 72", "بی پی <130/80 mmHg>، نبض <72>"),
        ("*126* لکھیں", "*<126>* لکھیں"),
        ("ہدف 80-130 ہے۔", "ہدف <80-130> ہے۔"),
        ("+91 98765 43210 پر کال کریں", "<+91 98765 43210> پر کال کریں"),
        ("دیکھیں https://rzp.io/i/abc شکریہ", "دیکھیں https://rzp.io/i/abc شکریہ"),
        ("HbA1c 7.2% ہے", "^<HbA1c 7.2%> ہے"),
        ("126 mg/dL۔ کب؟", "^<126 mg/dL>۔ کب؟"),
        ("126 mg/dL", "<126 mg/dL>"),
        ("اندازاً HbA1c: 7 %۔ 5% اور", "اندازاً <HbA1c: 7 %>۔ <5%> اور"),
        ("شکریہ", "شکریہ"),
    ],
)
def test_a_run_is_isolated_whole(text: str, shown: str) -> None:
    assert isolated(text) == shown.replace("<", FSI).replace(">", PDI).replace("^", RLM)
    assert isolated(isolated(text)) == isolated(text)
    assert without_controls(isolated(text)) == text


def test_values_and_fixed_words_of_an_urdu_text_are_isolated_and_labels_and_others_are_not() -> None:
    source = parse_source(b"x: 1", "dialogs/flows/x.yaml")
    texts = {"x.y.say": ("{{ a }} mg/dL, *menu*", "{{ a }} mg/dL، *menu*"), "x.y.option.z": ("BP", "BP کا")}
    compiler = FileTexts(source, {"ur": texts, "hi": texts})
    said = compiler.text(("x",), "x.y.say", [Variant(text="{{ a }} mg/dL, *menu*")])
    assert said.render("ur", {"a": 180}) == f"{FSI}180 mg/dL{PDI}، *{FSI}menu{PDI}*"
    assert FSI not in said.render("hi", {"a": 180}) + said.render("en", {"a": 180})
    label = compiler.text(("x",), "x.y.option.z", [Variant(text="BP")])
    assert label.render("ur", {}) == "BP کا"


def test_what_is_copied_from_a_message_is_understood() -> None:
    assert fold(f"{FSI}menu{PDI}") == "menu"
