from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.engagement_engine.schedule import WHATS
from agents.engagement_engine.times import clocks_of
from bot.errors import ConfigError
from config.engagement import load_engagement

RULES = load_engagement()


@pytest.mark.parametrize(
    ("words", "clocks"),
    [
        ("morning and night, after food", ("08:00", "21:00")), ("1-0-1", ("08:00", "21:00")),
        ("1-1-1-1", ("08:00", "13:00", "18:00", "21:00")),
        ("½ tablet morning", ("08:00",)), ("8 am", ("08:00",)), ("20:30", ("20:30",)), ("at 9.15 pm", ("21:15",)),
        ("1 tablet TDS", ("08:00", "13:00", "21:00")), ("BD", ("08:00", "21:00")), ("2 tablets", ()), ("when it hurts", ()),
        ("सुबह और रात", ("08:00", "21:00")), ("सुबह ८ बजे", ("08:00",)), ("subah shaam", ("08:00", "18:00")), ("0-0-1", ("21:00",)),
        ("8 am and 8 pm", ("08:00", "20:00")), ("8 am in the morning", ("08:00",)), ("25:99", ()), ("", ()), ("13 pm", ()),
        ("7 am and 6", ("07:00", "18:00")), ("8 am, 2 and 9", ("08:00", "14:00", "21:00")), ("8 pm and 8", ("08:00", "20:00")),
        ("8 am & 9", ("08:00", "21:00")), ("6 am aur 11", ("06:00", "11:00")), ("8 am and 10 units", ("08:00",)),
        ("1 tablet at 8 am and 2 at 9 pm", ("08:00", "21:00")), ("8 am, 9:30 pm", ("08:00", "21:30")),
        ("8 am and 25", ("08:00",)),
        ("காலை மற்றும் இரவு", ("08:00", "21:00")), ("সকালে ও রাতে", ("08:00", "21:00")), ("sakali ani ratri", ("08:00", "21:00")),
        ("రాత్రి భోజనం తర్వాత", ("21:00",)), ("morgens, mittags, abends", ("08:00", "13:00", "18:00")),
        ("صبح اور رات", ("08:00", "21:00")),
        ("after breakfast and dinner", ("08:00", "21:00")), ("0-0-0", ()), ("500-0-500", ()),
    ],
)  # fmt: skip
def test_words_of_a_prescription(words: str, clocks: tuple[str, ...]) -> None:
    assert clocks_of(words, RULES) == clocks


@given(st.text(max_size=200))
def test_any_words_give_times_in_order_or_none(words: str) -> None:
    found = clocks_of(words, RULES)
    assert list(found) == sorted(set(found))
    assert len(found) <= 6


def test_every_kind_of_reminder_has_its_lateness() -> None:
    assert set(RULES.reminders.late) == set(WHATS)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("zone: Asia/Kolkata", "zone: Asia/Nowhere", "zone"),
        ("most: 20 ", "most: 0 ", "reminders.most"),
        ("copies:", "copy:", "copy"),
    ],
)
def test_a_mistake_names_file_and_key(tmp_path: Path, old: str, new: str, told: str) -> None:
    text = (Path("config/engagement.yaml")).read_text(encoding="utf-8")
    (tmp_path / "engagement.yaml").write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(ConfigError, match=rf"engagement\.yaml:\d+:\d+: .*{told}"):
        load_engagement(tmp_path / "engagement.yaml")
