"""The clinical monitor: intents in, what is kept and told out. The rules are in the modules beside it."""

from __future__ import annotations

from agents.clinical_monitor import cases, follow_up, watch
from agents.clinical_monitor.cases import Cases
from agents.clinical_monitor.contacts import CaregiverDocuments, Caregivers
from agents.clinical_monitor.critical_results import CriticalResults
from agents.clinical_monitor.follow_up import Rechecks
from agents.clinical_monitor.given import maybe_number, measured_at, needed, number, one_of, text
from agents.clinical_monitor.measuring import Measuring
from agents.clinical_monitor.medicines import Medicines
from agents.clinical_monitor.person import know
from agents.clinical_monitor.profile import Profiles
from agents.clinical_monitor.symptoms import weigh_symptom
from agents.clinical_monitor.watch import Watch
from agents.result import Ask, Result, Tell, Woken
from bot.errors import Malformed
from bot.model.effects import Intent, Record
from bot.model.ids import EffectId, PersonId
from bot.ports.documents import Document
from bot.ports.store import Reading, Store
from config.escalation import Severity
from config.policy import Policy

READINGS = (
    "record_glucose", "record_blood_pressure", "record_weight", "record_hba1c", "record_spo2", "record_heart_rate",
    "record_temperature", "record_ketones",
)  # fmt: skip
ENDS = ("help_came", "safe")
SILENT_LIFE = 2 * 86_400.0  # seconds in which it is worth asking about a phone that receives nothing
ALARM = "alarm:"  # what the understanding calls the rules that raised the alarm, among all that saw something


