"""Somebody made up: who they are, drawn once from the seed, and what they remember of the conversation."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from bot.model.effects import Outbound
from bot.model.ids import PersonId, person_of
from bot.rehearsal.chance import chances, pick
from config.personas import Helper, Language, Persona, Personas

Role = Literal["patient", "caregiver", "staff"]
PATIENT, RELATIVE = "9198{:08d}", "9199{:08d}"  # nothing is ever sent to them


@dataclass(slots=True)
class Somebody:
    """``seed`` names all their chances. ``open``: the question that they last saw and have not answered."""

    seed: str
    phone: str
    role: Role
    language: Language
    ways: Helper
    known: dict[str, str] = field(default_factory=dict)  # what phrases and answers may hold
    persona: str = ""
    open: Outbound | None = None
    asked: dict[str, int] = field(default_factory=dict)  # by step, how often it asked
    in_a_row: int = 0
    answered_at: float = 0.0
    stopped: bool = False
    away: tuple[float, float] = (0.0, 0.0)
    written_at: float = 0.0
    misunderstood: list[str] = field(default_factory=list)  # words in a row that were not understood

    @property
    def person(self) -> PersonId:
        return person_of(f"phone:{self.phone}")

    @property
    def typos(self) -> float:
        return self.ways.typos if isinstance(self.ways, Persona) else 0.0


def patient(personas: Personas, seed: int, number: int) -> Somebody:
    """Number ``number`` of the people of this seed, whoever else there is."""
    random = chances(seed, number, "who")
    name = pick(random, {name: persona.share for name, persona in personas.personas.items()})
    persona = personas.personas[name]
    language: Language = "hi" if pick(random, {str(one): weight for one, weight in persona.languages.items()}) == "hi" else "en"
    known = {
        "name": random.choice(personas.names[language]),
        "relative": random.choice(personas.relatives[language]),
        "phone": RELATIVE.format(number)[2:],
        "language": language,
        "year": str(random.randint(*persona.born)),
    }
    return Somebody(f"{seed}:{number}", PATIENT.format(number), "patient", language, persona, known, name)


def relative_of(one: Somebody, personas: Personas, number: int) -> Somebody:
    """They know what patients know of themselves: a relative may become a patient, too."""
    known = {**one.known, "name": one.known["relative"], "relative": one.known["name"], "phone": one.phone[2:]}
    return Somebody(f"{one.seed}:relative", RELATIVE.format(number), "caregiver", one.language, personas.caregiver, known)


def staff_of(personas: Personas, seed: int) -> list[Somebody]:
    known = {"relative": "", "phone": "", "language": "en", "year": "1980"}
    return [
        Somebody(f"{seed}:{member.id}", member.phone, "staff", "en", personas.staff, {**known, "name": member.name})
        for member in personas.care_team.members
    ]
