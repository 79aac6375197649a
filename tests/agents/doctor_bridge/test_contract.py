"""The bridge's contract: idempotent on the intent's id, in any order; refuses what no flow sends; says nothing to strangers."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from random import Random
from typing import Any

import pytest

from agents.doctor_bridge.agent import DoctorBridge
from agents.doctor_bridge.files import KIND, NUMBER
from agents.doctor_bridge.summary import WORDS, spread
from bot.adapters.sqlite import SqliteStore
from bot.dialogue import kinds
from bot.errors import Malformed
from bot.model.effects import Intent
from config.care_team import CareTeam
from tests.agents.doctor_bridge.clinic import ASHA, BINA, DESK, FAR, MEHTA, POLICY, RAO, asked, known
from tests.agents.town import NOON


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[SqliteStore]:
    async with SqliteStore.open(tmp_path / "store.db") as opened:
        await known(opened)
        yield opened


@pytest.fixture
def bridge(store: SqliteStore) -> DoctorBridge:
    return DoctorBridge(store, POLICY)


async def record(store: SqliteStore) -> list[Any]:
    """All that is kept, without the order in which intents were heard."""
    cases = [(one.id, one.state, sorted(one.data["heard"]), one.data["told"]) for one in await store.documents.listed(KIND)]
    talk = sorted((one.id, one.data["text"]) for one in await store.records(ASHA, "doctor_talk"))
    return [cases, [one.id for one in await store.documents.listed(NUMBER)], talk]


STORY = [
    asked("request_human", "a", topic="ill", urgency="today"),
    asked("answer_case", "b", person=MEHTA, case=f"{ASHA}:1", answer="take"),
    asked("doctor_says", "c", person=MEHTA, words="Drink water.", kind="text", message="w1"),
    asked("patient_says", "d", text="I do", kind="text", message_id="w2"),
    asked("doctor_says", "e", person=MEHTA, words="#done", kind="text", message="w3"),
]


@pytest.mark.parametrize("seed", range(6))
async def test_any_repeat_in_any_order_leaves_the_same_record_and_says_the_same(
    store: SqliteStore, bridge: DoctorBridge, seed: int
) -> None:
    first = {intent.id: await bridge.handle(intent, now=NOON) for intent in STORY}
    assert [first[intent.id].outcome for intent in STORY] == ["queued", "accepted", "passed_on", "passed_on", "closed"]
    before = await record(store)
    again = STORY * 2
    Random(seed).shuffle(again)
    for intent in again:
        repeated = await bridge.handle(intent, now=NOON + 60)
        assert repeated.outcome == first[intent.id].outcome
        assert {one.id for one in repeated.tells} <= {one.id for result in first.values() for one in result.tells}
    assert await record(store) == before


@pytest.mark.parametrize(
    "intent",
    [
        asked("prescribe", "x"),
        asked("contact_today", "x"),
        asked("tell_care_team", "x", text="hello"),
        asked("answer_case", "x", person=MEHTA, case=f"{ASHA}:1", answer="maybe"),
        asked("answer_case", "x", person=MEHTA, answer="take"),
        asked("send_to", "x", person=MEHTA, number="12A"),
        asked("escalate", "x", case="c"),
        asked("contact_today", "x", reason="high_sugar", value=[300]),
        asked("request_human", "x", topic={"a": 1}),
    ],
)
async def test_what_no_flow_sends_is_refused_and_nothing_is_kept(
    store: SqliteStore, bridge: DoctorBridge, intent: Intent
) -> None:
    with pytest.raises(Malformed):
        await bridge.handle(intent, now=NOON)
    assert await store.documents.listed(KIND) == []


async def test_nobody_but_the_clinic_s_people_reaches_a_case(store: SqliteStore, bridge: DoctorBridge) -> None:
    await bridge.handle(STORY[0], now=NOON)
    [case] = await store.documents.of(ASHA, KIND)
    number = case.data["number"]
    for person, outcome in ((BINA, "unknown_case"), (FAR, "unknown_case"), (RAO, "accepted")):
        answer = asked("answer_case", f"t:{person}", person=person, case=case.id, answer="take")
        assert (await bridge.handle(answer, now=NOON)).outcome == outcome
    assert (await bridge.handle(asked("doctor_says", "z", person=BINA, words="hi"), now=NOON)).outcome == "not_of_the_team"
    far = await bridge.handle(asked("doctor_says", "y", person=FAR, words=f"#{number} hi"), now=NOON)
    assert (far.outcome, far.tells) == ("unknown_case", ())


@pytest.mark.parametrize(("name", "data"), [("contact_today", {"reason": "high_sugar"}), ("tell_care_team", {"about": "trend"})])
async def test_without_consent_nothing_goes_to_the_clinic_that_the_patient_did_not_say(
    store: SqliteStore, bridge: DoctorBridge, name: str, data: dict[str, Any]
) -> None:
    await known(store, BINA, ("care_messages",))
    result = await bridge.handle(asked(name, "x", person=BINA, at=NOON, **data), now=NOON)
    assert (result.outcome, result.tells) == ("failed", ())
    own = await bridge.handle(asked("tell_care_team", "y", person=BINA, about="question", text="May I fast?"), now=NOON)
    assert own.outcome == "passed_on"
    [told] = own.tells
    assert told.facts["own_words"] == "May I fast?"
    assert not told.facts["shared"]
    assert "medicines" not in told.facts


async def test_where_nobody_works_nothing_is_promised(store: SqliteStore) -> None:
    bridge = DoctorBridge(store, POLICY.model_copy(update={"care_team": CareTeam(clinics={}, members=())}))
    assert (await bridge.handle(STORY[0], now=NOON)).outcome == "failed"
    assert await store.documents.listed(KIND) == []


async def test_the_longest_message_arrives_whole(store: SqliteStore, bridge: DoctorBridge) -> None:
    text = "".join(f"{number}. Take 1 with food. " for number in range(300))[:4096]
    await bridge.handle(STORY[0], now=NOON)
    said = await bridge.handle(asked("doctor_says", "x", person=MEHTA, at=NOON, **dict[str, Any](spread(text))), now=NOON)
    told = next(one for one in said.tells if one.name == "doctor_says")
    assert "".join(str(told.facts.get(name) or "") for name in WORDS) == text
    assert WORDS == kinds.WORDS


async def test_what_the_bridge_tells_a_patient_as_a_doctor_s_is_only_what_a_doctor_wrote(
    store: SqliteStore, bridge: DoctorBridge
) -> None:
    results = [await bridge.handle(intent, now=NOON) for intent in STORY]
    told = {one.id: one for result in results for one in result.tells if one.person == ASHA}
    assert {one.facts["words"] for one in told.values() if "words" in one.facts} == {"Drink water."}


async def test_two_cases_have_two_numbers_and_the_number_of_an_old_one_is_free_again(
    store: SqliteStore, bridge: DoctorBridge
) -> None:
    await known(store, BINA)
    for person in (ASHA, BINA):
        await bridge.handle(asked("request_human", f"r:{person}", person=person), now=NOON)
    assert len({one.data["number"] for one in await store.documents.listed(KIND)}) == 2
    [case] = await store.documents.of(ASHA, KIND)
    close = asked("answer_case", "done", person=DESK, case=case.id, answer="done")
    assert (await bridge.handle(close, now=NOON)).outcome == "closed"
    files, number = bridge._files, case.data["number"]
    later = NOON + 31 * 86400
    assert not await files._free(await store.documents.get(NUMBER, number), NOON + 86400)  # type: ignore[arg-type]
    assert await files._free(await store.documents.get(NUMBER, number), later)  # type: ignore[arg-type]
