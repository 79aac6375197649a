"""What a person lives with: several at once, kept in both forms, named together in one message."""

from __future__ import annotations

from typing import Any

import pytest

from bot.dialogue.endings import with_endings
from bot.dialogue.engine import Engine
from bot.dialogue.options import named_together
from bot.model.conditions import conditions_of, keep_conditions
from bot.understanding.meaning import Context
from tests.dialogue.asked import Asked
from tests.dialogue.talk import content, policy
from tests.reading import our_reader


def test_what_was_told_replaces_what_was_known_and_the_first_stands_under_the_old_name_too() -> None:
    profile = {"name": "Asha", "condition": "type_2"}
    assert conditions_of(profile) == ["type_2"]  # a record of before
    assert keep_conditions(profile, ["kidney", "pregnant", "kidney", "no", "unsaid"])
    assert profile == {"name": "Asha", "condition": "pregnant", "conditions": ["pregnant", "kidney"]}
    assert not keep_conditions(profile, ["pregnant", "kidney"])
    assert keep_conditions(profile, "type_1")  # a conversation on older content knows one
    assert conditions_of(profile) == ["type_1"]
    assert keep_conditions(profile, None)
    assert profile == {"name": "Asha"}


def test_an_older_worker_adds_to_what_it_does_not_know() -> None:
    assert conditions_of({"condition": "gestational", "conditions": ["type_2", "kidney"]}) == ["gestational", "type_2", "kidney"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("heart failure and sugar", ["heart_failure", "type_2"]),
        ("BP, kidney problem, pregnant", ["pressure", "kidney", "pregnant"]),
        ("diabetes in pregnancy, high blood pressure", ["gestational", "pressure"]),
        ("शुगर और किडनी", ["type_2", "kidney"]), ("1, 5", ["type_2", "pressure"]),
        ("bluthochdruck, zucker, nieren", ["pressure", "type_2", "kidney"]), ("i work in bpo and have sugar", []),
        ("kidney", []), ("no kidney disease, no sugar", []), ("1, 77", []), ("sugar, rather not say", []), ("", []),
    ],
)  # fmt: skip
def test_several_options_in_one_message(text: str, found: list[str]) -> None:
    step = content().flows["profile"].steps["ask_condition"]
    meaning = our_reader().understand(text, Context(language="en"))
    assert [one.id for one in named_together(step, meaning, text)] == found


def test_names_of_illnesses_are_an_answer_where_they_are_asked_for_and_an_alarm_where_they_are_not() -> None:
    talk = Asked("en", "profile/ask_condition")
    talk.engine = Engine(content(), policy(), our_reader().understand)
    talk.say("my kidney hurts a lot and my sugar is high")
    assert talk.taken == []  # news, and no answer
    for text, alarm in (
        ("heart failure and sugar", False),
        ("heart failure help me", True),
        ("heart failure, I cannot breathe", True),
    ):
        talk = Asked("en", "profile/ask_condition")
        talk.engine = Engine(content(), policy(), our_reader().understand)
        talk.say(text)
        assert talk.alarmed is alarm, text


