"""A doctor sets a patient's targets by writing them: read, checked, and handed to the clinical monitor, which keeps and tells."""

from __future__ import annotations

from typing import Any

from agents.clinical_monitor.person import know
from agents.clinical_monitor.profile import Profiles
from agents.clinical_monitor.written_targets import Written, read_targets
from agents.doctor_bridge.case import Case, noted
from agents.doctor_bridge.duty import Duty
from agents.doctor_bridge.files import Files
from agents.doctor_bridge.finding_case import Found
from agents.doctor_bridge.summary import Sugar, sugar_for
from agents.doctor_bridge.telling import SHARE, hears
from agents.result import Ask, Result
from bot.model.effects import Intent
from bot.model.ids import PersonId
from bot.ports.store import Store
from config.care_team import Member
from config.policy import Policy

SHOWN = ("fasting", "before_meal", "after_meal", "bedtime")
WRONG = 60  # characters of what could not be read


class TargetOrders:
    def __init__(self, store: Store, policy: Policy, files: Files, duty: Duty) -> None:
        self._store, self._policy, self._files, self._duty = store, policy, files, duty
        self._profiles = Profiles(store, policy)

    def read(self, words: str, member: Member) -> Written | None:
        return read_targets(words, self._policy.bridge.targets, self._policy.clinical, self._duty.unit(member.id) or "")

    async def carry_out(
        self, intent: Intent, member: Member, person: PersonId, found: Found | None, order: Written, now: float
    ) -> Result:
        """Outcomes: targets (shown), targets_set, targets_unclear, targets_not_yours. Only a doctor sets them; what holds then is
        shown with the patient's consent alone. ``found``: the case, where they wrote about one and not below an alarm."""
        patient = await know(self._store, self._policy, person)
        facts: dict[str, Any] = {"number": found[1].number if found else "", "patient": patient.called}
        facts["shared"] = SHARE in patient.purposes
        if order.wrong:
            return Result("targets_unclear", {**facts, "wrong": order.wrong[:WRONG]})
        if order.data and member.role != "doctor":
            return Result("targets_not_yours", facts)
        if facts["shared"]:
            sugar = sugar_for(self._duty.unit(member.id), patient.unit, self._policy.ranges.mg_dl_per_mmol_l)
            facts |= _shown(await self._profiles.with_change(person, order.data, now), sugar)
        if not order.data:
            return Result("targets", facts)

        def change(case: Case) -> tuple[Case, str, str]:
            return noted(case, now, "targets", member.id), "targets_set", ""

        if found:
            await self._files.change(found[0], intent.id, change, now)
        data = {**order.data, "by": member.name, "login": member.id}
        ask = Ask(f"{intent.id}:targets", person, "clinical_monitor", "set_targets", data)
        facts["heard"] = await hears(self._store, person)
        return Result("targets_set", facts, asks=(ask,))


def _shown(holds: dict[str, float], sugar: Sugar) -> dict[str, Any]:
    """As one text each: a conversation has room for so many values. Sugar as whoever reads it has it."""
    facts: dict[str, Any] = {name: sugar.band(holds[f"{name}_low"], holds[f"{name}_high"]) for name in SHOWN}
    facts |= {"unit": sugar.unit, "pressure": f"{holds['systolic']:.0f}/{holds['diastolic']:.0f}", "hba1c": f"{holds['hba1c']:g}"}
    return facts | ({"spo2": f"{holds['spo2']:.0f}"} if "spo2" in holds else {})
