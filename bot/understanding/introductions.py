"""How people say who they are, in all our languages: what follows is a name that nobody told us before."""

from __future__ import annotations

import re
from typing import Final

LETTER: Final = r"[\w'’\u064b-\u065f\u0670\u0900-\u0dff\u200c\u200d]"
"""Of a word in any script; Python's own ``\\w`` leaves the vowel signs of Indian ones out."""

LONGEST: Final = 120  # characters that are looked at: nobody's introduction is longer
_OPENINGS: Final = (
    r"\bmy name is", r"\bi am called", r"\bthis is", r"\bname[:\s]",
    r"\bmera naam", r"\bmera nam", r"\bnaam", r"\bmaza nav", r"\bmazha naav", r"\bamar naam?", r"\bmaru naam", r"\ben peyar",
    r"\bnaa? peru", r"\bnanna hesaru", r"\bente peru?", r"\bmor naam?", r"\bmo naa?",
    "मेरा नाम", "मेरे पति", "मेरी पत्नी", "नाम", "माझे नाव", "माझं नाव", "আমার নাম", "মোৰ নাম", "મારું નામ", "ਮੇਰਾ ਨਾਮ", "ਮੇਰਾ ਨਾਂ", "ମୋ ନାମ",
    "ମୋର ନାମ", "ମୋ ନାଁ", "என் பெயர்", "எனது பெயர்", "నా పేరు", "ನನ್ನ ಹೆಸರು", "എന്റെ പേര്", "میرا نام",
    r"\bich hei(?:ß|ss)e", r"\bmein name ist", r"\bme llamo", r"\bmi nombre es", r"\bje m['’]appelle", r"\bmon nom est",
    r"\bmeu nome é", r"\bme chamo",
)  # fmt: skip
_ENDS: Final = (
    "hai", "है", "आहे", "ahe", "છે", "che", "ਹੈ", "ہے", "ആണ്", "ଅଟେ", "and", "aur", "और", "আর", "আৰু", "અને", "ਤੇ", "ଏବଂ",
    "my", "i", "age", "from", "und", "y", "et", "e",
)  # fmt: skip

CALLED: Final = re.compile(
    rf"(?:{'|'.join(_OPENINGS)})\s+([^\W\d_]{LETTER}*(?:\s[^\W\d_]{LETTER}*){{0,2}}?)"
    rf"(?=\s+(?:{'|'.join(_ENDS)})(?![\w\u0900-\u0dff])|[,.!?\n।۔،]|\s*$)",
    re.IGNORECASE,
)
# Only where a name was asked for: "I am" begins many a sentence. Where the word before is a name in itself ("Mai", "Mi", "Moi"),
# the word behind it must follow.
_ALSO: Final = (
    r"i am", r"i['’]?m", r"im", r"it['’]?s", r"call me", r"you can call me", r"please call me", r"myself", r"my name['’]s",
    "नाम है", "naam hai", "mujhe", "मुझे", "naan", "நான்", "nenu", "నేను", "naanu", "ನಾನು", "njan", "ഞാൻ", "ami", "আমি",
    "હું", r"ich bin", r"ich heisse", "soy", "yo soy", r"je suis", "sou", "eu sou",
)  # fmt: skip
_FRAMED: Final = ("main", "mai", "mein", "me", "मैं", "मै", "ਮੈਂ", "میں", "hu", "mi", "मी", "moi", "মই", "mu", "mun", "ମୁଁ")
_CLOSINGS: Final = (
    "hai", "है", "hoon", "hun", "hu", "हूँ", "हूं", "ahe", "aahe", "आहे", "chhe", "che", "છે", "છું", "chu", "chhu", "ਹੈ", "ਹਾਂ", "haan",
    "ہے", "ہوں", "ആണ്", "aanu", "ଅଟେ", "bol raha hu", "bol rahi hu", "bol raha hoon", "bol rahi hoon", "बोल रहा हूँ", "बोल रही हूँ",
    "kehte hai", "kehte hain", "bolte hai", "bolte hain", "कहते हैं", "here", "speaking",
)  # fmt: skip
_HELLO: Final = r"(?:(?:hi|hello|hey|namaste|vanakkam|namaskar|namaskaram|नमस्ते|வணக்கம்|নমস্কার|నమస్తే)[\s,!.]+)?"
_NAME: Final = rf"([^\W\d_]{LETTER}*+(?:[\s.]++[^\W\d_]{LETTER}*+){{0,3}}?)"

TOLD: Final = re.compile(
    rf"\A\s*+{_HELLO}(?:"
    rf"(?:{'|'.join((*_OPENINGS, *_ALSO))})[\s:]++{_NAME}(?:\s+(?:{'|'.join(_CLOSINGS)}))?"
    rf"|(?:{'|'.join(_FRAMED)})\s+{_NAME}\s+(?:{'|'.join(_CLOSINGS)})"
    rf"|{_NAME}\s+(?:mera naam hai|mera nam hai|मेरा नाम है|is my name|here|speaking)"
    rf")[\s.!।۔]*+",
    re.IGNORECASE,
)
"""The whole answer to "what may I call you?", with the name in one of its groups."""


def name_told(text: str) -> str | None:
    """ "My name is John", "mera naam Ramesh hai", "naan Selvi": the name alone. None where the answer is no such sentence."""
    return _name_in(TOLD, text)


_NOT_OWN: Final = frozenset({r"\bthis is", r"\bname[:\s]", r"\bnaam", "मेरे पति", "मेरी पत्नी", "नाम"})
OWN: Final = re.compile(
    rf"\A\s*+{_HELLO}(?:"
    rf"(?:{'|'.join(one for one in _OPENINGS if one not in _NOT_OWN)})[\s:]++{_NAME}(?:\s+(?:{'|'.join(_CLOSINGS)}))?"
    rf"|{_NAME}\s+(?:mera naam hai|mera nam hai|मेरा नाम है|is my name)"
    rf")[\s.!।۔]*+",
    re.IGNORECASE,
)
"""A whole message that nobody asked for and that is nothing but the writer's own name."""


def own_name(text: str) -> str | None:
    """ "My name is Suresh", also where no name was asked for; not "I am tired", "this is bad", "my husband Suresh"."""
    return _name_in(OWN, text)


def _name_in(sentence: re.Pattern[str], text: str) -> str | None:
    found = sentence.fullmatch(text[:LONGEST])
    return next((name for name in found.groups() if name), None) if found else None


DOCTOR: Final = re.compile(rf"(?:\bdr\.?|\bdoctor|डॉ\.?|डॉक्टर|ডাঃ|ডা\.)\s+([^\W\d_]{LETTER}{{2,}})", re.IGNORECASE)
NO_NAMES: Final = frozenset({
    "the", "my", "a", "an", "is", "said", "told", "me", "se", "ne", "ko", "ka", "ki", "ke", "hai", "sahab", "ji", "please", "now",
    "today", "name",
})  # fmt: skip
