"""The care team: doctors and coordinators, how and when they are reached. The schema of config/care_team.yaml."""

from __future__ import annotations

import re
from datetime import datetime, time
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import BeforeValidator, Field, field_validator, model_validator

from config.frozen import Frozen

Day = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
Role = Literal["doctor", "coordinator"]
SugarUnit = Literal["mg/dL", "mmol/L"]
DAYS: tuple[Day, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_SPAN = re.compile(r"(\d{2}):(\d{2})-(\d{2}):(\d{2})")


class Hours(Frozen):
    """From ``opens`` on, until before ``closes``, on the clinic's clock."""

    opens: time
    closes: time


def _span(value: object) -> object:
    if not isinstance(value, str):
        return value
    found = _SPAN.fullmatch(value.strip())
    if found is None:
        raise ValueError(f"{value!r} is not a time of the day: write it like '09:00-13:00'")
    opens, closes = (f"{found[1]}:{found[2]}", f"{found[3]}:{found[4]}")
    if opens >= closes:
        raise ValueError(f"{value!r} ends before it begins: write a night as two spans, until '23:59' and from '00:00'")
    return {"opens": opens, "closes": closes}


Span = Annotated[Hours, BeforeValidator(_span)]


class ClinicPlace(Frozen):
    """``numbers``: the WhatsApp instances of this clinic alone. Who writes to one of them is its patient, and no other clinic
    hears of them. ``unit``: in which its people read sugar."""

    name: str
    zone: str
    numbers: tuple[str, ...] = ()
    unit: SugarUnit | None = None

    @field_validator("zone")
    @classmethod
    def _known(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (KeyError, ValueError, OSError) as error:
            raise ValueError(f"there is no time zone {value!r}: write it like 'Asia/Kolkata'") from error
        return value


class Member(Frozen):
    """One person. ``hours``: when they work; ``emergencies: always`` are told of emergencies at any hour; ``unit``: in which they
    read sugar, where it is not as in their clinic."""

    id: str = Field(pattern=r"^[a-z][a-z0-9_]{0,29}$")
    role: Role
    name: str = Field(min_length=1, max_length=60)
    phone: str
    languages: tuple[str, ...] = ("en",)
    clinic: str
    hours: dict[Day, tuple[Span, ...]] = Field(default_factory=dict)
    emergencies: Literal["in_hours", "always"] = "in_hours"
    unit: SugarUnit | None = None

    @field_validator("phone")
    @classmethod
    def _digits(cls, value: str) -> str:
        digits = re.sub(r"[^0-9]", "", value)
        if not value.strip().startswith("+") or not 8 <= len(digits) <= 15:
            raise ValueError("a phone number needs '+' and its country code, like '+91 98000 00001'")
        return digits

    def works(self, at: datetime) -> bool:
        """``at`` on the clinic's clock."""
        return any(span.opens <= at.time() < span.closes for span in self.hours.get(DAYS[at.weekday()], ()))


class CareTeam(Frozen):
    """``members`` in the order in which they are told. ``on_call``: the clinic whose people stand in for everybody whose number
    names no clinic; by default the first."""

    clinics: dict[str, ClinicPlace]
    members: tuple[Member, ...]
    on_call: str | None = None

    @model_validator(mode="after")
    def _together(self) -> CareTeam:
        for name in {member.clinic for member in self.members} - set(self.clinics):
            raise ValueError(f"a member is of clinic {name!r}, which is not among the clinics")
        if self.on_call is not None and self.on_call not in self.clinics:
            raise ValueError(f"on_call: {self.on_call!r} is not among the clinics")
        numbers = [number for clinic in self.clinics.values() for number in clinic.numbers]
        if len(set(numbers)) < len(numbers):
            raise ValueError("two clinics have the same number: its patients would be told to both")
        for what in ("id", "phone"):
            every = [getattr(member, what) for member in self.members]
            if len(set(every)) < len(every):
                raise ValueError(f"two members have the same {what}")
        return self

    def member(self, id_: str) -> Member | None:
        return next((member for member in self.members if member.id == id_), None)

    def clinic_of(self, instance: str | None) -> str | None:
        """The clinic of whoever writes to this instance; None where that says nothing."""
        return next((name for name, clinic in self.clinics.items() if instance in clinic.numbers), None)

    @property
    def stands_in(self) -> str | None:
        """The clinic on call for those whose number names none; None where there is no clinic."""
        return self.on_call or next(iter(self.clinics), None)

    def clinic_for(self, instance: str | None) -> str | None:
        """The one clinic that hears of whoever writes to this instance: never several, as nobody agreed to that."""
        return self.clinic_of(instance) or self.stands_in

    def without_number(self) -> tuple[str, ...]:
        """Clinics whose patients cannot be told from others: what is theirs goes to those on call."""
        if len(self.clinics) < 2:
            return ()
        return tuple(name for name, clinic in self.clinics.items() if not clinic.numbers and name != self.stands_in)

    def on_duty(self, role: Role, now: float, clinic: str | None) -> tuple[Member, ...]:
        """Those of a clinic who may be told of an emergency now, in order: at work first, then those who always are."""
        found = [member for member in self.members if member.role == role and member.clinic == clinic]
        at_work = [one for one in found if one.works(datetime.fromtimestamp(now, ZoneInfo(self.clinics[one.clinic].zone)))]
        always = [one for one in found if one.emergencies == "always" and one not in at_work]
        return (*at_work, *always)
