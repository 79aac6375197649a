"""What every agent promises: any repeat hears the same and leaves the same, and what nobody understands is Malformed."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agents.care_coordinator.agent import CareCoordinator
from agents.care_coordinator.booking import read
from agents.registry import NAMES
from agents.result import Result
from bot import queues
from bot.app.engines import open_engines
from bot.errors import ConfigError, Malformed, StoreUnavailable
from bot.metrics import Metrics
from bot.model.codec import decode_turn_event
from bot.model.effects import Intent
from bot.model.events import AgentResult, Told
from bot.model.ids import EffectId, PersonId, person_of
from bot.running.agent_runner import AgentRunner
from config.policy import load_policy
from config.settings import Settings
from tests.agents.care_coordinator.booking import OTHER, SLOT, THIRD, clinic
from tests.agents.care_coordinator.lab import FolderOfFiles, MemoryLaboratory
from tests.agents.care_coordinator.world import (
    ASHA,
    DOCTOR,
    DOCTORS,
    POLICY,
    RAVI,
    START,
    Bank,
    Gates,
    MemoryDocuments,
    OnlyDocuments,
)
from tests.runtime.parts import delivery, taken


class Desk:
    """The coordinator with everything in memory."""

    def __init__(self, *, prepaid: bool = False) -> None:
        gates = Gates()
        self.documents = MemoryDocuments(gates)
        store: Any = OnlyDocuments(self.documents)
        self.files = FolderOfFiles()
        self.coordinator = CareCoordinator(
            store, POLICY, clinic(), media=self.files, laboratory=MemoryLaboratory(), payments=Bank(gates) if prepaid else None
        )

    async def ask(self, id_: str, name: str, person: PersonId = ASHA, /, **data: Any) -> Result:
        return await self.coordinator.handle(Intent(EffectId(id_), person, "care_coordinator", name, START, data), now=START)


async def test_over_a_real_bus_a_repeat_answers_the_same_books_once_and_the_doctor_hears_once(tmp_path: Path) -> None:
    configuration = Settings(data_dir=tmp_path, port=0, partitions=1)
    async with open_engines(configuration) as engines:
        await engines.bus.declare(queues.topology(1, NAMES))
        coordinator, now = CareCoordinator(engines.store, POLICY, clinic(), media=FolderOfFiles()), [START]
        runner = AgentRunner(coordinator, engines.bus, engines.store.documents, Metrics(), lambda: now[0], 1, NAMES)

        async def heard(id_: str, name: str, **data: Any) -> AgentResult:
            intent = Intent(EffectId(id_), ASHA, "care_coordinator", name, START, data)
            await runner.handle(delivery(intent, ASHA, id_))
            [answer] = [decode_turn_event(one.body) for one in await taken(engines.bus, queues.turns(0), 1)]
            assert isinstance(answer, AgentResult)
            return answer

        first = await heard("book", "book_visit", slot=SLOT)
        assert first.outcome == "booked"
        assert await heard("book", "book_visit", slot=SLOT) == first
        assert (await heard("other", "book_visit", slot=SLOT)).outcome == "taken"
        now[0] += 10
        assert await runner.tick(coordinator) == 1
        [told] = [decode_turn_event(one.body) for one in await taken(engines.bus, queues.turns(0), 1)]
        assert isinstance(told, Told)
        assert (told.person, told.name, told.facts["change"]) == (person_of(f"phone:{DOCTORS}"), "doctor_visit", "booked")
        assert await runner.tick(coordinator) == 0
        for name, data in (("make_tea", {}), ("book_visit", {"slot": [1]}), ("find_times", {"service": "tea"})):
            intent = Intent(EffectId("bad"), ASHA, "care_coordinator", name, START, data)
            with pytest.raises(Malformed):
                await runner.handle(delivery(intent, ASHA, "bad"))
            [failed] = [decode_turn_event(one.body) for one in await taken(engines.bus, queues.turns(0), 1)]
            assert isinstance(failed, AgentResult)
            assert failed.outcome == "failed"


NAMES_OF_INTENTS = Desk().coordinator.intents
JUNK = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30) | st.lists(st.integers(), max_size=2)
WORDS = (SLOT, "visit", "lab_home", "yes", "agreed", "alarms", "2026-11-24", "hba1c", "home", "+919812300001", "paid")
LIKELY = st.sampled_from(WORDS)
# fmt: off
FIELDS = st.sampled_from([
    "service", "day", "later_than", "slot", "visit", "answer", "test", "place", "address", "latitude", "bill", "reference",
    "payment", "amount", "what", "booking", "order", "name", "phone", "scope", "code", "caregiver", "patient", "category",
    "detail", "ref", "mime", "size", "kind", "shared", "file", "version",
])
# fmt: on


@settings(max_examples=500, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.sampled_from(NAMES_OF_INTENTS), st.dictionaries(FIELDS, JUNK | LIKELY, max_size=8), st.booleans())
async def test_whatever_an_intent_says_it_is_answered_or_malformed(name: str, data: dict[str, Any], prepaid: bool) -> None:
    desk = Desk(prepaid=prepaid)
    try:
        result = await desk.ask("junk", name, **data)
    except Malformed:
        return
    assert isinstance(result, Result)
    assert all(len(text) <= 700 for text in result.facts.values() if isinstance(text, str))


ACTS: dict[str, tuple[str, PersonId, dict[str, Any]]] = {
    "book": ("book_visit", ASHA, {"slot": SLOT}),
    "book other": ("book_visit", RAVI, {"slot": OTHER}),
    "invite": ("invite_caregiver", ASHA, {"name": "Ravi", "phone": "910000000002", "scope": "alarms"}),
    "keep": ("keep_file", ASHA, {"ref": "ref-one", "mime": "image/jpeg", "size": 9}),
    "keep again": ("keep_file", ASHA, {"ref": "ref-one", "mime": "image/jpeg", "size": 9}),
}


async def lookup(desk: Desk, act: str) -> tuple[str, PersonId, dict[str, Any]] | None:
    """Acts that name something that was made before."""
    if act in ACTS:
        return ACTS[act]
    kinds = {
        "move": "booking",
        "cancel": "booking",
        "yes": "booking",
        "scope": "caregiver",
        "remove": "caregiver",
        "leave": "caregiver",
    }
    kind = kinds.get(act, "caregiver" if act in ("agree", "decline") else "file")
    found = await desk.documents.of(ASHA, kind)
    if not found:
        return None
    one = found[-1]
    named: dict[str, tuple[str, PersonId, dict[str, Any]]] = {
        "move": ("move_visit", ASHA, {"visit": one.id, "slot": THIRD}),
        "cancel": ("cancel_visit", ASHA, {"visit": one.id}),
        "yes": ("visit_happened", ASHA, {"visit": one.id, "answer": "yes"}),
        "scope": ("set_caregiver_scope", ASHA, {"caregiver": one.id, "scope": "all"}),
        "remove": ("remove_caregiver", ASHA, {"caregiver": one.id}),
        "leave": ("leave_patient", RAVI, {"patient": one.id}),
        "agree": ("answer_invitation", RAVI, {"code": one.data.get("code"), "answer": "agreed"}),
        "decline": ("answer_invitation", RAVI, {"code": one.data.get("code"), "answer": "declined"}),
        "label": ("label_file", ASHA, {"file": one.id, "kind": "letter", "shared": "True"}),
        "forget": ("forget_file", ASHA, {"file": one.id}),
    }
    return named[act]


NAMED = ["move", "cancel", "yes", "scope", "remove", "leave", "agree", "decline", "label", "forget"]


@settings(max_examples=250, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.sampled_from([*ACTS, *NAMED]), max_size=14), st.lists(st.integers(0, 30), max_size=14))
async def test_repeats_in_any_order_hear_the_same_and_leave_the_same_record(acts: list[str], repeats: list[int]) -> None:
    desk = Desk()
    desk.files.held.add("ref-one")
    done: list[tuple[str, str, PersonId, dict[str, Any], Result]] = []
    for number, act in enumerate(acts):
        if (wanted := await lookup(desk, act)) is None:
            continue
        name, person, data = wanted
        done.append((f"i{number}", name, person, data, await desk.ask(f"i{number}", name, person, **data)))
    before = {key: (one.state, one.data) for key, one in desk.documents.kept.items()}
    for index in repeats:
        if index < len(done):
            id_, name, person, data, first = done[index]
            again = await desk.ask(id_, name, person, **data)
            settled = ("taken", "expired", "failed", "forgotten", "already")
            changed = name in ("keep_file", "label_file", "visit_happened")  # what a later intent has undone is told as it is now
            assert again.outcome == first.outcome or changed or first.outcome in settled
    after = {key: (one.state, one.data) for key, one in desk.documents.kept.items()}
    if not any(act in ("forget", "keep again", "label") for act in acts):
        assert after == before


async def test_a_relative_is_bound_to_the_number_that_was_given_and_to_their_own_yes() -> None:
    desk = Desk()
    code = (await desk.ask("1", "invite_caregiver", name="Ravi", phone="+91 00000 00002", scope="digest")).facts["code"]
    assert (await desk.ask("2", "open_invitation", ASHA, code=code)).outcome == "own"
    assert (await desk.ask("3", "open_invitation", DOCTOR, code=code)).outcome == "unknown"
    assert (await desk.ask("4", "answer_invitation", DOCTOR, code=code, answer="agreed")).outcome == "expired"
    assert (await desk.ask("5", "family")).facts["caregiver_1"]["state"] == "asked"
    assert (await desk.ask("6", "open_invitation", RAVI, code=float(code))).facts["scope"] == "digest"
    agreed = await desk.ask("7", "answer_invitation", RAVI, code=code, answer="agreed")
    assert [tell.facts for tell in agreed.tells] == [{"name": "Ravi", "answer": "agreed"}]
    assert (await desk.ask("8", "answer_invitation", RAVI, code=code, answer="agreed")).outcome == "accepted"
    assert (await desk.ask("9", "family", RAVI)).outcome == "cares"
    assert (await desk.ask("10", "invite_caregiver", phone="910000000002", name="Ravi", scope="all")).outcome == "already"
    assert (await desk.ask("11", "invite_caregiver", phone="910000000001", name="Me", scope="all")).outcome == "own_number"
    assert (await desk.ask("12", "invite_caregiver", phone="910000000003", name="Mina", scope="all")).outcome == "invited"
    assert (await desk.ask("13", "invite_caregiver", phone="910000000004", name="Mohan", scope="all")).outcome == "too_many"
    [document] = [one for one in await desk.documents.of(ASHA, "caregiver") if one.state == "agreed"]
    assert document.data["caregiver"] == RAVI
    assert (await desk.ask("15", "remove_caregiver", RAVI, caregiver=document.id)).outcome == "failed"
    assert (await desk.ask("16", "remove_caregiver", caregiver=document.id)).outcome == "removed"
    assert (await desk.ask("17", "family", RAVI)).outcome == "nobody"


async def test_files_are_bounded_and_of_known_kinds_and_forgotten_with_their_bytes() -> None:
    desk = Desk()
    assert (await desk.ask("1", "keep_file", ref="ref-a", mime="image/png", size=1)).outcome == "failed"  # its bytes are not here
    desk.files.held |= {"ref-a", "ref-b"}
    assert (await desk.ask("2", "keep_file", ref="ref-a", mime="video/mp4", size=1)).outcome == "wrong_kind"
    assert (await desk.ask("3", "keep_file", ref="ref-a", mime="image/png", size=17 * 2**20)).outcome == "too_large"
    kept = await desk.ask("4", "keep_file", ref="ref-a", mime="application/pdf; charset=binary", size=2**20)
    file = kept.facts["file"]["id"]
    assert (await desk.ask("5", "keep_file", ref="ref-a", mime="application/pdf", size=1)).outcome == "known"
    assert (await desk.ask("6", "forget_file", RAVI, file=file)).outcome == "failed"
    assert "ref-a" in desk.files.held
    assert (await desk.ask("7", "forget_file", file=file)).outcome == "forgotten"
    assert "ref-a" not in desk.files.held
    [document] = await desk.documents.of(ASHA, "file")
    assert (document.state, document.data) == ("forgotten", {})


async def test_two_pages_at_once_share_their_label_and_an_old_one_keeps_its_own() -> None:
    desk = Desk()
    desk.files.held |= {"ref-a", "ref-b"}
    await asyncio.gather(*[desk.ask(ref, "keep_file", ref=f"ref-{ref}", mime="image/png", size=1) for ref in "ab"])
    file = (await desk.documents.of(ASHA, "file"))[0].id
    first = await desk.ask("label", "label_file", file=file, kind="prescription", shared=False)
    assert first.outcome == "labelled"
    assert await desk.ask("label", "label_file", file=file, kind="prescription", shared=False) == first
    assert [one.data["label"] for one in await desk.documents.of(ASHA, "file")] == ["prescription", "prescription"]


async def test_a_partners_event_waits_for_a_store_that_is_away_and_one_of_another_installation_is_let_go() -> None:
    desk = Desk(prepaid=True)
    paid = {"what": "paid", "reference": "v0123456789abcdef.1", "payment": "pay_1", "amount": 50_000}
    events = (("payment_event", paid), ("lab_event", {"order": "t0123456789abcdef.0"}))
    for name, data in events:
        assert (await desk.ask(name, name, **data)).outcome == "unknown"

    async def away(kind: str, id_: str) -> None:
        raise StoreUnavailable

    desk.documents.get = away  # type: ignore[method-assign]
    for name, data in events:
        with pytest.raises(StoreUnavailable):
            await desk.ask(name, name, **data)


async def test_a_visit_that_is_moved_to_another_doctor_is_told_to_both() -> None:
    desk = Desk()
    await desk.ask("book", "book_visit", slot=SLOT, name="Asha")
    for number, slot in enumerate(("sen@20261125T083000Z", "sen@20261125T085000Z")):
        [visit] = await desk.documents.of(ASHA, "booking")
        woken = await desk.coordinator.wake(visit, now=START + 10)
        await desk.documents.save(woken.document)
        assert (await desk.ask(f"move{number}", "move_visit", visit=visit.id, slot=slot)).outcome == "moved"
        [visit] = await desk.documents.of(ASHA, "booking")
        told = [(one.doctor or read(visit).doctor, one.facts["change"], one.facts["time"]) for one in read(visit).news]
        if number == 0:
            assert told == [("rao", "cancelled", "10:00"), ("sen", "booked", "14:00")]
    assert told == [("sen", "moved", "14:20")]
    [moved] = read(visit).news
    assert (moved.facts["was_day"], moved.facts["was_time"]) == ("2026-11-25", "14:00")


async def test_a_visit_that_is_too_near_to_be_changed_is_told_as_such_at_once() -> None:
    desk = Desk()
    await desk.ask("book", "book_visit", slot=SLOT)
    for hours, late in ((0, None), (20, True)):  # it is 22.5 hours away
        intent = Intent(EffectId(f"n{hours}"), ASHA, "care_coordinator", "next_visits", START, {})
        found = await desk.coordinator.handle(intent, now=START + hours * 3600)
        assert found.facts["visit_1"].get("late") is late


async def test_what_a_patient_has_not_heard_as_an_answer_is_still_told() -> None:
    desk = Desk(prepaid=True)
    await desk.ask("book", "book_visit", slot=SLOT)
    [visit] = await desk.documents.of(ASHA, "booking")
    await desk.ask("link", "payment_link", bill=visit.id)
    for payment in ("pay_1", "pay_2"):
        data = {"reference": f"{visit.id}.1", "payment": payment, "amount": 50_000}
        await desk.ask(payment, "payment_event", what="paid", **data)
    assert (await desk.ask("state", "payment_state", bill=visit.id)).outcome == "paid"
    [visit] = await desk.documents.of(ASHA, "booking")
    assert [one.name for one in read(visit).news if one.to == "patient"] == ["refund_made"]


async def test_a_doctor_hears_of_a_visit_that_was_missed_and_not_of_one_that_took_place() -> None:
    desk = Desk()
    await desk.ask("book", "book_visit", slot=SLOT)
    [visit] = await desk.documents.of(ASHA, "booking")
    assert (await desk.ask("no", "visit_happened", visit=visit.id, answer="no")).outcome == "missed"
    assert (await desk.ask("yes", "visit_happened", visit=visit.id, answer="yes")).outcome == "noted"
    [kept] = await desk.documents.of(ASHA, "booking")
    assert kept.data["happened"] == "no"  # the first word counts
    woken = await desk.coordinator.wake(kept, now=START + 10)
    assert [tell.facts["change"] for tell in woken.tells] == ["booked", "missed"]


def test_a_doctor_who_is_nobody_of_the_care_team_is_a_mistake_of_the_file() -> None:
    store: Any = OnlyDocuments(MemoryDocuments(Gates()))
    with pytest.raises(ConfigError, match=r"rao: no member 'rao' stands in care_team\.yaml"):
        CareCoordinator(store, load_policy(), clinic())
