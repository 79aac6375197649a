"""Reminders over a real store: what is set, told, answered; each once, whatever is repeated, reordered or killed."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from msgspec.structs import replace

from agents.engagement_engine.agent import EngagementEngine
from agents.engagement_engine.kept import KIND, Kept
from agents.engagement_engine.schedule import BEHIND, WHATS, read
from bot.adapters.sqlite.store import SqliteStore
from bot.errors import Malformed
from bot.model.effects import Record
from bot.model.ids import EffectId, InputId, PersonId, person_of
from bot.model.session import Session
from bot.ports.documents import Document
from bot.ports.store import JournalEntry, Reading
from tests.agents.engagement_engine.asking import ASHA, DAY, HOUR, LAST, NINE, ask, asked, wake

RAVI = person_of("phone:910000000002")
TEN = NINE + HOUR


def taken(id_: str, at: float, medicine: str | None, status: str = "taken", **more: Any) -> Record:
    return Record(EffectId(id_), ASHA, "medicine_taken", at, {"medicine": medicine, "status": status, **more})


async def at_ten(agent: EngagementEngine, what: str = "glucose", **more: Any) -> None:
    assert (await ask(agent, "set", "set_reminder", what=what, time="10:00", often="daily", **more)).outcome == "set"


async def test_a_reminder_comes_each_day_at_its_time(agent: EngagementEngine, store: SqliteStore) -> None:
    await at_ten(agent, "other", text="Drink water")
    assert await wake(agent, store, TEN - 1) == []
    [tell] = await wake(agent, store, TEN + 1)
    assert (tell.name, tell.person, tell.expires_at) == ("reminder_due", ASHA, TEN + 7200)
    assert tell.facts | {"reminder": ""} == {
        "what": "other",
        "text": "Drink water",
        "occurrence": "2025-11-25T10:00",
        "reminder": "",
    }
    assert await wake(agent, store, TEN + HOUR) == []
    [again] = await wake(agent, store, TEN + DAY)
    assert again.id != tell.id


async def test_killed_before_it_saved_it_says_the_same_again(agent: EngagementEngine, store: SqliteStore) -> None:
    await at_ten(agent)
    [tell] = await wake(agent, store, TEN, saves=False)
    assert await wake(agent, store, TEN + 30) == []  # the lease
    [repeat] = await wake(agent, store, TEN + 61)
    assert repeat == tell
    assert await wake(agent, store, TEN + 200) == []


async def test_killed_in_a_batch_none_is_lost_and_none_told_under_two_ids(agent: EngagementEngine, store: SqliteStore) -> None:
    for number in range(10):
        await ask(agent, f"s{number}", "set_reminder", what="other", text=str(number), time="10:00", often="daily")
    for killed_after in range(11):  # a runner that dies at each point of its batch, all on the same day
        told, now, day = list[str](), TEN + killed_after * DAY, killed_after
        batch = await store.documents.claim_due(agent.kinds, now + LAST, 100, 60.0)
        assert len(batch) == 10
        for document in batch[:killed_after]:
            woken = await agent.wake(document, now=now)
            told += [tell.id for tell in woken.tells]
            await store.documents.save(woken.document)
        told += [tell.id for tell in await wake(agent, store, now + 61)]
        assert len(told) == len(set(told)) == 10, day
        assert await wake(agent, store, now + 200) == []


async def test_of_one_minute_medicines_are_first_and_walks_and_summaries_last(
    agent: EngagementEngine, store: SqliteStore
) -> None:
    for what in reversed(WHATS):
        how: dict[str, Any] = {"text": "x"} if what == "other" else {"often": "weekly", "weekday": 1} if what == "summary" else {}
        await ask(agent, what, "set_reminder", **{"what": what, "time": "10:00", "often": "daily", **how})
    claimed = [one for _ in WHATS for one in await store.documents.claim_due(agent.kinds, TEN + LAST, 1, 60.0)]
    order = [str(one.data["what"]) for one in claimed]
    assert order[0] == "medicine"
    assert set(order[1:4]) == {"glucose", "blood_pressure", "weight"}
    assert set(order[-2:]) == {"walk", "summary"}
    assert set(BEHIND) == {*WHATS, "digest"}


async def test_after_an_outage_old_reminders_are_over(agent: EngagementEngine, store: SqliteStore) -> None:
    await at_ten(agent)
    assert await wake(agent, store, TEN + 3 * DAY + 5 * HOUR) == []
    [document] = await store.documents.of(ASHA, KIND)
    assert document.due == TEN + 4 * DAY + BEHIND["glucose"]


@pytest.mark.parametrize(
    ("what", "kind", "before"), [("glucose", "glucose", 3000), ("blood_pressure", "systolic", 9000), ("weight", "weight", 40_000)]
)
async def test_a_reading_already_sent_cancels_its_reminder(
    agent: EngagementEngine, store: SqliteStore, what: str, kind: str, before: float
) -> None:
    await at_ten(agent, what)
    await store.add_reading(Reading(EffectId("r"), ASHA, kind, 120.0, TEN - before))
    assert await wake(agent, store, TEN) == []
    assert len(await wake(agent, store, TEN + DAY)) == 1


async def test_an_old_reading_cancels_nothing(agent: EngagementEngine, store: SqliteStore) -> None:
    await at_ten(agent)
    await store.add_reading(Reading(EffectId("r"), ASHA, "glucose", 120.0, TEN - 2 * HOUR))
    assert len(await wake(agent, store, TEN)) == 1


@pytest.mark.parametrize(
    ("records", "told"),
    [
        ([taken("a", TEN - 600, "metformin")], False), ([taken("a", TEN - 600, "metformin", "skipped")], False),
        ([taken("a", TEN - 600, "Aspirin")], True), ([taken("a", TEN - 3 * HOUR, "Metformin")], True), ([], True),
        ([taken("a", TEN - 600, "Metformin", "unanswered")], True),
        ([taken("a", TEN - 600, "Metformin"), taken("b", TEN - 500, "Aspirin", supersedes="a")], True),
    ],
)  # fmt: skip
async def test_a_dose_already_told_cancels_its_reminder(
    agent: EngagementEngine, store: SqliteStore, records: list[Record], told: bool
) -> None:
    await at_ten(agent, "medicine", text="Metformin")
    await store.record(records)
    tells = await wake(agent, store, TEN)
    assert [tell.facts["medicine"] for tell in tells] == (["Metformin"] if told else [])


async def test_medicines_of_one_hour_are_one_reminder(agent: EngagementEngine, store: SqliteStore) -> None:
    for number, name in enumerate(["Metformin", "Amlodipine", "metformin"]):
        for _ in range(2):
            result = await ask(agent, f"m{number}", "remind_medicine", name=name, times="morning and night", zone="Asia/Kolkata")
            assert (result.outcome, result.facts) == ("set", {"clocks": "08:00, 21:00", "medicine_hours": "08:00 21:00"})
    assert (await ask(agent, "l", "list_reminders")).facts["count"] == 2
    night = NINE + 12 * HOUR
    [tell] = await wake(agent, store, night)
    assert (tell.name, tell.facts["medicine"]) == ("medicine_due", "Metformin, Amlodipine")
    await store.record([taken("a", night + DAY, "Metformin"), taken("b", night + DAY, "Amlodipine")])
    assert [one for one in await wake(agent, store, night + DAY) if "21:00" in one.id] == []


async def test_who_ended_a_medicine_is_not_reminded_of_it(agent: EngagementEngine, store: SqliteStore) -> None:
    await store.documents.save(Document("medicine", "1", ASHA, NINE, state="ended", data={"name": "metformin"}))
    await store.documents.save(Document("medicine", "2", ASHA, NINE, state="taking", data={"name": "Amlodipine"}))
    for number, name in enumerate(["Metformin", "Amlodipine"]):
        await ask(agent, f"m{number}", "remind_medicine", name=name, times="21:00")
    [tell] = await wake(agent, store, NINE + 12 * HOUR)
    assert tell.facts["medicine"] == "Amlodipine"
    [amlodipine] = [one for one in await store.documents.of(ASHA, "medicine") if one.id == "2"]
    await store.documents.save(replace(amlodipine, state="ended"))
    assert await wake(agent, store, NINE + 36 * HOUR) == []
    assert (await ask(agent, "l", "list_reminders")).outcome == "none"


async def test_later_asks_again_twice_and_then_no_more(agent: EngagementEngine, store: SqliteStore) -> None:
    await at_ten(agent, "medicine", text="Metformin")
    now, ids = TEN, set[str]()
    for number in range(2):
        [tell] = await wake(agent, store, now)
        ids.add(tell.id)
        asked_ = {name: tell.facts[name] for name in ("reminder", "occurrence")}
        for _ in range(2):
            result = await ask(agent, f"a{number}", "answer_reminder", now + 60, answer="later", **asked_)
            assert (result.outcome, result.facts) == ("later", {"minutes": 30})
        now += 60 + 1800
    [tell] = await wake(agent, store, now)
    assert len(ids | {tell.id}) == 3
    assert (await ask(agent, "a2", "answer_reminder", now + 60, answer="later", **asked_)).outcome == "no_more"
    assert await wake(agent, store, now + 2 * HOUR) == []
    assert len(await store.records(ASHA, "reminder_answer")) == 3


async def test_taken_in_the_meantime_it_does_not_ask_again(agent: EngagementEngine, store: SqliteStore) -> None:
    await at_ten(agent, "medicine", text="Metformin")
    [tell] = await wake(agent, store, TEN)
    asked_ = {name: tell.facts[name] for name in ("reminder", "occurrence")}
    await ask(agent, "a", "answer_reminder", TEN + 60, answer="later", **asked_)
    await store.record([taken("t", TEN + 600, "Metformin")])
    assert await wake(agent, store, TEN + 1900) == []
    assert (await ask(agent, "b", "answer_reminder", TEN + 2000, answer="later", **asked_)).outcome == "over"
    assert (await ask(agent, "c", "answer_reminder", TEN + 2000, answer="done", **asked_)).outcome == "noted"
    other = await agent.handle(asked("d", "answer_reminder", TEN, RAVI, answer="done", **asked_), now=TEN)
    assert other.outcome == "unknown"


async def test_a_list_is_seen_and_its_numbers_keep_their_meaning(agent: EngagementEngine, store: SqliteStore) -> None:
    assert (await ask(agent, "l0", "list_reminders")).outcome == "none"
    await ask(agent, "s1", "set_reminder", what="walk", time="18:00", often="daily")
    await ask(agent, "s2", "set_reminder", what="glucose", time="07:00", often="weekly", weekday="mon")
    await ask(agent, "s3", "set_reminder", what="refill", time="11:00", often="monthly", day="2025-12-31")
    facts = (await ask(agent, "l1", "list_reminders", language="en")).facts
    assert facts["count"] == 3
    assert [line[:2] for line in facts["reminders"].splitlines()] == ["1.", "2.", "3."]
    assert facts["reminders"].splitlines()[0] == "1. weekly 07:00 glucose 1"  # the first day of the week; no words are given
    for _ in range(2):
        assert (await ask(agent, "e", "end_reminder", number=1, listed=facts["listed"])).outcome == "ended"
    for _ in range(2):
        assert (await ask(agent, "m", "move_reminder", number=3, listed=facts["listed"], time="19:30")).outcome == "moved"
    left = (await ask(agent, "l2", "list_reminders")).facts["reminders"]
    assert "19:30" in left
    assert "07:00" not in left
    assert (await ask(agent, "x", "move_reminder", number=1, listed=facts["listed"], time="19:30")).outcome == "unknown"
    assert (await ask(agent, "y", "end_reminder", number=4, listed=facts["listed"])).outcome == "unknown"
    assert (await ask(agent, "z", "end_reminder", number=9)).outcome == "unknown"


async def test_there_is_a_most_and_a_refusal_stays_one(agent: EngagementEngine, store: SqliteStore) -> None:
    for number in range(20):
        await ask(agent, f"s{number}", "set_reminder", what="other", text="x", time="10:00", often="daily")
    for _ in range(2):
        assert (await ask(agent, "more", "set_reminder", what="walk", time="10:00", often="daily")).outcome == "full"
    await ask(agent, "e", "end_reminder", number=1)
    assert (await ask(agent, "more", "set_reminder", what="walk", time="10:00", often="daily")).outcome == "full"
    assert (await ask(agent, "next", "set_reminder", what="walk", time="10:00", often="daily")).outcome == "set"


async def test_a_pause_ends_by_itself_or_earlier(agent: EngagementEngine, store: SqliteStore) -> None:
    assert (await ask(agent, "p0", "pause_reminders", days=7)).outcome == "none"
    await at_ten(agent)
    for _ in range(2):
        result = await ask(agent, "p1", "pause_reminders", days=7)
        assert (result.outcome, result.facts) == ("paused", {"until": "2025-12-02"})
    [document] = await store.documents.of(ASHA, KIND)
    assert document.due == TEN + 7 * DAY + BEHIND["glucose"]
    assert (await ask(agent, "p2", "pause_reminders", NINE + 60, days=0)).outcome == "resumed"
    assert len(await wake(agent, store, TEN)) == 1


async def test_today_can_be_left_out(agent: EngagementEngine, store: SqliteStore) -> None:
    await at_ten(agent)
    for _ in range(2):
        result = await ask(agent, "k", "skip_today")
        assert (result.outcome, result.facts) == ("skipped", {"count": 1})
    assert (await ask(agent, "k2", "skip_today")).outcome == "none"
    assert await wake(agent, store, TEN) == []
    assert len(await wake(agent, store, TEN + DAY)) == 1


async def test_a_correction_takes_the_place_of_what_it_corrects(agent: EngagementEngine, store: SqliteStore) -> None:
    await at_ten(agent)
    fixed: dict[str, Any] = {"what": "glucose", "time": "11:00", "often": "daily", "supersedes": "set"}
    assert (await ask(agent, "set2", "set_reminder", **fixed)).outcome == "set"
    assert await wake(agent, store, TEN) == []
    assert len(await wake(agent, store, TEN + HOUR)) == 1


async def test_several_times_of_one_wish_are_a_reminder_each_and_a_correction_takes_all_back(
    agent: EngagementEngine, store: SqliteStore
) -> None:
    wish: dict[str, Any] = {"what": "medicine", "text": "Metformin", "often": "daily"}
    for _ in range(2):
        assert (await ask(agent, "s", "set_reminder", time="08:00, 20:00", **wish)).outcome == "set"
    assert (await ask(agent, "l", "list_reminders")).facts["count"] == 2
    with pytest.raises(Malformed):
        await ask(agent, "x", "set_reminder", time="08:00, 12:00, 16:00, 20:00", **wish)
    await ask(agent, "s2", "set_reminder", time="09:00", supersedes="s", **wish)
    listed = (await ask(agent, "l2", "list_reminders")).facts
    assert (listed["count"], "09:00" in listed["reminders"]) == (1, True)


async def test_the_wrong_reminder_that_was_moved_goes_back(agent: EngagementEngine, store: SqliteStore) -> None:
    await ask(agent, "s1", "set_reminder", what="walk", time="10:00", often="daily")
    await ask(agent, "s2", "set_reminder", what="glucose", time="11:00", often="daily")
    listed = (await ask(agent, "l", "list_reminders")).facts["listed"]
    await ask(agent, "m", "move_reminder", number=1, listed=listed, time="20:00")
    await ask(agent, "m2", "move_reminder", number=2, listed=listed, time="20:00", supersedes="m")
    told = (await ask(agent, "l2", "list_reminders")).facts["reminders"].splitlines()
    assert "10:00" in told[0]
    assert "walk" in told[0]
    assert "20:00" in told[1]


async def test_any_order_and_any_repeat_leave_the_same(agent: EngagementEngine, store: SqliteStore) -> None:
    await at_ten(agent)
    wishes = [
        asked("m1", "move_reminder", NINE + 1, number=1, time="11:00"),
        asked("m2", "move_reminder", NINE + 2, number=1, time="12:00"),
        asked("p1", "pause_reminders", NINE + 3, days=7), asked("p2", "pause_reminders", NINE + 4, days=0),
    ]  # fmt: skip
    left = set[tuple[str, float, float | None]]()
    for number, order in enumerate(itertools.permutations(wishes)):
        person = PersonId(f"p{number}")
        await agent.handle(
            asked(f"set{number}", "set_reminder", NINE, person, what="walk", time="10:00", often="daily"), now=NINE
        )
        for intent in [*order, *order]:
            mine = replace(intent, person=person, id=EffectId(f"{intent.id}-{number}"))
            first = await agent.handle(mine, now=NINE + 10)
            assert await agent.handle(mine, now=NINE + 20) == first
        [document] = await Kept(store.documents).active(person)
        left.add((document.data["rule"]["start"], document.data.get("paused_until", 0.0), document.due))
    assert len(left) == 1


async def test_who_travels_is_reminded_on_the_clock_of_where_they_are(agent: EngagementEngine, store: SqliteStore) -> None:
    await at_ten(agent)
    session = Session(ASHA, profile={"zone": "Europe/London"})
    await store.append_journal([JournalEntry(ASHA, InputId("i"), 1, NINE, "text", session)])
    assert await wake(agent, store, TEN) == []  # half past four in the morning there
    [tell] = await wake(agent, store, TEN + 5.5 * HOUR)
    assert tell.facts["occurrence"] == "2025-11-25T10:00"
    assert await wake(agent, store, TEN + 6 * HOUR) == []


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("fly", {}), ("set_reminder", {}), ("set_reminder", {"what": "dance", "time": "10:00", "often": "daily"}),
        ("set_reminder", {"what": "walk", "time": "25:00", "often": "daily"}),
        ("set_reminder", {"what": "walk", "time": "10:00", "often": "hourly"}),
        ("set_reminder", {"what": ["walk"], "time": "10:00", "often": "daily"}),
        ("set_reminder", {"what": "walk", "time": 10, "often": "daily"}),
        ("set_reminder", {"what": "walk", "time": "10:00", "often": "daily", "zone": "../../etc/passwd"}),
        ("set_reminder", {"what": "walk", "time": "10:00", "often": "daily", "zone": 5}),
        ("set_reminder", {"what": "walk", "time": "10:00", "often": "weekly", "weekday": "xyz"}),
        ("set_reminder", {"what": "walk", "time": "10:00", "often": "monthly", "day": "31 Jan"}),
        ("move_reminder", {"number": 1}), ("move_reminder", {"number": "1", "time": "10:00"}),
        ("end_reminder", {}), ("end_reminder", {"number": 1.5}), ("end_reminder", {"number": float("nan")}),
        ("pause_reminders", {}), ("pause_reminders", {"days": -1}), ("pause_reminders", {"days": 1e9}),
        ("answer_reminder", {}), ("answer_reminder", {"answer": "done"}), ("remind_medicine", {"times": "morning"}),
        ("answer_reminder", {"answer": "eaten", "reminder": "x", "occurrence": "y"}),
    ],
)  # fmt: skip
async def test_bad_data_is_refused(agent: EngagementEngine, name: str, data: dict[str, Any]) -> None:
    with pytest.raises(Malformed):
        await ask(agent, "1", name, **data)


async def test_the_hours_of_medicines_are_told_whenever_they_change(agent: EngagementEngine, store: SqliteStore) -> None:
    async def hours(id_: str, intent: str, /, **data: Any) -> object:
        return (await ask(agent, id_, intent, **data)).facts.get("medicine_hours")

    assert await hours("a", "set_reminder", what="medicine", time="20:00", often="daily") == "20:00"
    assert await hours("b", "set_reminder", what="walk", time="18:00", often="daily") == "20:00"
    assert await hours("c", "set_reminder", what="medicine", time="07:30", often="weekly") == "20:00"
    assert await hours("d", "remind_medicine", name="Metformin", times="morning") == "08:00 20:00"
    listed = (await ask(agent, "l", "list_reminders")).facts["listed"].split()
    evening = [await _clock(store, id_) for id_ in listed].index("20:00") + 1
    assert await hours("m", "move_reminder", number=evening, time="21:00") == "08:00 21:00"
    listed = (await ask(agent, "l2", "list_reminders")).facts["listed"].split()
    evening = [await _clock(store, id_) for id_ in listed].index("21:00") + 1
    assert await hours("e", "end_reminder", number=evening) == "08:00"
    assert await hours("p", "pause_reminders", days=7) is None


async def _clock(store: SqliteStore, id_: str) -> str:
    found = await store.documents.get(KIND, id_)
    return read(found.data).rule.clock if found else ""
