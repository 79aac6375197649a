"""The forecast of a wave against a channel that sends one message after the other."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.notices.wave import Batch, forecast, spread

EIGHT = 1_764_037_800.0  # 25 November 2025, 08:00 in India
batches = st.lists(
    st.builds(
        lambda due, name, count, worth: Batch(EIGHT + due, name, count, EIGHT + due + worth),
        st.integers(0, 600), st.sampled_from("abc"), st.integers(1, 200), st.integers(1, 900),
    ),
    max_size=6,
)  # fmt: skip


def test_two_hundred_thousand_at_eight_are_done_by_fourteen_past_medicines_first() -> None:
    wave = [Batch(EIGHT + 3, "walk", 100_000, EIGHT + 10_800), Batch(EIGHT, "medicine", 100_000, EIGHT + 7200)]
    [found] = forecast(wave, 240.0, EIGHT - 60)
    assert (found.count, found.late) == (200_000, 0)
    assert found.done == pytest.approx(EIGHT + 200_000 / 240)
    assert found.done < EIGHT + 14 * 60
    assert [one.batch.name for one in found.served] == ["medicine", "walk"]
    assert found.served[0].done == pytest.approx(EIGHT + 100_000 / 240)


def test_what_the_channel_does_not_reach_in_time_is_told() -> None:
    [found] = forecast([Batch(EIGHT, "walk", 1000, EIGHT + 60)], 10.0, EIGHT)
    assert (found.late, found.done) == (400, EIGHT + 60)
    [found] = forecast([Batch(EIGHT, "walk", 1000, EIGHT + 60)], 10.0, EIGHT, waiting=500)
    assert found.late == 900


def test_what_is_due_after_a_pause_is_another_wave() -> None:
    found = forecast([Batch(EIGHT, "a", 10, EIGHT + 60), Batch(EIGHT + 5, "b", 10, EIGHT + 60)], 10.0, EIGHT)
    assert [one.begun for one in found] == [EIGHT, EIGHT + 5]


@given(st.lists(st.text(min_size=1, max_size=9), min_size=1), st.integers(0, 5000), st.integers(0, 1800))
def test_everybody_has_a_moment_of_their_own_that_is_always_the_same_and_never_too_late(
    people: list[str], worth: int, most: int
) -> None:
    for person in people:
        at = spread(person, EIGHT, EIGHT + worth, most)
        assert EIGHT <= at <= EIGHT + min(most, worth / 2)
        assert at == spread(person, EIGHT, EIGHT + worth, most)


def test_a_thousand_people_are_spread_evenly() -> None:
    minutes = Counter(int((spread(f"p{n}", EIGHT, EIGHT + 3600, 600.0) - EIGHT) // 60) for n in range(1000))
    assert len(minutes) == 10
    assert max(minutes.values()) < 140


@given(batches, st.integers(1, 20), st.integers(0, 300))
def test_it_is_what_a_channel_does_that_sends_one_after_the_other(made: list[Batch], rate: int, waiting: int) -> None:
    free, sent, late = EIGHT + waiting / rate, 0, 0
    for batch in sorted(made):
        for _ in range(batch.count):
            at = max(free, batch.due)
            if at + 1 / rate <= batch.latest + 1e-6:
                free, sent = at + 1 / rate, sent + 1
            else:
                late += 1
    waves = forecast(made, float(rate), EIGHT, waiting)
    off = len(made)  # a message at the very edge of each batch
    assert sum(one.late for one in waves) == pytest.approx(late, abs=off)
    if sent:
        assert max(one.done for one in waves if one.count > one.late) == pytest.approx(free, abs=off / rate + 1e-3)
    for wave in waves:
        for one in wave.served:
            assert one.begun >= one.batch.due
            assert one.done <= max(one.batch.latest, one.begun)
