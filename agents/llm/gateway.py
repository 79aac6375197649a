"""One use of a model, from the question to an answer that may be used: or None, and then the deterministic way is taken.

Nothing here raises towards the caller. Whatever a model says has passed the form (pydantic), and the checker that the use brings.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from time import perf_counter
from typing import Any, Protocol, TypeVar

from msgspec import Struct
from purgatory import AsyncCircuitBreakerFactory
from purgatory.domain.model import OpenedState
from pydantic import BaseModel, ValidationError

from agents.llm.asking import Answer, Call, Provider, Question
from agents.llm.config import LlmConfig, Task
from agents.llm.failures import COUNTING, OURS, ModelFailed, Why
from agents.llm.prompts import Prompt
from bot.errors import Unavailable
from bot.model.ids import PersonId
from bot.ports.budget import Budget
from bot.privacy.redaction import Redactor

log = logging.getLogger(__name__)
Form = TypeVar("Form", bound=BaseModel)

MICRO = 1_000_000
THRESHOLD = 5
"""Failures in a row that open a provider's circuit."""
OPEN_SECONDS = 30.0
SHUT_SECONDS = 300.0
"""How long nobody is asked after a refused key or spent credits: a person has to act first."""
LEAST_FOR_REPAIR = 0.4
"""Seconds that must be left for a second try."""


class Use(Struct, frozen=True):
    """What is recorded of one use: never what was said. ``mark``: the prompt's exact words; ``cost`` in US dollars."""

    cause: str
    person: PersonId
    task: str
    by: str
    outcome: str
    mark: str = ""
    model: str = ""
    cost: float = 0.0
    tokens: int = 0
    seconds: float = 0.0
    repaired: bool = False
    reason: str = ""


class Ledger(Protocol):
    """Where uses are written down: metrics and the durable record."""

    async def note(self, use: Use) -> None: ...


