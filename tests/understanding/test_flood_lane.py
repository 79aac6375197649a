"""What a flooder writes is read as the emergency lane reads it, without knowing who they are."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from bot.app.flood import reading_danger
from bot.understanding.reader import Reader
from config.policy import load_policy
from tests.runtime.parts import message


@pytest.mark.parametrize(
    ("text", "danger"),
    [
        ("seene mein dard ho raha hai", True),
        ("मेरे सीने में दर्द है", True),
        ("sugar 45", True),
        ("45", True),
        ("ulti aur pet dard", True),  # of somebody with type 1
        ("good morning\n" * 4000 + "seene mein dard ho raha hai", True),
        ("good morning", False),
        ("sugar 145", False),
        ("", False),
    ],
)
def test_danger_is_heard_without_knowing_who_writes(reader: Reader, text: str, danger: bool) -> None:
    dangerous = reading_danger(reader, load_policy(), lambda: 1_795_500_000.0)
    assert dangerous(replace(message(1), text=text)) is danger
