"""Run the loss detector: at the start, after an instance came back, and on a timer; of several ingresses one does it."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Callable
from contextlib import suppress

from bot.app.engines import Engines
from bot.app.intake import EdgeMetrics, make_intake
from bot.app.roles import member_name
from bot.errors import Refused, Unavailable
from bot.metrics import Metrics
from bot.ports.sessions import Directory
from config.settings import Settings
from config.watch import Losses, load_watch_policy
from webhooks.catching_up import CatchingUp, History
from webhooks.intake import Intake

log = logging.getLogger(__name__)

GROUP = "losses"
BEAT, TTL = 1.0, 10.0
"""Seconds between two looks at who is alive and how the instances are, and until a silent ingress counts as gone."""
PAGES, PER_SECOND = 1000, 100.0
"""Where nobody else writes meanwhile: pages in one look, which are put in order together, and messages a second."""


class Watched:
    """When the history of one instance is to be read. ``opened``: when the gateway last said that it is open."""

    def __init__(self, catching_up: CatchingUp, rules: Losses, instance: str) -> None:
        self._catching_up, self._rules, self._instance = catching_up, rules, instance
        self._due, self._opened = 0.0, 0.0

    async def look(self, opened: float, now: float) -> None:
        if opened > self._opened:
            self._opened = opened
            self._catching_up.from_the_start(self._instance)
            self._due = 0.0
        if now < self._due:
            return
        try:
            done = await self._catching_up.look(self._instance)
        except (Unavailable, Refused) as error:
            log.warning(
                "the gateway's history could not be compared",
                extra={"action": "history_unread", "instance": self._instance, "code": error.code},
            )
            self._due = now + self._rules.every
            return
        self._due = now + (self._rules.every if done else self._rules.go_on_after)


async def watch_losses(
    settings: Settings, engines: Engines, history: History, intake: Intake, metrics: Metrics, clock: Callable[[], float],
    stop: asyncio.Event,
) -> None:  # fmt: skip
    """Until ``stop`` is set. It then ends in the middle of whatever it does: nothing is lost by reading it again."""
    rules = load_watch_policy().losses
    catching_up = CatchingUp(
        history,
        intake,
        engines.sessions.seen,
        engines.tombstones.all,
        rules,
        EdgeMetrics(metrics),
        clock=clock,
        pause=asyncio.sleep,
    )
    turn = _Turn(engines.directory, member_name(), clock)
    async with asyncio.TaskGroup() as group:
        tasks = [
            group.create_task(turn.keep_asking(), name="whose turn it is"),
            group.create_task(
                _look(settings.evolution_instance, engines.directory, catching_up, rules, turn, clock), name="losses"
            ),
        ]
        await stop.wait()
        for task in tasks:
            task.cancel()
    with suppress(Unavailable):
        await engines.directory.leave(GROUP, turn.member)


class _Counted:
    """What a look for missed messages did, for one that ends."""

    def __init__(self) -> None:
        self.outcomes: Counter[str] = Counter()

    def missed(self, outcome: str) -> None:
        self.outcomes[outcome] += 1

    def history_read(self, instance: str, until: float) -> None:
        """Nothing: nobody asks us."""


async def catch_up(settings: Settings, engines: Engines, history: History, clock: Callable[[], float]) -> Counter[str]:
    """Hand on all that the gateway has and nobody processed, in the order in which it was written, while no ingress runs: what
    people write now would otherwise run before it, in a conversation that has not come so far. Raises Unavailable, Refused."""
    told, metrics = _Counted(), Metrics()
    rules = load_watch_policy().losses.model_copy(update={"settle": 0.0, "pages": PAGES, "per_second": PER_SECOND})
    intake = make_intake(settings, engines, metrics, clock)
    catching_up = CatchingUp(
        history, intake, engines.sessions.seen, engines.tombstones.all, rules, told, clock=clock, pause=asyncio.sleep
    )
    for instance in sorted({settings.evolution_instance, *await _opened(engines.directory)} - settings.meta.keys()):
        while not await catching_up.look(instance):
            pass
    return told.outcomes


class _Turn:
    """Whether we are the one who looks. Two that both think so do no harm: what is caught up twice runs once."""

    def __init__(self, directory: Directory, member: str, clock: Callable[[], float]) -> None:
        self._directory, self.member, self._clock = directory, member, clock
        self.ours = False

    async def keep_asking(self) -> None:
        while True:
            try:
                living = await self._directory.heartbeat(GROUP, self.member, now=self._clock(), ttl=TTL)
                self.ours = min(living) == self.member
            except Unavailable:
                self.ours = False
            await asyncio.sleep(BEAT)


async def _look(
    instance: str, directory: Directory, catching_up: CatchingUp, rules: Losses, turn: _Turn, clock: Callable[[], float]
) -> None:
    watched = {instance: Watched(catching_up, rules, instance)}
    while True:
        if turn.ours:
            with suppress(Unavailable):  # said by whoever needs that engine more
                opened = await _opened(directory)
                for name in opened:
                    watched.setdefault(name, Watched(catching_up, rules, name))
                for name, one in watched.items():
                    await one.look(opened.get(name, 0.0), clock())
        await asyncio.sleep(BEAT)


async def _opened(directory: Directory) -> dict[str, float]:
    """Since when each instance that ever told us of itself is open; 0 for one that is not."""
    return {state.instance: state.at if state.state == "open" else 0.0 for state in await directory.channels()}
