"""The real flows with the real coordinator over a real store: booking, paying, moving, cancelling, family and files."""

from __future__ import annotations

from pathlib import Path

import pytest

from agents.care_coordinator.agent import CareCoordinator
from bot.adapters.sqlite import SqliteStore
from bot.errors import ConfigError
from bot.model.ids import person_of
from config.care_team import CareTeam
from config.clinic import load_clinic
from tests.agents.care_coordinator.place import ASHA, DR_RAO, RAVI, Place, town
from tests.agents.care_coordinator.world import DOCTOR, POLICY


async def test_a_visit_without_prepayment_is_booked_told_to_the_doctor_and_reminded_of(tmp_path: Path) -> None:
    async with town(tmp_path) as place:
        await place.write(ASHA, "I want to book an appointment")
        said = await place.write(ASHA, "28 Nov")
        assert "9:00 am" in said[-1].text
        await place.tap(ASHA, "second")
        said = await place.tap(ASHA, "yes")
        assert "9:30 am" in said[0].text
        assert "City Clinic, ground floor" in said[0].text
        assert "₹500" in said[0].text
        await place.pass_time(10)
        assert "9:30 am" in place.texts(DR_RAO)[-1]
        assert "Asha" in place.texts(DR_RAO)[-1]
        before = len(place.texts(ASHA))
        await place.pass_time(3 * 86_400)
        heard = place.texts(ASHA)[before:]
        assert [text.split(":")[0] for text in heard[:2]] == ["Do not forget", "Do not forget"]
        assert "Did your visit with Dr Rao" in heard[2]
        await place.tap(ASHA, "yes")
        [visit] = await place.store.documents.of(person_of(f"phone:{ASHA}"), "booking")
        assert visit.data["happened"] == "yes"


async def test_a_visit_is_moved_and_cancelled(tmp_path: Path) -> None:
    async with town(tmp_path) as place:
        await place.write(ASHA, "I want to book an appointment")
        await place.write(ASHA, "28 Nov")
        await place.tap(ASHA, "first")
        await place.tap(ASHA, "yes")
        await place.write(ASHA, "reschedule my appointment")
        await place.tap(ASHA, "move")
        await place.write(ASHA, "29 Nov")
        await place.tap(ASHA, "second")
        said = await place.tap(ASHA, "yes")
        assert "Saturday" in said[0].text
        await place.write(ASHA, "cancel my appointment")
        await place.tap(ASHA, "cancel_it")
        said = await place.tap(ASHA, "yes")
        assert "cancelled" in said[0].text
        await place.pass_time(10)  # it was moved to the other doctor, who has the same phone here
        assert [text[:9] for text in place.texts(DR_RAO)] == ["New visit", "Cancelled", "New visit", "Cancelled"]
        said = await place.write(ASHA, "cancel my appointment")
        assert "no visit" in said[0].text


async def test_a_visit_is_paid_by_a_link_and_the_receipt_is_told_once(tmp_path: Path) -> None:
    async with town(tmp_path, prepaid=True) as place:
        await place.write(ASHA, "I want to book an appointment")
        await place.write(ASHA, "28 Nov")
        await place.tap(ASHA, "first")
        said = await place.tap(ASHA, "yes")
        assert "I hold Friday, 28 November" in said[0].text
        assert "₹500" in said[1].text
        said = await place.tap(ASHA, "pay_now")
        [visit] = await place.store.documents.of(person_of(f"phone:{ASHA}"), "booking")
        assert f"https://pay.example/{visit.id}.1" in said[0].text
        place.bank.pay(f"{visit.id}.1")
        said = await place.tap(ASHA, "paid")
        assert "has arrived" in said[0].text
        assert "Booked: Friday, 28 November" in said[0].text
        before = len(place.texts(ASHA))
        await place.pass_time(60)
        assert place.texts(ASHA)[before:] == []  # they have heard it already
        assert len([text for text in place.texts(DR_RAO) if text.startswith("New visit")]) == 1
        said = await place.write(ASHA, "I want to pay")
        assert "nothing to pay" in said[0].text


async def test_who_does_not_pay_hears_that_the_time_is_free_again(tmp_path: Path) -> None:
    async with town(tmp_path, prepaid=True) as place:
        await place.write(ASHA, "I want to book an appointment")
        await place.write(ASHA, "28 Nov")
        await place.tap(ASHA, "first")
        await place.tap(ASHA, "yes")
        await place.tap(ASHA, "later")
        before = len(place.texts(ASHA))
        await place.pass_time(3600)
        assert "No payment came" in place.texts(ASHA)[before]
        assert person_of(f"phone:{DR_RAO}") == DOCTOR
        assert place.texts(DR_RAO) == []


async def test_a_lab_test_is_booked_and_its_values_are_noted_when_wanted(tmp_path: Path) -> None:
    async with town(tmp_path, lab=True) as place:
        await place.write(ASHA, "I want a lab test")
        await place.tap(ASHA, "hba1c")
        await place.tap(ASHA, "lab")
        await place.write(ASHA, "skip")
        await place.tap(ASHA, "first")
        said = await place.tap(ASHA, "yes")
        assert said[0].text.startswith("Booked")
        person = person_of(f"phone:{ASHA}")
        [booking] = await place.store.documents.of(person, "booking")
        place.laboratory.has_result(f"{booking.id}.0")
        await place.pass_time(2 * 86_400)
        said = [one for one in place.said if one.media]
        assert [one.media.kind for one in said if one.media] == ["document"]
        assert "HbA1c 6.8 %" in place.texts(ASHA)[-1]
        await place.tap(ASHA, "yes")
        assert [one.value for one in await place.store.readings(person, "hba1c")] == [6.8]


