"""Ways in which a network of three machines is cut, and what was seen meanwhile."""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct

from tests.cluster.network import Direction, Network, both_ways
from tests.cluster.servers import MongoCluster, RabbitmqCluster, RedisCluster, together
from tests.servers.machine import Machine
from tests.servers.process import ServerProcess


class Split:
    """Three machines with a node of each engine on each of them, and the network between them."""

    def __init__(self, network: Network) -> None:
        self.network = network
        self.rabbit = RabbitmqCluster(network.machines)
        self.redis = RedisCluster(network.machines)
        self.mongo = MongoCluster(network.machines)

    @property
    def servers(self) -> list[ServerProcess]:
        return [*self.rabbit.nodes, *self.redis.nodes, *self.redis.sentinels, *self.mongo.nodes]

    def start(self) -> None:
        together([self.rabbit.start, self.redis.start, self.mongo.start])

    def redis_master(self) -> Machine:
        return self.redis.primary().machine

    def others(self, machine: Machine) -> list[str]:
        return [one.address for one in self.network.machines if one != machine]

    def seen(self, machine: Machine) -> Seen:
        """What takes itself for what, now. The cut must leave us a way to every node."""
        rabbit = next(one for one in self.rabbit.nodes if one.machine == machine)
        return Seen(
            [one.machine for one in self.redis.masters()], [one.machine for one in self.mongo.primaries()], answers(rabbit)
        )


class Seen(Struct):
    """By whom it takes itself for the leader."""

    masters: list[Machine]
    primaries: list[Machine]
    broker: bool  # of the machine that was cut off, whether it takes connections


class Cut(Struct):
    """``machine`` is asked when it is to happen. ``seconds``: how long; all packets arrive again for ``rest`` seconds then."""

    name: str
    machine: Callable[[], Machine]
    ways: Callable[[Machine], list[Direction]]
    seconds: float
    rest: float
    reachable: bool = False  # by us, so that it can be asked what it takes itself for
    both_sides: bool = False  # it lasts until both sides are known to have lived on
    began: float = 0.0
    healed: float = 0.0
    ended: float = 0.0
    where: Machine | None = None
    seen: list[Seen] = []

    @property
    def two_masters(self) -> bool:
        """Redis' old master went on, and there was another."""
        return any(len(one.masters) == 2 and self.where in one.masters for one in self.seen)

    @property
    def stepped_down(self) -> bool:
        """MongoDB's primary, and there was another."""
        return any(one.primaries and self.where not in one.primaries for one in self.seen)

    @property
    def paused(self) -> bool:
        return any(not one.broker for one in self.seen)

    @property
    def over(self) -> bool:
        """Both sides have done what they are to do."""
        return not self.both_sides or (self.two_masters and self.stepped_down and self.paused)

    def told(self) -> str:
        if not self.reachable:
            return ""
        words = {"a second master of Redis": self.two_masters, "MongoDB's primary stepped down": self.stepped_down,
                 "RabbitMQ's node paused": self.paused}  # fmt: skip
        return "\n    meanwhile: " + ", ".join(f"{what}: {'yes' if was else 'no'}" for what, was in words.items())


def peers(split: Split, seconds: float, rest: float) -> Cut:
    """The hardest: whoever writes to it still can, and its roles reach nobody else."""

    def ways(machine: Machine) -> list[Direction]:
        return both_ways(machine.address, split.others(machine))

    name = "Redis' master, from its peers and not from clients"
    return Cut(name, split.redis_master, ways, seconds, rest, reachable=True, both_sides=True)


def whole(split: Split, seconds: float, rest: float) -> Cut:
    def ways(machine: Machine) -> list[Direction]:
        return both_ways(machine.address, [*split.others(machine), split.network.clients])

    return Cut("MongoDB's primary, from everybody", lambda: split.mongo.primary().machine, ways, seconds, rest)


def deaf(split: Split, seconds: float, rest: float) -> Cut:
    def ways(machine: Machine) -> list[Direction]:
        return [(other, machine.address) for other in (*split.others(machine), split.network.clients)]

    return Cut("Redis' master, one way: it is heard, and hears nobody", split.redis_master, ways, seconds, rest)


def pair(split: Split, seconds: float, rest: float) -> Cut:
    def ways(machine: Machine) -> list[Direction]:
        return both_ways(machine.address, split.others(machine)[:1])

    return Cut("Redis' master, from one of its two peers", split.redis_master, ways, seconds, rest, reachable=True)


def answers(server: ServerProcess) -> bool:
    try:
        return server.answers()
    except OSError:
        return False


def longest(waits: dict[float, float], cut: Cut) -> float:
    """Of messages by when they were written, the longest wait of those of this cut's time."""
    return max((wait for wrote, wait in waits.items() if cut.began <= wrote <= cut.ended), default=0.0)
