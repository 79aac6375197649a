"""A coordinator in a process of its own, on real engines, that dies at one of its effects, before or after it.

What it shares with the test is a board of three numbers in a file, which a dead process cannot leave locked.
"""

from __future__ import annotations

import asyncio
import mmap
import os
import signal
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from agents.care_coordinator.agent import CareCoordinator
from bot.app.engines import open_engines
from bot.app.roles import Parts, run_agent
from bot.metrics import Metrics
from config.settings import Settings
from tests.agents.care_coordinator.booking import clinic
from tests.agents.care_coordinator.world import POLICY
from webhooks.lab.client import HttpLaboratory
from webhooks.razorpay.client import RazorpayPayments

NEVER = -1.0


class Board:
    """``ahead``: seconds by which the clock goes before the real one. ``moments``: so many have passed at which one can die, two
    an effect. ``die_at``: at which of them."""

    def __init__(self, path: Path) -> None:
        if not path.exists():
            path.write_bytes(bytes(24))
        with path.open("r+b") as file:
            self._numbers = memoryview(mmap.mmap(file.fileno(), 24)).cast("d")

    def now(self) -> float:
        return time.time() + self.ahead

    def pass_time(self, seconds: float) -> None:
        self._numbers[0] += seconds

    def begin(self, die_at: float) -> None:
        self._numbers[0], self._numbers[1], self._numbers[2] = 0.0, 0.0, die_at

    @property
    def ahead(self) -> float:
        return self._numbers[0]

    @property
    def moments(self) -> int:
        return int(self._numbers[1])

    @property
    def died(self) -> bool:
        return self._numbers[2] == NEVER

    def moment(self) -> None:
        passed = self._numbers[1]
        self._numbers[1] = passed + 1
        if passed == self._numbers[2]:
            self._numbers[2] = NEVER
            os.kill(os.getpid(), signal.SIGKILL)


class Fragile:
    """Like what is inside, but before and after each of ``effects`` the process may die."""

    def __init__(self, inside: Any, board: Board, *effects: str, **others: Any) -> None:
        self._inside, self._board, self._effects, self._others = inside, board, effects, others

    def __getattr__(self, name: str) -> Any:
        if name in self._others:
            return self._others[name]
        found = getattr(self._inside, name)
        return self._dying(found) if name in self._effects else found

    def _dying(self, effect: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
        async def done(*words: Any, **more: Any) -> Any:
            self._board.moment()
            result = await effect(*words, **more)
            self._board.moment()
            return result

        return done


def run(settings: dict[str, Any], partners: str, board: Path) -> None:
    """The process."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    asyncio.run(_run(Settings(**settings), partners, Board(board)))


async def _run(settings: Settings, partners: str, board: Board) -> None:
    async with (
        open_engines(settings) as engines,
        RazorpayPayments("key", "secret", url=partners, clock=board.now) as payments,
        HttpLaboratory(partners, "key") as laboratory,
    ):
        documents = Fragile(engines.store.documents, board, "save")
        store: Any = Fragile(engines.store, board, documents=documents)
        bus: Any = Fragile(engines.bus, board, "publish")
        wallet: Any = Fragile(payments, board, "make_link", "look", "close", "refund")
        partner: Any = Fragile(laboratory, board, "reserve", "confirm", "cancel", "result", "report")
        agent = CareCoordinator(store, POLICY, clinic(), media=engines.media, payments=wallet, laboratory=partner)
        nothing: Any = None
        parts = Parts(settings, POLICY, replace(engines, bus=bus, store=store), Metrics(), board.now, nothing, nothing)
        await run_agent(parts, agent, asyncio.Event())
