"""Which clinic a case belongs to, and who of it is at work."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from agents.clinical_monitor.contacts import member_contact
from agents.doctor_bridge.case import Clock, Reach
from agents.doctor_bridge.hours import Hours
from bot.model.ids import PersonId, person_of
from config.care_team import CareTeam, Member


class Duty:
    def __init__(self, team: CareTeam) -> None:
        self._team = team
        self._by_person = {person_of(f"phone:{member.phone}"): member for member in team.members}
        self._hours = {
            clinic: Hours([one for one in team.members if one.clinic == clinic], place.zone)
            for clinic, place in team.clinics.items()
        }

    def member(self, person: PersonId) -> Member | None:
        return self._by_person.get(person)

    def named(self, id_: str) -> Member | None:
        return self._team.member(id_)

    def unit(self, id_: str) -> str | None:
        """In which somebody of the care team reads sugar: their own, their clinic's; None where neither is known."""
        member = self.named(id_)
        place = self._team.clinics.get(member.clinic) if member else None
        return (member.unit if member else None) or (place.unit if place else None)

    def zone(self, clinic: str) -> str:
        return self._team.clinics[clinic].zone if clinic in self._team.clinics else "Asia/Kolkata"

    def name(self, clinic: str) -> str:
        return self._team.clinics[clinic].name if clinic in self._team.clinics else ""

    def clinic(self, now: float, instance: str | None = None, prefers: str = "") -> str | None:
        """The clinic whose number the patient writes to; else the preferred one where people still work there; else the one on
        call; None where nobody of it ever works."""
        working = {clinic for clinic, hours in self._hours.items() if hours.open_at(now) or hours.next_opening(now) is not None}
        own = self._team.clinic_of(instance) or (prefers if prefers in working else self._team.stands_in)
        return own if own in working else None

    def clock(self, clinic: str, now: float) -> Clock:
        hours = self._hours.get(clinic) or Hours((), "UTC")
        return Clock(lambda minutes: hours.after(now, minutes), hours.next_opening(now), hours.open_at(now))

    def reach(self, clinic: str, now: float) -> Reach:
        there = datetime.fromtimestamp(now, ZoneInfo(self.zone(clinic)))
        here = [one for one in self._team.members if one.clinic == clinic and one.works(there)]
        doctors = tuple(member_contact(one) for one in here if one.role == "doctor")
        return Reach(doctors, tuple(member_contact(one) for one in here if one.role == "coordinator"))
