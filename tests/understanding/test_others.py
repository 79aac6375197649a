"""A reading that is said to be somebody else's, and one that is the writer's own although others are named."""

from __future__ import annotations

import pytest

from bot.understanding.meaning import Context
from bot.understanding.reader import Reader

ANOTHERS = (
    ("en", "her sugar 220"), ("en", "my wife's sugar is 220"), ("en", "sugar of my mother is 200"), ("en", "his bp 150/90"),
    ("hi", "uski sugar 220"), ("hi", "mummy ki sugar 220"), ("hi", "उनका बीपी 150/90"), ("ta", "அவங்களுக்கு சுகர் 220"),
    ("bn", "মায়ের সুগার 220"), ("te", "ammaku sugar 220"), ("ml", "അവരുടെ ഷുഗർ 220"), ("kn", "ಅಮ್ಮನ ಶುಗರ್ 220"),
    ("gu", "એમની સુગર 220"), ("mr", "त्यांची शुगर 220"), ("or", "ବାପାଙ୍କ ସୁଗାର 220"), ("pa", "ਉਹਦੀ ਸ਼ੂਗਰ 220"),
    ("as", "মাৰ ছুগাৰ 220"), ("ur", "ان کی شوگر 220"), ("de", "ihr zucker ist 220"),
)  # fmt: skip
OWN = (
    ("en", "sugar 140"), ("en", "my sugar 220"), ("en", "my sugar is 180 after my mother's food"),
    ("en", "at my son's wedding i ate, sugar 220"), ("hi", "meri sugar 140 hai"), ("hi", "meri wife ne check kiya sugar 180"),
    ("hi", "मेरी शुगर 140 है"), ("ta", "en sugar 180"), ("bn", "আমার সুগার 160"), ("te", "naa sugar 180"),
    ("de", "mein zucker ist 180"),
)  # fmt: skip


@pytest.mark.parametrize(("language", "text"), ANOTHERS)
def test_a_reading_beside_another_person_is_theirs(reader: Reader, language: str, text: str) -> None:
    meaning = reader.understand(text, Context(language=language))
    assert meaning.readings
    assert meaning.another


@pytest.mark.parametrize(("language", "text"), OWN)
def test_a_reading_that_is_called_ones_own_or_nobodys_is_ones_own(reader: Reader, language: str, text: str) -> None:
    meaning = reader.understand(text, Context(language=language))
    assert meaning.readings
    assert not meaning.another
