"""The agent's contract: outcomes and facts of each intent, the same again for a repeat, Malformed for nonsense, numbers without
pictures where those cannot be made."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pypdfium2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.clinical_monitor.agent import ClinicalMonitor
from agents.health_insights.about import days_of
from agents.health_insights.agent import HealthInsights, Pictures
from agents.result import Result
from bot.adapters.sqlite import SqliteStore
from bot.errors import Malformed
from bot.model.effects import Intent
from bot.model.ids import EffectId, person_of
from config.insights import load_insights
from config.policy import load_policy
from tests.agents.health_insights.makers import Hand, Shelf
from tests.agents.health_insights.phrases import our_own

pytestmark = pytest.mark.anyio
ASHA = person_of("phone:910000000001")
DAY = 86_400.0
NOW = 1_764_050_400.0  # 25 November 2025, 11:30 in India
MORNING = NOW - 4.5 * 3600  # 7:00 that day


class Desk:
    """The agent, the monitor that keeps what it reads, and a store."""

    def __init__(self, store: SqliteStore) -> None:
        self.store, self.shelf, self.hand = store, Shelf(), Hand()
        policy = load_policy()
        self.monitor = ClinicalMonitor(store, policy)
        self.agent = HealthInsights(store, policy, load_insights(), Pictures(our_own(), self.hand, self.shelf))
        self._count = 0

    async def keep(self, name: str, at: float, /, **data: Any) -> str:
        self._count += 1
        id_ = EffectId(f"k{self._count}")
        await self.monitor.handle(Intent(id_, ASHA, "clinical_monitor", name, at, {"measured_at": at, **data}), now=at)
        return id_

    async def sugars(self, *values: float, context: str | None = None) -> None:
        """One a morning, the last of them today."""
        for ago, value in enumerate(reversed(values)):
            await self.keep("record_glucose", MORNING - ago * DAY, value=value, context=context)

    async def ask(self, name: str, id_: str = "i", /, *, at: float = NOW, **data: Any) -> Result:
        return await self.agent.handle(Intent(EffectId(id_), ASHA, "health_insights", name, at, data), now=NOW + 60)


@pytest.fixture
async def desk(tmp_path: Any) -> AsyncIterator[Desk]:
    async with SqliteStore.open(tmp_path / "store.db") as store:
        yield Desk(store)


async def test_sugar_is_summed_up_with_a_chart(desk: Desk) -> None:
    await desk.sugars(110, 62, 210, 140)
    found = await desk.ask("summarize", what="glucose", days=30, language="hi", unit="mg/dL")
    assert found.outcome == "ready"
    facts = dict(found.facts)
    data, mime, person, keep = desk.shelf.files[facts.pop("chart")]
    assert (mime, person, keep) == ("image/png", ASHA, 30 * DAY)
    assert data.startswith(b"\x89PNG")
    assert facts == {
        "count": 4, "days_measured": 4, "average": 130, "lowest": 62, "highest": 210, "in_target": 2, "in_own_target": 2,
        "range_low": 70, "range_high": 180, "lows": 1, "very_lows": 0, "patterns": [], "streak": 4, "best_streak": 4,
        "target_streak": 1, "by_time": [{"part": "morning", "average": 130, "count": 4}],
    }  # fmt: skip


async def test_a_repeat_finds_the_same_though_more_was_measured_meanwhile(desk: Desk) -> None:
    await desk.sugars(110, 120, 130)
    first = await desk.ask("summarize", "same")
    await desk.keep("record_glucose", NOW + 30, value=300)
    assert await desk.ask("summarize", "same") == first
    assert len(desk.shelf.files) == 1
    assert (await desk.ask("summarize", "later", at=NOW + 60)).facts["count"] == 4


async def test_two_readings_are_few_and_none_are_nothing(desk: Desk) -> None:
    assert await desk.ask("summarize") == Result("nothing", {"count": 0})
    await desk.sugars(110, 120)
    assert await desk.ask("summarize") == Result("few", {"count": 2})
    assert await desk.ask("chart") == Result("few", {"count": 2, "chart": None})
    assert await desk.ask("summarize", what="weight") == Result("nothing", {"count": 0})
    assert not desk.shelf.files


async def test_a_corrected_reading_does_not_count(desk: Desk) -> None:
    await desk.sugars(110, 120)
    wrong = await desk.keep("record_glucose", NOW - 60, value=420)
    await desk.keep("record_glucose", NOW - 50, value=142, supersedes=wrong)
    assert (await desk.ask("summarize")).facts["highest"] == 142


async def test_pressure_weight_and_pulse(desk: Desk) -> None:
    for ago, (high, low, pulse, kilograms) in enumerate([(142, 90, 72, 70.0), (118, 76, 64, 71.2), (128, 79, 104, 72.0)]):
        at = MORNING - ago * DAY
        await desk.keep("record_blood_pressure", at, systolic=high, diastolic=low, heart_rate=pulse)
        await desk.keep("record_weight", at, value=kilograms)
    found = (await desk.ask("summarize", what="blood_pressure", days=7)).facts
    told = ("count", "average", "lowest", "highest", "in_target", "goal")
    assert [found[name] for name in told] == [3, "129/82", "118/76", "142/90", 2, "130/80"]
    found = (await desk.ask("summarize", what="weight", days=7)).facts
    assert [found[name] for name in ("count", "average", "lowest", "highest", "change")] == [3, 71.1, 70, 72, "-2.0"]
    found = (await desk.ask("summarize", what="heart_rate", days=7)).facts
    assert [found[name] for name in ("count", "average", "lowest", "highest", "in_target")] == [3, 80, 64, 104, 2]
    assert len(desk.shelf.files) == 3


async def test_the_doctors_targets_are_the_range(desk: Desk) -> None:
    await desk.sugars(100, 150, 170)
    usual = (await desk.ask("summarize")).facts
    await desk.keep("set_targets", MORNING, by="Dr Rao", glucose={"unknown": {"low": 80, "high": 140}})
    own = (await desk.ask("summarize")).facts
    meals = {name: {"low": 90, "high": 200} for name in ("fasting", "after_meal")}
    await desk.keep("set_targets", MORNING + 60, by="Dr Rao", glucose=meals, off=["unknown"])
    looser = (await desk.ask("summarize")).facts
    assert (looser["in_target"], looser["range_low"], looser["range_high"]) == (3, 80, 200)  # bedtime and before meals as usual
    assert (usual["in_target"], usual["range_high"]) == (3, 180)
    assert (own["in_target"], own["in_own_target"], own["range_low"], own["range_high"]) == (1, 1, 80, 140)


async def test_in_pregnancy_the_range_is_narrower(desk: Desk) -> None:
    await desk.sugars(100, 150, 170)
    found = (await desk.ask("summarize", pregnancy=True)).facts
    assert (found["in_target"], found["range_low"], found["range_high"]) == (1, 63, 140)


async def test_the_doctors_page_has_everything_of_the_week(desk: Desk) -> None:
    await desk.sugars(150, 160, 62, 170, 155, 158, 149)
    await desk.keep("record_blood_pressure", MORNING, systolic=131, diastolic=84)
    await desk.keep("add_medicine", MORNING - DAY, name="Metformin", told_by="person")
    await desk.keep("record_medicine", MORNING, medicine="Metformin", status="taken")
    await desk.keep("record_medicine", MORNING - DAY, medicine="Metformin", status="skipped")
    found = await desk.ask("weekly_summary", language="en", name="Asha", next_visit="Monday, 1 December, 10:00")
    assert found.outcome == "ready"
    assert (found.facts["count"], found.facts["taken"], found.facts["missed"]) == (7, 1, 1)
    data, mime, person, _ = desk.shelf.files[found.facts["page"]]
    assert (mime, person) == ("application/pdf", ASHA)
    document = pypdfium2.PdfDocument(data)
    try:
        text = document[0].get_textpage().get_text_range()
        assert len(document) == 1
    finally:
        document.close()
    for words in ("Person: Asha", "19 November – 25 November", "131/84 mmHg", "Taken", "Missed", "Monday, 1 December, 10:00"):
        assert words in text
    assert "HbA1c" not in text
    assert await desk.ask("weekly_summary", language="en", name="Asha", next_visit="Monday, 1 December, 10:00") == found
    assert (await desk.ask("weekly_summary", at=NOW - 90 * DAY)).outcome == "nothing"


async def test_the_digest_says_what_went_well_and_what_needs_a_look(desk: Desk) -> None:
    await desk.sugars(*[120] * 7)
    for hour in range(3):
        await desk.keep("record_glucose", NOW - hour * DAY, value=130)
    await desk.keep("record_medicine", MORNING, medicine="Metformin", status="taken")
    good = await desk.ask("digest", name="Asha", next_visit="Monday")
    assert good.outcome == "ready"
    assert (good.facts["well"], good.facts["look"]) == (["measured", "in_range", "no_lows", "doses_taken"], [])
    assert (good.facts["next_visit"], good.facts["name"]) == ("Monday", "Asha")
    assert good.facts["chart"] in desk.shelf.files
    await desk.keep("record_glucose", NOW - 120, value=50)
    await desk.keep("record_medicine", MORNING + 60, medicine="Metformin", status="skipped")
    bad = await desk.ask("digest")
    assert (bad.facts["well"], bad.facts["look"]) == (["measured", "in_range"], ["very_lows", "doses_missed"])


async def test_a_digest_without_readings_says_so(desk: Desk) -> None:
    assert (await desk.ask("digest")).outcome == "nothing"
    await desk.keep("record_medicine", MORNING, medicine="Metformin", status="skipped")
    found = await desk.ask("digest")
    assert (found.outcome, found.facts["look"], found.facts["chart"]) == ("ready", ["no_readings", "doses_missed"], None)


async def test_numbers_go_out_without_a_picture_that_cannot_be_made_or_kept(desk: Desk) -> None:
    await desk.sugars(110, 120, 130)
    for name in ("late", "broken"):
        setattr(desk.hand if name == "late" else desk.shelf, name, True)
        found = await desk.ask("summarize")
        assert (found.outcome, found.facts["average"], found.facts["chart"]) == ("ready", 120, None)
        assert (await desk.ask("chart")).outcome == "no_picture"
        assert (await desk.ask("weekly_summary")).outcome == "no_picture"
        setattr(desk.hand if name == "late" else desk.shelf, name, False)
    bare = HealthInsights(desk.store, load_policy(), load_insights())
    found = await bare.handle(Intent(EffectId("i"), ASHA, "health_insights", "summarize", NOW), now=NOW)
    assert (found.outcome, found.facts["chart"]) == ("ready", None)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("sing", {}), ("summarize", {"what": "moon"}), ("summarize", {"what": []}), ("summarize", {"days": 0}),
        ("summarize", {"days": 367}), ("summarize", {"days": "7"}), ("summarize", {"days": 1.5}), ("digest", {"days": True}),
        ("weekly_summary", {"days": float("nan")}),
    ],
)  # fmt: skip
async def test_nonsense_is_malformed(desk: Desk, name: str, data: dict[str, Any]) -> None:
    with pytest.raises(Malformed):
        await desk.ask(name, **data)


async def test_strange_words_about_a_person_do_no_harm(desk: Desk) -> None:
    await desk.sugars(110, 120, 130)
    found = await desk.ask("summarize", language="klingon", unit="stone", zone="Mars/Olympus", name=5)
    assert found.outcome == "ready"


@given(st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(), st.lists(st.integers())))
def test_any_days_are_days_or_malformed(value: Any) -> None:
    try:
        assert 1 <= days_of({"days": value}, 7) <= 366
    except Malformed:
        assert value is not None
