"""The processes of a split installation, kept running by a supervisor that starts again what dies."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from tests.e2e.service import Service
from tests.servers.machine import HERE, Machine

LOOK = 0.1  # seconds between two looks at the processes
STABLE = 20  # times in a row that one process may end by itself before the test gives up


class Fleet:
    """Roles as processes of their own. ``killed`` counts our kills, ``fell`` the ends that nobody asked for."""

    def __init__(self, folder: Path, settings: dict[str, object]) -> None:
        self._folder, self._settings = folder, settings
        self._services: dict[str, Service] = {}
        self._down: set[str] = set()
        self.killed: Counter[str] = Counter()
        self.fell: Counter[str] = Counter()
        self.statuses: list[tuple[str, int | None]] = []

    def add(self, name: str, *words: str, machine: Machine = HERE) -> Service:
        service = Service(self._folder, self._settings, *words, name=name, machine=machine)
        self._services[name] = service
        return service

    @property
    def services(self) -> dict[str, Service]:
        return dict(self._services)

    @property
    def names(self) -> list[str]:
        return list(self._services)

    async def start(self) -> None:
        for service in self._services.values():
            service.start()
        await asyncio.gather(*(asyncio.to_thread(service.wait_until_ready) for service in self._services.values()))

    async def supervise(self) -> None:
        """Start again whatever is not running. Cancel it to let go."""
        while True:
            for name, service in self._services.items():
                if name not in self._down and not service.running:
                    self.fell[name] += 1
                    self.statuses.append((name, service.status))
                    if self.fell[name] > STABLE:
                        raise RuntimeError(f"{name} ends again and again:\n{service.err[-3000:]}")
                    service.start()
            await asyncio.sleep(LOOK)

    async def kill(self, name: str) -> None:
        """SIGKILL, and a new process a moment later."""
        service = self._services[name]
        self._down.add(name)
        try:
            await asyncio.to_thread(service.kill)
            self.killed[name.partition("-")[0]] += 1
            await asyncio.sleep(random.uniform(0.1, 0.8))
            service.start()
        finally:
            self._down.discard(name)

    def close(self) -> None:
        for service in self._services.values():
            if service.process is not None and service.running:
                service.process.terminate()
        for service in self._services.values():
            service.close()

    def log_lines(self) -> Iterable[tuple[str, str]]:
        """Every line that any process wrote to standard error, with the process's name."""
        for name, service in self._services.items():
            for line in service.err.splitlines():
                yield name, line
