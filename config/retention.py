"""How long what is kept of people stays, read from retention.yaml and checked."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal, Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from bot.errors import ConfigError
from config.plain_yaml import plain_yaml

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
    """Raises ConfigError with every mistake."""
    try:
        raw: Any = plain_yaml(path.read_text(encoding="utf-8"))
        return Retention.model_validate(raw)
    except (OSError, yaml.YAMLError) as error:
        raise ConfigError(f"{path.name} cannot be read: {error}") from error
    except ValidationError as error:
        lines = [f"{path.name}: {'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors()]
        raise ConfigError("\n".join(lines)) from error
