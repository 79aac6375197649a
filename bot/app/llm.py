"""Open the language model gateway, when the settings switch tasks on."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import get_args

import httpx
from msgspec.structs import asdict

from agents.lifestyle_coach.content import load_food
from agents.llm.asking import Provider
from agents.llm.checking import Checker
from agents.llm.config import LlmConfig, TaskName, load_llm_config
from agents.llm.config import Provider as ProviderConfig
from agents.llm.gateway import LlmGateway, Use
from agents.llm.guard import Guard, load_guard
from agents.llm.http import HttpProvider
from agents.llm.opinions import ModelOpinions
from agents.llm.prompts import Prompt, load_prompts
from agents.llm.specialists import SPECIALISTS, LocalProvider
from agents.llm.uses import Uses
from bot import queues
from bot.app.engines import Engines
from bot.errors import ConfigError
from bot.metrics import Metrics
from bot.model.codec import encode
from bot.model.effects import Record
from bot.model.ids import EffectId
from bot.ports.bus import Bus, Envelope
from config.settings import Settings

CONNECT_SECONDS = 2.0
LONGEST_CALL = 30.0
"""Above every task's own deadline, which ends a call first."""


class Noted:
    """Writes each use down: a figure at once, and a record of the person by way of the bus, so that it can be told and erased."""

    def __init__(self, bus: Bus, metrics: Metrics, clock: Callable[[], float], models: frozenset[str]) -> None:
        self._bus, self._metrics, self._clock, self._models = bus, metrics, clock, models

    async def note(self, use: Use) -> None:
        model = use.model if use.model in self._models else "other" if use.model else "none"
        self._metrics.llm_uses.labels(use.task, use.outcome, use.reason).inc()
        self._metrics.llm_seconds.labels(use.task).observe(use.seconds)
        self._metrics.llm_cost.labels(use.task, model).inc(use.cost)
        data = {name: value for name, value in asdict(use).items() if name not in ("cause", "person")}
        record = Record(EffectId(f"{use.cause}:llm:{use.task}"), use.person, "llm_use", self._clock(), data)
        await self._bus.publish(queues.RECORDS, Envelope(id=record.id, key=use.person, body=encode(record), at=record.at))


def tasks_on(settings: Settings) -> frozenset[str]:
    """Raises ConfigError for a task that there is not."""
    names = frozenset(name.strip() for name in settings.llm_tasks.split(",") if name.strip())
    if "all" in names:
        return frozenset(get_args(TaskName))
    if unknown := sorted(names - set(get_args(TaskName))):
        raise ConfigError(f"PROCARE_LLM_TASKS: there is no task {unknown[0]!r}; one of: all, {', '.join(get_args(TaskName))}")
    return names


@dataclass(frozen=True)
class Advice:
    """``uses``: what agents may ask (ReadsMeals, AnswersFromPassages). ``opinions``: what the worker asks."""

    uses: Uses
    opinions: ModelOpinions


def check_llm(settings: Settings) -> str:
    """Which tasks are on, after everything that they need was read. Raises ConfigError. No model is asked: that costs money."""
    on = tasks_on(settings)
    if not on:
        return "off"
    _read(settings, on)
    return f"on: {', '.join(sorted(on))}"


def _read(settings: Settings, on: frozenset[str]) -> tuple[LlmConfig, Mapping[str, Prompt], Guard]:
    config = load_llm_config(settings.llm_file)
    if missing := sorted(on - set(config.tasks)):
        raise ConfigError(f"{settings.llm_file.name}: tasks: {missing[0]} is switched on and is not there")
    for task in (config.tasks[name] for name in get_args(TaskName) if name in on):
        if config.providers[task.by].kind == "openrouter" and settings.llm_api_key is None:
            raise ConfigError("PROCARE_LLM_API_KEY is needed for the tasks that PROCARE_LLM_TASKS gives to OpenRouter")
    prompts = settings.dialogs_dir / "prompts"
    return config, load_prompts(prompts), load_guard(prompts / "guard.yaml")


@asynccontextmanager
async def open_llm(
    settings: Settings, engines: Engines, metrics: Metrics, clock: Callable[[], float], consent_version: str
) -> AsyncIterator[Advice | None]:
    """None while no task is switched on. Raises ConfigError. ``consent_version``: of the text that must have been agreed to."""
    on = tasks_on(settings)
    if not on:
        yield None
        return
    config, prompts, guard = _read(settings, on)
    timeout = httpx.Timeout(LONGEST_CALL, connect=CONNECT_SECONDS)
    async with httpx.AsyncClient(timeout=timeout, trust_env=False, follow_redirects=False) as client:
        providers = {name: _provider(settings, name, one, client) for name, one in config.providers.items()}
        models = frozenset(model for task in config.tasks.values() for model in task.models)
        for task in on:
            for outcome in ("credits", "key"):  # what ModelAccountFails asks for: it must see the first one, too
                metrics.llm_uses.labels(task, outcome, "")
        ledger = Noted(engines.bus, metrics, clock, models)
        gateway = LlmGateway(config, prompts, providers, engines.budget, ledger, clock, tasks_on=on)
        uses = Uses(gateway, Checker(guard), prompts)
        foods = {food.id: food.name("en") for food in load_food(settings.dialogs_dir / "food").foods.values()}
        yield Advice(uses, ModelOpinions(uses, engines.media, config.intents, consent_version, foods))


def _provider(settings: Settings, name: str, provider: ProviderConfig, client: httpx.AsyncClient) -> Provider:
    if provider.kind == "local":
        specialist = SPECIALISTS.get(provider.name or "")
        if specialist is None:
            raise ConfigError(f"{settings.llm_file.name}: providers.{name}.name: there is no specialist {provider.name!r}")
        return LocalProvider(provider.name or "", specialist)
    key = settings.llm_api_key.get_secret_value() if settings.llm_api_key and provider.kind == "openrouter" else None
    return HttpProvider(provider, key, client)
