"""Everything of one run together: engines, gateway, load generator, and how one phase is measured."""

from __future__ import annotations

import shutil
import time
from contextlib import ExitStack
from pathlib import Path

import msgspec
from msgspec import Struct
from msgspec.json import decode, encode

from bench.engines import Engines
from bench.load import Order, Result
from bench.processes import BenchFailed, Child, machine_cpu, python
from bench.systems import System
from tests.servers.ports import free_port

PHASE_SECONDS = 120.0


class Phase(Struct):
    """One measured phase. ``cpu`` is microseconds for a turn by process; ``others`` are cores that strangers used meanwhile."""

    what: str
    result: Result
    cpu: dict[str, float] = {}
    others: float = 0.0
    stages: dict[str, float] = {}  # milliseconds a turn spent there, by the processes' own metrics


class Alone(Struct):
    """The worker process alone on a full queue. ``rate``: turns a second by the clock; ``cpu``: microseconds a turn."""

    turns: int
    rate: float
    cpu: float
    others: float

    @property
    def per_core(self) -> float:
        """Turns that one core's second of CPU is worth."""
        return 1e6 / self.cpu


class Rig:
    def __init__(self, out: Path, people: int) -> None:
        self.logs, self.people = out / "logs", people
        shutil.rmtree(self.logs, ignore_errors=True)
        self.logs.mkdir(parents=True)

    def __enter__(self) -> Rig:
        with ExitStack() as stack:
            self.engines = stack.enter_context(Engines())
            port, tell_port = free_port(), free_port()
            self.gateway_url = f"http://127.0.0.1:{port}"
            self._gateway = self._child(stack, "gateway", str(port), str(tell_port))
            self._load = self._child(stack, "load", str(tell_port))
            self._stack = stack.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def order(self, system: System, do: str, text: str, **words: float) -> Order:
        fields = {"do": do, "port": system.ports["ingress"], "headers": system.headers, "people": self.people, "text": text}
        return msgspec.convert({**fields, **words}, Order)

    def phase(self, what: str, system: System, order: Order) -> Phase:
        """Have the load generator do it; CPU is counted between its ``begin`` and ``end``."""
        stages = system.stages()
        self._load.say(encode(order))
        before, after = self._cpu(system), self._cpu(system)
        while not (line := self._load.line(PHASE_SECONDS)).startswith("{"):
            if line == "begin":
                before = self._cpu(system)
            else:
                after = self._cpu(system)
        result = decode(line, type=Result)
        if result.refused:
            raise BenchFailed(f"{system.name}: {result.refused} webhooks were refused in {what}")
        turns = max(1, result.within)
        spent = {name: after[name] - before[name] for name in before}
        wall, whole = spent.pop("clock"), spent.pop("machine")
        phase = Phase(what, result, {name: round(seconds * 1e6 / turns, 1) for name, seconds in spent.items()})
        phase.others = round(max(0.0, whole - sum(spent.values())) / wall, 2) if wall else 0.0
        phase.stages = _between(stages, system.stages())
        return phase

    def worker_alone(self, system: System, count: int, text: str) -> Alone:
        """Needs ``ingress`` of the system only. Fills the turn queues, then runs its worker; leaves the worker running."""
        self.phase("fill", system, self.order(system, "fill", text, count=count))
        before, since = self.engines.journalled(system.database), time.time()
        system.start("worker")
        worker = system.running["worker"]
        samples: list[tuple[float, float, float, float]] = []  # clock, worker, all that is ours, machine
        deadline = time.monotonic() + PHASE_SECONDS
        while self.engines.journalled(system.database) - before < count:
            if time.monotonic() > deadline:
                raise BenchFailed(f"{system.name}: the worker did not finish {count} turns")
            for _ in range(5):
                all_cpu = self._cpu(system)
                ours = sum(value for name, value in all_cpu.items() if name not in ("clock", "machine"))
                samples.append((all_cpu["clock"], worker.cpu(), ours, all_cpu["machine"]))
                time.sleep(0.03)
        self.engines.purge(system.send_queues)
        return middle_of(self.engines.journal_times(system.database, since), samples)

    def _cpu(self, system: System) -> dict[str, float]:
        bench = {"load generator": self._load.cpu(), "fake gateway": self._gateway.cpu()}
        return {"clock": time.time(), "machine": machine_cpu(), **system.cpu(), **self.engines.cpu(), **bench}

    def _child(self, stack: ExitStack, name: str, *arguments: str) -> Child:
        child = Child(name, python(f"bench.{name}", *arguments), self.logs / f"{name}.log")
        stack.callback(child.stop)
        child.wait_ready()
        return child


def _between(before: dict[str, tuple[float, float]], after: dict[str, tuple[float, float]]) -> dict[str, float]:
    found: dict[str, float] = {}
    for stage, (seconds, count) in after.items():
        seconds_before, count_before = before.get(stage, (0.0, 0.0))
        if count > count_before:
            found[stage] = round((seconds - seconds_before) * 1000 / (count - count_before), 3)
    return found


def middle_of(times: list[float], samples: list[tuple[float, float, float, float]]) -> Alone:
    """Of the turns between 10 and 90 per cent: the start of the process and the thin end of the queue do not count."""
    first, last = int(len(times) * 0.1), int(len(times) * 0.9)
    begin, end, turns = times[first], times[last], last - first

    def spent(column: int) -> float:
        return _at(samples, end, column) - _at(samples, begin, column)

    others = max(0.0, spent(3) - spent(2)) / (end - begin)
    return Alone(turns, round(turns / (end - begin)), round(spent(1) * 1e6 / turns, 1), round(others, 2))


def _at(samples: list[tuple[float, float, float, float]], when: float, column: int) -> float:
    """A sampled value at a time between two samples."""
    earlier = max((s for s in samples if s[0] <= when), default=samples[0])
    later = min((s for s in samples if s[0] > when), default=samples[-1])
    if later[0] <= earlier[0]:
        return earlier[column]
    return earlier[column] + (later[column] - earlier[column]) * (when - earlier[0]) / (later[0] - earlier[0])