SAID = {
    "en": ["I have sugar, BP and kidney problem", "i am diabetic with high bp and kidney disease"],
    "hi": ["शुगर है, ब्लड प्रेशर है और गुर्दे की बीमारी भी", "sugar bhi hai bp bhi, gurde kharab hain"],
    "hi_Latn": ["mujhe madhumeh, bp aur gurde ki dikkat hai"],
    "bn": ["আমার ডায়াবেটিস, উচ্চ রক্তচাপ ও কিডনির সমস্যা আছে", "amar sugar, pressure ar kidneyr rog ache"],
    "te": ["నాకు షుగరు, బీపీ, కిడ్నీ సమస్య ఉంది", "naaku sugar, bp mariyu kidney vyadhi unnayi"],
    "mr": ["मला मधुमेह, रक्तदाब व किडनीचा त्रास आहे", "mala sugar, bp ani kidneycha aajar aahe"],
    "ta": ["எனக்கு சர்க்கரை நோயும் ரத்த அழுத்தமும் சிறுநீரக நோயும் உள்ளது", "enaku sugarum bp um kidney prachanaiyum iruku"],
    "gu": ["મને ડાયાબિટીસ, હાઈ બીપી અને કિડનીની તકલીફ છે", "mane diabetes che, bp pan che ane kidney ni taklif che"],
    "kn": ["ನನಗೆ ಸಕ್ಕರೆ ಕಾಯಿಲೆ, ರಕ್ತದೊತ್ತಡ ಹಾಗೂ ಕಿಡ್ನಿ ಸಮಸ್ಯೆ ಇದೆ", "nanage sugar, bp mattu kidney kayile ide"],
    "ml": ["എനിക്ക് ഷുഗറും ബിപിയും വൃക്കരോഗവും ഉണ്ട്", "enikku sugarum bpyum kidney problem um undu"],
    "pa": ["ਮੈਨੂੰ ਸ਼ੂਗਰ ਤੇ ਬੀਪੀ ਹੈ, ਕਿਡਨੀ ਵੀ ਖ਼ਰਾਬ ਹੈ", "mainu sugar, bp te gurde di bimari hai"],
    "ur": ["مجھے ذیابیطس، بلڈ پریشر اور گردوں کا مسئلہ ہے", "mujhe sugar, bp aur gurde ki bimari hai"],
    "or": ["ମୋର ମଧୁମେହ, ରକ୍ତଚାପ ଓ କିଡନୀ ସମସ୍ୟା ଅଛି", "mora sugar, bp ebam kidney roga achhi"],
    "as": ["মোৰ ডায়েবেটিছ, উচ্চ ৰক্তচাপ আৰু কিডনীৰ সমস্যা আছে", "mor sugar, pressure aru kidney problem ache"],
    "de": ["Ich habe Zucker, Bluthochdruck und eine Nierenkrankheit", "Diabetes, hohen Blutdruck und Probleme mit den Nieren"],
}
"""Sugar, pressure and kidneys as people of every language say them, with "and", "also" and "of" written onto the names."""


def answering(language: str, text: str) -> tuple[list[str], Asked]:
    """The conditions that are kept after this answer to "which of these do you live with?", and the talk."""
    talk = Asked(language, "profile/ask_condition")
    talk.engine = Engine(content(), policy(), our_reader().understand)
    talk.say(text)
    return conditions_of(talk.session.profile), talk


@pytest.mark.parametrize(("language", "text"), [(language, text) for language, texts in SAID.items() for text in texts])
def test_several_illnesses_are_heard_in_one_sentence_of_every_language(language: str, text: str) -> None:
    assert answering(language, text)[0] == ["type_2", "pressure", "kidney"]


def test_the_sentences_are_of_every_language_that_is_offered() -> None:
    assert set(SAID) == set(policy().behaviour.languages)


@pytest.mark.parametrize(
    ("language", "text", "kept"),
    [
        ("en", "I have sugar, BP and thyroid", ["type_2", "pressure", "other"]),
        ("kn", "ನನಗೆ ಶುಗರ್, ಬಿಪಿ ಮತ್ತು ಥೈರಾಯ್ಡ್ ಇದೆ", ["type_2", "pressure", "other"]),
        ("bn", "আমার সুগার, প্রেশার আর থাইরয়েড আছে", ["type_2", "pressure", "other"]),
        ("te", "నాకు డయాబెటిస్\u200c, హై బీపీ ఉన్నాయి", ["type_2", "pressure"]),
        ("ml", "പ്രമേഹവും പ്രഷറും ഉണ്ട്", ["type_2", "pressure"]),
    ],
)
def test_a_thyroid_in_such_a_list_is_no_wish_for_a_test_and_joiners_are_nothing(
    language: str, text: str, kept: list[str]
) -> None:
    assert answering(language, text)[0] == kept


@pytest.mark.parametrize(
    "text",
    [
        "I want to book a lab test for sugar and kidney",
        "what is the difference between sugar and bp?",
        "my kidney hurts a lot and my sugar is high",
        "sugar 180 and bp 140/90",
        "no sugar, no bp",
        "my brother drives a kidney van in Delhi",
    ],
)
def test_what_asks_for_something_else_or_denies_is_no_list_of_illnesses(text: str) -> None:
    kept, _ = answering("en", text)
    assert len(kept) < 2


