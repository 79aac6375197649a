"""The rules' own file: mistakes in it are named with their field."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.errors import ConfigError
from config.insights import FILE, load_insights


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("low_below: 70", "low_below: 200", "shares: the four limits must rise"),
        ("midday: 11", "midday: 4", "parts_of_day: the hours must begin with 0 and rise"),
        ("pairs: 5 ", "pairs: 1 ", "patterns.morning_rise.pairs: Input should be greater than or equal to 2"),
        ("sign_off:", "signed:", "sign_off: Field required"),
        ("keep_days: 30", "keep_weeks: 4", "chart.keep_days: Field required"),
        ("slope: 28.7", "slope: 0", "estimated_a1c.slope: Input should be greater than 0"),
    ],
)
def test_a_mistake_is_named(tmp_path: Path, old: str, new: str, said: str) -> None:
    text = FILE.read_text(encoding="utf-8")
    assert old in text
    (tmp_path / "insights.yaml").write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ConfigError) as error:
        load_insights(tmp_path / "insights.yaml")
    assert re.match(rf"insights\.yaml:\d+:\d+: {re.escape(said)}", str(error.value))


def test_rules_that_are_not_there_are_said(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"nowhere\.yaml"):
        load_insights(tmp_path / "nowhere.yaml")
