"""Published content in memory."""

from __future__ import annotations

from bot.errors import ConfigError, Conflict
from bot.ports.bundles import Kept, Publication


class MemoryBundles:
    """Implements ``bot.ports.bundles.Bundles``."""

    def __init__(self) -> None:
        self._packed: dict[str, tuple[float, bytes]] = {}
        self._history: list[Publication] = []

    async def keep(self, version: str, packed: bytes, *, at: float) -> None:
        before = self._packed.get(version)
        self._packed[version] = (max(before[0], at), before[1]) if before else (at, packed)

    async def bundle(self, version: str) -> bytes | None:
        found = self._packed.get(version)
        return found[1] if found else None

    async def kept(self) -> list[Kept]:
        found = [Kept(version, at, len(packed)) for version, (at, packed) in self._packed.items()]
        return sorted(found, key=lambda one: (-one.at, one.version))

    async def publish(self, publication: Publication) -> None:
        if publication.version not in self._packed:
            raise ConfigError(f"There is no bundle {publication.version}.", code="bundle_missing")
        if publication.number != len(self._history) + 1:
            raise Conflict("Somebody else published in between.", code="published_meanwhile")
        self._history.append(publication)

    async def history(self, limit: int = 50) -> list[Publication]:
        return self._history[::-1][: max(0, limit)]

    async def forget(self, version: str) -> bool:
        if version in [one.version for one in self._history[-2:]]:
            return False
        return self._packed.pop(version, None) is not None
