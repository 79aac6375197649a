"""Nothing that names or numbers a person leaves us; what we need to understand them does."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.privacy.redaction import Redactor
from bot.privacy.verhoeff import has_check_digit


@pytest.mark.parametrize(
    ("text", "redacted"),
    [
        ("call me on 9812345678", "call me on [[NUMBER_1]]"),
        ("098123-45678 or 098123 45678", "[[NUMBER_1]] or [[NUMBER_2]]"),
        (
            "9\ufe0f\u20e38\ufe0f\u20e31\ufe0f\u20e32\ufe0f\u20e33\ufe0f\u20e34\ufe0f\u20e35\ufe0f\u20e36\ufe0f\u20e37\ufe0f\u20e38",
            "[[NUMBER_1]]",
        ),
        ("asha\uff20gmail.com", "[[EMAIL_1]]"),
        ("12th of March, 1965, 12/Mar/1965 or 12-Mar-65", "[[DATE_1]], [[DATE_2]] or [[DATE_3]]"),
        ("+91 98123 45678 or +91-98123-45678", "[[NUMBER_1]] or [[NUMBER_2]]"),
        ("98 12 34 56 78", "[[NUMBER_1]]"),
        ("182, 98123 45678 or 130/85, 98 12 34 56 78", "182, [[NUMBER_1]] or 130/85, [[NUMBER_2]]"),
        ("182 98 12 34 56 78", "[[NUMBER_1]]"),
        ("98123          45678 please", "[[NUMBER_1]] please"),
        ("९८१२३     ४५६७८ पर", "[[NUMBER_1]] पर"),
        ("981 23 45 678", "[[NUMBER_1]]"),
        ("௯௮௧ ௨௩ ௪௫ ௬௭௮", "[[NUMBER_1]]"),
        ("आशा@gmail.com, ஆஷா@ybl", "[[EMAIL_1]], [[UPI_1]]"),
        ("asha@आशा.भारत", "[[EMAIL_1]]"),
        ("⁹⁸¹²³⁴⁵⁶⁷⁸, ①②③④⑤⑥⑦⑧⑨⓪", "[[NUMBER_1]], [[NUMBER_2]]"),
        ("(022) 2345 6789", "[[NUMBER_1]]"),
        ("९८१२३४५६७८ पर", "[[NUMBER_1]] पर"),
        ("aadhaar 2341 2341 2346 it is", "aadhaar [[AADHAAR_1]] it is"),
        ("not one: 2341 2341 2345", "not one: [[NUMBER_1]]"),
        ("ABHA 91-1234-5678-9012", "ABHA [[ABHA_1]]"),
        ("pan ABCDE1234F", "pan [[PAN_1]]"),
        ("asha.k+1@example.co.in", "[[EMAIL_1]]"),
        ("pay asha@okaxis please", "pay [[UPI_1]] please"),
        ("see https://example.com/x?y=1", "see [[LINK_1]]"),
        ("born 12/05/1961", "born [[DATE_1]]"),
        ("my name is Asha Devi, sugar 182", "my name is [[NAME_1]], sugar 182"),
        ("mera naam Ramesh hai", "mera naam [[NAME_1]] hai"),
        ("मेरा नाम सीता है", "मेरा नाम [[NAME_1]] है"),
        ("Dr. Mehta said so", "Dr. [[NAME_1]] said so"),
        ("a [[NAME_1]] of my own", "a [ [NAME_1]] of my own"),
    ],
)
def test_what_names_or_numbers_a_person_goes(text: str, redacted: str) -> None:
    assert Redactor().redact(text) == redacted


@pytest.mark.parametrize(
    "text",
    [
        "sugar 182 fasting, 126 and 140", "bp 130/85 pulse 72", "130 85 72", "at 8:30 I walked 6000 steps", "126 182 140 155",
        "182   126     140", "98 112 134 15", "126 182 14 10", "hba1c 7.2 in 2024",
        "2 roti 1 katori dal 150 ml milk", "metformin 500 mg twice", "spo2 97 temp 98.6",
        "6 marie 50 g", "₹1,00,000 at 7:30, 8:45, 12:10, 14:20",
    ],
)  # fmt: skip
def test_readings_and_portions_stay(text: str) -> None:
    assert Redactor().redact(text) == text


def test_known_names_go_and_come_back_and_nothing_else_does() -> None:
    redactor = Redactor(["Asha Devi", "Dr. Li"])
    assert redactor.redact("ASHA says: asha devi, ashamed; 9812345678") == (
        "[[NAME_1]] says: [[NAME_1]] [[NAME_2]], ashamed; [[NUMBER_1]]"
    )
    assert redactor.restore("Dear [[NAME_1]], [[NUMBER_1]] [[NAME_9]]") == "Dear ASHA, [[NUMBER_1]] [[NAME_9]]"


def test_data_is_redacted_at_any_depth() -> None:
    redactor = Redactor()
    assert redactor.redacted({"a": ["9812345678", {"b": "9812345678"}], "n": 5, "none": None}) == {
        "a": ["[[NUMBER_1]]", {"b": "[[NUMBER_1]]"}], "n": 5, "none": None,
    }  # fmt: skip


@given(st.integers(10**6, 10**16), st.text(max_size=20), st.text(max_size=20))
def test_no_long_number_leaves_us_whatever_stands_around_it(number: int, before: str, after: str) -> None:
    before, after = before + " ", " " + after
    assert str(number) not in Redactor().redact(f"{before}{number}{after}")


@given(st.integers(10**10, 10**11 - 1))
def test_the_check_digit_catches_every_single_slip(number: int) -> None:
    valid = [digit for digit in range(10) if has_check_digit(f"{number}{digit}")]
    assert len(valid) == 1
    good = f"{number}{valid[0]}"
    for place in range(len(good)):
        slips = [good[:place] + str(digit) + good[place + 1 :] for digit in range(10)]
        assert sum(map(has_check_digit, slips)) == 1


def test_the_check_digit_is_the_published_one() -> None:
    """The example of the scheme's literature: 236 has the check digit 3."""
    assert has_check_digit("2363")


