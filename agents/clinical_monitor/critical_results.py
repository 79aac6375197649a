"""Results of a laboratory that cannot wait: the care team is asked, as laboratories call a doctor back, whatever the hour.

A case of its own kind: its ladder knows no relatives, a good reading or the patient's "I am safe" does not end it, and only a
corrected report, or somebody of the care team, does.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from agents.clinical_monitor.cases import Cases
from agents.clinical_monitor.given import maybe_number, needed, text
from agents.result import Result
from bot.errors import Malformed
from bot.model.effects import Intent, Record
from bot.ports.laboratory import LabValue
from bot.ports.store import Store
from config.laboratory import Laboratory

CATEGORY: Final = "lab_result"
RECORD: Final = "critical_result"
SHOWN, NAME, UNIT = 6, 20, 12
LATE = 30 * 86_400.0
"""Seconds after its end in which a case that somebody took is still told to be corrected."""


def critical_words(values: Sequence[LabValue], rules: Laboratory) -> str:
    """``K 6.8 mmol/L, Na 118 mmol/L``: what somebody has to look at at once; empty when nothing of it is critical."""
    return _in_words([one for one in values if _critical(one, rules)], rules)


def unclear_words(values: Sequence[LabValue], rules: Laboratory) -> str:
    """What may be critical or not, because its unit is none of ours: somebody has to look at the report. Empty: nothing is."""
    return _in_words([one for one in values if not _critical(one, rules) and _unclear(one, rules)], rules)


def _critical(value: LabValue, rules: Laboratory) -> bool:
    known = rules.named(value.kind)
    return value.critical or (known is not None and known.critical(value.value, value.unit))


def _unclear(value: LabValue, rules: Laboratory) -> bool:
    known = rules.named(value.kind)
    return known is not None and not known.knows(value.unit)


def _in_words(values: Sequence[LabValue], rules: Laboratory) -> str:
    found = list[str]()
    for value in values[:SHOWN]:
        known = rules.named(value.kind)
        label = known.label if known else _plain(value.kind, NAME)
        unit = _plain(value.unit, UNIT) + ("?" if _unclear(value, rules) else "")
        found.append(f"{label} {value.value:g} {unit}".strip())
    more = f" +{len(values) - SHOWN}" if len(values) > SHOWN else ""
    return ", ".join(found) + more


def _plain(text: str, longest: int) -> str:
    """A laboratory's own word for something, as doctors may read it: no line and no mark of another message."""
    return " ".join("".join(char for char in text if char.isalnum() or char in " /^%.-").split())[:longest]


class CriticalResults:
    def __init__(self, store: Store, cases: Cases) -> None:
        self._store, self._cases = store, cases

    async def record(self, intent: Intent, now: float) -> Result:
        """``opened`` or ``grouped``; ``withdrawn`` where the corrected report holds nothing critical any more; ``outdated`` when
        a newer version of this report was told before."""
        booking, version = needed(intent, "booking"), maybe_number(intent, "version")
        if version is None:
            raise Malformed("critical_result: version is missing")
        told = await self._store.records(intent.person, RECORD)
        if any(one.data.get("booking") == booking and float(one.data.get("version", 0)) > version for one in told):
            return Result("outdated")
        detail = text(intent, "detail", 200) or ""
        data = {"booking": booking, "version": version, "detail": detail}
        await self._store.record([Record(intent.id, intent.person, RECORD, min(intent.at, now), data)])
        about = {"booking": booking, "detail": detail} | {name: text(intent, name, 20) or "" for name in ("day", "time")}
        _, over = await self._cases.close(
            intent.person, f"{intent.id}:corrected", "result_corrected", now,
            wanted=lambda case: case.about.get("booking") == booking and case.about.get("detail") != detail, within=LATE,
        )  # fmt: skip
        if not detail:
            return Result("withdrawn", {}, over)
        outcome, said = await self._cases.open(intent.person, intent.id, CATEGORY, "result", "laboratory", now, about=about)
        return Result(outcome, {}, (*over, *said))
