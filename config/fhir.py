"""Names of readings for electronic records: the schema of config/fhir.yaml."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import yaml
from pydantic import Field, ValidationError

from bot.errors import ConfigError
from config.frozen import Frozen
from config.plain_yaml import plain_yaml


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
    """Raises ConfigError with the field at fault."""
    try:
        return FhirNames.model_validate(plain_yaml(path.read_text(encoding="utf-8")))
    except (OSError, yaml.YAMLError) as error:
        raise ConfigError(f"{path.name}: {error}") from error
    except ValidationError as error:
        first = error.errors()[0]
        raise ConfigError(f"{path.name}: {'.'.join(str(part) for part in first['loc'])}: {first['msg']}") from error