def unasked(language: str, text: str, **profile: Any) -> tuple[list[str], Asked]:
    """The flows that start with this message when nothing was asked, and the talk."""
    talk = Asked(language, "profile/ask_condition")
    talk.engine = Engine(content(), policy(), our_reader().understand)
    talk.session.stack = []
    talk.session.profile |= profile
    talk.say(text)
    return [line["flow"] for line in talk.turns[-1].trace if line["action"] == "flow_started"], talk


@pytest.mark.parametrize("language", [one for one in SAID if one not in ("en", "hi", "de")])
def test_who_tells_several_illnesses_unasked_is_asked_which_and_nothing_is_noted_before(language: str) -> None:
    started, talk = unasked(language, SAID[language][0])
    assert started[:1] == ["which_conditions"]
    assert conditions_of(talk.session.profile) == []
    talk.say(SAID[language][0])
    assert conditions_of(talk.session.profile) == ["type_2", "pressure", "kidney"]


@pytest.mark.parametrize("text", ["diabetes and high BP", "high bp, sugar", "Sugar & high BP"])
def test_names_of_illnesses_and_nothing_else_are_no_wish_to_note_a_pressure(text: str) -> None:
    assert unasked("en", text)[0][:1] == ["which_conditions"]


@pytest.mark.parametrize("text", ["sugar and bp high", "high bp", "note my bp and sugar", "bp 150/90 and sugar 180"])
def test_what_is_high_today_and_a_wish_to_note_it_are_no_list_of_illnesses(text: str) -> None:
    assert "which_conditions" not in unasked("en", text)[0]


@pytest.mark.parametrize(
    ("text", "profile"),
    [
        ("sugar and bp are both fine", {}),
        ("sugar, bp?", {}),
        ("no sugar, no bp", {}),
        ("sugar 140, bp 130/80", {}),
        ("DM2, HTN and CKD", {"conditions": ["type_2", "pressure", "kidney"]}),
    ],
    ids=["well", "question", "denied", "readings", "known"],
)
def test_what_is_fine_asked_denied_measured_or_known_is_not_asked_about(text: str, profile: dict[str, Any]) -> None:
    assert "which_conditions" not in unasked("en", text, **profile)[0]


OVER = {
    "en": ["I don't have thyroid any more", "my thyroid is cured"],
    "hi": ["मुझे अब थायराइड नहीं है", "थायराइड ठीक हो गया"],
    "hi_Latn": ["mera thyroid theek ho gaya", "mujhe ab thyroid nahi hai"],
    "bn": ["আমার থাইরয়েড আর নেই", "থাইরয়েড সেরে গেছে"],
    "te": ["నాకు ఇప్పుడు థైరాయిడ్ లేదు", "థైరాయిడ్ తగ్గిపోయింది"],
    "mr": ["मला आता थायरॉईड नाही", "थायरॉईड बरा झाला"],
    "ta": ["எனக்கு இப்போ தைராய்டு இல்லை", "தைராய்டு சரியாயிடுச்சு"],
    "gu": ["મને હવે થાઇરોઇડ નથી", "થાઇરોઇડ મટી ગયો"],
    "kn": ["ನನಗೆ ಈಗ ಥೈರಾಯ್ಡ್ ಇಲ್ಲ", "ಥೈರಾಯ್ಡ್ ವಾಸಿಯಾಗಿದೆ"],
    "ml": ["എനിക്ക് ഇപ്പോൾ തൈറോയ്ഡ് ഇല്ല", "തൈറോയ്ഡ് മാറി"],
    "pa": ["ਮੈਨੂੰ ਹੁਣ ਥਾਇਰਾਇਡ ਨਹੀਂ ਹੈ", "ਥਾਇਰਾਇਡ ਠੀਕ ਹੋ ਗਿਆ"],
    "ur": ["مجھے اب تھائیرائیڈ نہیں ہے", "تھائیرائیڈ ٹھیک ہو گیا"],
    "or": ["ମୋର ଆଉ ଥାଇରଏଡ ନାହିଁ", "ଥାଇରଏଡ ଭଲ ହୋଇଗଲା"],
    "as": ["মোৰ এতিয়া থাইৰয়ড নাই", "থাইৰয়ড ভাল হ'ল"],
    "de": ["Ich habe keine Schilddrüsenprobleme mehr", "die Schilddrüsenerkrankung ist weg"],
}
"""A thyroid as people of every language say that they have it no more."""


