"""What is asked for again stays; what is not goes, and there is never more than was allowed."""

from __future__ import annotations

from bot.understanding.recent import Recent


def test_what_is_asked_for_again_stays_and_the_rest_goes() -> None:
    recent: Recent[int, str] = Recent(10)
    recent.put(0, "common")
    for number in range(1, 100):
        recent.put(number, str(number))
        assert recent.get(0) == "common"
    kept = [number for number in range(1, 100) if recent.get(number) is not None]
    assert 4 <= len(kept) <= 10
    assert 99 in kept
    assert recent.get(1) is None


def test_what_is_forgotten_goes_a_few_at_a_time_and_never_more_is_kept_than_allowed() -> None:
    class Counted:
        alive = 0

        def __init__(self) -> None:
            Counted.alive += 1

        def __del__(self) -> None:
            Counted.alive -= 1

    recent: Recent[int, Counted] = Recent(100)
    before = 0
    for number in range(1000):
        recent.put(number, Counted())
        assert before - Counted.alive <= 1, "no message pays for the words of many"
        assert Counted.alive <= 100
        before = Counted.alive
    assert Counted.alive >= 50
