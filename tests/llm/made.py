"""A gateway among fakes: a budget in memory, a ledger that remembers, providers that are given."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from agents.llm.asking import Answer, Call, Provider
from agents.llm.checking import Checker
from agents.llm.config import LlmConfig
from agents.llm.failures import ModelFailed
from agents.llm.gateway import LlmGateway, Use
from agents.llm.guard import Guard, load_guard
from agents.llm.prompts import Prompt, load_prompts
from agents.llm.uses import Uses
from bot.errors import SessionsUnavailable
from bot.model.ids import PersonId
from tests.llm.lookalike import says

PROMPTS = Path(__file__).parents[2] / "dialogs/prompts"
NOW = 1_795_500_000.0
TASKS = ("second_opinion", "read_meal", "look_at_picture", "hear_voice", "rephrase", "grounded_answer")


@functools.cache
def shipped() -> tuple[Mapping[str, Prompt], Guard]:
    return load_prompts(PROMPTS), load_guard(PROMPTS / "guard.yaml")


class Purse:
    """Implements ``Budget``."""

    def __init__(self) -> None:
        self.own: dict[tuple[str, str], int] = {}
        self.all: dict[str, int] = {}
        self.away = False

    async def reserve(self, person: PersonId, day: str, amount: int, *, person_limit: int, all_limit: int) -> bool:
        if self.away:
            raise SessionsUnavailable
        own, common = self.own.get((person, day), 0) + amount, self.all.get(day, 0) + amount
        if own > person_limit or common > all_limit:
            return False
        self.own[person, day], self.all[day] = own, common
        return True

    async def settle(self, person: PersonId, day: str, difference: int) -> None:
        if self.away:
            raise SessionsUnavailable
        self.own[person, day] += difference
        self.all[day] += difference


class Ledger:
    def __init__(self) -> None:
        self.uses: list[Use] = []

    async def note(self, use: Use) -> None:
        self.uses.append(use)

    @property
    def outcomes(self) -> list[str]:
        return [use.outcome for use in self.uses]


class Scripted:
    """A model that says what it is told to, whatever it was asked."""

    def __init__(self, *answers: Any) -> None:
        self.answers, self.calls = list(answers), list[Call]()

    async def complete(self, call: Call) -> Answer:
        self.calls.append(call)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, ModelFailed):
            raise answer
        body = says(answer)
        return Answer(body["choices"][0]["message"]["content"], body["model"], 0.0001, 50)


def config(*, seconds: float = 12.0, person: float = 1.0, everybody: float = 10.0, **more: Any) -> LlmConfig:
    task = {"by": "big", "models": ["small/one", "other/two"], "seconds": seconds, "worst": 0.01}
    data: dict[str, Any] = {
        "providers": {"big": {"kind": "openrouter", "url": "http://unused"}},
        "budget": {"person_per_day": person, "all_per_day": everybody},
        "tasks": {name: dict(task) for name in TASKS},
    }
    for name, value in more.items():
        data[name] |= value
    return LlmConfig.model_validate(data)


class Desk:
    """Everything that a use needs, and what it left behind."""

    def __init__(self, providers: Mapping[str, Provider] | Provider, settings: LlmConfig | None = None) -> None:
        self.purse, self.ledger, self.now = Purse(), Ledger(), NOW
        by_name = providers if isinstance(providers, Mapping) else {"big": providers}
        prompts, guard = shipped()
        self.gateway = LlmGateway(settings or config(), prompts, by_name, self.purse, self.ledger, lambda: self.now)
        self.uses = Uses(self.gateway, Checker(guard), prompts)
