"""Providers that are code of this service: a small, specialised agent in the place of the one big model.

To give a task to one: write it as a function, name it here, and name that in config/llm.yaml as a provider of kind ``local``. Its
answer passes the same form and the same checker as any model's.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from agents.llm.asking import Answer, Call, File

Specialist = Callable[[Mapping[str, Any], Mapping[str, Any], tuple[File, ...]], Awaitable[Any]]
"""What was said (redacted), what is given, the files -> plain data of the task's form."""

SPECIALISTS: Mapping[str, Specialist] = {}


class LocalProvider:
    """A specialist, as the gateway sees a provider."""

    def __init__(self, name: str, specialist: Specialist) -> None:
        self._name, self._specialist = name, specialist

    async def complete(self, call: Call) -> Answer:
        asked = json.JSONDecoder().raw_decode(call.user)[0]
        answer = await self._specialist(asked["data"], asked["given"], call.files)
        return Answer(json.dumps(answer, ensure_ascii=False), f"local/{self._name}", 0.0)
