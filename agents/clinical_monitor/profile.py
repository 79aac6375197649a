"""A person's illnesses and targets: what they said of themselves, and what a doctor set, with who and when."""

from __future__ import annotations

import asyncio

import msgspec

from agents.clinical_monitor.given import needed, text
from agents.clinical_monitor.person import know
from agents.clinical_monitor.targets import CONDITIONS, About, DoctorsTargets, doctors_targets
from agents.result import Result
from bot.errors import Malformed
from bot.model.effects import Intent, Record
from bot.ports.store import Store
from config.policy import Policy

KIND = "targets"


class Profiles:
    def __init__(self, store: Store, policy: Policy) -> None:
        self._store, self._policy = store, policy

    async def of(self, intent: Intent, now: float) -> tuple[About, DoctorsTargets]:
        """The doctor's last word counts; the flow's word on a pregnancy is newer than the journal's."""
        known, kept = await asyncio.gather(
            know(self._store, self._policy, intent.person), self._store.records(intent.person, KIND, 1)
        )
        said = kept[0].data if kept else {}
        own = msgspec.convert(said.get("targets", {}), DoctorsTargets)
        told = intent.data.get("condition")
        conditions = {*known.conditions, *said.get("conditions", ()), *([told] if isinstance(told, str) else ())}
        pregnant = intent.data.get("pregnancy") is True or said.get("pregnant") is True
        return About(frozenset(conditions), pregnant, known.age(now)), own

    async def set_targets(self, intent: Intent, now: float) -> Result:
        """A doctor's targets and diagnoses replace those of before, as a whole: what is not said holds no more."""
        targets = doctors_targets(intent.data, self._policy.clinical)
        conditions = intent.data.get("conditions", [])
        if not isinstance(conditions, list) or not CONDITIONS.issuperset(one for one in conditions if isinstance(one, str)):
            raise Malformed(f"set_targets: conditions are none of {', '.join(sorted(CONDITIONS))}")
        data = {
            "targets": msgspec.to_builtins(targets),
            "conditions": sorted({str(one) for one in conditions}),
            "pregnant": intent.data.get("pregnant") is True,
            "by": needed(intent, "by", 60),
            "note": text(intent, "note", 300),
        }
        await self._store.record([Record(intent.id, intent.person, KIND, min(intent.at, now), data)])
        return Result("set", {"by": data["by"]})
