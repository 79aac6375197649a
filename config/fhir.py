"""Names of readings for electronic records: the schema of config/fhir.yaml."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import Field

from bot.handwritten.model import read_model
from config.frozen import Frozen


class Name(Frozen):
    display: str
    ucum: str
    category: Literal["vital-signs", "laboratory"]
    loinc: str | None = None


class FhirNames(Frozen):
    readings: dict[str, Name]
    laboratory: dict[str, Name]
    panel: Name
    cut: str = Field(pattern=r"\{most\}")
    grades: dict[str, Literal["N", "H", "HH", "L", "LL"]]


def load_fhir(path: Path = Path(__file__).parent / "fhir.yaml") -> FhirNames:
    """Raises ConfigError with the place of every mistake."""
    return read_model(path, FhirNames)
