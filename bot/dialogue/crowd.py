"""Who stands where, and what a new version means to them: people counted by what they are in the middle of."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import Literal

from msgspec import Struct, field

from bot.dialogue.content import Content
from bot.dialogue.diff.compare import FlowDiff, compare
from bot.dialogue.draft import Draft
from bot.dialogue.landing import Stands, land, stands
from bot.model.session import Standing

Fate = Literal["same", "changed", "renamed", "removed", "unknown"]


class Spot(Struct, frozen=True):
    """A step of a version, and what somebody does there. ``open`` is False where it was laid aside."""

    version: str
    flow: str
    step: str
    doing: Stands
    open: bool = True


class Row(Struct, frozen=True):
    """``people`` stand at ``step``, and ``to`` is what it is called in the new version, or where they would land."""

    fate: Fate
    step: str
    to: str
    people: int


class Report(Struct, frozen=True):
    """``known``: everybody with a session; ``busy``: in the middle of something; ``fates``: people by what becomes of them."""

    known: int
    busy: int
    fates: dict[Fate, int]
    rows: tuple[Row, ...]


class Crowd(Struct):
    """People by the set of spots they stand on; there are far fewer such sets than people."""

    groups: Counter[frozenset[Spot]] = field(default_factory=Counter)
    unreadable: int = 0
    complete: bool = True

    def add(self, person: Standing) -> None:
        spots = [Spot(one.content, one.flow, one.step, stands(one)) for one in person.stack]
        aside = [Spot(one.content, one.flow, one.step, stands(one), open=False) for one in person.aside]
        self.groups[frozenset((*spots, *aside))] += 1

    @property
    def versions(self) -> Counter[str]:
        """People by version; who stands on two is counted at both."""
        return self._counted(lambda spot: spot.version)

    def _counted(self, key: Callable[[Spot], str]) -> Counter[str]:
        found = Counter[str]()
        for spots, people in self.groups.items():
            for name in {key(spot) for spot in spots}:
                found[name] += people
        return found


def report(crowd: Crowd, drafts: Mapping[str, Draft], draft: Draft, content: Content) -> Report:
    """What publishing ``draft`` (compiled: ``content``) means. ``drafts``: the versions people stand on, where they exist."""
    diffs = {version: {one.flow: one for one in compare(old, draft)} for version, old in drafts.items()}
    judged = {
        spot: _judged(spot, diffs.get(spot.version), content) for spots in crowd.groups for spot in spots if spot.open
    }  # fmt: skip
    fates: dict[Fate, int] = {}
    rows = Counter[tuple[Fate, str, str]]()
    busy = 0
    for spots, people in crowd.groups.items():
        mine = {judged[spot] for spot in spots if spot.open}
        busy += people if mine else 0
        rows.update(dict.fromkeys(mine, people))
        for fate in {fate for fate, _, _ in mine}:
            fates[fate] = fates.get(fate, 0) + people
    told = tuple(Row(fate, step, to, people) for (fate, step, to), people in sorted(rows.items()) if fate != "same")
    return Report(sum(crowd.groups.values()), busy, fates, told)


def tell(found: Report) -> Iterator[str]:
    """Lines for people."""
    if not found.busy:
        yield f"none of {found.known} people is in the middle of something"
        return
    yield f"{found.busy} of {found.known} people are in the middle of something and finish on the version that they began on"
    words: dict[Fate, str] = {
        "changed": "on steps that changed",
        "renamed": "on steps that are called otherwise",
        "removed": "on steps that are gone; should their version ever be lost, they land at",
        "unknown": "on versions that nobody has any more; they go on in the new one",
    }
    for fate, what in words.items():
        if found.fates.get(fate):
            yield f"  {found.fates[fate]} {what}"
        for row in (row for row in found.rows if row.fate == fate):
            arrow = f" -> {row.to}" if row.to != row.step else ""
            yield f"    {row.people:>6}  {row.step}{arrow}"


def _judged(spot: Spot, diffs: Mapping[str, FlowDiff] | None, content: Content) -> tuple[Fate, str, str]:
    place = land(content, spot.flow, spot.step, spot.doing)
    here, there = f"{spot.flow}.{spot.step or '(not begun)'}", f"{place.flow}.{place.step or '(not begun)'}"
    if spot.version == content.version:
        return "same", here, here
    if place.how in ("landing", "menu", "nowhere"):
        return "removed", here, there if place.flow else "nowhere"
    if diffs is None:
        return "unknown", here, there
    diff = diffs.get(place.flow)
    if diff and place.step in diff.touched:
        return "changed", here, there
    return ("renamed" if place.how == "renamed" else "same"), here, there
