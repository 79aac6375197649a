"""Who may be told of a patient's emergency now: with their consent, and as the care team's hours say."""

from __future__ import annotations

from typing import Protocol

from agents.clinical_monitor.case import Contact, Reachable
from agents.clinical_monitor.person import Known
from bot.model.ids import PersonId, owner_of, person_of
from bot.ports.documents import Documents
from config.care_team import CareTeam, Member


class Caregivers(Protocol):
    """Relatives who agreed to be told of this patient's alarms."""

    async def of(self, patient: PersonId) -> tuple[Contact, ...]: ...


class CaregiverDocuments:
    """The caregivers whom the care coordinator keeps: documents of kind ``caregiver`` of the patient, in the state ``agreed``."""

    def __init__(self, documents: Documents) -> None:
        self._documents = documents

    async def of(self, patient: PersonId) -> tuple[Contact, ...]:
        """Of a member of a household, those whom the owner of the phone has invited."""
        found = []
        for one in await self._documents.of(owner_of(patient)[0], "caregiver"):
            person, name = one.data.get("caregiver"), one.data.get("name")
            if one.state == "agreed" and isinstance(person, str) and person:
                found.append(Contact(one.id, person, "caregiver", name if isinstance(name, str) else ""))
        return tuple(sorted(found, key=lambda contact: contact.id))


def member_contact(member: Member) -> Contact:
    return Contact(member.id, person_of(f"phone:{member.phone}"), member.role, member.name, member.phone)


async def reachable(patient: Known, caregivers: Caregivers, team: CareTeam, now: float) -> Reachable:
    """Nobody whom the patient has not allowed: without consent, what they wrote stays between them and us. A yes to an earlier
    text counts until they have answered the new one."""
    family = await caregivers.of(patient.person) if "caregiver" in patient.allowed_last else ()
    if "share_with_clinic" not in patient.allowed_last:
        return Reachable(family)
    clinic = team.clinic_for(patient.channel.instance if patient.channel else None)
    doctors = tuple(member_contact(one) for one in team.on_duty("doctor", now, clinic))
    coordinators = tuple(member_contact(one) for one in team.on_duty("coordinator", now, clinic))
    return Reachable(family, doctors, coordinators)
