"""Whoever writes "stop" has taken their consent back, wherever they stand and in whatever language they are written to; whoever
writes that they take it back, or that we shall not use their data, is asked about nothing else first."""

from __future__ import annotations

from itertools import cycle
from zlib import crc32

from bot.dialogue.transcript.conversation import Conversation
from bot.model.effects import Intent, Outbound, Record
from bot.model.session import Frame, Wait
from tests.transcripts.stage import TRANSLATED, stage_in_all

STOP = {
    "en": "stop", "as": "বন্ধ কৰক", "bn": "বন্ধ করুন", "de": "Stopp", "gu": "બંધ કરો", "hi": "बंद करो", "hi_Latn": "band kar do",
    "kn": "ನಿಲ್ಲಿಸಿ", "ml": "നിർത്തുക", "mr": "थांबा", "or": "ବନ୍ଦ କରନ୍ତୁ", "pa": "ਬੰਦ ਕਰੋ", "ta": "நிறுத்து", "te": "ఆపండి", "ur": "بند کریں",
}  # fmt: skip

TAKE_BACK = {
    "en": ("I withdraw my consent", "please don't share my data"),
    "as": ("মই মোৰ সন্মতি উভতাই লওঁ", "মোৰ তথ্য কাকো নিদিব"),
    "bn": ("আমি আমার সম্মতি প্রত্যাহার করছি", "আমার তথ্য কাউকে দেবেন না"),
    "de": ("Ich widerrufe meine Einwilligung", "Gib meine Daten nicht weiter"),
    "gu": ("હું મારી સંમતિ પાછી લઉં છું", "મારી માહિતી કોઈને આપશો નહીં"),
    "hi": ("मैं अपनी सहमति वापस लेता हूँ", "मेरा डेटा किसी को मत दो"),
    "hi_Latn": ("meri sehmati wapas lo", "mera data share mat karo"),
    "kn": ("ನನ್ನ ಒಪ್ಪಿಗೆಯನ್ನು ಹಿಂಪಡೆಯುತ್ತೇನೆ", "ನನ್ನ ಮಾಹಿತಿಯನ್ನು ಯಾರಿಗೂ ಕೊಡಬೇಡಿ"),
    "ml": ("എന്റെ സമ്മതം പിൻവലിക്കുന്നു", "എന്റെ വിവരങ്ങൾ ആർക്കും കൊടുക്കരുത്"),
    "mr": ("माझी संमती मागे घेतो", "माझी माहिती कोणाला देऊ नका"),
    "or": ("ମୁଁ ମୋର ସମ୍ମତି ପ୍ରତ୍ୟାହାର କରୁଛି", "ମୋ ତଥ୍ୟ କାହାକୁ ଦିଅନ୍ତୁ ନାହିଁ"),
    "pa": ("ਮੈਂ ਆਪਣੀ ਸਹਿਮਤੀ ਵਾਪਸ ਲੈਂਦਾ ਹਾਂ", "ਮੇਰੀ ਜਾਣਕਾਰੀ ਕਿਸੇ ਨੂੰ ਨਾ ਦਿਓ"),
    "ta": ("என் சம்மதத்தை திரும்பப் பெறுகிறேன்", "என் தகவலை யாருக்கும் கொடுக்காதீர்கள்"),
    "te": ("నా సమ్మతిని వెనక్కి తీసుకుంటున్నాను", "నా సమాచారం ఎవరికీ ఇవ్వవద్దు"),
    "ur": ("میں اپنی رضامندی واپس لیتا ہوں", "میری معلومات کسی کو نہ دینا"),
}
FLOW = "my_consents"


def test_who_takes_it_back_in_their_own_words_is_heard_at_every_question() -> None:
    assert set(TAKE_BACK) == set(TRANSLATED)
    stage = stage_in_all()
    asking = [(flow.name, name) for flow in stage.content.flows.values() for name, step in flow.steps.items() if step.asks]
    assert len(asking) > 150
    wrong = []
    for flow, step in asking:
        number = crc32(f"{flow}/{step}".encode())  # so that a new question changes nothing for the others
        language = TRANSLATED[number % len(TRANSLATED)]
        patient = Conversation(stage, language, "phone", {}, None)
        patient.session.stack = [Frame(flow, "c1", step, wait=Wait(step))]
        patient.write(TAKE_BACK[language][number // 100 % 2])
        if not any(frame.flow == FLOW for frame in patient.session.stack):
            wrong.append((flow, step, language))
    assert wrong == []


def test_a_talk_with_a_doctor_ends_with_the_consent_and_the_wish_is_heard_meanwhile() -> None:
    for language in TRANSLATED:
        for words in (*TAKE_BACK[language], STOP[language]):
            patient = Conversation(stage_in_all(), language, "phone", {}, None)
            patient.told(
                "doctor_bridge.doctor_says", {"doctor": "Dr Rao", "first": True, "kind": "text", "words": "How are you?"}
            )
            assert patient.session.with_person
            patient.write(words)
            assert patient.session.with_person is None, words
            told = [one for one in patient.turns[-1].effects if isinstance(one, Intent)]
            assert [one.data["text"] for one in told] == ([] if words == STOP[language] else [words])
            assert patient.session.stopped or any(frame.flow == FLOW for frame in patient.session.stack), words
            patient.write("ok")
            assert not [one for one in patient.turns[-1].effects if isinstance(one, Intent)], "nobody hears of it any more"


def test_a_talk_with_a_doctor_ends_when_the_clinic_may_see_nothing_more_and_goes_on_otherwise() -> None:
    for option, goes_on in (("clinic", False), ("research", True)):
        patient = Conversation(stage_in_all(), "en", "tapped", {}, None)
        patient.write("my consent")
        patient.told("doctor_bridge.doctor_says", {"doctor": "Dr Rao", "first": True, "kind": "text", "words": "How are you?"})
        patient.tap(f"my_consents.choose:{option}")
        assert (patient.session.with_person is not None) == goes_on


def test_what_was_taken_back_is_kept_with_the_message_its_language_and_the_version() -> None:
    patient = Conversation(stage_in_all(), "hi", "tapped", {}, None)
    patient.write(STOP["hi"])
    [kept] = [one for one in patient.turns[-1].effects if isinstance(one, Record) and one.kind == "consent_withdrawn"]
    version = patient.policy.behaviour.consent_version
    assert (kept.data["language"], kept.data["version"], kept.data["left"]) == ("hi", version, [])
    assert kept.data["message_id"]


def test_stop_takes_the_consent_back_at_every_step_of_every_flow_in_every_language() -> None:
    assert set(STOP) == set(TRANSLATED)
    stage, languages = stage_in_all(), cycle(TRANSLATED)
    steps = [(flow.name, step) for flow in stage.content.flows.values() for step in flow.steps]
    assert len(steps) > 900
    wrong = []
    for flow, step in steps:
        for language in (next(languages), "en"):
            patient = Conversation(stage, language, "phone", {}, None)
            patient.session.stack = [Frame(flow, "c1", step)]
            patient.write(STOP[language])
            turn = patient.turns[-1]
            kept = [one for one in turn.effects if isinstance(one, Record) and one.kind == "consent_withdrawn"]
            told = [one for one in turn.effects if isinstance(one, Outbound)]
            asked = [one for one in turn.effects if isinstance(one, Intent)]
            if patient.session.consent or not patient.session.stopped or len(kept) != 1 or len(told) != 1 or asked:
                wrong.append((flow, step, language, [one.text[:60] for one in told]))
    assert wrong == []
