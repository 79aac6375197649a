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
