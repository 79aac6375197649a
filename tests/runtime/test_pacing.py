"""The pace of an instance."""

from __future__ import annotations

from bot.sending.pacing import Pacer


def test_a_burst_of_one_second_then_the_rate() -> None:
    pacer = Pacer(10)
    waits = [pacer.reserve("one", 100.0) for _ in range(30)]
    assert waits[:10] == [0.0] * 10
    assert round(waits[-1], 6) == 2.0


def test_instances_do_not_slow_each_other() -> None:
    pacer = Pacer(1)
    pacer.reserve("one", 100.0)
    assert pacer.reserve("two", 100.0) == 0.0


def test_two_senders_share_the_rate() -> None:
    pacer = Pacer(10)
    pacer.share = 2
    waits = [pacer.reserve("one", 100.0) for _ in range(30)]
    assert round(waits[-1], 6) == 5.0


def test_an_idle_bucket_fills_up_to_its_burst_only() -> None:
    pacer = Pacer(10)
    for _ in range(20):
        pacer.reserve("one", 100.0)
    assert [pacer.reserve("one", 1000.0) for _ in range(11)][-1] > 0
