"""Yes, no, and words that only say to be well: to a question of danger the difference is an alarm."""

from __future__ import annotations

import pytest

from bot.understanding.reader import Reader


@pytest.mark.parametrize(
    ("text", "yes_no", "well"),
    [
        ("yes", True, None), ("haan", True, None), ("ji", True, None), ("ஆமாம்", True, None), ("అవును", True, None),
        ("ja bitte", True, None),
        ("no", False, None), ("nahi", False, None), ("இல்லை", False, None), ("nein", False, None),
        ("ok", True, True), ("fine", True, True), ("theek hai", True, True), ("chal theek hai dhanyavad", True, True),
        ("ठीक है", True, True), ("ঠিক আছে", True, True), ("சரி", True, True), ("సరే", True, True), ("ઠીક છે", True, True),
        ("ಸರಿ", True, True), ("ശരി", True, True), ("ਠੀਕ ਹੈ", True, True), ("ٹھیک ہے", True, True), ("ଠିକ ଅଛି", True, True),
        ("ঠিক আছে বাৰু", True, True), ("ठीक आहे", True, True), ("in ordnung", True, True), ("está bien", True, True),
        ("d'accord", True, True), ("tá bom", True, True), ("👍", True, True), ("👍🏽👍🏽", True, True),
        ("👌", True, True), ("🙏", None, True),
        ("theek nahi hai", False, False), ("ठीक नहीं हूँ", False, False), ("not ok", False, False), ("I am not fine", False, False),
        ("nahi theek hu", False, False), ("ঠিক নেই", False, False), ("நல்லா இல்ல", False, False), ("బాగా లేదు", False, False),
        ("saru nathi", False, False), ("nicht gut", False, False), ("no estoy bien", False, False),
        ("nahi, theek hu", False, True), ("no I am fine", False, True), ("nein mir geht es gut", False, True),
        ("haan theek hai", True, True), ("yes, I walked", True, None), ("sugar 120", None, None),
        ("not sure", None, None), ("pakka nahi", None, None), ("nicht sicher", None, None), ("do not agree", None, None),
        ("can't agree", None, None), ("why should I agree", None, None), ("আমি রাজি নই", None, None),
        ("of course not", None, None),
        ("எனக்கு புரியவில்லை", None, None), ("મને સમજાયું નહીં", None, None), ("मला समजलं नाही", None, None),
        ("എനിക്ക് മനസ്സിലായില്ല", None, None), ("pata nahi", None, None), ("ಗೊತ್ತಿಲ್ಲ", None, None), ("don't know", None, None),
        ("mujhe english nahi aati", None, None), ("yes, I do not mind", True, None), ("haan, pakka", True, None),
    ],
)  # fmt: skip
def test_a_word_of_being_well_is_told_from_a_plain_yes(reader: Reader, text: str, yes_no: bool | None, well: bool | None) -> None:
    meaning = reader.understand(text)
    assert (meaning.yes_no, meaning.well) == (yes_no, well)
