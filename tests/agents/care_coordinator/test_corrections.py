"""A laboratory that corrects a report: told as a correction, asked about anew, and never two values for one."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from agents.care_coordinator import corrected
from agents.care_coordinator.corrected import TestResult as Kept  # not under a name that looks like a test's
from agents.care_coordinator.lab_values import kept_as
from bot.model.effects import Intent
from bot.model.ids import EffectId
from bot.ports.laboratory import LabResult, LabValue
from bot.ports.store import Reading, standing
from tests.agents.care_coordinator.place import ASHA, town
from tests.agents.care_coordinator.told import PERSON, booked, told_by_the_laboratory, values_of

FACTOR = 18.0
GLUCOSE = st.builds(
    LabValue, st.just("glucose"), st.sampled_from([90.0, 126.0, 480.0]), st.just("mg/dL"), st.sampled_from([1.0, 2.0])
)
HBA1C = st.builds(LabValue, st.just("hba1c"), st.sampled_from([6.8, 9.1]), st.just("%"), st.just(1.0))
VALUES = st.lists(GLUCOSE | HBA1C | st.just(LabValue("creatinine", 0.9, "mg/dL", 1.0)), max_size=4).map(tuple)


@settings(max_examples=80, deadline=None)
@given(VALUES, st.lists(st.just("yes") | VALUES, max_size=6))
def test_whatever_is_corrected_and_confirmed_only_the_newest_report_stands_each_value_once(
    first: tuple[LabValue, ...], then: list[str | tuple[LabValue, ...]]
) -> None:
    result, readings = Kept(None, first), dict[str, Reading]()  # by id: a repeat is stored once

    def now() -> Counter[tuple[str, float, float]]:
        return Counter((one.kind, one.value, one.at) for one in standing(readings.values(), 100))

    for step in then:
        if isinstance(step, str):
            result = corrected.wanted(result)
            for one in corrected.fresh(result, "t1", FACTOR):
                wrong = EffectId(one.instead_of.id) if one.instead_of else None
                kind, data = one.kept.intent.removeprefix("record_"), one.kept.data
                kept = Reading(EffectId(one.id), PERSON, kind, data["value"], data["measured_at"], supersedes=wrong)
                readings.setdefault(one.id, kept)
            every = [known for value in result.values if (known := kept_as(value, FACTOR))]
            want = Counter((one.intent.removeprefix("record_"), one.data["value"], one.data["measured_at"]) for one in every)
            assert now() == want
        else:
            found = LabResult(step, revision=result.revision + 1)
            after = corrected.with_correction(result, found, None, "t1", FACTOR)
            for number, noted in enumerate(corrected.taken_back(result, after)):
                kind, id_ = noted.kept.intent.removeprefix("record_"), EffectId(f"w{after.number}.{number}")
                readings[id_] = Reading(id_, PERSON, kind, 0.0, 0.0, supersedes=EffectId(noted.id), withdrawn=True)
            result = after
            said = Counter((value.kind, value.value, value.measured_at) for value in result.values)
            assert now() <= said


def test_what_is_older_or_the_same_is_no_news_and_changed_values_are_without_a_count() -> None:
    values = (LabValue("hba1c", 6.8, "%", 1.0),)
    known = Kept(None, values, revision=2)
    assert corrected.is_news(None, LabResult(values))
    assert not corrected.is_news(known, LabResult(values, revision=2))
    assert not corrected.is_news(known, LabResult((), revision=1))
    assert corrected.is_news(known, LabResult(values, revision=3))
    assert corrected.is_news(known, LabResult((replace(values[0], value=9.1),), revision=2))


async def test_a_corrected_report_is_told_as_one_and_its_values_take_the_place_of_the_old_ones(tmp_path: Path) -> None:
    async with town(tmp_path, lab=True) as place:
        key = await booked(place)
        await place.pass_time(86_400)
        at = place.now - 3600
        long_ago = LabValue("hba1c", 6.8, "%", at)
        [came, asked] = await told_by_the_laboratory(place, key, long_ago, LabValue("glucose", 126.0, "mg/dL", at))
        assert "has come" in came
        assert "HbA1c 6.8 % and sugar 126 mg/dL" in asked
        await place.tap(ASHA, "yes")
        assert (await values_of(place, "hba1c"), await values_of(place, "glucose")) == ([6.8], [126.0])

        # The sugar was a mistake: it is dangerous. The HbA1c is not asked about again.
        [came, asked, nobody] = await told_by_the_laboratory(place, key, long_ago, LabValue("glucose", 41.0, "mg/dL", at))
        assert "shows a value that needs a doctor today" in came
        assert "Your lab has corrected the result" in asked
        assert "nobody of your care team" in nobody, "no doctor of this town is on duty"
        assert [one.media.kind for one in place.said if one.media] == ["document", "document"]
        assert "not among your readings any more" in asked
        assert "It says sugar 41 mg/dL" in asked
        assert (await values_of(place, "hba1c"), await values_of(place, "glucose")) == ([6.8], [])
        [case] = await place.store.documents.of(PERSON, "emergency_case")
        assert case.id.split(":")[-2:] == ["lab_result", "1"]
        await place.tap(ASHA, "yes")
        assert (await values_of(place, "hba1c"), await values_of(place, "glucose")) == ([6.8], [41.0])
        cases = await place.store.documents.of(PERSON, "emergency_case")
        assert "severe_hypoglycaemia" in {case.id.split(":")[-2] for case in cases}

        # A correction of the correction, which nobody answers before the next one comes.
        await place.pass_time(86_400)  # five notices a day
        heard = await told_by_the_laboratory(place, key, long_ago, LabValue("glucose", 148.0, "mg/dL", at))
        assert "It says sugar 148 mg/dL" in heard[-1]
        assert await values_of(place, "glucose") == []
        early = [one for one in place.said if one.options][-1]
        heard = await told_by_the_laboratory(place, key, long_ago, LabValue("glucose", 149.0, "mg/dL", at))
        assert "It says sugar 149 mg/dL" in heard[-1]
        await place.write(ASHA, "yes", quoting=early)  # to the question before
        assert await values_of(place, "glucose") != [148.0]


async def test_a_new_paper_with_the_same_numbers_asks_nothing(tmp_path: Path) -> None:
    async with town(tmp_path, lab=True) as place:
        key = await booked(place)
        await place.pass_time(86_400)
        await told_by_the_laboratory(place, key)
        await place.tap(ASHA, "yes")
        place.laboratory.has_result(key)  # and the laboratory forgets to tell
        before = len(place.texts(ASHA))
        await place.pass_time(86_400)
        [came] = [text for text in place.texts(ASHA)[before:] if "report" in text]
        assert "corrected" in came
        assert await values_of(place, "hba1c") == [6.8]
        [booking] = await place.store.documents.of(PERSON, "booking")
        old = {"booking": booking.id, "version": 0}
        intent = Intent(EffectId("late"), PERSON, "care_coordinator", "keep_results", place.now, old)
        assert (await place.agents["care_coordinator"].handle(intent, now=place.now)).outcome == "corrected"
