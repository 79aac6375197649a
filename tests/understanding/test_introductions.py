"""The name in what people answer to "what may I call you?"."""

from __future__ import annotations

import time

import pytest

from bot.understanding.introductions import name_told, own_name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("My name is John", "John"), ("my name is John Smith.", "John Smith"), ("I am Asha", "Asha"), ("I'm Asha", "Asha"),
        ("call me Babu", "Babu"), ("Hi, my name is Asha Devi", "Asha Devi"),
        ("Ramesh here", "Ramesh"), ("Asha is my name", "Asha"),
        ("mera naam Ramesh hai", "Ramesh"), ("मेरा नाम रमेश कुमार है", "रमेश कुमार"), ("main Ramesh hu", "Ramesh"),
        ("मैं सीता हूँ", "सीता"),
        ("main Ramesh bol raha hu", "Ramesh"), ("mujhe Raju kehte hai", "Raju"), ("naam: Ramesh", "Ramesh"),
        ("என் பெயர் செல்வி", "செல்வி"), ("naan Selvi", "Selvi"), ("నా పేరు లక్ష్మి", "లక్ష్మి"), ("ನನ್ನ ಹೆಸರು ಗೀತಾ", "ಗೀತಾ"),
        ("എന്റെ പേര് ലത", "ലത"),
        ("আমার নাম রিতা", "রিতা"), ("મારું નામ હેતલ છે", "હેતલ"), ("माझे नाव सुनील आहे", "सुनील"), ("ਮੇਰਾ ਨਾਮ ਗੁਰਪ੍ਰੀਤ ਹੈ", "ਗੁਰਪ੍ਰੀਤ"),
        ("میرا نام سلمیٰ ہے", "سلمیٰ"),
        ("ମୋ ନାମ ସୀତା", "ସୀତା"), ("মোৰ নাম ৰীতা", "ৰীতা"), ("ich heiße Karl", "Karl"), ("mein Name ist Karl", "Karl"),
    ],
)  # fmt: skip
def test_a_name_in_a_sentence_is_told_alone(text: str, name: str) -> None:
    assert name_told(text) == name


@pytest.mark.parametrize(
    "text", ["Asha", "Mai Devi", "Main Singh", "Mi Sun", "Hu Jintao Lee", "S. Kumar", "my name is", "i am 60 years old", ""]
)
def test_a_bare_name_and_a_sentence_of_something_else_are_none(text: str) -> None:
    assert name_told(text) is None


@pytest.mark.parametrize(("text", "name"), [
    ("My name is Suresh", "Suresh"), ("mera naam Suresh hai", "Suresh"),
    ("hello, मेरा नाम सुरेश है", "सुरेश"), ("Asha is my name", "Asha"),
    ("I am tired", None), ("this is bad", None), ("मेरे पति रमेश", None), ("naam badalna hai", None), ("call me later", None),
    ("my name is Suresh and my sugar is 180", None),
])  # fmt: skip
def test_a_name_that_nobody_asked_for_is_only_heard_in_plain_words(text: str, name: str | None) -> None:
    assert own_name(text) == name


def test_no_text_takes_long() -> None:
    began = time.process_time()
    for text in ("my name is " + "a " * 60, "main " * 40, "i am " + "x" * 5000):
        name_told(text)
        own_name(text)
    assert time.process_time() - began < 0.5
