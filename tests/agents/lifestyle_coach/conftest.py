"""Our own food table and reader, once a session."""

from __future__ import annotations

import pytest

from agents.lifestyle_coach.content import load_food
from agents.lifestyle_coach.food import FoodTable
from agents.lifestyle_coach.meal import MealReader
from config.lifestyle import Lifestyle, load_lifestyle
from tests.agents.town import ROOT


@pytest.fixture(scope="session")
def table() -> FoodTable:
    return load_food(ROOT / "dialogs/food")


@pytest.fixture(scope="session")
def reader(table: FoodTable) -> MealReader:
    return MealReader(table)


@pytest.fixture(scope="session")
def numbers() -> Lifestyle:
    return load_lifestyle()
