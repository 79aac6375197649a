"""What the people who publish need of the store and of the sessions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bot.dialogue.bundle import Bundle, pack, unpack
from bot.dialogue.crowd import Crowd
from bot.dialogue.draft import Draft, draft_of
from bot.errors import ConfigError
from bot.ports.bundles import Bundles, Publication
from bot.ports.sessions import Census

MOST = 2_000_000
"""People that are counted; beyond that the count is broken off, and says so."""
CURRENT = "current"


async def gather(census: Census) -> Crowd:
    """Everybody, counted by where they stand. Raises Unavailable."""
    crowd = Crowd()
    async for page in census.pages(MOST):
        for person in page.people:
            crowd.add(person)
        crowd.unreadable += page.unreadable
        crowd.complete = page.complete
    return crowd


async def read_version(bundles: Bundles, version: str) -> Bundle | None:
    packed = await bundles.bundle(version)
    return None if packed is None else unpack(packed, version)


async def drafts_of(bundles: Bundles, versions: Iterable[str], languages: Sequence[str]) -> dict[str, Draft]:
    """The drafts of those versions that exist."""
    found = {version: await read_version(bundles, version) for version in sorted(versions)}
    return {version: draft_of(bundle, languages) for version, bundle in found.items() if bundle}


async def version_named(bundles: Bundles, name: str) -> str:
    """``current``, or the beginning of a version. Raises ConfigError that tells what there is."""
    if name == CURRENT:
        if history := await bundles.history(1):
            return history[0].version
        raise ConfigError("Nothing was published yet; run: procare dialogs publish", code="nothing_published")
    there = sorted(one.version for one in await bundles.kept())
    fits = [version for version in there if version.startswith(name)]
    if len(fits) != 1:
        what = f"'{name}' fits {', '.join(fits)}" if fits else f"there is no version or folder '{name}'"
        raise ConfigError(f"{what}; there are {', '.join(there) or 'no versions'}", code="no_such_version")
    return fits[0]


async def publish(bundles: Bundles, bundle: Bundle, seen: Sequence[Publication], *, at: float, by: str, note: str | None) -> str:
    """Keep a bundle and make it current, on top of the history that was seen. Raises Conflict when that is not the last word."""
    await bundles.keep(bundle.version, pack(bundle), at=at)
    await bundles.publish(Publication(_next(seen), bundle.version, at, by, note))
    return bundle.version


async def roll_back(bundles: Bundles, name: str | None, *, at: float, by: str, note: str | None) -> str:
    """Make an earlier version current again, by default the one before the current. Raises ConfigError or Conflict."""
    history = await bundles.history(1000)
    current = history[0].version if history else None
    if name is None:
        earlier = next((one.version for one in history if one.version != current), None)
        if earlier is None:
            raise ConfigError("There is no version before the current one.", code="nothing_published")
    else:
        earlier = await version_named(bundles, name)
    if earlier == current:
        raise ConfigError(f"{earlier} is current already.", code="current_already")
    await bundles.publish(Publication(_next(history), earlier, at, by, note, back=True))
    return earlier


def _next(history: Sequence[Publication]) -> int:
    return history[0].number + 1 if history else 1