@pytest.mark.parametrize(
    ("text", "redacted"),
    [
        ("my number is nine eight seven six five four three two one zero call me",
         "my number is [[NUMBER_1]] call me"),
        ("Nine Eight Double Five Triple One Two Three Zero.", "[[NUMBER_1]]."),
        ("nine-eight-seven, six five four, three two one zero", "[[NUMBER_1]]"),
        ("98765 four three two one zero", "[[NUMBER_1]]"),
        ("mera number nau aath saat chhe paanch char teen do ek shunya hai", "mera number [[NUMBER_1]] hai"),
        ("मेरा नंबर नौ आठ सात छह पाँच चार तीन दो एक शून्य है", "मेरा नंबर [[NUMBER_1]] है"),
        ("नौ आठ डबल पांच ट्रिपल सात एक दो तीन", "[[NUMBER_1]]"),
        ("नाइन एट सेवन सिक्स फाइव फोर थ्री टू वन ज़ीरो", "[[NUMBER_1]]"),
        ("নয় আট সাত ছয় পাঁচ চার তিন দুই এক শূন্য", "[[NUMBER_1]]"),
        ("எண் ஒன்பது எட்டு ஏழு ஆறு அஞ்சு நாலு மூணு ரெண்டு ஒன்னு ஜீரோ", "எண் [[NUMBER_1]]"),
        ("aadhaar two three four one two three four one two three four six", "aadhaar [[AADHAAR_1]]"),
    ],
)  # fmt: skip
def test_a_phone_that_is_said_in_words_goes(text: str, redacted: str) -> None:
    assert Redactor().redact(text) == redacted


@pytest.mark.parametrize(
    "text",
    [
        "one two three, I walked", "sugar one eight two after food, one three zero before", "one 120 two 130 three 140 four 118",
        "no no no no no no no no no no", "do do teen roti, char chapati", "एक दो तीन बार चक्कर",
        "twenty one, one forty five, one ten",
        "two of three, one tablet, then four five steps", "dose: one one zero one, one zero one",
    ],
)  # fmt: skip
def test_small_numbers_in_words_stay(text: str) -> None:
    assert Redactor().redact(text) == text
