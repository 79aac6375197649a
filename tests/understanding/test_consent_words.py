"""Whoever takes their consent back is heard in every language: in their words, and in those that our texts tell them to write."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from bot.understanding.reader import Reader

ROOT = Path(__file__).parent.parent.parent
TOLD = "*my consent*"


@pytest.mark.parametrize(
    "text",
    [
        "I withdraw my consent", "take back my consent", "revoke my consent",
        "मैं अपनी सहमति वापस लेता हूँ", "meri sehmati wapas lo", "meri sahmati wapas lo",
        "আমার সম্মতি ফিরিয়ে নিচ্ছি", "నా సమ్మతి వెనక్కి తీసుకుంటున్నాను", "na sammati venakki teesukuntunna",
        "माझी संमती मागे घेतो", "majhi sammati mage gheto", "என் சம்மதத்தை திரும்பப் பெறுகிறேன்", "ஒப்புதலை வாபஸ் வாங்குகிறேன்",
        "en oppudhala vaapas vaangren", "મારી સંમતિ પાછી ખેંચું છું", "mari sammati pachi levi che",
        "ನನ್ನ ಒಪ್ಪಿಗೆ ಹಿಂಪಡೆಯುತ್ತೇನೆ", "nanna oppige vapas", "എന്റെ സമ്മതം പിൻവലിക്കുന്നു", "ente sammatham pinvalikkunnu",
        "ਮੇਰੀ ਸਹਿਮਤੀ ਵਾਪਸ ਲੈਂਦਾ ਹਾਂ", "میں اپنی رضامندی واپس لیتا ہوں", "ମୋର ସମ୍ମତି ଫେରାଇ ନେଉଛି", "মোৰ সন্মতি ঘূৰাই লওঁ",
        "ich widerrufe meine Einwilligung", "ich ziehe meine Zustimmung zurück", "retiro mi consentimiento",
        "je retire mon consentement", "retiro o meu consentimento",
    ],
)  # fmt: skip
def test_taking_consent_back_is_heard_and_alarms_nobody(reader: Reader, text: str) -> None:
    meaning = reader.understand(text)
    assert (meaning.intent and meaning.intent.id, meaning.urgency) == ("manage_consent", "none")


def test_the_words_that_we_tell_people_to_write_are_heard(reader: Reader) -> None:
    catalogues = sorted(ROOT.glob("locales/*/LC_MESSAGES/procare.po"))
    assert len(catalogues) >= 14
    for catalogue in catalogues:
        with catalogue.open("rb") as file:
            texts = [(one.id, one.string) for one in read_po(file) if TOLD in str(one.id)]
        words = {bold(str(said))[bold(str(told)).index(TOLD)].strip("*") for told, said in texts}
        assert words, catalogue
        for word in words:
            intent = reader.understand(word).intent
            assert (intent and intent.id) == "manage_consent", (catalogue.parent.parent.name, word)


@pytest.mark.parametrize("text", ["சம்மதம்", "സമ്മതം", "ich bin einverstanden", "ਮੈਂ ਸਹਿਮਤ ਹਾਂ", "હું સંમત છું"])
def test_a_yes_is_no_wish_to_take_it_back(reader: Reader, text: str) -> None:
    intent = reader.understand(text).intent
    assert intent is None or intent.id != "manage_consent"


def test_a_seizure_is_still_heard_where_the_same_word_means_to_pull_back(reader: Reader) -> None:
    for text in ("ખેંચ આવે છે", "મને પાછી ખેંચ આવી"):
        assert reader.understand(text).urgency == "emergency"


def bold(text: str) -> list[str]:
    return re.findall(r"\*[^*]+\*", text)