def known_of(profile: list[str], language: str, *texts: str) -> tuple[list[str], Asked]:
    """The conditions that are kept after these messages, and the talk."""
    talk = unasked(language, texts[0], conditions=profile)[1]
    for text in texts[1:]:
        talk.say(text)
    return conditions_of(talk.session.profile), talk


@pytest.mark.parametrize(("language", "text"), [(language, text) for language, texts in OVER.items() for text in texts])
def test_an_illness_that_is_told_to_be_over_in_any_language_is_asked_about_before_it_is_taken_off(
    language: str, text: str
) -> None:
    started, talk = unasked(language, text, conditions=["type_2", "other"])
    assert started == ["fewer_conditions"]
    assert [frame.step for frame in talk.session.stack] == ["confirm"]
    assert conditions_of(talk.session.profile) == ["type_2", "other"]


@pytest.mark.parametrize(
    ("text", "over"),
    [
        ("my bp is cured", "pressure"),
        ("mujhe ab bp nahi hai", "pressure"),
        ("i dont have a heart problem anymore", "heart_failure"),
        ("i no longer have kidney problem", "kidney"),
        ("asthma is gone", "lung"),
        ("मुझे अब शुगर नहीं है", "type_2"),
    ],
)
def test_a_yes_takes_off_what_is_over_and_nothing_else(text: str, over: str) -> None:
    every = ["type_2", "pressure", "heart_failure", "kidney", "lung"]
    assert known_of(every, "en", text, "yes")[0] == [one for one in every if one != over]
    assert known_of(every, "en", text, "no")[0] == every


def test_what_was_never_noted_is_said_to_be_so_and_of_two_it_is_asked_which() -> None:
    kept, talk = known_of(["type_2"], "en", "my thyroid is cured")
    assert (kept, talk.session.stack) == (["type_2"], [])
    kept, talk = known_of(["type_2", "pressure"], "en", "i do not have sugar and bp any more")
    assert kept == ["type_2", "pressure"]
    assert [(frame.flow, frame.step) for frame in talk.session.stack] == [("fewer_conditions", "ask")]


@pytest.mark.parametrize(
    "text",
    [
        "bp is fine now",
        "no sugar in my tea",
        "is my thyroid cured?",
        "can diabetes be cured",
        "my son no longer has asthma",
        "ab sugar nahi hai ghar mein",
        "ab thyroid ki dawai nahi hai",
        "my kidney report has not come now",
    ],
)
def test_what_is_fine_asked_told_of_another_or_missing_at_home_takes_nothing_off(text: str) -> None:
    assert "fewer_conditions" not in unasked("en", text, conditions=["type_2", "pressure", "kidney", "lung", "other"])[0]


@pytest.mark.parametrize(
    ("word", "ending", "joined"),
    [
        ("சுகர்", "ும்", "சுகரும்"), ("பிபி", "யும்", "பிபியும்"), ("ഷുഗർ", "ും", "ഷുഗറും"), ("വൃക്കരോഗം", "വും", "വൃക്കരോഗവും"),
        ("ಶುಗರ್", "ು", "ಶುಗರು"), ("কিডনি", "র", "কিডনির"), ("kidney", "cha", "kidneycha"), ("bp", "yum", "bpyum"),
    ],
)  # fmt: skip
def test_an_ending_joins_what_is_left_of_the_last_letter(word: str, ending: str, joined: str) -> None:
    assert joined in with_endings([word], [ending])


def test_an_ending_joins_no_other_letters_and_makes_no_other_word_of_two_letters() -> None:
    assert with_endings(["sugar", "சுகர்"], ["র"]) == with_endings(["bp", ""], ["o", ""]) == frozenset()