async def test_without_a_laboratory_or_payments_the_agent_says_so(tmp_path: Path) -> None:
    async with town(tmp_path) as place:
        await place.write(ASHA, "I want a lab test")
        await place.tap(ASHA, "hba1c")
        said = await place.tap(ASHA, "lab")
        assert "no lab that works with your clinic" in said[0].text
        said = await place.write(ASHA, "I want to pay")
        assert "nothing to pay" in said[0].text


async def test_a_relative_is_invited_agrees_hears_an_alarm_and_leaves(tmp_path: Path) -> None:
    async with town(tmp_path) as place:
        await place.write(ASHA, "family")
        await place.write(ASHA, "9812300001")
        await place.write(ASHA, "Ravi")
        await place.tap(ASHA, "alarms")
        said = await place.tap(ASHA, "yes")
        link = next(line for line in said[0].text.splitlines() if line.startswith("https://wa.me/911140000000?text="))
        code = link[-6:]
        stranger = await place.write("919900000009", f"family invitation {code}")
        assert "I do not know this invitation" in stranger[0].text
        said = await place.write(RAVI, f"family invitation {code}")
        assert "Asha would like you" in said[0].text
        await place.tap(RAVI, "agree")
        assert "call Asha first" in place.texts(RAVI)[-1]
        assert "Ravi has agreed" in place.texts(ASHA)[-1]
        said = await place.write(ASHA, "family")
        assert "Ravi gets alarms only" in said[0].text
        said = await place.write(RAVI, "family")
        assert "You get messages about Asha" in said[0].text
        await place.tap(RAVI, "leave")
        assert "Ravi does not get messages" in place.texts(ASHA)[-1]
        said = await place.write(RAVI, "family")
        assert "You get messages about" not in said[0].text


async def test_pages_of_a_report_are_kept_labelled_together_and_one_is_forgotten(tmp_path: Path) -> None:
    async with town(tmp_path) as place:
        person = person_of(f"phone:{ASHA}")
        place.files.held |= {"ref-one", "ref-two"}
        await place.send_file(ASHA, "ref-one")
        await place.send_file(ASHA, "ref-two")
        said = await place.tap(ASHA, "lab_report")
        assert "Your care team can see it now" in said[0].text
        kept = await place.store.documents.of(person, "file")
        assert {(one.state, one.data["label"], one.data["shared"]) for one in kept} == {("labelled", "lab_report", True)}
        said = await place.send_file(ASHA, "ref-one")
        assert "I have this one already" in said[0].text


async def test_the_day_and_the_hour_that_were_named_are_what_is_offered(tmp_path: Path) -> None:
    async with town(tmp_path) as place:
        place.settle_in(ASHA)
        offered = await place.write(ASHA, "book appointment for friday 5 pm")
        assert "*1:* Friday, 28 November, 5:00 pm" in offered[-1].text
        [near] = await place.write(ASHA, "friday at 2 pm")  # between the hours of that day
        assert near.text.startswith("No time is free then, sorry.")
        assert "*1:* Friday, 28 November, 12:30 pm" in near.text
        assert "*2:* Friday, 28 November, 4:00 pm" in near.text
        [free] = await place.write(ASHA, "6 pm")
        assert free.text.startswith("Friday, 28 November, 6:00 pm, ")
        await place.tap(ASHA, "other")
        await place.write(ASHA, "friday 5 pm")
        await place.tap(ASHA, "first")
        await place.tap(ASHA, "yes")
        moved = await place.write(ASHA, "change my appointment to monday at 4")
        assert "*1:* Monday, 1 December, 4:00 pm" in moved[-1].text
        await place.tap(ASHA, "first")
        [done] = await place.tap(ASHA, "yes")
        assert "Your visit is now Monday, 1 December, 4:00 pm" in done.text
        late = await place.write(ASHA, "change my appointment to saturday 9 pm")  # after the hours of that day: the last ones
        assert "Saturday, 29 November, 12:" in late[-1].text


async def test_patients_are_offered_the_doctors_of_the_clinic_whose_number_they_write_to(tmp_path: Path) -> None:
    clinics = {
        "here": {"name": "Here", "zone": "Asia/Kolkata"},
        "far": {"name": "Far", "zone": "Asia/Kolkata", "numbers": ["main"]},  # the town's people write to "main"
    }
    member = {"id": "sen", "role": "doctor", "name": "Dr Sen", "phone": "+910000000077", "clinic": "far"}
    policy = POLICY.model_copy(update={"care_team": CareTeam.model_validate({"clinics": clinics, "members": [member]})})
    rao, sen = load_clinic().doctors
    both = (rao.model_copy(update={"clinic": "here"}), sen.model_copy(update={"member": "sen"}))
    async with SqliteStore.open(tmp_path / "store.db") as store:
        clinic = load_clinic().model_copy(update={"doctors": both})
        place = Place(store, {"care_coordinator": CareCoordinator(store, policy, clinic)}, team=policy.care_team)
        await place.journal(place.settle_in(ASHA))
        said = await place.write(ASHA, "book appointment for monday")
        assert "Dr Sen" in said[-1].text
        assert "Dr Rao" not in said[-1].text
        elsewhere = clinic.model_copy(update={"doctors": (rao.model_copy(update={"clinic": "nowhere"}),)})
        with pytest.raises(ConfigError, match="no clinic 'nowhere'"):
            CareCoordinator(store, policy, elsewhere)
