"""A value that is measured again: low sugar after 15 minutes, severe pressure after 5. Pure.

The flow asks and waits; this is the record of it: what the first value was, which followed, and whether any followed at all.
"""

from __future__ import annotations

from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from config.clinical import RecheckTimes

Protocol = Literal["hypo", "blood_pressure"]
State = Literal["waiting", "settled", "confirmed", "no_recheck"]
CHECKS = 10  # kept of one episode


class Check(Struct, frozen=True, array_like=True):
    """``source``: the reading that it is of."""

    at: float
    value: float
    again: bool
    source: str


class Episode(Struct, frozen=True):
    """``checks``: the first value and those after it. ``until``: when nobody waits for another one any more.
    ``mistakes``: readings that were taken back; told again, they are still mistakes."""

    protocol: Protocol
    state: State
    checks: tuple[Check, ...]
    until: float
    mistakes: tuple[str, ...] = ()

    def knows(self, source: str) -> bool:
        return source in self.mistakes or any(check.source == source for check in self.checks)


def begin(protocol: Protocol, source: str, value: float, at: float, times: RecheckTimes) -> Episode:
    return Episode(protocol, "waiting", (Check(at, value, True, source),), _until(at, times))


def measured(episode: Episode, source: str, value: float, at: float, *, again: bool, times: RecheckTimes) -> Episode:
    """Another value came: ``again`` when it is as bad. A pressure that stays is confirmed; a low is treated until it is up."""
    if episode.state != "waiting" or episode.knows(source):
        return episode
    checks = (*episode.checks, Check(at, value, again, source))[-CHECKS:]
    if not again:
        return replace(episode, state="settled", checks=checks)
    if episode.protocol == "blood_pressure":
        return replace(episode, state="confirmed", checks=checks)
    return replace(episode, checks=checks, until=max(episode.until, _until(at, times)))


def withdrawn(episode: Episode, source: str) -> Episode:
    """A reading of it was a mistake. Without any other there is nothing to wait for."""
    checks = tuple(check for check in episode.checks if check.source != source)
    if checks == episode.checks:
        return episode
    state = episode.state if any(check.again for check in checks) else "settled"
    return replace(episode, checks=checks, state=state, mistakes=(*episode.mistakes, source)[-CHECKS:])


def passed(episode: Episode, now: float) -> Episode:
    """Time has passed: whoever was waited for did not come."""
    if episode.state == "waiting" and now >= episode.until:
        return replace(episode, state="no_recheck")
    return episode


def _until(at: float, times: RecheckTimes) -> float:
    return at + (times.after + times.grace) * 60.0
