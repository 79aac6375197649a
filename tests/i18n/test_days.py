"""Days and months as each language writes them: the same words in messages, on charts and on the doctor's page; and read back."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import cast

import pytest

from agents.health_insights.plan import Frame, glucose_chart
from agents.health_insights.sample import Sample
from agents.health_insights.sheet import Found, page_of
from agents.health_insights.sources import Doses
from bot.dialogue.calendar import days
from bot.dialogue.heard import Heard
from bot.dialogue.isolates import without_controls
from bot.model.inbound import Inbound
from bot.understanding.meaning import Meaning
from config.clinical import Band
from config.insights import load_insights
from tests.agents.health_insights.phrases import LANGUAGES, our_own

WEEK = [date(2026, 11, 23 + number) for number in range(7)]
MONTHS = [date(2026, month, 25) for month in range(1, 13)]
NOON = datetime(2026, 12, 31, 12, tzinfo=UTC)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_language_writes_its_days_in_its_own_words_everywhere(language: str) -> None:
    tongue = our_own().tongue(language)
    for names in (tongue.weekdays, tongue.months, tongue.short_weekdays, tongue.short_months):
        assert len(set(names)) == len(names)
        assert not any(char.isdigit() or char in "/\u200c\u200d" for name in names for char in name)
    # What we write is read back, in full and as below a chart, with and without the day of the week.
    months = (*tongue.months, *tongue.short_months)
    for when in MONTHS:
        for text in (tongue.date(when), tongue.short_date(when), tongue.day(when)):
            heard = Heard(cast(Inbound, None), Meaning(), text, NOON.timestamp(), "UTC", language, "", months)
            assert days(heard, "past") == [when.isoformat()], text
    # Charts and the doctor's page have the very same words.
    sample = Sample(120.0, datetime(2026, 11, 29, 8, tzinfo=UTC))
    for length in (7, 30):
        frame = Frame(WEEK[-1], length, language, "mg/dL", our_own())
        chart = glucose_chart([sample], Band(low=70, high=180), frame, load_insights())
        for day in (frame.first, frame.last):
            assert tongue.date(day) in without_controls(chart.subtitle)
        shown = [tick.label for tick in chart.x_ticks]
        assert shown[-1] == (tongue.short_weekdays[6] if length == 7 else tongue.short_date(frame.last))
    found = Found(None, None, None, None, None, Doses())
    page = page_of(found, chart, Band(low=70, high=180), frame, load_insights(), made=0.0)
    assert tongue.date(frame.first) in without_controls(page.subtitle)
