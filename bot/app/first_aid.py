"""Wire first aid: the emergency lane, and the gateway, in the ingress itself."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from typing import Any

from bot.app.engines import Engines
from bot.app.roles import member_name
from bot.dialogue.content import content_of
from bot.dialogue.contents import Contents
from bot.dialogue.engine import Engine
from bot.metrics import Metrics
from bot.published.library import Library


class Newest:
    """Of what is published the ingress needs the current texts only, and keeps no others in memory."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    @property
    def contents(self) -> Contents:
        return self._engine.contents

    @contents.setter
    def contents(self, contents: Contents) -> None:
        self._engine.contents = Contents(contents.current)


class Uncounted:
    """The ingress runs no conversations: it is not one of those that ``procare dialogs status`` counts."""

    async def heartbeat(self, group: str, member: str, *, now: float, ttl: float) -> list[str]:
        return []

    async def leave(self, group: str, member: str) -> None:
        return None


def keep_texts_current(
    engine: Engine, engines: Engines, languages: Sequence[str], metrics: Metrics, clock: Callable[[], float], stop: asyncio.Event
) -> Coroutine[Any, Any, None]:
    """What an ingress alone says in danger is what is published, as a worker would say it."""
    library = Library(
        Newest(engine), engines.store.bundles, Uncounted(),
        lambda bundle, current: content_of(bundle, languages, current=current), metrics, clock, member_name(),
    )  # fmt: skip
    return library.watch(stop)
