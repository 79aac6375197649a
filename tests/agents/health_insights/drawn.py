"""Charts and pages to draw, in any language."""

from __future__ import annotations

from agents.health_insights.picture.chart import Chart
from agents.health_insights.picture.page import Page, Row, Section
from agents.health_insights.plan import Frame, glucose_chart
from agents.health_insights.words import with_unit
from config.clinical import Band
from tests.agents.health_insights.diary import RULES, TODAY, at
from tests.agents.health_insights.phrases import our_own

RANGE = Band(low=70, high=180)


def a_chart(language: str = "en", days: int = 30, unit: str = "mg/dL") -> Chart:
    """Two readings a day, some high and some low."""
    values = [118, 142, 96, 204, 131, 175, 62, 150, 263, 127, 88, 190, 110]
    every = [at(ago, hour, values[(ago * 5 + hour) % 13]) for ago in range(days) for hour in (7, 21)]
    return glucose_chart(every, RANGE, Frame(TODAY, days, language, unit, our_own()), RULES)


def a_page(language: str = "en", lines: int = 2) -> Page:
    words = our_own()

    def say(name: str, /, **values: object) -> str:
        return words.say(name, language, **values)

    rows = (
        Row(say("page_readings"), "60"), Row(say("page_average"), "141 mg/dL"), Row(say("page_a1c"), "6.6 %"),
        Row(say("page_in_range", low="70", high="180"), "68 %"),
    )  # fmt: skip
    found = tuple(say("found_morning_rise", value=with_unit("40", "mg/dL", language), count=6) for _ in range(lines))
    return Page(
        language,
        say("page_title", days=30),
        say("page_for", name="Asha"),
        (
            Section(say("average"), rows),
            Section(say("page_by_time"), tuple(Row(say(f"part_{part}"), "150") for part in ("night", "morning", "evening"))),
            Section(say("page_patterns"), lines=found),
            Section(say("page_medicines"), (Row(say("page_taken"), "12"), Row(say("page_missed"), "2"))),
        ),
        (say("page_a1c_note"), say("page_note")),
        a_chart(language),
    )
