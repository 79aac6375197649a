"""The same personal data in every script that our people write."""

from __future__ import annotations

import logging
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.logs import JsonFormatter
from bot.logs import redact as for_logs
from bot.privacy.redaction import Redactor

SCRIPTS = {
    "latin": ("0", "my number"), "devanagari": ("०", "मेरा नंबर"), "bengali": ("০", "আমার নম্বর"), "gurmukhi": ("੦", "ਮੇਰਾ ਨੰਬਰ"),
    "gujarati": ("૦", "મારો નંબર"), "odia": ("୦", "ମୋ ନମ୍ବର"), "tamil": ("௦", "என் எண்"), "telugu": ("౦", "నా నంబర్"),
    "kannada": ("೦", "ನನ್ನ ನಂಬರ್"), "malayalam": ("൦", "എന്റെ നമ്പർ"), "arabic": ("٠", "رقمي"), "urdu": ("۰", "میرا نمبر"),
    "meitei": ("꯰", "ꯑꯩꯒꯤ"), "ol chiki": ("᱐", "ᱤᱧᱟᱜ"), "fullwidth": ("\uff10", "my number"),
}  # fmt: skip
NUMBERS = {
    "NUMBER": ("9812345678", "+91 98123 45678", "+91-98123-45678", "98 12 34 56 78", "(022) 2345 6789", "0091 9812345678",
               "98123\u200b45678", "2341 2341 2345", "4111 1111 1111 1111", "9 8 1 2 3 4 5 6 7 8", "98123, 45678", "98123/45678",
               "98123 - 45678", "98123   45678", "+91(98123)45678", "981 234 5678"),
    "AADHAAR": ("2341 2341 2346", "234123412346", "2341-2341-2346", "2 3 4 1 2 3 4 1 2 3 4 6", "2341 23412346",
                "2341 / 2341 / 2346"),
    "ABHA": ("91-1234-5678-9012", "91123456789012"),
    "DATE": ("12/05/1961", "12-5-1961", "1961-05-12", "12.5.61", "12 May 1961", "May 12, 1961", "12 मई 1961",
             "12 মার্চ 1961", "12 மார்ச் 1961", "12th May, 1961", "12th May 61", "12may1961", "12.05.'61", "12,05,1961"),
    "PAN": ("ABCDE1234F", "abcde 1234 f", "A B C D E 1 2 3 4 F"),
    "UPI": ("9812345678@ybl", "asha.k@okaxis", "asha @ okaxis"),
    "EMAIL": ("asha.k1961@example.co.in", "asha(at)gmail.com", "asha at gmail dot com"),
}  # fmt: skip


@pytest.mark.parametrize("script", SCRIPTS)
def test_numbers_of_people_go_in_the_digits_of_every_script(script: str) -> None:
    zero, words = SCRIPTS[script]
    digits = {ord("0") + n: chr(ord(zero) + n) for n in range(10)}
    for kind, numbers in NUMBERS.items():
        for number in numbers:
            redacted = Redactor().redact(f"{words} {number.translate(digits)}, {words}")
            assert redacted == f"{words} [[{kind}_1]], {words}", (kind, number)
    for reading in ("182", "130/85", "98.6", "7.2", "126, 140, 155", "6000", "120/80, 130/85, 140/90", "6000, 7200", "1-0-1"):
        text = f"{words} {reading.translate(digits)}"
        assert Redactor().redact(text) == text


