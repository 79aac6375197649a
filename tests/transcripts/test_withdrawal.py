"""Whoever writes "stop" has taken their consent back, wherever they stand and in whatever language they are written to."""

from __future__ import annotations

from itertools import cycle

from bot.dialogue.transcript.conversation import Conversation
from bot.model.effects import Intent, Outbound, Record
from bot.model.session import Frame
from tests.transcripts.stage import TRANSLATED, stage_in_all

STOP = {
    "en": "stop", "as": "বন্ধ কৰক", "bn": "বন্ধ করুন", "de": "Stopp", "gu": "બંધ કરો", "hi": "बंद करो", "hi_Latn": "band kar do",
    "kn": "ನಿಲ್ಲಿಸಿ", "ml": "നിർത്തുക", "mr": "थांबा", "or": "ବନ୍ଦ କରନ୍ତୁ", "pa": "ਬੰਦ ਕਰੋ", "ta": "நிறுத்து", "te": "ఆపండి", "ur": "بند کریں",
}  # fmt: skip


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
