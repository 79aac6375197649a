"""A value that is measured again, and one that is not."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from agents.clinical_monitor.recheck import Episode, begin, measured, passed, withdrawn
from agents.clinical_monitor.symptoms import weigh_symptom
from config.policy import load_policy

TIMES = load_policy().clinical.rechecks
MINUTE = 60.0


def low() -> Episode:
    return begin("hypo", "a", 50.0, 0.0, TIMES.hypo)


def test_a_low_that_comes_up_is_settled() -> None:
    episode = measured(low(), "b", 95.0, 16 * MINUTE, again=False, times=TIMES.hypo)
    assert (episode.state, len(episode.checks)) == ("settled", 2)
    assert passed(episode, 1e9) == episode


def test_a_low_that_stays_is_waited_for_again() -> None:
    episode = measured(low(), "b", 60.0, 16 * MINUTE, again=True, times=TIMES.hypo)
    assert (episode.state, episode.until) == ("waiting", 16 * MINUTE + (15 + 20) * MINUTE)
    assert passed(episode, episode.until - 1).state == "waiting"
    assert passed(episode, episode.until).state == "no_recheck"


def test_a_severe_pressure_that_stays_is_confirmed() -> None:
    first = begin("blood_pressure", "a", 190.0, 0.0, TIMES.blood_pressure)
    assert measured(first, "b", 188.0, 6 * MINUTE, again=True, times=TIMES.blood_pressure).state == "confirmed"
    assert measured(first, "b", 150.0, 6 * MINUTE, again=False, times=TIMES.blood_pressure).state == "settled"


def test_a_reading_that_was_a_mistake_is_taken_out() -> None:
    assert withdrawn(low(), "a").state == "settled"
    two = measured(low(), "b", 60.0, 16 * MINUTE, again=True, times=TIMES.hypo)
    assert (withdrawn(two, "b").state, len(withdrawn(two, "b").checks)) == ("waiting", 1)
    assert withdrawn(two, "x") == two


@given(st.lists(st.tuples(st.sampled_from("bcdef"), st.floats(20, 200), st.booleans()), max_size=20))
def test_hearing_a_reading_twice_changes_nothing(heard: list[tuple[str, float, bool]]) -> None:
    episode = low()
    for at, (source, value, again) in enumerate(heard):
        once = measured(episode, source, value, at * MINUTE, again=again, times=TIMES.hypo)
        assert measured(once, source, value, at * MINUTE, again=again, times=TIMES.hypo) == once
        episode = once


def test_symptoms_are_weighed_by_what_was_answered() -> None:
    def weigh(red: str | None, how_bad: str | None, since: str | None = None, pregnant: bool = False) -> str:
        return weigh_symptom(red=red, how_bad=how_bad, since=since, pregnant=pregnant)

    assert weigh("yes", "mild") == "emergency"
    assert weigh("no", "severe") == "see_today"
    assert weigh("no", "moderate") == "watch"
    assert weigh("no", "moderate", "week") == "see_today"
    assert weigh("no", "moderate", pregnant=True) == "see_today"
    assert weigh(None, "moderate") == "see_today"  # who did not answer the question after danger
    assert weigh(None, None) == "see_today"
    assert weigh(None, "mild") == "watch"
