"""What patients eat is heard as a meal and never as a danger: names of the food table against the words of the lexicon."""

from __future__ import annotations

from agents.lifestyle_coach.content import load_food
from bot.understanding.meaning import Context
from bot.understanding.reader import Reader
from tests.agents.lifestyle_coach.samples import samples
from tests.agents.town import ROOT

LEAST = 0.97


def test_meals_are_heard_as_meals_and_never_alarm(reader: Reader) -> None:
    """ "kopir torkari" is cabbage curry and no seizure; "dum aloo" has no breath in it."""
    heard = []
    for sample in samples("patients"):
        meaning = reader.understand(sample.text, Context(language=sample.language))
        assert meaning.urgency == "none", sample.text
        heard.append(meaning.intent is not None and meaning.intent.id == "log_meal")
    assert sum(heard) / len(heard) >= LEAST


def test_no_food_is_called_what_sounds_an_alarm(reader: Reader) -> None:
    """The names that are shown, in the script of each language and in Latin letters: people copy them."""
    for food in load_food(ROOT / "dialogs/food").foods.values():
        for name in set(food.names.values()):
            assert reader.understand(name).urgency == "none", name