class LlmGateway:
    """``providers`` by their names in the configuration. ``tasks_on``: those that may be asked at all."""

    def __init__(
        self,
        config: LlmConfig,
        prompts: Mapping[str, Prompt],
        providers: Mapping[str, Provider],
        budget: Budget,
        ledger: Ledger,
        clock: Callable[[], float],
        *,
        tasks_on: frozenset[str] | None = None,
    ) -> None:
        self._config, self._prompts, self._providers = config, prompts, providers
        self._budget, self._ledger, self._clock, self._on = budget, ledger, clock, tasks_on
        self._circuits = AsyncCircuitBreakerFactory(
            default_threshold=THRESHOLD,
            default_ttl=OPEN_SECONDS,
            exclude=[(ModelFailed, lambda error: error.why not in COUNTING)],
        )
        self._shut: dict[str, float] = {}

    def serves(self, task: str) -> bool:
        """True when the task is on: a caller need not even prepare its question otherwise."""
        return task in self._config.tasks and (self._on is None or task in self._on)

    async def ask(self, question: Question, form: type[Form], check: Callable[[Form, Redactor], str | None]) -> Form | None:
        """``check`` says what is wrong with an answer; it sees it with the placeholders, before names come back."""
        task = self._config.tasks.get(question.task)  # type: ignore[call-overload]
        if task is None or not self.serves(question.task):
            return None
        started, day = perf_counter(), f"{datetime.fromtimestamp(self._clock(), UTC):%Y-%m-%d}"
        worst = round(task.worst * MICRO)
        work = _Work()
        found: Form | None = None
        why: Why | None = None
        reason, held = "", False
        try:
            async with asyncio.timeout(task.seconds):  # also of asking what is left of the budget: a reply waits for it
                held = await self._hold(question.person, day, worst)
                if not held:
                    raise ModelFailed("over_budget")
                redactor = Redactor(question.names)
                found = await self._answered(question, task, form, redactor, work, started + task.seconds)
            if wrong := check(found, redactor):
                found, why, reason = None, "refused", wrong
        except ModelFailed as error:
            why = error.why
        except TimeoutError:
            why = "timeout"  # the breaker saw the call being broken off, and counts that
        except Unavailable:
            why = "over_budget"  # nobody can tell what is left: then nothing is
        if why is not None:
            found = None
        await self._close(question, task, work, day, worst if held else 0, why, reason, perf_counter() - started)
        return found

    async def _hold(self, person: PersonId, day: str, worst: int) -> bool:
        allowance = self._config.budget
        return await self._budget.reserve(
            person, day, worst,
            person_limit=round(allowance.person_per_day * MICRO), all_limit=round(allowance.all_per_day * MICRO),
        )  # fmt: skip

    async def _answered(
        self, question: Question, task: Task, form: type[Form], redactor: Redactor, work: _Work, deadline: float
    ) -> Form:
        """The form, filled. An answer of another form is sent back once, with what is wrong, while there is time."""
        prompt = self._prompts[question.task]
        work.mark = prompt.mark
        user = json.dumps({"given": question.given, "data": redactor.redacted(question.said)}, ensure_ascii=False)
        call = Call(question.task, prompt.text, user, strict(form), task.models, task.tokens, question.files)
        answer = await self._complete(task.by, call, work)
        try:
            return form.model_validate_json(_bare(answer.text), strict=True)
        except ValidationError as error:
            if deadline - perf_counter() < LEAST_FOR_REPAIR:
                raise ModelFailed("malformed") from error
            wrong = "; ".join(f"{'.'.join(map(str, one['loc']))}: {one['type']}" for one in error.errors()[:5])
        work.repaired = True
        again = f"{user}\n\nYour last answer did not fit the schema ({wrong}). Answer again with JSON of the schema only."
        answer = await self._complete(task.by, Call(**{**_fields(call), "user": again}), work)
        try:
            return form.model_validate_json(_bare(answer.text), strict=True)
        except ValidationError as error:
            raise ModelFailed("malformed") from error

    async def _complete(self, by: str, call: Call, work: _Work) -> Answer:
        if self._shut.get(by, 0.0) > self._clock():
            raise ModelFailed("shut")
        breaker = await self._circuits.get_breaker(by)
        try:
            async with breaker:
                answer = await self._providers[by].complete(call)
        except OpenedState as opened:
            raise ModelFailed("circuit_open") from opened
        except ModelFailed as error:
            if error.why in OURS:
                self._shut[by] = self._clock() + SHUT_SECONDS
                log.error("the model provider needs somebody", extra={"action": "llm_shut", "code": error.why})
            elif error.why == "busy" and error.retry_after:
                self._shut[by] = self._clock() + min(error.retry_after, SHUT_SECONDS)
            raise
        work.add(answer)
        return answer

    async def _close(
        self, question: Question, task: Task, work: _Work, day: str, held: int, why: Why | None, reason: str, seconds: float
    ) -> None:
        """Settle the money and write the use down. Neither may cost the caller its answer."""
        called = work.calls > 0
        cost = work.cost if work.told else (task.worst if called or why == "timeout" else 0.0)
        use = Use(
            question.cause, question.person, question.task, task.by, why or "used", work.mark, work.model, cost, work.tokens,
            seconds, work.repaired, reason,
        )  # fmt: skip
        try:
            if held:
                await self._budget.settle(question.person, day, round(cost * MICRO) - held)
            await self._ledger.note(use)
        except Unavailable as error:
            log.warning("the use of a model was not written down", extra={"action": "llm_not_noted", "code": error.code})


class _Work:
    """What has been done for one question so far."""

    def __init__(self) -> None:
        self.calls, self.cost, self.tokens, self.model, self.mark = 0, 0.0, 0, "", ""
        self.told, self.repaired = False, False

    def add(self, answer: Answer) -> None:
        self.calls += 1
        self.model, self.tokens = answer.model, self.tokens + answer.tokens
        self.told = answer.cost is not None and (self.calls == 1 or self.told)
        self.cost += answer.cost or 0.0


def _bare(text: str) -> str:
    """Without the code fence that some models put round JSON."""
    text = text.strip()
    if text.startswith("```"):
        text = text.split("\n", 1)[-1].rsplit("```", 1)[0]
    return text


def _fields(call: Call) -> dict[str, Any]:
    return {name: getattr(call, name) for name in call.__struct_fields__}


def strict(form: type[BaseModel]) -> dict[str, Any]:
    """The JSON schema as strict modes want it: every field named as required, nothing besides."""
    schema = form.model_json_schema()

    def close(node: Any) -> None:
        if isinstance(node, dict):
            if node.get("type") == "object":
                node["additionalProperties"] = False
                node["required"] = list(node.get("properties", {}))
            node.pop("default", None)
            node.pop("title", None)
            for value in node.values():
                close(value)
        elif isinstance(node, list):
            for value in node:
                close(value)

    close(schema)
    return schema
