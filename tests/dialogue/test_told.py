"""When a reading was taken, of what the message tells."""

from __future__ import annotations

from typing import Any

import pytest

from bot.dialogue.told import told_at
from bot.understanding.meaning import Meaning, ReadingFound
from tests.dialogue.talk import NOON

ZONE = "Asia/Kolkata"
DAY, HOUR = 86400.0, 3600.0
ONE = (ReadingFound("glucose", 180.0),)
YESTERDAY = {"kind": "day", "days": -1, "at": NOON - DAY}


@pytest.mark.parametrize(
    ("mention", "at"),
    [
        (YESTERDAY, NOON - DAY),
        ({"kind": "ago", "seconds": 2 * HOUR, "at": NOON - 2 * HOUR}, NOON - 2 * HOUR),
        ({**YESTERDAY, "part": "morning"}, NOON - DAY),  # 11:30 is morning
        ({**YESTERDAY, "part": "night"}, NOON - DAY + 10.5 * HOUR),
        ({**YESTERDAY, "part": "night", "hour": 11}, NOON - DAY),
        ({"kind": "day", "days": 1, "at": NOON + DAY}, NOON),
        ({"kind": "clock", "hour": 8, "at": NOON - HOUR, "ask": True}, NOON),
        ({"kind": "daypart", "part": "morning"}, NOON),
        ({"kind": "date", "at": NOON - 500 * DAY}, NOON),
    ],
)
def test_the_moment_told_where_it_is_settled_and_past(mention: dict[str, Any], at: float) -> None:
    assert told_at(Meaning(readings=ONE, times=(mention,)), NOON, ZONE) == at


def test_two_moments_or_two_readings_of_a_kind_settle_nothing() -> None:
    two = (YESTERDAY, {"kind": "day", "days": 0, "at": NOON})
    assert told_at(Meaning(readings=ONE, times=two), NOON, ZONE) == NOON
    assert told_at(Meaning(readings=(*ONE, *ONE), times=(YESTERDAY,)), NOON, ZONE) == NOON
    pressure = ReadingFound("blood_pressure", systolic=130, diastolic=80)
    assert told_at(Meaning(readings=(*ONE, pressure), times=(YESTERDAY,)), NOON, ZONE) == NOON - DAY
