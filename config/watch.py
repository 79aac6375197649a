"""How the gateway is watched, read from watch.yaml once and checked."""

from __future__ import annotations

from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, field_validator

from bot.handwritten.model import read_model

FILE = Path(__file__).parent / "watch.yaml"


class _Rule(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Losses(_Rule):
    """How the gateway's history is compared with what we processed. Seconds; watch.yaml gives the reasons."""

    every: float = Field(gt=0)
    horizon: float = Field(gt=0, le=2 * 86_400)
    overlap: float = Field(ge=0)
    settle: float = Field(ge=0)
    pages: int = Field(ge=2, le=100)  # the last page of a look is read again by the next
    go_on_after: float = Field(gt=0)
    per_second: float = Field(gt=0)
    again_after: float = Field(ge=0)


class DeliveryRules(_Rule):
    """When a message counts as not delivered. Seconds, and messages in a row; watch.yaml gives the reasons."""

    emergency_after: float = Field(gt=0)
    look_every: float = Field(gt=0)
    in_row: int = Field(ge=2, le=20)
    silent_after: float = Field(gt=0)


class ChannelRules(_Rule):
    """When an instance counts as broken (seconds), and what its operator is written."""

    broken_after: float = Field(gt=0)
    look_every: float = Field(gt=0)
    notice: str = Field(min_length=1, max_length=1000)

    @field_validator("notice")
    @classmethod
    def _known_fields(cls, value: str) -> str:
        try:
            value.format(instance="", state="", minutes=0)
        except (KeyError, IndexError, ValueError) as error:
            raise ValueError("only {instance}, {state} and {minutes} may stand in braces") from error
        return value


class WatchPolicy(_Rule):
    losses: Losses
    deliveries: DeliveryRules
    channels: ChannelRules


def load_watch_policy(file: Path = FILE) -> WatchPolicy:
    """Raises ConfigError with the place of every mistake."""
    return read_model(file, WatchPolicy)
