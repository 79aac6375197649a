"""The forms in which models answer. Everything that is not in them is an error."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class _Form(BaseModel):
    model_config = ConfigDict(extra="forbid")


class OpinionForm(_Form):
    urgency: Literal["none", "confirm"]
    intent: str = Field(max_length=40)


class MealItem(_Form):
    food: str = Field(max_length=60)
    amount: float = Field(gt=0, le=20)
    words: str = Field(min_length=1, max_length=80)


class MealForm(_Form):
    items: list[MealItem] = Field(max_length=15)


class PictureForm(_Form):
    kind: Literal["meter", "meal", "paper", "other"]
    measure: Literal["glucose", "blood_pressure", "weight", "temperature", "spo2", "pulse", "none"]
    value: float | None
    second: float | None
    unit: Literal["mg/dL", "mmol/L", "kg", "lb", "C", "F", "%", "none"]
    foods: list[str] = Field(max_length=10)


class VoiceForm(_Form):
    text: str = Field(max_length=2000)
    legible: bool


class TextForm(_Form):
    text: str = Field(max_length=2000)


class GroundedForm(_Form):
    answers: bool
    text: str = Field(max_length=2000)
    citations: list[str] = Field(max_length=5)
