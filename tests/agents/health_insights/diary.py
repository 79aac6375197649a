"""Readings made by hand or drawn by Hypothesis: a value on a day at an hour of the person's own clock."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from agents.health_insights.review import Known
from agents.health_insights.sample import Sample
from config.insights import load_insights
from config.policy import load_policy

INDIA = ZoneInfo("Asia/Kolkata")
TODAY = date(2026, 11, 25)  # a Wednesday
RULES = load_insights()
TARGETS = load_policy().clinical.glucose.targets["default"]
KNOWN = Known(TARGETS, RULES.shares)
CONTEXTS = ("fasting", "before_meal", "after_meal", "bedtime", None)


def at(days_ago: int, hour: int, value: float, context: str | None = None, second: float | None = None) -> Sample:
    day = TODAY - timedelta(days=days_ago)
    return Sample(value, datetime(day.year, day.month, day.day, hour, 15, tzinfo=INDIA), context, second)


samples = st.lists(
    st.builds(
        at,
        st.integers(0, 120),
        st.integers(0, 23),
        st.floats(20, 600, allow_nan=False).map(lambda value: round(value, 1)),
        st.sampled_from(CONTEXTS),
    ),
    max_size=120,
)


def known(*, pregnant: bool = False, missed: frozenset[date] = frozenset()) -> Known:
    return Known(TARGETS, RULES.shares_pregnancy if pregnant else RULES.shares, pregnant, missed)
