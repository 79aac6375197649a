"""Which template a message carries: chosen and filled by the engine, the same for the same conversation."""

from __future__ import annotations

from typing import Any

from bot.dialogue.engine import Engine
from bot.dialogue.isolates import FSI, PDI, RLM, without_controls
from bot.dialogue.official.choosing import order_of
from bot.dialogue.official.template import components, fixed
from bot.model.effects import Outbound
from bot.model.events import Told
from bot.model.ids import InputId
from bot.model.session import Channel
from config.care_team import CareTeam
from tests.dialogue.stub import understand
from tests.dialogue.talk import ADDRESS, NOON, PERSON, Talk, content, policy
from webhooks.template_names import CODES

HOUR = 3600.0


def told(talk: Talk, event: str, **facts: Any) -> Outbound:
    agent, name = event.split(".")
    turn = talk.feed(Told(InputId(f"told:{name}"), PERSON, agent, name, talk.now, facts))
    return next(effect for effect in turn.effects if isinstance(effect, Outbound))


def alarm(talk: Talk, **facts: Any) -> Outbound:
    about = {"case": "c1", "category": "chest_pain", "patient": "Asha", "minutes": 2}
    return told(talk, "clinical_monitor.caregiver_alarm", **{**about, **facts})


def relative(language: str = "en", integration: str = "cloud") -> Talk:
    talk = Talk()
    talk.session.profile["language"] = language
    talk.session.channel = Channel("main", integration, ADDRESS)  # type: ignore[arg-type]
    return talk


def test_an_alarm_carries_its_template_with_values_and_buttons() -> None:
    message = alarm(relative())
    assert message.window_until == 0.0  # a relative who never wrote
    assert message.template
    assert message.template.name == "emergency_relative"
    [english] = message.template.wordings
    assert english.values == ("Asha", "112 / 108")
    assert [(one.id, one.label) for one in english.options] == [
        ("relative_alarm.alarm:with_them", "I am with them"),
        ("relative_alarm.alarm:cannot", "I cannot"),
    ]
    assert alarm(relative()).template == message.template


def test_in_urdu_what_is_fixed_and_what_is_filled_in_stand_in_their_places() -> None:
    message = alarm(relative("ur"))
    assert message.template
    urdu = message.template.wordings[0]
    assert urdu.values == (f"{FSI}Asha{PDI}", f"{FSI}112 / 108{PDI}")
    said = next(one for standing in content().templates.values() for one, _ in standing if one.name == "emergency_relative")
    [body] = [part["text"] for part in components(said, "ur") if part["type"] == "BODY"]
    assert body.startswith(f"{RLM}{FSI}ProCare{PDI} الارم: {{{{1}}}}")
    assert without_controls(body) == said.texts["ur"].body
    assert components(said, "hi")[0]["text"] == said.texts["hi"].body
    assert fixed("{{1}} نے لکھا: hi", "ur") == f"{RLM}{{{{1}}}} نے لکھا: {FSI}hi{PDI}"


def test_a_condition_chooses_the_template_and_an_empty_value_gets_its_stand_in() -> None:
    message = alarm(relative("hi"), category="severe_hypoglycaemia", patient="")
    assert message.template
    assert message.template.name == "emergency_relative_low"
    assert [one.language for one in message.template.wordings] == ["hi", "en"]
    assert [one.values[0] for one in message.template.wordings] == ["आपके रिश्तेदार", "your relative"]


def test_a_day_is_said_in_the_language_of_the_template() -> None:
    talk = relative("hi")
    talk.session.consent = {"version": policy().behaviour.consent_version, "purposes": ["care_messages"]}
    facts = {"kind": "visit", "day": "2025-11-27", "time": "10:30", "who": "Dr\nMehta", "place": ""}
    message = told(talk, "care_coordinator.visit_reminder", **facts)
    assert message.template
    hindi, english = message.template.wordings
    assert hindi.values[0] != english.values[0]
    assert "Nov" in english.values[0]
    assert english.values[2] == "Dr Mehta"  # WhatsApp takes no line break in a value


def test_the_window_ends_a_day_after_the_person_last_wrote() -> None:
    talk = relative()
    talk.session.last_inbound_at = NOON - 23 * HOUR
    message = alarm(talk)
    assert message.window_until is not None
    assert NOON + HOUR - 120 < message.window_until < NOON + HOUR


def test_other_channels_have_no_window_and_need_no_template() -> None:
    message = alarm(relative(integration="baileys"))
    assert message.template is None
    assert message.window_until is None


def test_what_the_person_just_asked_for_needs_no_template() -> None:
    talk = Talk().onboard()
    replies = [one for one in talk.said(everything=True) if one.kind == "reply"]
    assert replies
    assert all(one.template is None and one.window_until is None for one in replies)


def test_english_is_the_last_way_out() -> None:
    fallback = {"ur": ("hi",)}
    assert order_of("ur", fallback) == ["ur", "hi", "en"]
    assert order_of("ta", fallback) == ["ta", "en"]
    assert order_of("en", fallback) == ["en"]
    assert order_of("ur", fallback, "bn") == ["ur", "bn", "hi", "en"]
    assert order_of("ta", fallback, "ta") == ["ta", "en"]


def test_whoever_reads_a_language_that_whatsapp_does_not_list_gets_one_that_it_has_approved() -> None:
    """Outside the 24 hours, with Odia, Assamese and Romanised Hindi not approved: the second language, Hindi or English."""
    for language, second, order in (
        ("or", None, ["hi", "en"]),
        ("or", "te", ["te", "hi", "en"]),
        ("as", None, ["bn", "hi", "en"]),
        ("hi_Latn", "mr", ["mr", "hi", "en"]),
    ):
        talk = relative(language)
        if second:
            talk.session.profile["second_language"] = second
        offer = alarm(talk).template
        assert offer
        assert [one.language for one in offer.wordings] == [language, *order]
        talk.session.consent = {"version": policy().behaviour.consent_version, "purposes": ["care_messages"]}
        notice = told(
            talk, "care_coordinator.visit_reminder", kind="visit", day="2025-11-27", time="10:30", who="Dr Mehta", place=""
        )
        assert notice.template
        assert [one.language for one in notice.template.wordings] == [language, *order]
        listed = [one for one in notice.template.wordings if one.language not in CODES]
        assert all(one.values[0] for one in listed)  # the day is said in the language of the template


def test_another_text_is_another_form() -> None:
    talk = relative()
    first = alarm(talk).template
    assert first
    assert len({one.form for one in first.wordings}) == len(first.wordings)


def test_what_the_care_team_hears_is_no_notice_and_has_its_template() -> None:
    talk = relative()
    clinic = {"name": "Our clinic", "zone": "Asia/Kolkata"}
    doctor = {"id": "rao", "role": "doctor", "name": "Dr Rao", "phone": f"+{ADDRESS}", "languages": ["en"], "clinic": "main"}
    team = CareTeam.model_validate({"clinics": {"main": clinic}, "members": [doctor]})
    talk.engine = Engine(content(), policy().model_copy(update={"care_team": team}), understand)
    message = told(talk, "care_coordinator.doctor_visit", change="moved", day="2025-11-27", time="10:30", patient="Asha")
    assert message.kind == "reply"
    assert message.window_until == 0.0
    assert message.template
    assert message.template.name == "calendar_change"
    assert message.template.wordings[0].values[1] == "10:30 am"
