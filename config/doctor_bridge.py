"""How a patient's request finds a doctor: the schema of config/doctor_bridge.yaml."""

from __future__ import annotations

from typing import Literal, get_args

from pydantic import Field, model_validator

from config.escalation import Rung, Signed
from config.frozen import Frozen

Soon = Literal["today", "normal"]
Verb = Literal["done", "take", "later", "pass", "show"]
Part = Literal[
    "fasting", "before_meal", "after_meal", "bedtime", "unknown", "blood_pressure", "hba1c", "spo2_low",
    "pregnant", "heart_failure", "kidney", "lung",
]  # fmt: skip
"""What a doctor sets of somebody's targets: a band of glucose by meal context, a goal, an illness that moves the usual ones."""


class Times(Frozen):
    today: float = Field(gt=0)
    normal: float = Field(gt=0)

    def of(self, soon: Soon) -> float:
        return self.today if soon == "today" else self.normal


class TargetWords(Frozen):
    """How a doctor writes targets: the word that such a message begins with, the one that takes a part back, and the parts."""

    begin: tuple[str, ...] = Field(min_length=1)
    off: tuple[str, ...] = Field(min_length=1)
    names: dict[Part, tuple[str, ...]]

    @model_validator(mode="after")
    def _clear(self) -> TargetWords:
        if set(self.names) != set(get_args(Part)):
            raise ValueError(f"targets.names: needs exactly {', '.join(get_args(Part))}")
        spoken = [*self.begin, *self.off, *(word for words in self.names.values() for word in words)]
        if twice := next((word for word in spoken if spoken.count(word) > 1 or word != word.casefold()), None):
            raise ValueError(f"targets: '{twice}' means two things, or is not in small letters")
        return self


class Bridge(Frozen):
    """Minutes at work, except ``quiet_closes`` and ``number_days``."""

    sign_off: Signed
    ladders: dict[Soon, tuple[Rung, ...]]
    answer_within: Times
    later: Times
    rounds: int = Field(ge=1, le=5)
    quiet_closes: float = Field(gt=0)
    number_days: float = Field(gt=0)
    soon: dict[str, Soon]
    words: dict[Verb, tuple[str, ...]]
    alone: tuple[str, ...] = ()
    targets: TargetWords

    @model_validator(mode="after")
    def _complete(self) -> Bridge:
        if set(self.ladders) != {"today", "normal"} or not all(self.ladders.values()):
            raise ValueError("ladders: 'today' and 'normal' need at least one step each")
        if any(rung.to == "caregivers" for rungs in self.ladders.values() for rung in rungs):
            raise ValueError("ladders: relatives are not told of what is asked of a doctor; remove 'caregivers'")
        spoken = [word for words in self.words.values() for word in words]
        if len(set(spoken)) < len(spoken):
            raise ValueError("words: one word means two things")
        return self
