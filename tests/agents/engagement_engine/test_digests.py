"""Relatives' digests over a real store: one message, at their hour, within what each patient allows at that moment."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from agents.care_coordinator.ties import CARES, KIND, Tie
from agents.engagement_engine.agent import EngagementEngine
from agents.engagement_engine.digest_text import LONGEST, LOOK, WELL, block, told_of
from agents.engagement_engine.words import Wordless
from agents.health_insights.agent import HealthInsights
from bot.adapters.sqlite.store import SqliteStore
from bot.errors import Malformed
from bot.model.effects import Record
from bot.model.ids import EffectId, InputId, PersonId, person_of
from bot.model.session import Session
from bot.ports.documents import Document
from bot.ports.store import JournalEntry, Reading
from config.engagement import load_engagement
from config.insights import load_insights
from config.policy import load_policy
from tests.agents.engagement_engine.asking import DAY, HOUR, NINE, asked, wake

POLICY = load_policy()
PRIYA = person_of("phone:910000000009")
SUNDAY = NINE + 5 * DAY + 10 * HOUR  # 30 November 2025, 19:00 in India


@pytest.fixture
def agent(store: SqliteStore) -> EngagementEngine:
    return EngagementEngine(store, POLICY, load_engagement(), insights=HealthInsights(store, POLICY, load_insights()))


async def patient(store: SqliteStore, name: str, scope: str, *, sugar: float = 120.0, agreed: bool = True) -> PersonId:
    """Somebody whom Priya helps, with a week of readings."""
    person = person_of(f"name:{name}")
    await allows(store, person, ["caregiver"] if agreed else [], 1)
    tie: dict[str, Any] = msgspec.to_builtins(Tie(PRIYA, "Priya", name, scope, "123456", NINE))  # type: ignore[arg-type]
    await store.documents.save(Document(KIND, f"tie-{name}", person, NINE, state="agreed", data=tie))
    await store.documents.save(Document(CARES, f"tie-{name}", PRIYA, NINE))
    for day in range(8):
        await store.add_reading(Reading(EffectId(f"{name}{day}"), person, "glucose", sugar, SUNDAY - day * DAY - 11 * HOUR))
    await store.record([Record(EffectId(f"s{name}"), person, "symptom", SUNDAY - DAY, {"text": "SECRET sadness"})])
    return person


async def allows(store: SqliteStore, person: PersonId, purposes: list[str], version: int) -> None:
    consent = {"version": POLICY.behaviour.consent_version, "purposes": purposes}
    session = Session(person, version=version, consent=consent, profile={"zone": "Asia/Kolkata"})
    await store.append_journal([JournalEntry(person, InputId(f"{person}{version}"), version, NINE + version, "text", session)])


async def ask(agent: EngagementEngine, id_: str, name: str, /, at: float = NINE, **data: Any) -> Any:
    result = await agent.handle(asked(id_, name, at, PRIYA, **data), now=at)
    assert await agent.handle(asked(id_, name, at, PRIYA, **data), now=at + 5) == result
    return result


async def test_one_message_tells_of_all_who_need_a_look_first(agent: EngagementEngine, store: SqliteStore) -> None:
    await patient(store, "Amma", "digest")
    await patient(store, "Appa", "all", sugar=60.0)
    await patient(store, "Nani", "alarms")
    await ask(agent, "b", "begin_digest")
    assert await wake(agent, store, SUNDAY - 1) == []
    [tell] = await wake(agent, store, SUNDAY)
    assert (tell.name, tell.person) == ("digest_due", PRIYA)
    assert set(tell.facts) == {"block_1", "block_2", "built"}
    assert tell.facts["built"] == SUNDAY
    assert "Appa" in tell.facts["block_1"]
    assert "digest_values" in tell.facts["block_1"]
    assert "Amma" in tell.facts["block_2"]
    assert "digest_values" not in tell.facts["block_2"]  # a number of hers is more than she agreed to
    assert "SECRET" not in str(tell.facts)
    assert await wake(agent, store, SUNDAY + HOUR) == []
    assert len(await wake(agent, store, SUNDAY + 7 * DAY)) == 1


async def test_killed_before_it_saved_the_digest_is_the_same_news(agent: EngagementEngine, store: SqliteStore) -> None:
    await patient(store, "Amma", "digest")
    await ask(agent, "b", "begin_digest")
    [tell] = await wake(agent, store, SUNDAY, saves=False)
    [repeat] = await wake(agent, store, SUNDAY + 61)
    assert repeat == tell
    assert await wake(agent, store, SUNDAY + 2 * DAY) == []


async def test_what_was_taken_back_a_moment_ago_is_not_told(agent: EngagementEngine, store: SqliteStore) -> None:
    person = await patient(store, "Amma", "all")
    await ask(agent, "b", "begin_digest")
    assert (await ask(agent, "h", "how_is", SUNDAY - HOUR, who="how is amma?")).outcome == "told"
    await allows(store, person, [], 2)
    assert await wake(agent, store, SUNDAY) == []
    result = await ask(agent, "h2", "how_is", SUNDAY, who="how is amma?")
    assert (result.outcome, result.facts) == ("alarms_only", {"name": "Amma"})
    [tie] = await store.documents.of(person, KIND)
    await store.documents.save(replace(tie, state="removed"))
    assert (await ask(agent, "h3", "how_is", SUNDAY, who="how is amma?")).outcome == "nobody"


async def test_who_is_named_is_told_of(agent: EngagementEngine, store: SqliteStore) -> None:
    await patient(store, "Amma", "digest")
    await patient(store, "Lakshmi", "digest")
    facts = (await ask(agent, "h", "how_is", SUNDAY, who="How is Lakshmi?")).facts
    assert list(facts) == ["block_1"]
    assert "Lakshmi" in facts["block_1"]
    assert len((await ask(agent, "h2", "how_is", SUNDAY, who="any news")).facts) == 2


async def test_only_if_something_happened(agent: EngagementEngine, store: SqliteStore) -> None:
    person = await patient(store, "Amma", "digest")
    assert (await ask(agent, "s", "set_digest", how="if_something", time="19:00")).outcome == "saved"
    assert await wake(agent, store, SUNDAY) == []
    await store.add_reading(Reading(EffectId("low"), person, "glucose", 58.0, SUNDAY + 20 * HOUR))
    [tell] = await wake(agent, store, SUNDAY + DAY)
    assert "look_lows" in tell.facts["block_1"]
    assert await wake(agent, store, SUNDAY + 2 * DAY) == []


async def test_the_relative_chooses_hour_pause_and_end(agent: EngagementEngine, store: SqliteStore) -> None:
    assert (await ask(agent, "s0", "set_digest", how="daily")).outcome == "nobody"
    assert (await ask(agent, "m0", "mute_digest", days=7)).outcome == "nobody"
    await patient(store, "Amma", "digest")
    await ask(agent, "s1", "set_digest", how="daily", time="18:00")
    assert len(await wake(agent, store, NINE + 9 * HOUR)) == 1
    assert (await ask(agent, "m", "mute_digest", NINE + 10 * HOUR, days=2)).facts == {"until": "2025-11-27"}
    assert await wake(agent, store, NINE + 33 * HOUR) == []
    assert len(await wake(agent, store, NINE + 57 * HOUR)) == 1
    await ask(agent, "s2", "set_digest", NINE + 58 * HOUR, how="off")
    assert await wake(agent, store, NINE + 81 * HOUR) == []
    await ask(agent, "b", "begin_digest", NINE + 82 * HOUR)
    assert await wake(agent, store, NINE + 105 * HOUR) == []  # they wanted none


async def test_who_helps_somebody_again_hears_again(agent: EngagementEngine, store: SqliteStore) -> None:
    await ask(agent, "b", "begin_digest")
    assert await wake(agent, store, SUNDAY) == []
    await patient(store, "Amma", "digest")
    assert await wake(agent, store, SUNDAY + 7 * DAY) == []
    await ask(agent, "b2", "begin_digest", SUNDAY + 8 * DAY)
    assert len(await wake(agent, store, SUNDAY + 14 * DAY)) == 1


async def test_more_than_three_are_counted(agent: EngagementEngine, store: SqliteStore) -> None:
    for name in ("A", "B", "C", "D", "E"):
        await patient(store, name, "digest")
    await ask(agent, "b", "begin_digest")
    [tell] = await wake(agent, store, SUNDAY)
    assert tell.facts["more"] == 2


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("set_digest", {}), ("set_digest", {"how": "hourly"}), ("set_digest", {"how": "daily", "time": "25:00"}),
        ("set_digest", {"how": "daily", "time": "7 pm"}), ("mute_digest", {"days": 0.5}), ("mute_digest", {"days": "x"}),
    ],
)  # fmt: skip
async def test_bad_data_is_refused(agent: EngagementEngine, name: str, data: dict[str, Any]) -> None:
    with pytest.raises(Malformed):
        await agent.handle(asked("1", name, NINE, PRIYA, **data), now=NINE)


FACTS = st.fixed_dictionaries(
    {
        "well": st.lists(st.sampled_from([*WELL, "mood_better"])), "look": st.lists(st.sampled_from([*LOOK, "depressed"])),
        "taken": st.integers(0, 99), "missed": st.integers(0, 99), "count": st.integers(0, 99), "average": st.integers(40, 400),
        "lowest": st.integers(40, 400), "highest": st.integers(40, 400), "symptoms": st.just("SECRET"),
    }
)  # fmt: skip


@given(FACTS, st.text(max_size=60))
def test_no_number_and_nothing_private_is_in_a_narrow_digest(facts: dict[str, Any], name: str) -> None:
    narrow, wide = told_of(name, "digest", facts, None), told_of(name, "all", facts, None)
    assert narrow.average is narrow.lowest is narrow.highest is None
    assert wide.average == facts["average"]
    for told in (narrow, wide):
        text = block(told, Wordless(), "en", "mg/dL")
        assert len(text) <= LONGEST
        assert "SECRET" not in text.replace(name, "")
        assert not {"mood_better", "depressed"} & {*told.well, *told.look}
