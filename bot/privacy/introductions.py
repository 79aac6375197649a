"""How people say who they are, in all our languages: what follows is a name that nobody told us before."""

from __future__ import annotations

import re
from typing import Final

LETTER: Final = r"[\w'’\u0900-\u0dff\u200c\u200d]"
"""Of a word in any script; Python's own ``\\w`` leaves the vowel signs of Indian ones out."""

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
DOCTOR: Final = re.compile(rf"(?:\bdr\.?|\bdoctor|डॉ\.?|डॉक्टर|ডাঃ|ডা\.)\s+([^\W\d_]{LETTER}{{2,}})", re.IGNORECASE)
NO_NAMES: Final = frozenset({
    "the", "my", "a", "an", "is", "said", "told", "me", "se", "ne", "ko", "ka", "ki", "ke", "hai", "sahab", "ji", "please", "now",
    "today", "name",
})  # fmt: skip
