"""Where a role's CPU goes, sampled."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from bench.processes import python
from bench.rig import Rig
from bench.run import PLAIN, prepare
from bench.systems import Ours

TURNS = 8000
SECONDS = 10.0
TOP = 25
GROUPS = (
    ("engine: understanding", ("bot/understanding/",)),
    ("engine: dialogue", ("bot/dialogue/", "transitions/", "jinja2/")),
    ("session engine (Redis)", ("bot/adapters/redis/", "redis/")),
    ("bus: publish", ("bot/adapters/rabbit/publisher", "bot/adapters/rabbit/bus", "bot/turns/outbox")),
    ("bus: consume and connection", ("bot/adapters/rabbit/", "aiormq/", "pamqp/", "aio_pika/")),
    ("journal (MongoDB)", ("bot/adapters/mongo/", "pymongo/", "motor/", "bson/", "bot/running/write_behind")),
    ("metrics", ("prometheus_client/", "bot/metrics")),
    (
        "gateway client (HTTP)",
        ("webhooks/evolution/client", "httpx", "httpx_aiohttp/", "aiohttp/client", "aiohttp/connector", "httpcore"),
    ),
    ("webhook edge", ("webhooks/", "aiohttp/")),
    ("turn: worker, sender, consumer, codec", ("bot/",)),
    ("event loop", ("asyncio/", "uvloop")),
)
"""Each sample belongs to the first group that its innermost frame of ours or of a library named here falls in."""


class Sampled(Ours):
    """Ours, with one role under the sampler."""

    sampled: str
    samples: Path

    def command(self, role: str) -> tuple[list[str], dict[str, str]]:
        command, environment = super().command(role)
        if role == self.sampled:
            command = python("bench.sampler", str(self.samples), *command[1:])
        return command, environment


def profile(role: str, out: Path) -> str:
    """Run it and tell what was found: the worker alone on a full queue, another role in a closed loop of whole turns. The
    stacks stay in ``ROLE-stacks.txt``, folded, for a flame graph."""
    with Rig(out, 600) as rig:
        ours = Sampled(rig.engines, rig.gateway_url, rig.logs)
        ours.sampled, ours.samples = "", out / f"{role}-stacks.txt"
        try:
            prepare(rig, ours)
            ours.sampled = role
            if role == "worker":
                ours.start("ingress")
                alone = rig.worker_alone(ours, TURNS, PLAIN)
                told = f"worker alone, sampled: {alone.rate:,.0f} turns/s, {alone.cpu:.0f} us of CPU a turn"
            else:
                ours.start(*ours.roles)
                found = rig.phase(role, ours, rig.order(ours, "closed", PLAIN, in_flight=96, seconds=SECONDS, warm=1.0))
                told = f"{role}, sampled: {found.result.rate:,.0f} whole turns/s, {found.cpu[role]:.0f} us of CPU a turn"
        finally:
            ours.stop()
    stacks: Counter[str] = Counter()
    for line in ours.samples.read_text().splitlines():
        stack, _, count = line.rpartition(" ")
        stacks[stack] = int(count)
    return "\n".join([told, *_told(stacks)])


def _told(stacks: Counter[str]) -> list[str]:
    total = stacks.total()
    groups: Counter[str] = Counter()
    own: Counter[str] = Counter()
    inside: Counter[str] = Counter()
    for stack, count in stacks.items():
        frames = stack.split(";")
        groups[_group(frames)] += count
        own[frames[-1]] += count
        for frame in set(frames):
            inside[frame] += count
    lines = [f"{total} samples", "", "by part"]
    lines += [f"  {count / total:6.1%}  {name}" for name, count in groups.most_common()]
    lines += ["", "by function, its own time"]
    lines += [f"  {count / total:6.1%}  {name}" for name, count in own.most_common(TOP)]
    lines += ["", "by function, with what it calls"]
    lines += [f"  {count / total:6.1%}  {name}" for name, count in inside.most_common(TOP * 2)]
    return lines


def _group(frames: list[str]) -> str:
    for frame in reversed(frames):
        for name, places in GROUPS:
            if frame.startswith(places):
                return name
    return "other"
