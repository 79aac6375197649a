"""Real conversations of patients and their clinic, through the real flows, with the real monitor and the real bridge."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from agents.doctor_bridge.files import KIND
from agents.doctor_bridge.talk import Line, excerpt, transcript
from bot.adapters.sqlite import SqliteStore
from tests.agents.doctor_bridge.clinic import (
    ASHA,
    ASHAS,
    BINAS,
    DESK,
    DESKS,
    FARS,
    MEHTA,
    MEHTAS,
    RAO,
    RAOS,
    last,
    of,
    to,
    town_of,
)
from tests.agents.town import NOON, Town

HOUR, DAY = 3600.0, 86400.0
ADVICE = "Asha, chest pain needs a hospital.\n\nI have told the emergency room: ask for Dr Iyer. "


@pytest.fixture
async def town(tmp_path: Path) -> AsyncIterator[Town]:
    async with SqliteStore.open(tmp_path / "store.db") as store:
        yield town_of(store)


async def state(town: Town) -> list[str]:
    return [one.state for one in await town.store.documents.of(ASHA, KIND)]


async def number(town: Town) -> str:
    return str((await town.store.documents.of(ASHA, KIND))[0].data["number"])


async def ask_for_somebody(town: Town, phone: str = ASHAS, how_soon: str = "wait") -> list[str]:
    await town.write(phone, "human")
    await town.tap(phone, "medicine")
    return to(await town.tap(phone, how_soon))


async def test_an_alarm_is_taken_answered_by_quoting_and_closed(town: Town) -> None:
    town.settle_in(ASHAS)
    await town.write(ASHAS, "my sugar is 182 fasting")
    await town.write(ASHAS, "I have chest pain")
    said = await town.tap(MEHTAS, "take")
    screen = said[-2]
    assert screen.person == MEHTA
    assert "Asha, 60, +919800000001. You took this emergency." in screen.text
    assert "an alarm (chest pain). The patient was told at once to call 112 / 108." in screen.text
    assert "Sugar: 182 mg/dL, fasting (" in screen.text
    assert "Known: Type 2 diabetes; as told here." in screen.text
    said = await town.write(MEHTAS, ADVICE, quoting=screen)
    assert to(said) == ["Asha", "Dr Mehta"]
    assert of(said, ASHA).startswith(f"*Dr Mehta* (Asha Clinic) writes:\n{ADVICE.strip()}\n\n_What you write now goes to")
    assert said[0].kind == "reply"  # a person's words are not counted among the five notices of a day
    town.now += 60
    said = await town.write(ASHAS, "I am on the way. My sugar is 170")
    town.now += 60
    assert to(said) == ["Dr Mehta"]
    assert of(said, MEHTA) == f"*#{await number(town)} Asha:*\nI am on the way. My sugar is 170"
    said = await town.write(MEHTAS, "She has chest pain no more?", quoting=last(said, MEHTA))
    assert to(said) == ["Asha", "Dr Mehta"]  # his words are no alarm of his own
    assert of(said, ASHA) == "*Dr Mehta* writes:\nShe has chest pain no more?"
    assert to(await town.pass_time(600)) == ["Asha"]  # did help come?
    assert to(await town.tap(ASHAS, "came")) == ["Asha", "Dr Mehta"]
    assert to(await town.write(MEHTAS, f"#{(await number(town)).lower()} Done")) == ["Asha", "Dr Mehta"]
    assert await state(town) == ["closed"]
    assert "What would you like to do?" in of(await town.write(ASHAS, "menu"), ASHA)
    [case] = await town.store.documents.of(ASHA, KIND)
    lines = await transcript(town.store, ASHA, case.id)
    assert [(line.who, line.text) for line in lines] == [
        ("Dr Mehta", ADVICE.strip()),
        ("Asha", "I am on the way. My sugar is 170"),
        ("Dr Mehta", "She has chest pain no more?"),
    ]


async def test_danger_in_a_talk_is_answered_by_the_bot_and_seen_by_who_talks(town: Town) -> None:
    town.settle_in(ASHAS)
    await ask_for_somebody(town)
    await town.write(MEHTAS, "What is it about?")
    case = await number(town)
    await town.write(MEHTAS, f"#{case} pass")
    await town.write(RAOS, "I am with you now")
    said = await town.write(ASHAS, "sugar 48")
    assert said[0].kind == "emergency"
    assert of(said, RAO) == f"*#{case} Asha:*\nsugar 48"  # the alarm itself goes to Dr Mehta first
    assert "Can you call the patient now?" in of(said, MEHTA)
    said = await town.tap(MEHTAS, "take")
    assert "Sugar: 48 mg/dL (very low)" in of(said, MEHTA)
    assert "there was an alarm" not in of(said, MEHTA)  # the screen tells more
    assert "Dr Mehta has it now" in of(said, RAO)
    assert "An emergency, Dr Mehta has it." in of(await town.write(RAOS, f"#{case}"), RAO)
    passed = await town.write(MEHTAS, f"#{case} pass")
    assert "An emergency that nobody has now." in of(passed, DESK)
    assert [option.id.partition(":")[2] for option in last(passed, DESK).options] == ["take", "later", "pass"]
    town.now += 60
    assert "Asha:*\nthere is pressure in my chest" in of(await town.write(ASHAS, "there is pressure in my chest"), RAO)


async def test_done_alone_closes_the_case_and_is_not_sent_to_the_patient(town: Town) -> None:
    town.settle_in(ASHAS)
    await ask_for_somebody(town)
    asked = last(await town.write(MEHTAS, "Have you taken the tablet?"), MEHTA)
    assert "*Dr Mehta* writes:\nDone" in of(await town.write(MEHTAS, "Done", quoting=asked), ASHA)
    said = await town.write(MEHTAS, "Done.")
    assert "Dr Mehta has finished this talk" in of(said, ASHA)
    assert await state(town) == ["closed"]


async def test_writing_below_an_alarm_takes_it(town: Town) -> None:
    town.settle_in(ASHAS)
    alarm = last(await town.write(ASHAS, "I have chest pain"), MEHTA)
    said = await town.write(MEHTAS, "Call 112 now, I am calling you", quoting=alarm)
    assert "*Dr Mehta* (Asha Clinic) writes:\nCall 112 now, I am calling you" in of(said, ASHA)
    assert "Dr Mehta of your care team has answered" in of(said, ASHA)
    assert [one.state for one in await town.store.documents.of(ASHA, "emergency_case")] == ["acknowledged"]
    assert await state(town) == ["taken"]


async def test_a_request_climbs_to_the_next_doctor_and_the_desk_and_the_patient_hears_the_truth(town: Town) -> None:
    town.settle_in(ASHAS)
    assert await ask_for_somebody(town, how_soon="today") == ["Dr Mehta", "Asha"]
    assert "They plan to answer by Tuesday, 25 November, 2:30 pm" in of(town.said, ASHA)
    assert to(await town.pass_time(21 * 60)) == ["Dr Rao"]
    assert to(await town.pass_time(20 * 60)) == ["Meena"]
    later = await town.pass_time(40 * 60)
    assert to(later) == ["Asha"]
    assert "Nobody of your care team has answered yet. I have told Dr Mehta, Dr Rao and Meena." in of(later, ASHA)
    assert await state(town) == ["unanswered"]
    again = await town.pass_time(DAY)  # the clinic opens again
    assert to(again)[0] == "Dr Mehta"
    late = await town.tap(RAOS, "take")
    assert "Dr Rao of your care team has your request" in of(late, ASHA)
    assert "Dr Rao has it now" in of(late, MEHTA)


async def test_at_night_the_patient_hears_when_the_clinic_opens_and_the_doctor_is_told_then(town: Town) -> None:
    town.now = NOON + 10 * HOUR
    town.settle_in(ASHAS)
    assert await ask_for_somebody(town) == ["Asha"]
    assert "They are back on Wednesday, 26 November at 9:00 am" in of(town.said, ASHA)
    assert await state(town) == ["waiting"]
    assert to(await town.pass_time(12 * HOUR)) == ["Dr Mehta"]


async def test_with_two_patients_plain_words_are_sent_to_nobody_before_it_is_asked(town: Town) -> None:
    town.settle_in(ASHAS)
    town.settle_in(BINAS, name="Bina")
    await ask_for_somebody(town)
    await ask_for_somebody(town, BINAS)
    said = await town.write(MEHTAS, "Take it with food")
    assert to(said) == ["Dr Mehta"]
    assert {option.label.split()[-1] for option in said[0].options} == {"Asha", "Bina", "it"}
    asha = next(option.id for option in said[0].options if "Asha" in option.label)
    sent = await town.tap(MEHTAS, asha)
    assert to(sent) == ["Asha", "Dr Mehta"]
    assert "Take it with food" in of(sent, ASHA)


async def test_words_for_a_case_that_a_colleague_has_just_closed_are_not_sent_to_the_other_patient(town: Town) -> None:
    town.settle_in(ASHAS)
    town.settle_in(BINAS, name="Bina")
    await ask_for_somebody(town)
    ashas = await number(town)
    await town.write(MEHTAS, "Take it with food")
    await ask_for_somebody(town, BINAS)
    await town.write(DESKS, f"#{ashas} done")
    said = await town.write(MEHTAS, "And half a tablet less from tomorrow")
    assert to(said) == ["Dr Mehta"]
    asha = next(option.id for option in said[0].options if "Asha" in option.label)
    assert to(await town.tap(MEHTAS, asha)) == ["Asha", "Dr Mehta"]
    await town.write(MEHTAS, f"#{ashas} done")
    assert to(await town.write(MEHTAS, "I call you at six")) == [
        "Bina",
        "Dr Mehta",
    ]  # who closed it is done with it


async def test_a_case_that_is_passed_on_comes_with_summary_and_transcript(town: Town) -> None:
    town.settle_in(ASHAS)
    await ask_for_somebody(town)
    await town.write(MEHTAS, "How often do you measure?")
    town.now += 60
    await town.write(ASHAS, "Twice a day")
    case = await number(town)
    said = await town.write(MEHTAS, f"#{case} pass")
    assert to(said) == ["Dr Rao", "Dr Mehta"]
    assert "What was written so far:\nDr Mehta: How often do you measure?\nAsha: Twice a day" in of(said, RAO)
    assert f"*#{case}* Asha, 60, +919800000001." in of(said, RAO)
    said = await town.write(RAOS, "Please measure also at night")
    assert "*Dr Rao* writes:\nPlease measure also at night" in of(said, ASHA)
    assert to(await town.write(ASHAS, "Yes")) == ["Dr Rao"]


async def test_whoever_passes_a_case_on_hears_when_nobody_else_is_there_and_so_does_who_writes_then(town: Town) -> None:
    town.settle_in(ASHAS)
    await ask_for_somebody(town)
    case = await number(town)
    await town.write(MEHTAS, f"#{case} How often do you measure?")
    passed = [await town.write(who, f"#{case} pass") for who in (MEHTAS, RAOS, DESKS)]
    assert ["Nobody else of your clinic" in "".join(one.text for one in said) for said in passed] == [False, False, True]
    assert "Nobody of your care team has answered yet" in of(passed[-1], ASHA)
    said = await town.write(ASHAS, "Twice a day")
    assert "Your message has not reached your care team" in of(said, ASHA)
    assert "Asha" in to(said)
    assert not any(one in to(said) for one in ("Dr Mehta", "Dr Rao"))
    [said_now] = await town.write(ASHAS, "menu")
    assert "What would you like to do?" in said_now.text


async def test_later_today_is_reminded_before_anybody_else_is_told(town: Town) -> None:
    town.settle_in(ASHAS)
    await ask_for_somebody(town, how_soon="today")
    assert "I remind you" in of(await town.tap(MEHTAS, "later"), MEHTA)
    reminded = await town.pass_time(HOUR + 60)
    assert to(reminded) == ["Dr Mehta"]
    assert "is waiting for your words" in of(reminded, MEHTA)
    assert "Dr Rao" in to(await town.pass_time(HOUR))


async def test_who_took_a_case_and_does_not_write_is_reminded_and_then_it_goes_on(town: Town) -> None:
    town.settle_in(ASHAS)
    await ask_for_somebody(town, how_soon="today")
    await town.tap(MEHTAS, "take")
    late = await town.pass_time(3.1 * HOUR)
    assert to(late) == ["Dr Mehta", "Asha"]
    assert "Dr Mehta has your request and has not written yet; I have reminded them." in of(late, ASHA)
    later = await town.pass_time(2.1 * HOUR)
    assert to(later) == ["Dr Mehta", "Dr Rao"]
    assert "it goes on to the next of your clinic" in of(later, MEHTA)


async def test_pictures_voice_and_changes_go_through_and_what_cannot_is_said(town: Town) -> None:
    town.settle_in(ASHAS)
    await ask_for_somebody(town)
    await town.write(MEHTAS, "Show me the foot")
    said = await town.send_file(ASHAS, "foot", "image", "image/jpeg")
    assert [one.media.ref for one in said if one.media] == ["foot"]
    said = await town.send_file(MEHTAS, "sheet")
    assert [(one.media.kind, one.media.ref) for one in said if one.person == ASHA and one.media] == [("document", "sheet")]
    wrong = await town.write(MEHTAS, "Take 1 in the evening", id_="wrong")
    assert "Take 1 in the evening" in of(wrong, ASHA)
    mended = await town.write(MEHTAS, "Take 1 in the morning", kind="edit", target_id="wrong")
    assert "*Dr Mehta* has changed a message. It now says:\nTake 1 in the morning" in of(mended, ASHA)
    assert to(await town.write(MEHTAS, "", kind="deletion", target_id="wrong")) == ["Dr Mehta"]
    film = await town.send_file(MEHTAS, "film", "video", "video/mp4")
    assert to(film) == ["Dr Mehta"]
    assert "Asha has not got it" in of(film, MEHTA)


async def test_a_patient_who_stopped_is_not_written_to_and_the_doctor_hears_it(town: Town) -> None:
    town.settle_in(ASHAS)
    await ask_for_somebody(town)
    await town.write(ASHAS, "stop")
    said = await town.write(MEHTAS, "Please come on Monday")
    assert to(said) == ["Dr Mehta"]
    assert "Asha has switched off my messages, so I could not send it. Their phone: +919800000001." in of(said, MEHTA)


async def test_without_consent_to_share_the_clinic_sees_the_words_and_no_readings(town: Town) -> None:
    town.settle_in(ASHAS)
    town.sessions[ASHA].consent["purposes"] = ["care_messages"]
    await town.write(ASHAS, "my sugar is 182 fasting")
    await ask_for_somebody(town)
    screen = of(town.said, MEHTA)
    assert "Asha, +919800000001." in screen
    assert "has not agreed to share" in screen
    assert "182" not in screen


async def test_of_another_clinic_nobody_sees_or_writes(town: Town) -> None:
    town.settle_in(ASHAS)
    await ask_for_somebody(town)
    said = await town.write(FARS, f"#{await number(town)} Hello Asha")
    assert "I do not know this case number" in said[0].text
    assert len(said) == 1


async def test_quoting_something_unknown_is_asked_about_even_with_one_case(town: Town) -> None:
    town.settle_in(ASHAS)
    await ask_for_somebody(town)
    said = await town.write(MEHTAS, "As I said", quoted_id="of last year")
    assert "For which patient is that?" in said[0].text
    assert to(await town.tap(MEHTAS, "none")) == ["Dr Mehta"]
    assert "sent it to nobody" in of(town.said, MEHTA)


async def test_a_desk_and_a_colleague_may_write_and_whoever_has_the_case_sees_it(town: Town) -> None:
    town.settle_in(ASHAS)
    await ask_for_somebody(town)
    await town.tap(MEHTAS, "take")
    said = await town.write(DESKS, f"#{await number(town)} Please bring your papers")
    assert to(said) == ["Asha", "Dr Mehta", "Meena"]
    assert "*Meena* (Asha Clinic) writes:" in of(said, ASHA)
    assert "Meena to Asha:*\nPlease bring your papers" in of(said, MEHTA)
    assert "Dr Mehta has this case" in of(said, DESK)


async def test_after_two_quiet_days_the_talk_closes_and_late_words_are_not_lost_in_silence(town: Town) -> None:
    town.settle_in(ASHAS)
    await ask_for_somebody(town)
    await town.write(MEHTAS, "All is well")
    quiet = await town.pass_time(2 * DAY + 60)
    assert "nobody has written for two days" in of(quiet, ASHA)
    assert await state(town) == ["closed"]
    case = await number(town)
    said = await town.write(MEHTAS, f"#{case} One more thing")
    assert "*Dr Mehta* (Asha Clinic) writes:\nOne more thing" in of(said, ASHA)
    assert await state(town) == ["taken"]


async def test_the_list_of_open_cases_and_the_screen_on_request(town: Town) -> None:
    town.settle_in(ASHAS)
    assert "no open case" in of(await town.write(MEHTAS, "#"), MEHTA)
    await ask_for_somebody(town)
    listed = await town.write(MEHTAS, "#")
    assert "Your open cases" in listed[0].text
    shown = await town.tap(MEHTAS, listed[0].options[0].id)
    assert "would like to talk to a person (“A medicine”)" in of(shown, MEHTA)
    assert of(await town.write(MEHTAS, f"#{await number(town)}"), MEHTA) == of(shown, MEHTA)


async def test_a_second_wish_joins_the_open_case(town: Town) -> None:
    town.settle_in(ASHAS)
    await ask_for_somebody(town)
    await town.tap(MEHTAS, "take")
    assert await ask_for_somebody(town) == ["Dr Mehta", "Asha"]
    assert "one more thing (asked)" in of(town.said, MEHTA)
    assert await state(town) == ["taken"]


async def test_a_doctor_reads_hindi_and_words_are_not_translated(town: Town) -> None:
    town.settle_in(ASHAS, language="hi")
    await ask_for_somebody(town)
    said = await town.write(MEHTAS, "Come on Monday")
    assert "*Dr Mehta* (Asha Clinic) ने लिखा है:\nCome on Monday" in of(said, ASHA)


def test_whoever_has_told_us_no_name_is_called_by_their_number() -> None:
    line = Line("patient", "", "", "text", "Twice a day", "", "m1", "", 1.0)
    assert excerpt([line], "+919810000001") == "+919810000001: Twice a day"
