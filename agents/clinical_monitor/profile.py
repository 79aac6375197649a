"""A person's illnesses and targets: what they said of themselves, and what a doctor set, with who and when."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any, get_args

import msgspec

from agents.clinical_monitor.given import needed, text
from agents.clinical_monitor.person import Known, know
from agents.clinical_monitor.targets import About, DoctorsTargets, as_facts, doctors_targets, merged
from agents.clinical_monitor.written_targets import named_parts
from agents.result import Result, Tell
from bot.audit.chain import Note
from bot.errors import Malformed
from bot.model.conditions import CONDITIONS, conditions_of
from bot.model.effects import Intent, Record
from bot.model.ids import PersonId
from bot.ports.store import Store
from config.doctor_bridge import Part
from config.policy import Policy

KIND = "targets"
RECENT = 20
HEARD_WITHIN = 3 * 86_400.0  # seconds for which new targets are worth telling of


class Profiles:
    def __init__(self, store: Store, policy: Policy) -> None:
        self._store, self._policy = store, policy

    async def of(self, intent: Intent, now: float) -> tuple[About, DoctorsTargets]:
        """The doctor's last word counts; the flow's word on a pregnancy is newer than the journal's."""
        known, kept = await asyncio.gather(
            know(self._store, self._policy, intent.person), self._store.records(intent.person, KIND, 1)
        )
        return _found(known, kept[0].data if kept else {}, intent.data, now)

    async def told(self, intent: Intent, now: float) -> Result:
        """All that holds for somebody who asks: the numbers by which their next reading is graded."""
        about, own = await self.of(intent, now)
        return Result("told", as_facts(about, own, self._policy.clinical))

    async def with_change(self, person: PersonId, data: Mapping[str, Any], now: float) -> dict[str, float]:
        """What holds for somebody with a change that is being made; of data that ``set_targets`` takes."""
        known, kept = await asyncio.gather(know(self._store, self._policy, person), self._store.records(person, KIND, 1))
        about, own = _found(known, self._changed(kept[0].data if kept else {}, data), {}, now)
        return as_facts(about, own, self._policy.clinical)

    async def set_targets(self, intent: Intent, now: float) -> Result:
        """What a doctor sets stands until they change it or take it back (``off``). The patient hears all that holds now."""
        by, login = needed(intent, "by", 60), text(intent, "login", 60)
        kept = await self._store.records(intent.person, KIND, RECENT)
        data = next((one.data for one in kept if one.id == intent.id), None)
        if data is None:
            changed = self._changed(kept[0].data if kept else {}, intent.data)
            data = {**changed, "by": by, "note": text(intent, "note", 300)}
            who, parts = f"doctor {login}" if login else "a doctor", ", ".join(named_parts(intent.data))
            await self._store.audit.enter(Note(now, who, "set targets", intent.person, parts))
            await self._store.record([Record(intent.id, intent.person, KIND, min(intent.at, now), data)])
        known = await know(self._store, self._policy, intent.person)
        about, own = _found(known, data, {}, now)
        facts = {"doctor": by, **as_facts(about, own, self._policy.clinical)}
        tell = Tell(f"targets:{intent.id}", intent.person, "targets_set", facts, None, min(intent.at, now) + HEARD_WITHIN)
        return Result("set", {"by": by}, (tell,))

    def _changed(self, before: Mapping[str, Any], data: Mapping[str, Any]) -> dict[str, Any]:
        """Raises Malformed for what cannot be meant."""
        conditions, off = data.get("conditions", []), data.get("off", [])
        if not isinstance(conditions, list) or not set(CONDITIONS).issuperset(one for one in conditions if isinstance(one, str)):
            raise Malformed(f"set_targets: conditions are none of {', '.join(CONDITIONS)}")
        if not isinstance(off, list) or not {*CONDITIONS, *get_args(Part)}.issuperset(one for one in off if isinstance(one, str)):
            raise Malformed("set_targets: 'off' names something that is never on")
        own = msgspec.convert(before.get("targets", {}), DoctorsTargets)
        targets = merged(own, doctors_targets(data, self._policy.clinical), off)
        ill = {*before.get("conditions", ()), *(str(one) for one in conditions)} - set(off)
        pregnant = "pregnant" not in off and (data.get("pregnant") is True or before.get("pregnant") is True)
        return {"targets": msgspec.to_builtins(targets), "conditions": sorted(ill), "pregnant": pregnant}


def _found(known: Known, said: Mapping[str, Any], told: Mapping[str, Any], now: float) -> tuple[About, DoctorsTargets]:
    own = msgspec.convert(said.get("targets", {}), DoctorsTargets)
    conditions = {*known.conditions, *said.get("conditions", ()), *conditions_of(told)}
    pregnant = told.get("pregnancy") is True or said.get("pregnant") is True
    return About(frozenset(conditions), pregnant, known.age(now)), own