@pytest.mark.parametrize(
    ("known", "text", "left"),
    [
        ("Asha Devi", "ASHA and devi were here, ashamed", "[[NAME_1]] and [[NAME_2]] were here, ashamed"),
        ("Asha", "आशा को चक्कर", "[[NAME_1]] को चक्कर"),
        ("सीता", "सीता ने खाया", "[[NAME_1]] ने खाया"),
        ("सीता", "Sita has eaten", "[[NAME_1]] has eaten"),
        ("রহিমা", "রহিমার জ্বর", "[[NAME_1]] জ্বর"),
        ("குமார்", "குமாருக்கு காய்ச்சல்", "[[NAME_1]] காய்ச்சல்"),
        ("Kumar", "குமார் வந்தார்", "[[NAME_1]] வந்தார்"),
        ("రమేష్", "రమేష్‌కి జ్వరం", "[[NAME_1]] జ్వరం"),
        ("ರಮೇಶ", "ರಮೇಶನಿಗೆ ಜ್ವರ", "[[NAME_1]] ಜ್ವರ"),
        ("സീത", "സീതയ്ക്ക് പനി", "[[NAME_1]] പനി"),
        ("ਗੁਰਪ੍ਰੀਤ", "ਗੁਰਪ੍ਰੀਤ ਨੂੰ ਬੁਖਾਰ", "[[NAME_1]] ਨੂੰ ਬੁਖਾਰ"),
        ("રમેશ", "રમેશને તાવ", "[[NAME_1]] તાવ"),
        ("ସୀତା", "ସୀତାଙ୍କୁ ଜ୍ୱର", "[[NAME_1]] ଜ୍ୱର"),
        ("فاطمہ", "فاطمہ کو بخار", "[[NAME_1]] کو بخار"),
        ("राम", "रामू और आराम", "[[NAME_1]] और आराम"),
        ("Lakshmi", "லட்சுமிக்கு சுகர்", "[[NAME_1]] சுகர்"),
        ("Lakshmi", "లక్ష్మికి జ్వరం", "[[NAME_1]] జ్వరం"),
        ("Lakshmi", "ലക്ഷ്മിയുടെ പനി", "[[NAME_1]] പനി"),
        ("Lakshmi", "ಲಕ್ಷ್ಮಿಗೆ ಜ್ವರ", "[[NAME_1]] ಜ್ವರ"),
        ("Asha", "আশার জ্বর", "[[NAME_1]] জ্বর"),
        ("Asha", "ఆశకి జ్వరం", "[[NAME_1]] జ్వరం"),
        ("Priya", "பிரியாவுக்கு காய்ச்சல்", "[[NAME_1]] காய்ச்சல்"),
        ("Priya", "प्रियाला ताप", "[[NAME_1]] ताप"),
        ("Ramesh", "रमेशने खाया", "[[NAME_1]] खाया"),
        ("Ramesh", "Rameshku fever, ramen eaten", "[[NAME_1]] fever, ramen eaten"),
        ("Saravanan", "சரவணனுக்கு சுகர்", "[[NAME_1]] சுகர்"),
        ("Mohammed", "मोहम्मद को चक्कर", "[[NAME_1]] को चक्कर"),
        ("Fatima", "فاطمہ کو بخار", "[[NAME_1]] کو بخار"),
        ("Fatima", "ফাতেমার জ্বর", "[[NAME_1]] জ্বর"),
        ("Gurpreet", "ਗੁਰਪ੍ਰੀਤ ਨੂੰ ਬੁਖਾਰ", "[[NAME_1]] ਨੂੰ ਬੁਖਾਰ"),
        ("D'Souza", "dsouza took it", "[[NAME_1]] took it"),
        ("Kiran", "करना है, कारण क्या", "करना है, कारण क्या"),
        ("Meena", "मैं घर में हूँ", "मैं घर में हूँ"),
        ("Ramesh", "रमजान में शुगर", "रमजान में शुगर"),
        ("सुनीता", "sent in a sanitary bag", "sent in a sanitary bag"),
    ],
)
def test_a_persons_own_name_goes_in_its_script_with_its_endings_and_in_others(known: str, text: str, left: str) -> None:
    redactor = Redactor([known])
    assert redactor.redact(text) == unicodedata.normalize("NFC", left)
    assert redactor.restore(left) == unicodedata.normalize("NFC", text)


@pytest.mark.parametrize(
    "text",
    [
        "मेरा नाम सीता है", "আমার নাম রহিমা, সুগার ১৮২", "মোৰ নাম ৰহিমা", "મારું નામ રમેશ છે", "ਮੇਰਾ ਨਾਮ ਗੁਰਪ੍ਰੀਤ ਹੈ", "ମୋ ନାମ ସୀତା",
        "என் பெயர் குமார்", "నా పేరు రమేష్", "ನನ್ನ ಹೆಸರು ರಮೇಶ", "എന്റെ പേര് സീത", "میرا نام فاطمہ ہے", "माझे नाव सीता आहे",
        "mera naam Ramesh hai", "ich heiße Anna", "me llamo Ana y tengo 60",
        "je m'appelle Anne", "meu nome é Ana", "my name is Asha Devi, sugar 182",
    ],
)  # fmt: skip
def test_a_name_that_somebody_says_is_theirs_goes(text: str) -> None:
    redacted = Redactor().redact(text)
    assert redacted.count("[[NAME_1]]") == 1
    assert not any(
        name in redacted for name in ("सीता", "রহিমা", "ৰহিমা", "રમેશ", "குமார்", "రమేష్", "ರಮೇಶ", "സീത", "An", "Ramesh", "Devi")
    )


def test_lines_for_operators_are_masked_by_the_same_rules_and_keep_addresses_of_servers() -> None:
    assert for_logs("amqp://user:secret@host:5672/ is away") == "amqp://host:5672/ is away"
    line = JsonFormatter().format(logging.LogRecord("bot", 20, "f", 1, "to ९८१२३४५६७८ of asha@okaxis", None, None))
    assert "to [[NUMBER_1]] of [[UPI_1]]" in line
    assert for_logs("http://127.0.0.1:8080/healthz answers 200") == "http://127.0.0.1:8080/healthz answers 200"


def test_a_log_line_is_one_line_whatever_it_tells_of() -> None:
    for sign in ("\n", "\r\n", "\x00", "\x1b[31m", "\u2028", "\x85"):
        record = logging.LogRecord("bot", 20, "f", 1, f'name{sign}{{"level":"INFO","message":"all is well"}}', None, None)
        record.instance = f"clinic{sign}forged"
        line = JsonFormatter().format(record)
        assert line.isprintable()
        assert line.count('"level":') == 1


@given(
    st.integers(10**9, 10**10 - 1),
    st.sampled_from([zero for zero, _ in SCRIPTS.values()]),
    st.text(max_size=12),
    st.text(max_size=12),
)
def test_no_phone_is_left_whatever_stands_around_it(number: int, zero: str, before: str, after: str) -> None:
    written = "".join(chr(ord(zero) + int(digit)) for digit in str(number))
    assert written not in Redactor(["Asha"]).redact(f"{before} {written} {after}")
