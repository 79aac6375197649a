"""Machines that a network can be cut between: Linux network namespaces, each with an address of its own, behind one router.

The router drops what it is told to, packet by packet and direction by direction: both sides live on, open connections stay open
and silent, and new ones are not refused but unanswered, as when a switch or a line fails.
"""

from __future__ import annotations

import atexit
import os
import secrets
import shutil
import subprocess
from collections.abc import Iterable

from tests.servers.machine import Machine
from tests.servers.process import ServerMissing

BLOCK = "198.18"  # for benchmarks of networks (RFC 2544): nobody's
ROUTER, FIRST, GATEWAY, CLIENTS = 1, 2, 253, 254

Direction = tuple[str, str]
"""Addresses: packets from the first to the second."""


class NoNetwork(Exception):
    """This machine gives nobody a network of their own. The message says why."""


class Network:
    """``machines``; ``clients`` is the address of all that runs on this machine itself, ``gateway`` a second one of it, for what
    is not to be cut off with that. Use it as a context."""

    def __init__(self, count: int) -> None:
        self._token = secrets.token_hex(3)
        self._net = f"{BLOCK}.{secrets.randbelow(254) + 1}"
        self._router = f"procare-{self._token}"
        self.machines = [
            Machine(f"{self._router}-{number}", f"{self._net}.{FIRST + number}", _enter(f"{self._router}-{number}"))
            for number in range(count)
        ]
        self.clients, self.gateway = f"{self._net}.{CLIENTS}", f"{self._net}.{GATEWAY}"

    def __enter__(self) -> Network:
        for program in ("ip", "nsenter"):
            if shutil.which(program) is None:
                raise ServerMissing(f"{program} is not installed (Debian: apt-get install iproute2 util-linux)")
        if os.geteuid() != 0:
            raise NoNetwork("only root can make networks that are cut")
        atexit.register(self.close)
        try:
            self._make()
        except subprocess.CalledProcessError as error:
            self.close()
            raise NoNetwork(f"this machine gives root no network namespaces: {' '.join(error.cmd)}: {error.stderr}") from error
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def close(self) -> None:
        """Take it away, with its wires; whatever still runs in it must have been ended before."""
        atexit.unregister(self.close)
        for name in (*(one.name for one in self.machines), self._router):
            subprocess.run(["ip", "netns", "del", name], check=False, capture_output=True)

    def cut(self, directions: Iterable[Direction]) -> None:
        """Packets in these directions are lost from now on."""
        for source, target in directions:
            self._routes("rule", "add", "from", source, "to", target, "pref", "10", "blackhole")

    def heal(self) -> None:
        """All packets arrive again."""
        rule = ["ip", "-n", self._router, "rule", "del", "pref", "10"]
        while subprocess.run(rule, check=False, capture_output=True).returncode == 0:
            pass

    def _make(self) -> None:
        _run("ip", "netns", "add", self._router)
        _run(*_enter(self._router), "sh", "-c", "echo 1 >/proc/sys/net/ipv4/ip_forward")
        self._routes("link", "set", "lo", "up")
        self._routes("addr", "add", f"{self._net}.{ROUTER}/32", "dev", "lo")
        for number, machine in enumerate(self.machines):
            _run("ip", "netns", "add", machine.name)
            _run("ip", "-n", machine.name, "link", "set", "lo", "up")
            wire = f"to{number}"
            self._routes("link", "add", wire, "type", "veth", "peer", "name", "eth0", "netns", machine.name)
            self._wired(["-n", machine.name], "eth0", [machine.address], "default")
            self._to(wire, machine.address)
        outside = f"pc{self._token}"
        self._routes("link", "add", "out", "type", "veth", "peer", "name", outside, "netns", str(os.getpid()))
        self._wired([], outside, [self.clients, self.gateway], f"{self._net}.0/24")
        self._to("out", self.clients, self.gateway)

    def _wired(self, where: list[str], wire: str, addresses: list[str], beyond: str) -> None:
        """The end of a wire that is not the router's."""
        for address in addresses:
            _run("ip", *where, "addr", "add", f"{address}/32", "dev", wire)
        _run("ip", *where, "link", "set", wire, "up")
        router = f"{self._net}.{ROUTER}"
        _run("ip", *where, "route", "add", router, "dev", wire)
        _run("ip", *where, "route", "add", beyond, "via", router, "src", addresses[0])

    def _to(self, wire: str, *addresses: str) -> None:
        self._routes("link", "set", wire, "up")
        for address in addresses:
            self._routes("route", "add", address, "dev", wire)

    def _routes(self, *words: str) -> None:
        _run("ip", "-n", self._router, *words)


def both_ways(one: str, others: Iterable[str]) -> list[Direction]:
    return [way for other in others for way in ((one, other), (other, one))]


def _enter(name: str) -> tuple[str, ...]:
    return ("nsenter", f"--net=/run/netns/{name}")


def _run(*words: str) -> None:
    subprocess.run(words, check=True, capture_output=True, text=True)