class ClinicalMonitor:
    """docs/agents/clinical_monitor.md tells every intent with its data, outcomes and facts."""

    name = "clinical_monitor"
    intents = (
        *READINGS, "withdraw_reading", "set_targets", "tell_targets", "list_medicines", "add_medicine", "end_medicine",
        "record_medicine", "report_symptom", "open_case", "raise_help", "no_help_came", "answer_alarm", "alarm_undelivered",
        "number_silent", "close_case",
    )  # fmt: skip
    kinds = (cases.KIND, follow_up.KIND, watch.KIND)

    def __init__(self, store: Store, policy: Policy, caregivers: Caregivers | None = None) -> None:
        self._store, self._policy = store, policy
        self._caregivers = caregivers or CaregiverDocuments(store.documents)
        self._cases = Cases(store, policy, self._caregivers)
        self._results = CriticalResults(store, self._cases)
        self._profiles = Profiles(store, policy)
        self._medicines = Medicines(store, policy.ranges)
        self._rechecks = Rechecks(store.documents, policy.clinical)
        self._watch = Watch(store, policy.clinical.trends)
        self._measuring = Measuring(store, policy, self._profiles, self._cases, self._rechecks, self._watch)

    async def handle(self, intent: Intent, *, now: float) -> Result:
        match intent.name:
            case name if name in READINGS:
                return await self._measuring.record(intent, now)
            case "withdraw_reading":
                return await self._withdraw(intent, now)
            case "critical_result":
                return await self._results.record(intent, now)
            case "set_targets":
                return await self._profiles.set_targets(intent, now)
            case "tell_targets":
                return await self._profiles.told(intent, now)
            case "list_medicines":
                return await self._medicines.listed(intent)
            case "add_medicine":
                return await self._medicines.add(intent, now)
            case "end_medicine":
                return await self._medicines.end(intent)
            case "record_medicine":
                return await self._medicines.record(intent, now)
            case "report_symptom":
                return await self._symptom(intent, now)
            case "open_case" | "raise_help":
                return await self._open(intent, now)
            case "no_help_came":
                outcome, tells = await self._cases.in_vain(intent.person, intent.id, now)
                return Result(outcome, {}, tells)
            case "answer_alarm":
                return await self._answer(intent, now)
            case "alarm_undelivered":
                outcome, tells = await self._cases.undelivered(needed(intent, "message", 400), intent.id, now)
                return Result(outcome, {}, tells)
            case "number_silent":
                return await self._number_silent(intent, now)
            case "close_case":
                return await self._close(intent, now)
            case unknown:
                raise Malformed(f"clinical_monitor does not know the intent {unknown[:60]!r}")

    async def wake(self, document: Document, *, now: float) -> Woken:
        match document.kind:
            case cases.KIND:
                return await self._cases.wake(document, now)
            case follow_up.KIND:
                return await self._rechecks.wake(document, now)
            case _:
                return await self._watch.wake(document, now)

    async def _withdraw(self, intent: Intent, now: float) -> Result:
        """A reading that was a mistake: a laboratory has corrected its report. What it had alarmed goes on until a person, or a
        better value, ends it."""
        wrong, kind = EffectId(needed(intent, "reading", 200)), one_of(intent, "kind", "glucose", "hba1c")
        at = measured_at(intent, now)
        value = number(intent, "value")
        await self._store.add_reading(Reading(intent.id, intent.person, kind, value, at, supersedes=wrong, withdrawn=True))
        await self._rechecks.withdraw(intent.person, wrong)
        return Result("withdrawn")

    async def _symptom(self, intent: Intent, now: float) -> Result:
        """Kept in the person's words; weighed by what they answered."""
        about, _ = await self._profiles.of(intent, now)
        told, since, how_bad, red = (text(intent, name, 700) for name in ("text", "since", "how_bad", "red"))
        outcome = weigh_symptom(red=red, how_bad=how_bad, since=since, pregnant=about.expecting)
        data = {"text": told, "since": since, "how_bad": how_bad, "red": red, "weighed": outcome}
        await self._store.record([Record(intent.id, intent.person, "symptom", min(intent.at, now), data)])
        return Result(outcome)

    async def _open(self, intent: Intent, now: float) -> Result:
        """From the emergency lane with its rules, or from a flow with its reason."""
        rules = intent.data.get("rules")
        alarms = [rule for rule in rules if str(rule).startswith(ALARM)] if isinstance(rules, list) else []
        known = self._policy.escalation.reading_rules
        only_reading = bool(alarms) and all(str(rule).removeprefix(ALARM) in known for rule in alarms)
        severity: Severity = "reading" if only_reading else "emergency"
        category, reason = needed(intent, "category", 40), text(intent, "reason", 40) or "said"
        outcome, tells = await self._cases.open(
            intent.person, intent.id, category, severity, reason, now,
            said_at=maybe_number(intent, "written_at"), asked=intent.name == "raise_help",
        )  # fmt: skip
        return Result(outcome, {}, tells)

    async def _number_silent(self, intent: Intent, now: float) -> Result:
        """Nothing reaches this person: a relative is asked, if both of them agreed to such words. One is enough."""
        patient = await know(self._store, self._policy, intent.person)
        relatives = await self._caregivers.of(intent.person) if "caregiver" in patient.purposes else ()
        if not relatives:
            return Result("nobody")
        person = PersonId(relatives[0].person)
        tell = Tell(f"silent:{intent.id}", person, "number_silent", {"patient": patient.name}, None, now + SILENT_LIFE)
        return Result("asked", {}, (tell,))

    async def _close(self, intent: Intent, now: float) -> Result:
        """The word of whoever holds the phone ends the cases of all who are reached through it."""
        how, outcomes, tells = one_of(intent, "how", *ENDS), set[str](), list[Tell]()
        patient = await know(self._store, self._policy, intent.person)
        for person in (intent.person, *patient.household):
            outcome, said = await self._cases.close(person, intent.id, how, now)
            outcomes.add(outcome)
            tells += said
        return Result("closed" if "closed" in outcomes else "nothing_open", {}, tuple(tells))

    async def _answer(self, intent: Intent, now: float) -> Result:
        taken = one_of(intent, "answer", "taken", "cannot") == "taken"
        id_ = needed(intent, "case", 200)
        outcome, patient, case, tells = await self._cases.answer(id_, intent.person, intent.id, taken, now)
        by = next((alarm.contact for alarm in case.alarms if alarm.contact.id == case.ending), None)
        facts = {"by": by.name if by else "", "how": case.ending if case.state == "closed_by_patient" else ""}
        asks: tuple[Ask, ...] = ()
        if outcome == "accepted" and patient and by and by.role != "caregiver":  # the talk between the two is the bridge's
            data = {"case": id_, "member": by.id, "category": case.category}
            asks = (Ask(f"{id_}:taken:{by.id}", patient, "doctor_bridge", "escalate", data),)
        return Result(outcome, facts, tells, asks)
