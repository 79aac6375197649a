"""Long numbers that are said in words: "nine eight seven ... double five", "नौ आठ सात ...". Pure.

Digits only, as people say the number of a phone; "ninety eight, seventy six" is not read. Words of
other things ("no" for nau) are left out.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import Final

_LATIN: Final = (
    "zero oh shunya shoonya sifar nul null",
    "one ek eins onnu ondu okati",
    "two do don dui zwei zwo rendu eradu randu",
    "three teen tin drei moonu mooru moodu moonnu",
    "four char chaar chari vier naalu naalku",
    "five paanch panch pach panj fünf fuenf anju aidu anchu",
    "six chhah chhe cheh che chah saha sechs aaru",
    "seven saat sat sieben ezhu yelu yedu",
    "eight aath aat acht ettu entu enimidi",
    "nine nau neun nav ombathu ombattu tommidi",
)
"""How people say 0 to 9, in our languages."""
_NATIVE: Final = (
    "शून्य ज़ीरो जीरो শূন্য জিরো శూన్యం సున్నా జీరో பூஜ்யம் பூஜ்ஜியம் ஜீரோ શૂન્ય ઝીરો ಸೊನ್ನೆ ಜೀರೋ പൂജ്യം സീറോ ਸਿਫ਼ਰ ਜ਼ੀਰੋ ਜੀਰੋ صفر زیرو ଶୂନ ଶୂନ୍ୟ ଜିରୋ",
    "एक वन এক ওয়ান ఒకటి వన్ ஒன்னு ஒன்று ஒண்ணு એક ಒಂದು ಒನ್ ഒന്ന് വൺ ਇੱਕ ਇਕ ایک ون ଏକ",
    "दो दोन टू দুই টু రెండు టూ ரெண்டு இரண்டு બે ಎರಡು ಟು രണ്ട് രണ്ടു ടു ਦੋ دو ٹو ଦୁଇ",
    "तीन थ्री তিন থ্রি మూడు త్రీ மூணு மூன்று ત્રણ ಮೂರು ತ್ರೀ മൂന്ന് ത്രീ ਤਿੰਨ تین تھری ତିନି তিনি",
    "चार फोर চার চাৰি ফোর నాలుగు ఫోర్ நாலு நான்கு ચાર ನಾಲ್ಕು ಫೋರ್ നാല് ഫോർ ਚਾਰ چار فور ଚାରି",
    "पांच पाँच पाच फाइव পাঁচ ফাইভ ఐదు ఫైవ్ அஞ்சு ஐந்து પાંચ ಐದು ಫೈವ್ അഞ്ച് ഫൈവ് ਪੰਜ پانچ فائیو ପାଞ୍ଚ",
    "छह छः छे छै सहा सिक्स ছয় সিক্স ఆరు సిక్స్ ஆறு છ ಆರು ಸಿಕ್ಸ್ ആറ് സിക്സ് ਛੇ چھ چھے سکس ଛଅ",
    "सात सेवन সাত সেভেন ఏడు సెవెన్ ஏழு સાત ಏಳು ಸೆವೆನ್ ഏഴ് സെവൻ ਸੱਤ سات سیون ସାତ",
    "आठ एट আট আঠ এইট ఎనిమిది ఎయిట్ எட்டு આઠ ಎಂಟು ಎಯ್ಟ್ എട്ട് എയ്റ്റ് ਅੱਠ آٹھ ایٹ ଆଠ",
    "नौ नऊ नाइन নয় ন নাইন తొమ్మిది నైన్ ஒன்பது ஒம்பது નવ ಒಂಬತ್ತು ನೈನ್ ഒമ്പത് ഒൻപത് നയൻ ਨੌਂ ਨੌ نو نائن ନଅ",
)
"""The same in their scripts, the English ones too."""
_TIMES: Final = {"double": 2, "dbl": 2, "डबल": 2, "ডাবল": 2, "ડબલ": 2, "ਡਬਲ": 2, "ڈبل": 2, "డబుల్": 2, "டபுள்": 2, "ಡಬಲ್": 2,
                 "ഡബിൾ": 2, "ଡବଲ": 2, "triple": 3, "ट्रिपल": 3, "thrice": 3}  # fmt: skip


def _normal(word: str) -> str:
    return unicodedata.normalize("NFC", word).casefold()


_DIGITS: Final = {
    _normal(word): str(digit) for digit, words in [*enumerate(_LATIN), *enumerate(_NATIVE)] for word in words.split()
}
_REPEATS: Final = {_normal(word): count for word, count in _TIMES.items()}
_WORD: Final = re.compile(r"[\w\u0900-\u0dff\u200c\u200d]+")  # vowel signs are no letters to Python
_BETWEEN: Final = re.compile(r"[\s,.\-\u2010-\u2015|/]{1,3}")
_GROUP: Final = 6  # digits of one group, in a row that is partly written in digits


def rows(text: str) -> Iterator[tuple[int, int, str]]:
    """Where such a row stands, and its digits: "9 8 5 5 1". The text is in NFC."""
    row: list[tuple[int, int, str]] = []
    for found in _WORD.finditer(text):
        word = found[0].casefold()
        known = word in _DIGITS or word in _REPEATS or (len(word) <= _GROUP and word.isdecimal())
        if row and not (known and _BETWEEN.fullmatch(text, row[-1][1], found.start())):
            yield from _read(row)
            row = []
        if known:
            row.append((found.start(), found.end(), word))
    yield from _read(row)


def _read(row: list[tuple[int, int, str]]) -> Iterator[tuple[int, int, str]]:
    """A row of digits alone is none that is said."""
    if all(word.isdecimal() for _, _, word in row):
        return
    digits: list[str] = []
    times = 1
    for _, _, word in row:
        if word in _REPEATS:
            times = _REPEATS[word]
            continue
        digits += [_DIGITS.get(word, word)] * (times if not word.isdecimal() or len(word) == 1 else 1)
        times = 1
    yield row[0][0], row[-1][1], " ".join(digits)
