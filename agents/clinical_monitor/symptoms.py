"""How soon somebody with a symptom should be seen. Words of danger were met before; this weighs what was asked. Pure."""

from __future__ import annotations

from typing import Literal

Outcome = Literal["emergency", "see_today", "watch"]


def weigh_symptom(*, red: str | None, how_bad: str | None, since: str | None, pregnant: bool) -> Outcome:
    """``red``: whether one of the signs of danger was there ("yes", "no", or not answered).

    Whoever does not answer the question after danger is not well enough to be told to wait with anything but a mild symptom.
    """
    if red == "yes":
        return "emergency"
    if how_bad == "severe":
        return "see_today"
    mild = how_bad == "mild"
    if not mild and (pregnant or red != "no" or since in ("week", "longer")):
        return "see_today"
    return "watch"
