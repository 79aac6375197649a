"""What a rehearsal comes to: one number a name, so that two of them can be laid side by side."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from bot.rehearsal.counts import DAY_HOURS, Counts
from config.costs import Costs

MONTH = 30.0


def figures(counts: Counts, days: int, costs: Costs) -> dict[str, float]:
    """By a name that people read. Times in minutes."""
    people = max(1, counts.get("people", "patient"))
    out, notices = sum(counts.under("out").values()), counts.get("out", "notice")
    billed = counts.under("billed")
    money = costs.of(billed.get("reply", 0), billed.get("utility", 0), billed.get("marketing", 0), days / MONTH)
    of_day = {int(name): count for name, count in counts.under("notices of a day").items()}
    found = {
        "people": people,
        "messages in": sum(counts.under("in").values()),
        "messages out": out,
        "messages out, a person and day": out / people / days,
        "notices": notices,
        "notices, a person and day": notices / people / days,
        "person-days with five notices or more": sum(count for number, count in of_day.items() if number >= 5),
        "most notices of a person in a day": max(of_day, default=0),
        "notices put off by the planner": decided(counts, "at") + decided(counts, "wait"),
        "notices dropped by the planner": decided(counts, "drop"),
        "notices that went along with another": decided(counts, "merge"),
        "notices for which the day had no room": sum(cap_hits(counts).values()),
        "coaching and education at night": at_night(counts),
        "notices withheld by the cap": sum(counts.under("withheld", "cap").values()),
        "notices withheld as expired": sum(counts.under("withheld", "expired").values()),
        "news not told": sum(counts.under("not told").values()),
        "notices that asked something": sum(n for name, n in counts.under("notice question").items() if name.endswith("asked")),
        "of these answered": sum(n for name, n in counts.under("notice question").items() if name.endswith("answered")),
        "reminders that asked something": counts.get("notice question", "reminder", "asked"),
        "reminders answered": counts.get("notice question", "reminder", "answered"),
        "emergencies written": counts.get("emergency", "said"),
        "emergencies written and not answered at once": counts.get("emergency", "missed"),
        "understood as an emergency and not answered": counts.get("emergency", "understood and not answered"),
        "other words taken for an emergency": sum(
            count for what, count in counts.under("taken for an emergency").items() if what not in ("emergency", "reading")
        ),
        "emergency texts": counts.get("out", "emergency"),
        "emergency cases": sum(counts.under("case").values()),
        "emergency cases in which nobody was left to tell": counts.get("case", "exhausted_told"),
        "emergency cases still open at the end": counts.get("case", "climbing"),
        "alarms to helpers": counts.get("alarm", "staff", "asked") + counts.get("alarm", "caregiver", "asked"),
        "alarms to helpers unanswered": counts.get("alarm", "staff", "unanswered")
        + counts.get("alarm", "caregiver", "unanswered"),
        "minutes until a helper answered, median": at(_helpers(counts), 0.5) / 60,
        "minutes until a helper answered, 95th percentile": at(_helpers(counts), 0.95) / 60,
        "minutes until a case was taken over, median": at(counts.seconds.get("case/acknowledged", ()), 0.5) / 60,
        "turns in which somebody was not understood": sum(counts.under("not understood").values()),
        "people in a dead end (not understood three times running)": counts.get("dead end", "patient"),
        "faults": sum(counts.under("fault").values()),
        f"channel cost, {costs.currency}": money,
        f"channel cost a person and month, {costs.currency}": money / people / days * MONTH,
    }
    return {name: round(value, 3) for name, value in found.items()}


def decided(counts: Counts, verdict: str) -> int:
    return sum(counts.under("decision", verdict).values())


def cap_hits(counts: Counts) -> dict[str, int]:
    """By class: the day was full, or its room belonged to what matters more; also what the sender found full at the last."""
    found: Counter[str] = Counter()
    for verdict in ("at", "wait", "drop"):
        for reason in ("day_full", "kept_room"):
            found.update(counts.under("decision", verdict, reason))
    found.update(counts.under("withheld", "cap"))
    return dict(found.most_common())


def at_night(counts: Counts) -> int:
    """Light notices in the hours in which most people sleep: none is wanted."""
    return sum(
        count for hour, count in counts.under("notice hour", "light").items() if not DAY_HOURS[0] <= int(hour) < DAY_HOURS[1]
    )


def at(times: Sequence[float], share: float) -> float:
    """The value below which this share lies; 0 of nothing."""
    ordered = sorted(times)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0


def _helpers(counts: Counts) -> list[float]:
    return [*counts.seconds.get("alarm answered/staff", ()), *counts.seconds.get("alarm answered/caregiver", ())]
