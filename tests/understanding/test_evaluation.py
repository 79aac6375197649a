"""The figures on the evaluation sets stay above their floors."""

from __future__ import annotations

import pytest

from bot.understanding.reader import Reader
from bot.understanding.wire import line
from tests.understanding.evaluate import FLOORS, SETS, evaluate, lines


@pytest.mark.parametrize("name", SETS)
def test_floors_are_held(reader: Reader, name: str) -> None:
    groups, _ = evaluate(lambda text: line("", reader.understand(text)), lines(SETS[name]))
    tallies = groups["all"].tallies
    below = [
        figure
        for figure, floor in FLOORS[name].items()
        if (tallies[figure].share > floor if figure == "false alarms" else tallies[figure].share < floor)
    ]
    assert below == []
