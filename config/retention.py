"""How long what is kept of people stays, read from retention.yaml and checked."""

from __future__ import annotations

from pathlib import Path
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from bot.handwritten.model import read_model

FILE = Path(__file__).parent / "retention.yaml"


class _Rule(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


EVERY_OTHER = "*"
"""Of records: the kinds that no class names."""


class DataClass(_Rule):
    """``days`` None: it stays until the person wishes it erased."""

    place: Literal["journal", "deliveries", "records", "readings", "documents"]
    kinds: tuple[str, ...] = ()
    days: int | None = Field(ge=365)  # the law's least for logs of processing
    source: str = Field(min_length=1)

    @model_validator(mode="after")
    def _named(self) -> Self:
        if (self.place == "records") != bool(self.kinds):
            raise ValueError("records, and only they, need kinds")
        if self.days is not None and (self.place in ("readings", "documents") or EVERY_OTHER in self.kinds):
            raise ValueError("what is not named by kind, and readings and documents, go at no age: their place has days null")
        return self


class SignOff(_Rule):
    status: str
    reviewer: str | None
    date: str | None


class Retention(_Rule):
    sign_off: SignOff
    classes: dict[str, DataClass]


def load_retention(path: Path = FILE) -> Retention:
    """Raises ConfigError with the place of every mistake."""
    return read_model(path, Retention)
