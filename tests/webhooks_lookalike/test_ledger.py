"""What the gateway remembers of what it sent: the last of it, in order, also by number."""

from __future__ import annotations

from webhooks.lookalike.ledger import Ledger


def take(ledger: Ledger, number: str, text: str) -> None:
    ledger.add(id=text, instance="procare", number=number, endpoint="sendText", text=text, at=0.0, told=True, body={})


def test_the_oldest_go_first_also_from_what_is_known_of_a_number() -> None:
    ledger = Ledger(3)
    for number, text in (("1", "a"), ("2", "b"), ("1", "c"), ("1", "d"), ("1", "e")):
        take(ledger, number, text)
    assert [one.text for one in ledger.all()] == [one.text for one in ledger.of("1")] == ["c", "d", "e"]
    assert (ledger.of("2"), ledger.numbers(), ledger.total) == ([], {"1"}, 5)


def test_without_a_memory_it_only_counts() -> None:
    ledger = Ledger(0)
    take(ledger, "1", "a")
    assert (ledger.all(), ledger.of("1"), ledger.total) == ([], [], 1)
