"""People's ids, from plain hashes of their numbers to ids that are made with a key, and back.

An id is an HMAC of the plain one, so nobody's number is needed on the way there. On the way back the former ids that were kept
tell most; those of people who came afterwards are found by trying every number that is stored.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence

from bot.errors import ConfigError
from bot.migrations.kinds import FORMER
from bot.migrations.names import Renames
from bot.model.ids import PersonId, keyed, person_of
from bot.ports.documents import Document
from bot.ports.keys import KeyPlace
from bot.ports.moving import Moving
from bot.ports.resealing import Step
from bot.ports.store import Store
from bot.sealing.keyring import Keyring

PLAIN, KEYED = "p", "k"
PAGE = 1000
_NUMBER = re.compile(rb"[0-9]{5,20}(?:@[a-z.]{3,20})?")
_ID = re.compile(rb"k[0-9a-f]{24}")
FOREVER = 1e12


class KeyedIds:
    """Implements ``bot.migrations.running.Migration``."""

    name = "keyed-ids"
    about = "people's ids are made with a key, so that a dump does not tell whose numbers are in it"

    def __init__(
        self, keys: Keyring, place: KeyPlace, store: Store, moving: Sequence[Moving], noticed: Callable[[], Awaitable[None]]
    ) -> None:
        """``noticed``: waits until whatever still runs has seen that ids are being moved; raises where something came since."""
        self._keys, self._place, self._store, self._moving, self._noticed = keys, place, store, moving, noticed

    @property
    def done(self) -> bool:
        return bool(self._keys.people) and not self._keys.people_move

    @property
    def unfinished(self) -> bool:
        return self._keys.people_move

    async def preview(self) -> AsyncIterator[tuple[str, Step]]:
        key = self._keys.people or bytes(32)
        async for one in self._walk(Renames(PLAIN, lambda old: keyed(PersonId(old), key)), write=False):
            yield one

    async def forward(self) -> AsyncIterator[tuple[str, Step]]:
        await self._begin(was_keyed=False)
        key = self._keys.people
        async for one in self._walk(Renames(PLAIN, lambda old: keyed(PersonId(old), key), self._remember), write=True):
            yield one
        await self._keys.end_move(self._place, back=False)

    async def back(self) -> AsyncIterator[tuple[str, Step]]:
        """Raises ConfigError, and nothing was changed, when somebody's plain id cannot be found."""
        former = await self._former()
        await self._find(former)
        await self._begin(was_keyed=True)
        async for one in self._walk(Renames(KEYED, former.get), write=True):
            yield one
        for new in former:  # nothing but the note of the former id lies there any more
            await self._store.erase(PersonId(new), FOREVER)
        await self._keys.end_move(self._place, back=True)

    async def _begin(self, *, was_keyed: bool) -> None:
        """Goes on with what was broken off: nothing can have run since."""
        if self.unfinished:
            return
        await self._keys.begin_move(self._place)
        try:
            await self._noticed()
        except BaseException:
            await self._keys.end_move(self._place, back=not was_keyed)  # nothing was moved yet
            raise

    async def _walk(self, names: Renames, *, write: bool) -> AsyncIterator[tuple[str, Step]]:
        for place in self._moving:
            async for step in place.steps(names, write=write):
                yield place.place, step

    async def _remember(self, pairs: Mapping[str, str]) -> None:
        notes = [Document(FORMER, new, PersonId(new), 0.0, data={"id": old}) for new, old in pairs.items()]
        await asyncio.gather(*(self._store.documents.save(one) for one in notes))

    async def _former(self) -> dict[str, str]:
        """New ids and what they were before."""
        found: dict[str, str] = {}
        after: str | None = None
        while page := await self._store.documents.listed(FORMER, limit=PAGE, after=after):
            found |= {one.id: str(one.data["id"]) for one in page}
            after = page[-1].id
        return found

    async def _find(self, former: dict[str, str]) -> None:
        """Of those who came after the move."""
        seen = _Seen()
        for place in self._moving:
            async for _ in place.steps(seen, write=False):
                pass
        key = self._keys.people
        wanted = seen.ids - former.keys()
        for number in seen.numbers if wanted else ():
            for alias in (f"phone:{number}", f"lid:{number}", f"unverified:{number}", f"evolution:{number}"):
                plain = person_of(alias)
                if (new := keyed(plain, key)) in wanted:
                    former[new] = plain
                    wanted.discard(new)
        if wanted:
            raise ConfigError(
                f"{len(wanted)} people came since, and nothing that is stored tells their number: their ids cannot go back. Erase"
                " them, or restore a backup from before the migration.",
                code="migration_no_way_back",
            )


class _Seen:
    """Implements ``bot.ports.moving.Names``: changes nothing and collects ids and numbers."""

    def __init__(self) -> None:
        self.ids: set[str] = set()
        self.numbers: set[str] = set()

    def raw(self, value: bytes) -> bytes:
        self.ids |= {one.decode() for one in _ID.findall(value)}
        for one in _NUMBER.findall(value):
            self.numbers |= {one.decode(), one.decode().partition("@")[0]}
        return value

    def text(self, value: str) -> str:
        self.raw(value.encode("utf-8", "surrogatepass"))
        return value

    async def settle(self) -> None:
        """Nothing is written."""
