"""The two systems that are measured: ours, started as an operator starts it, and the floor."""

from __future__ import annotations

import sys
import urllib.request
from abc import ABC, abstractmethod
from pathlib import Path

from msgspec.json import encode

from bench.engines import Engines
from bench.floor.setting import PARTITIONS, Setting
from bench.floor.setting import sends as floor_sends
from bench.processes import Child, python
from bot.sealing.master import new_master_key
from tests.servers.ports import free_port

TOKEN = "token-of-the-bench-alone"  # noqa: S105 - of this run's private processes
MASTER_KEY = new_master_key()


class System(ABC):
    """Roles by name, each a process of its own. ``worker`` names the role whose stage is measured alone."""

    name: str
    database: str
    headers: dict[str, str]
    send_queues: list[str]
    roles: tuple[str, ...]

    def __init__(self, engines: Engines, gateway: str, logs: Path) -> None:
        self.engines, self.gateway, self.logs = engines, gateway, logs
        self.running: dict[str, Child] = {}
        self.ports: dict[str, int] = {}

    @abstractmethod
    def command(self, role: str) -> tuple[list[str], dict[str, str]]:
        """The command line and the environment of a role."""

    def start(self, *roles: str) -> None:
        """Start roles side by side and wait until all take work."""
        for role in roles:
            self.ports[role] = free_port()
            command, environment = self.command(role)
            self.running[role] = Child(f"{self.name} {role}", command, self.logs / f"{self.name}-{role}.log", environment)
        for role in roles:
            self.running[role].wait_ready()

    def stop(self) -> None:
        while self.running:
            self.running.popitem()[1].stop()

    def cpu(self) -> dict[str, float]:
        return {role: child.cpu() for role, child in self.running.items()}

    def stages(self) -> dict[str, tuple[float, float]]:
        """Seconds and count of each stage so far, from the processes' own metrics."""
        return {}


class Ours(System):
    name, database = "ours", "procare"
    headers = {"X-Webhook-Token": TOKEN}  # noqa: RUF012 - never changed
    roles = ("ingress", "worker", "sender", "clinical_monitor", "scheduler")
    send_queues = [f"procare.sends.{partition}" for partition in range(8)]  # noqa: RUF012

    def command(self, role: str) -> tuple[list[str], dict[str, str]]:
        words = ["agent", role] if role == "clinical_monitor" else [role]
        return [str(Path(sys.executable).parent / "procare"), *words], self.environment(role)

    def environment(self, role: str) -> dict[str, str]:
        return {
            "PROCARE_RABBITMQ_URL": self.engines.rabbitmq.url,
            "PROCARE_REDIS_URL": self.engines.redis.url,
            "PROCARE_MONGODB_URL": self.engines.mongod.url,
            "PROCARE_EVOLUTION_URL": self.gateway,
            "PROCARE_EVOLUTION_API_KEY": "key-of-the-bench",
            "PROCARE_WEBHOOK_TOKEN": TOKEN,
            "PROCARE_MASTER_KEY": MASTER_KEY,
            "PROCARE_SEND_RATE": "10000",
            "PROCARE_FLOOD_FILE": str(Path(__file__).parent / "flood.yaml"),
            "PROCARE_LOG_LEVEL": "WARNING",
            "PROCARE_DATA_DIR": str(self.logs.parent / "data"),
            "PROCARE_PORT": str(self.ports[role]),
        }

    def stages(self) -> dict[str, tuple[float, float]]:
        found: dict[str, tuple[float, float]] = {}
        for role in self.running:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.ports[role]}/metrics", timeout=10) as page:
                for line in page.read().decode().splitlines():
                    if line.startswith(("procare_stage_seconds_sum", "procare_stage_seconds_count")):
                        stage, value = line.split('"')[1], float(line.rsplit(" ", 1)[1])
                        seconds, count = found.get(stage, (0.0, 0.0))
                        found[stage] = (seconds + value, count) if "_sum" in line else (seconds, count + value)
        return found


class Floor(System):
    name, database = "floor", "floor"
    headers: dict[str, str] = {}  # noqa: RUF012
    roles = ("ingress", "worker", "sender")
    send_queues = [floor_sends(partition) for partition in range(PARTITIONS)]  # noqa: RUF012

    def command(self, role: str) -> tuple[list[str], dict[str, str]]:
        told = Setting(
            rabbitmq=self.engines.rabbitmq.url,
            redis=self.engines.redis.url,
            mongodb=self.engines.mongod.url,
            database=self.database,
            gateway=self.gateway,
            port=self.ports[role],
        )
        return python(f"bench.floor.{role}", encode(told).decode()), {}
