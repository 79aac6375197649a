"""Which task is given to whom: config/llm.yaml, typed."""

from __future__ import annotations

from pathlib import Path
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from bot.handwritten.model import read_model

TaskName = Literal["second_opinion", "read_meal", "look_at_picture", "hear_voice", "rephrase", "grounded_answer"]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Provider(_Frozen):
    """``only``: slugs of OpenRouter's providers that may be used; empty: all that keep nothing. ``name``: of a local one."""

    kind: Literal["openrouter", "compatible", "local"]
    url: str | None = Field(None, pattern=r"^https?://[^\s?#]+$")
    only: tuple[str, ...] = ()
    name: str | None = None

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if self.kind == "local" and not self.name:
            raise ValueError("a local provider needs its name")
        if self.kind != "local" and not self.url:
            raise ValueError(f"a provider of kind {self.kind} needs its url")
        return self


class Task(_Frozen):
    """``tokens``: of the answer, at most. ``worst``: what one use may cost, in US dollars."""

    by: str
    models: tuple[str, ...] = Field((), max_length=3)
    seconds: float = Field(2.0, gt=0, le=12)
    tokens: int = Field(300, ge=10, le=4000)
    worst: float = Field(0.002, ge=0, le=1)


class Allowance(_Frozen):
    """US dollars."""

    person_per_day: float = Field(ge=0)
    all_per_day: float = Field(ge=0)


class LlmConfig(_Frozen):
    providers: dict[str, Provider]
    budget: Allowance
    intents: tuple[str, ...] = ()
    tasks: dict[TaskName, Task]

    @model_validator(mode="after")
    def _known(self) -> Self:
        for name, task in self.tasks.items():
            provider = self.providers.get(task.by)
            if provider is None:
                raise ValueError(f"tasks.{name}.by: there is no provider {task.by!r}")
            if provider.kind != "local" and not task.models:
                raise ValueError(f"tasks.{name}.models: a provider of kind {provider.kind} needs at least one model")
        return self


def load_llm_config(path: Path) -> LlmConfig:
    """Raises ConfigError with the place of every mistake."""
    return read_model(path, LlmConfig)
