"""Reminders through the real flows with the real agents: set in words, told at their time, answered with a tap."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from agents.engagement_engine import digest_text
from agents.engagement_engine.words import FLOW, NAMES
from agents.registry import make_agents
from bot.adapters.sqlite import SqliteStore
from bot.dialogue.agent_texts import load_agent_texts
from bot.model.ids import person_of
from config.policy import load_policy
from tests.agents.town import ROOT, Town

ASHA, MEENA = "919800000001", "919812300001"
HOUR, DAY = 3600.0, 86_400.0
POLICY = load_policy()
WORDS = load_agent_texts(
    ROOT / "dialogs", ROOT / "locales", FLOW, NAMES | digest_text.NAMES, languages=POLICY.behaviour.languages
)


@pytest.fixture
async def town(tmp_path: Path) -> AsyncIterator[Town]:
    async with SqliteStore.open(tmp_path / "store.db") as store:
        yield Town(store, make_agents(store, POLICY, words=WORDS))


async def test_a_reminder_is_set_in_words_and_comes_every_day(town: Town) -> None:
    town.settle_in(ASHA)
    said = await town.write(ASHA, "remind me to walk every day at 6 pm")
    assert "every day at 6:00 pm" in said[-1].text
    said = await town.pass_time(7 * HOUR)
    assert [(one.text, one.kind, one.notice_class) for one in said] == [("It is time for your walk.", "notice", "reminder")]
    said = await town.tap(ASHA, "done")
    assert "Noted" in said[0].text
    assert [one.text for one in await town.pass_time(DAY)] == ["It is time for your walk."]


async def test_a_reading_that_was_sent_cancels_its_reminder(town: Town) -> None:
    town.settle_in(ASHA)
    await town.write(ASHA, "remind me to measure sugar every day at 6 pm")
    await town.pass_time(6 * HOUR)  # half past five
    await town.write(ASHA, "sugar 126 fasting")
    assert [one for one in await town.pass_time(2 * HOUR) if "measure" in one.text] == []
    assert len([one for one in await town.pass_time(DAY) if "measure" in one.text]) == 1


async def test_later_comes_after_half_an_hour_unless_it_was_taken(town: Town) -> None:
    person = town.settle_in(ASHA)
    await town.write(ASHA, "my medicines")
    await town.tap(ASHA, "yes")
    await town.write(ASHA, "Metformin")
    said = await town.write(ASHA, "night")
    assert "9:00 pm" in said[-1].text
    await town.tap(ASHA, "yes")
    said = await town.pass_time(10 * HOUR)
    assert "It is time for “Metformin”" in said[-1].text
    said = await town.tap(ASHA, "later")
    assert "30 minutes" in said[-1].text
    assert await town.pass_time(1700) == []
    said = await town.pass_time(200)
    assert "It is time for “Metformin”" in said[-1].text
    await town.tap(ASHA, "later")
    await town.write(ASHA, "took my Metformin")
    await town.tap(ASHA, "taken")
    assert [one.data["status"] for one in await town.store.records(person, "medicine_taken")] == ["taken"]
    assert await town.pass_time(2 * HOUR) == []


async def test_reminders_are_listed_in_the_persons_language_and_ended_by_their_number(town: Town) -> None:
    town.settle_in(ASHA, language="hi")
    await town.write(ASHA, "रोज़ रात 9 बजे दवा की याद दिलाना")
    said = await town.write(ASHA, "रिमाइंडर दिखाओ")
    assert "1. रात 9:00, हर दिन: दवा" in said[-1].text
    await town.write(ASHA, "रिमाइंडर हटाओ")
    assert await town.pass_time(DAY) == []


async def test_one_of_a_household_is_reminded_by_name(town: Town) -> None:
    town.settle_in(ASHA)
    await town.share_phone(ASHA, "Amma")
    await town.write(ASHA, "remind me to walk every day at 6 pm")
    said = await town.pass_time(7 * HOUR)
    assert "time for your walk" in said[-1].text  # and nobody is asked whose reminder it is


async def test_who_wants_no_messages_is_not_reminded(town: Town) -> None:
    town.settle_in(ASHA)
    await town.write(ASHA, "remind me to walk every day at 6 pm")
    await town.write(ASHA, "stop")
    assert await town.pass_time(3 * DAY) == []


async def test_the_week_in_numbers_comes_to_who_wants_it(town: Town) -> None:
    town.settle_in(ASHA)
    await town.write(ASHA, "my reminders")
    await town.tap(ASHA, "set")
    await town.tap(ASHA, "summary")
    await town.write(ASHA, "6 pm")
    await town.tap(ASHA, "weekly")
    await town.tap(ASHA, "sun")
    for number in range(4):
        await town.write(ASHA, f"sugar {120 + number} fasting")
        await town.pass_time(HOUR)
    said = await town.pass_time(6 * DAY)
    [told] = [one.text for one in said if "Your week" in one.text]
    assert "4 sugar readings" in told
    assert [one for one in await town.pass_time(7 * DAY) if "Your week" in one.text] == []  # nothing measured, nothing told


async def test_a_relative_agrees_and_hears_how_it_goes_in_their_language(town: Town) -> None:
    town.settle_in(ASHA)
    town.settle_in(MEENA, language="hi", name="Meena")
    await town.write(ASHA, "family")
    await town.write(ASHA, "9812300001")
    await town.write(ASHA, "Meena")
    await town.tap(ASHA, "digest")
    said = await town.tap(ASHA, "yes")
    code = said[0].text.split("*")[1].split()[-1]
    await town.write(MEENA, f"family invitation {code}")
    await town.tap(MEENA, "agree")
    await town.write(ASHA, "sugar 126 fasting")
    said = await town.pass_time(6 * DAY)
    [digest] = [one.text for one in said if one.person == person_of(f"phone:{MEENA}") and "Asha" in one.text]
    assert "शुगर की रीडिंग: 1" in digest
    assert "126" not in digest  # numbers are more than Asha allowed
    said = await town.write(MEENA, "माँ कैसी हैं")
    assert "पिछले 7 दिन" in said[-1].text
    await town.write(ASHA, "revoke")
    said = await town.write(MEENA, "माँ कैसी हैं")
    assert "पिछले 7 दिन" not in said[-1].text
    assert [
        one for one in await town.pass_time(7 * DAY) if one.person == person_of(f"phone:{MEENA}") and "Asha" in one.text
    ] == []


async def test_a_relative_of_whom_nothing_is_known_is_asked_in_the_language_of_who_invites_them(town: Town) -> None:
    town.settle_in(ASHA, language="ta")
    for words in ("family", "9812300001", "Meena"):
        await town.write(ASHA, words)
    await town.tap(ASHA, "alarms")
    said = await town.tap(ASHA, "yes")
    code = said[0].text.split("*")[1].split()[-1]
    [asked] = await town.write(MEENA, f"family invitation {code}")
    assert [one.label for one in asked.options] == ["சம்மதம்", "இல்லை"]
    [again] = await town.write(MEENA, "english")
    assert again.options[0].label == "I agree"


async def test_who_is_erased_is_forgotten_and_can_begin_anew(town: Town) -> None:
    person = town.settle_in(ASHA)
    await town.write(ASHA, "sugar 126 fasting")
    await town.write(ASHA, "remind me to walk every day at 6 pm")
    await town.share_phone(ASHA, "Amma")
    await town.write(ASHA, "delete my data")
    said = await town.tap(ASHA, "yes")
    assert "Your data is erased" in said[-1].text
    await town.pass_time(2 * HOUR)
    held = await town.store.held(person, 100)
    assert held.readings == []
    assert {one.kind for one in held.records} <= {"consent", "consent_withdrawn", "erase_request"}
    assert {one.kind for one in held.documents} == {"erasure"}
    session = town.sessions[person]
    assert (session.household, session.stack, session.vars) == ([], [], {})
    assert set(session.profile) <= {"language", "language_chosen", "country", "zone"}
    assert await town.pass_time(2 * DAY) == []
    assert (await town.write(ASHA, "hello"))[0].text


def test_a_digest_has_all_its_lines_in_every_language_with_the_comma_of_that_language() -> None:
    facts = {
        "well": ["measured"], "look": ["lows", "doses_missed", "worse"], "taken": 5, "missed": 1, "count": 21, "average": 160,
        "lowest": 62, "highest": 222,
    }  # fmt: skip
    told = digest_text.told_of("Asha", "all", facts, ("2025-12-01", "10:30"))
    for language in POLICY.behaviour.languages:
        text = digest_text.block(told, WORDS, language, "mg/dL")
        assert len(text.splitlines()) == 7, language
        assert len(text) < digest_text.LONGEST, language
        assert text.splitlines()[2].count("،" if language == "ur" else ",") == 2, language
