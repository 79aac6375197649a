"""Meals in words: what is read of them, in all languages, and what is not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.lifestyle_coach.amount import MOST
from agents.lifestyle_coach.food import FoodTable
from agents.lifestyle_coach.meal import MOST_UNKNOWN, MealReader
from tests.agents.lifestyle_coach.samples import Sample, exact, read, samples

DEV_LEAST, UNSEEN_LEAST = 0.98, 0.9
LANGUAGES = ("en", "hi", "bn", "mr", "te", "ta", "gu", "ur", "kn", "or", "ml", "pa", "as")
WORDS = ["roti", "dal", "idli", "चावल", "ஒரு தோசை", "2", "katori", "no", ",", "thoda", "99"]


def test_the_labelled_meals_are_read(reader: MealReader) -> None:
    """Every language that we speak is among them."""
    every, right = exact(reader, samples("dev"))
    assert sum(every.values()) >= 200
    assert {name.partition("-")[0] for name in every} == set(LANGUAGES)
    assert sum(right.values()) / sum(every.values()) >= DEV_LEAST


def test_meals_that_nobody_looked_at_are_mostly_read(reader: MealReader) -> None:
    """Only the figure: their words are never printed, so that nobody tunes to them."""
    every, right = exact(reader, samples("unseen"))
    assert sum(every.values()) >= 50
    assert sum(right.values()) / sum(every.values()) >= UNSEEN_LEAST


PATIENTS = samples("patients")


@pytest.mark.parametrize("language", sorted({sample.language for sample in PATIENTS}))
def test_meals_are_read_as_patients_write_them(reader: MealReader, language: str) -> None:
    """Foods, counts and measures of at least 68 meals in each language, in its script and in Latin letters, with slips."""
    asked = [sample for sample in PATIENTS if sample.language == language]
    wrong = [sample.text for sample in asked if not _counted_right(reader, sample)]
    assert len(asked) >= 68
    assert len(wrong) <= 2, wrong


def _counted_right(reader: MealReader, sample: Sample) -> bool:
    items = reader.read(sample.text, sample.language).items
    wanted = {(food, count, measure) for food, count, measure, _ in sample.wanted}
    return {(one.food, one.count, None if one.measure == "piece" else one.measure) for one in items} == wanted


@pytest.mark.parametrize(
    ("language", "text"), [("hi", "aaj mausam achha hai"), ("te", "aaj mausam achha hai"), ("en", "the weather is nice")]
)
def test_the_weather_is_no_food(reader: MealReader, language: str, text: str) -> None:
    """ "Mausam" sounds like Telugu "mamsam", meat; "mausambi" stays a fruit."""
    assert reader.read(text, language).items == ()
    assert [one.food for one in reader.read("2 mausambi", "hi").items] == ["orange"]


def test_one_word_is_what_the_persons_language_calls_it(reader: MealReader) -> None:
    """ "vellam" is jaggery in Tamil and water in Malayalam; German words are heard from who speaks German only."""
    assert [one.food for one in reader.read("vellam", "ta").items] == ["jaggery"]
    assert [one.food for one in reader.read("vellam", "ml").items] == ["plain_water"]
    assert [one.food for one in reader.read("ei", "de").items] == ["egg"]
    assert reader.read("ei", "bn").items == ()
    assert [one.food for one in reader.read("2 Kekse").items] == ["biscuit"]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("roti 2 dal 1 katori", {("roti", 2.0, None, None), ("dal", 1.0, "katori", None)}),
        ("idli 3 sambar chutney", {("idli", 3.0, None, None), ("sambar", None, None, None), ("chutney", None, None, None)}),
        ("2 tsp sugar in tea", {("sugar", 2.0, "spoon", None), ("tea_unsweetened", None, None, None)}),
        ("a coffee with sugar", {("coffee", 1.0, None, None)}),
        ("rice, 1 katori", {("rice", 1.0, "katori", None)}),
        ("1 1/2 roti", {("roti", 1.5, None, None)}),
        ("½ plate rice", {("rice", 0.5, "plate", None)}),
        ("at 8:30 2 idli", {("idli", 2.0, None, None)}),
        ("cheeni bina chai", {("tea_unsweetened", None, None, None)}),
        ("bhindi ki sabzi", {("bhindi", None, None, None)}),
        ("roti sabzi", {("roti", None, None, None), ("sabzi", None, None, None)}),
        ("2 roti and 1 more roti", {("roti", 3.0, None, None)}),
        ("idly 3 vada 1 sambhar", {("idli", 3.0, None, None), ("vada", 1.0, None, None), ("sambar", None, None, None)}),
        ("upma 1 plate banana", {("upma", 1.0, "plate", None), ("banana", None, None, None)}),
        ("2 tomato paratha", {("gobi_paratha", 2.0, None, None)}),
        ("gajar ka halwa 1 katori", {("halwa", 1.0, "katori", None)}),
        ("coconut, chutney", {("coconut", None, None, None), ("chutney", None, None, None)}),
        ("guava juice 1 glass", {("juice", 1.0, "glass", None)}),
        ("ebati bhat", {("rice", 1.0, "katori", None)}),
        ("ringan nu shaak, chhas", {("baingan", None, None, None), ("buttermilk", None, None, None)}),
    ],
)
def test_amounts_find_their_food(reader: MealReader, text: str, wanted: set[object]) -> None:
    assert read(reader.read(text).items) == wanted


def test_what_was_denied_is_no_food_of_the_meal(reader: MealReader) -> None:
    meal = reader.read("no rice, 2 roti, chai bina cheeni")
    assert {item.food for item in meal.items} == {"roti", "tea_unsweetened"}
    assert set(meal.denied) == {"rice", "sugar"}


def test_unknown_words_are_told_as_they_were_written(reader: MealReader) -> None:
    assert reader.read("2 roti with Zorblax").unknown == ("Zorblax",)
    assert reader.read("lunch").items == ()


@pytest.mark.parametrize("text", ["sugar 182 after lunch", "sugar 95", "शुगर 210"])
def test_a_reading_of_the_meter_is_no_sugar_that_was_eaten(reader: MealReader, text: str) -> None:
    assert reader.read(text).items == ()


def test_the_kind_of_day_is_heard(reader: MealReader) -> None:
    assert reader.read("vrat me sabudana khichdi").days == ("fasting",)
    assert reader.read("fever, only kanji").days == ("ill",)


@given(st.text(max_size=400))
def test_no_text_is_too_strange(reader: MealReader, table: FoodTable, text: str) -> None:
    meal = reader.read(text)
    assert meal == reader.read(text)
    assert all(item.food in table.foods for item in meal.items)
    assert len(meal.unknown) <= MOST_UNKNOWN


@given(
    st.lists(st.sampled_from(["roti", "dal", "idli", "चावल", "ஒரு தோசை", "2", "katori", "no", ",", "thoda", "99"]), max_size=30)
)
def test_counts_stay_believable(reader: MealReader, words: list[str]) -> None:
    for item in reader.read(" ".join(words)).items:
        assert item.count is None or 0 < item.count <= MOST * 30


@given(st.sampled_from(["roti", "idli", "samosa", "केला", "தோசை", "egg"]), st.integers(1, 12))
def test_a_count_before_or_behind_says_the_same(reader: MealReader, food: str, count: int) -> None:
    assert reader.read(f"{count} {food}").items == reader.read(f"{food} {count}").items
