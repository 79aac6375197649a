"""A stage that is loaded once, and the street that most tests look at."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.app.rehearsing import Stage, Wanted
from bot.dialogue.bundle import read_bundle
from bot.rehearsal.counts import Counts
from config.personas import Personas, load_personas
from config.policy import load_policy

ROOT = Path(__file__).parents[2]
DAYS, PEOPLE = 3, 20


@pytest.fixture(scope="session")
def wanted() -> Wanted:
    bundle = read_bundle(ROOT / "dialogs", ROOT / "locales", languages=load_policy().behaviour.languages)
    return Wanted(PEOPLE, DAYS, 7, bundle, ROOT / "dialogs", ROOT / "locales", ROOT / "data/cache")


@pytest.fixture(scope="session")
def stage(wanted: Wanted) -> Stage:
    return Stage(wanted)


@pytest.fixture(scope="session")
def counts(stage: Stage) -> Counts:
    return stage.play(0)


@pytest.fixture(scope="session")
def personas() -> Personas:
    return load_personas()
