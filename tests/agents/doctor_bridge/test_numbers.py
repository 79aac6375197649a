"""Numbers of cases, and how a message of the care team is read."""

from __future__ import annotations

from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.doctor_bridge.addressing import Addressed, read_message
from agents.doctor_bridge.numbers import LETTERS, numbers_for, written_number
from config.policy import load_policy

WORDS = load_policy().bridge.words


def test_every_number_comes_once_the_short_ones_first() -> None:
    every = list(numbers_for("p1:1"))
    assert len(every) == len(set(every)) == 990 * len(LETTERS)
    assert {len(number) for number in every[: 90 * len(LETTERS)]} == {3}
    assert max(map(len, every)) == 4


@given(st.text(max_size=30))
def test_the_same_case_tries_the_same_numbers_and_each_reads_back(case: str) -> None:
    first = list(islice(numbers_for(case), 5))
    assert first == list(islice(numbers_for(case), 5))
    for number in first:
        for written in (f"#{number}", f"# {number.lower()}", f"  #{number[:-1]} {number[-1]}"):
            assert written_number(f"{written} come at 5") == (number, " come at 5")


@pytest.mark.parametrize("text", ["12A come", "#12", "#12b come", "#1A", "#12 apples", "#12Ab", "come #12A", "#12AB", ""])
def test_what_is_no_number_of_a_case_is_left_alone(text: str) -> None:
    assert written_number(text) == (None, text)


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("#12A Take 1 tablet. ", Addressed("12A", None, "Take 1 tablet. ")),
        ("#12a: done", Addressed("12A", "done", "")),
        ("#12A Done!", Addressed("12A", "done", "")),
        ("#12A done with the antibiotic?", Addressed("12A", None, "done with the antibiotic?")),
        ("#12A", Addressed("12A", "show", "")),
        ("#12A pass  on", Addressed("12A", "pass", "")),
        ("#done", Addressed(None, "done", "")),
        ("#", Addressed(None, None, "", listed=True)),
        ("#1 rule: walk", Addressed(None, None, "#1 rule: walk")),
        ("done", Addressed(None, None, "done")),
        ("  two lines\n\nare kept ", Addressed(None, None, "  two lines\n\nare kept ")),
        ("#12A बंद", Addressed("12A", "done", "")),
    ],
)
def test_words_for_us_are_only_those_behind_a_hash(text: str, read: Addressed) -> None:
    assert read_message(text, WORDS) == read


def test_a_few_whole_messages_are_words_for_us_without_a_hash() -> None:
    alone = load_policy().bridge.alone
    assert read_message(" Done. ", WORDS, alone) == Addressed(None, "done", "")
    assert read_message("done with the antibiotic?", WORDS, alone) == Addressed(None, None, "done with the antibiotic?")
    assert read_message("बंद", WORDS, alone) == Addressed(None, None, "बंद")


@given(st.text(max_size=300).filter(lambda text: not text.strip().startswith("#")))
def test_without_a_hash_nothing_is_changed(text: str) -> None:
    assert read_message(text, WORDS) == Addressed(None, None, text)
