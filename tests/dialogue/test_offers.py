"""What an agent found as options: never more than a list can show, never in the place of the question's own."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs
from pydantic import ValidationError

from bot.dialogue.authored import WEEK
from bot.dialogue.authored import Step as AuthoredStep
from bot.dialogue.flow import Choice, Step
from bot.dialogue.offers import LABEL, OPTIONS, arranged, offering
from bot.dialogue.text import Text

OWN = Choice("none", Text(()), None, frozenset(), frozenset(), None, "next")
WORDS = st.text(max_size=40)
ITEM = st.one_of(
    st.integers(), WORDS, st.dictionaries(st.sampled_from(["id", "label", "description"]), st.one_of(WORDS, st.none()))
)


@given(st.one_of(st.none(), WORDS, st.lists(ITEM, max_size=15)))
def test_whatever_the_variable_holds_the_question_can_be_asked(held: object) -> None:
    step = offering(Step("f", "s", "reply", choices=(OWN,), options_from="found"), {"found": held})
    assert step.choices[-1] is OWN
    assert len(step.choices) <= OPTIONS
    assert len({choice.id for choice in step.choices}) == len(step.choices)
    for choice in step.choices[:-1]:
        assert 0 < len(choice.label.render("hi", {})) <= LABEL


def test_the_items_keep_their_order_and_their_words() -> None:
    held = [{"id": f"t{number}", "label": f"{number} o'clock"} for number in range(15)]
    step = offering(Step("f", "s", "reply", choices=(OWN,), options_from="found"), {"found": held})
    assert [choice.id for choice in step.choices] == [*(f"t{number}" for number in range(9)), "none"]
    assert step.choices[3].label.render("hi", {}) == "3 o'clock"
    assert "3 o'clock" in step.choices[3].words


@pytest.mark.parametrize(
    "written", [{"options_from": "found"}, {"options_from": "found", "options": {"x": "X"}, "expect": {"name": {}}}]
)
def test_a_question_with_found_options_has_a_way_out(written: dict[str, object]) -> None:
    with pytest.raises(ValidationError, match="none of these"):
        AuthoredStep.model_validate({"say": "?", **written})


@pytest.mark.parametrize(
    ("country", "first"), [("IN", "sun"), ("US", "sun"), ("DE", "mon"), ("GB", "mon"), ("default", "mon"), (None, "mon")]
)
def test_a_list_of_weekdays_begins_as_weeks_do_in_the_persons_country(country: str | None, first: str) -> None:
    step = Step("f", "s", "reply", choices=tuple(structs.replace(OWN, id=day) for day in WEEK), week=True)
    shown = [choice.id for choice in arranged(step, country).choices]
    assert shown[0] == first
    assert [*shown, *shown][shown.index("mon") :][:7] == list(WEEK)
    assert arranged(structs.replace(step, week=False), country).choices == step.choices


def test_a_week_has_its_seven_days() -> None:
    AuthoredStep.model_validate({"say": "?", "week": True, "options": dict.fromkeys(WEEK, "x")})
    for wrong in (WEEK[1:], (*WEEK[1:], "mon"), (*WEEK, "none")):
        with pytest.raises(ValidationError, match="in this order"):
            AuthoredStep.model_validate({"say": "?", "week": True, "options": dict.fromkeys(wrong, "x")})
