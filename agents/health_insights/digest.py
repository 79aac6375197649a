"""What somebody who cares for the patient should hear: what went well, what needs a look. Ids; the flow has the words."""

from __future__ import annotations

from collections.abc import Iterator

from agents.health_insights.review import Review
from agents.health_insights.sources import Doses
from config.insights import Insights


def went_well(found: Review, doses: Doses, days: int, rules: Insights) -> list[str]:
    """``measured``, ``in_range``, ``no_lows``, ``doses_taken``, ``better``."""

    def every() -> Iterator[tuple[str, bool]]:
        yield "measured", found.days >= rules.digest.measured_days * days
        yield "in_range", found.bands is not None and found.bands.in_range >= rules.digest.mostly_in_range
        yield "no_lows", found.lows == 0
        yield "doses_taken", doses.taken > 0 and doses.missed == 0
        yield "better", found.compared is not None and found.compared.in_range == "higher"

    return [name for name, holds in every() if holds]


def needs_a_look(found: Review, doses: Doses, days: int, rules: Insights) -> list[str]:
    """``very_lows`` or ``lows``, the patterns, ``doses_missed``, ``worse``, ``few_days``: the gravest first. A better weekend
    is nothing to look at."""

    def every() -> Iterator[tuple[str, bool]]:
        yield "very_lows", found.very_lows > 0
        yield "lows", found.lows > 0 and found.very_lows == 0
        for one in found.patterns:
            yield one.id, one.id != "weekend_lower"
        yield "doses_missed", doses.missed > 0
        yield "worse", found.compared is not None and found.compared.in_range == "lower"
        yield "few_days", found.days < rules.digest.measured_days * days

    return [name for name, holds in every() if holds]
