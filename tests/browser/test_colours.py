"""The page's colours can be read (WCAG AA), in the light and in the dark."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import webhooks.lookalike

CSS = (Path(webhooks.lookalike.__file__).parent / "static" / "colours.css").read_text()
LIGHT, CHOSEN_DARK, SYSTEM_DARK = (
    dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]+)", block)) for block in re.findall(r"\{([^{}]*--page[^{}]*)\}", CSS)
)
TEXT = [
    *(("ink", ground) for ground in ("theirs", "own", "panel", "bar", "chosen", "field")),
    *(("soft", ground) for ground in ("theirs", "own", "panel", "bar", "chosen", "chip", "field")),
    *(("accent", ground) for ground in ("theirs", "own", "panel", "bar")),
    *(("link", ground) for ground in ("theirs", "own", "panel")),
    ("on-accent", "accent"),
    ("on-warn", "warn"),
    ("danger", "own"),
]


def luminance(colour: str) -> float:
    digits = colour.lstrip("#")
    digits = "".join(digit * 2 for digit in digits) if len(digits) == 3 else digits
    channels = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = (value / 12.92 if value <= 0.03928 else ((value + 0.055) / 1.055) ** 2.4 for value in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", [LIGHT, CHOSEN_DARK], ids=["light", "dark"])
@pytest.mark.parametrize(("text", "ground"), TEXT)
def test_text_stands_out_from_its_ground(theme: dict[str, str], text: str, ground: str) -> None:
    assert contrast(theme[text], theme[ground]) >= 4.5


@pytest.mark.parametrize("theme", [LIGHT, CHOSEN_DARK], ids=["light", "dark"])
def test_blue_ticks_can_be_told_from_grey_ones(theme: dict[str, str]) -> None:
    assert contrast(theme["seen"], theme["own"]) >= 3
    assert theme["seen"] != theme["soft"]


def test_the_chosen_and_the_systems_dark_are_the_same() -> None:
    assert CHOSEN_DARK == SYSTEM_DARK
