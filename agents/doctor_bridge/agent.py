"""The doctor bridge: intents of patients, of other agents and of the clinic's people in, what is kept and told out."""

from __future__ import annotations

from msgspec.structs import replace

from agents.doctor_bridge import climbing
from agents.doctor_bridge.asking import Asking
from agents.doctor_bridge.duty import Duty
from agents.doctor_bridge.files import KIND, Files, read, written
from agents.doctor_bridge.staff import Staff
from agents.doctor_bridge.telling import Telling
from agents.result import Result, Woken
from bot.errors import Malformed
from bot.model.effects import Intent
from bot.ports.documents import Document
from bot.ports.store import Store
from config.policy import Policy


class DoctorBridge:
    """docs/agents/doctor_bridge.md tells every intent with its data, outcomes and facts."""

    name = "doctor_bridge"
    intents = (
        "request_human", "tell_care_team", "contact_today", "ask_for_contact", "escalate", "patient_says",
        "doctor_says", "send_to", "answer_case", "show_case",
    )  # fmt: skip
    kinds = (KIND,)

    def __init__(self, store: Store, policy: Policy) -> None:
        self._rules, self._duty = policy.bridge, Duty(policy.care_team)
        self._files = Files(store, policy.bridge)
        self._telling = Telling(store, policy, self._duty)
        self._asking = Asking(store, policy, self._files, self._telling, self._duty)
        self._staff = Staff(store, policy, self._files, self._telling, self._duty, self._asking)

    async def handle(self, intent: Intent, *, now: float) -> Result:
        match intent.name:
            case "request_human":
                return await self._asking.request_human(intent, now)
            case "tell_care_team":
                return await self._asking.tell_care_team(intent, now)
            case "contact_today":
                return await self._asking.contact_today(intent, now)
            case "ask_for_contact":
                return await self._asking.ask_for_contact(intent, now)
            case "escalate":
                return await self._asking.escalate(intent, now)
            case "patient_says":
                return await self._asking.patient_says(intent, now)
            case "doctor_says":
                return await self._staff.doctor_says(intent, now)
            case "send_to":
                return await self._staff.send_to(intent, now)
            case "answer_case":
                return await self._staff.answer_case(intent, now)
            case "show_case":
                return await self._staff.show_case(intent, now)
            case unknown:
                raise Malformed(f"doctor_bridge does not know the intent {unknown[:60]!r}")

    async def wake(self, document: Document, *, now: float) -> Woken:
        """Say what is unsent; else go on when it is time, and come again at once to say it."""
        case = read(document)
        if case.unsent:
            tells = await self._telling.all(document, case, now)
            case = replace(case, unsent=())
            return Woken(written(document, case, climbing.due_at(case, self._rules, now)), tells)
        clock, reach = self._duty.clock(case.clinic, now), self._duty.reach(case.clinic, now)
        case = climbing.kept_promise(case, self._rules, clock, now)
        case = climbing.climbed(case, reach, self._rules, clock, now)
        case = climbing.gone_quiet(case, self._rules, now)
        await self._files.put_on_desks(document, case)
        return Woken(written(document, case, climbing.due_at(case, self._rules, now)))
