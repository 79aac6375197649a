"""The data keys of one tenant in memory: unwrapped for a bounded time, renewed beside the work, never on its way."""

from __future__ import annotations

import asyncio
import hmac
import logging
import secrets
import time
from base64 import b64decode, b64encode
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial

from msgspec.structs import replace

from bot.errors import BotError, ConfigError, KeysUnavailable, Malformed, StoreUnavailable, Tampered
from bot.ports.keys import KeyPlace, MasterKey, Purpose, WrappedKey
from bot.sealing.xaes import NONCE, TAG, Xaes

log = logging.getLogger(__name__)

MAGIC = b"\xc1pc1"
"""How sealed bytes begin: 0xC1 begins neither JSON, nor UTF-8, nor MessagePack, nor a file of a kind that we take."""
HEAD = len(MAGIC) + 8
REFRESH = 20.0  # seconds between two looks for new keys
LEAD = 90.0  # seconds from the making of a key to its first use: until then every process has looked, however it is held up
MOVING = 1e12
"""From when on a key of people's ids counts while the ids are being moved to it, or back: never."""
LIFETIME = 900.0  # seconds that an unwrapped key is used without asking the master key again


class Keyring:
    """Implements ``bot.sealing.seals.Seals``. ``fed`` gives it its keys; nothing can be sealed or opened before that.

    ``people``: the key that people's ids are made with; empty where they are plain hashes still. It stays as long as the process,
    which knows ids that it made with it, and never changes: every row, queue and audit entry is under such an id."""

    def __init__(
        self, master: MasterKey, tenant: str, *, clock: Callable[[], float] = time.time, lifetime: float = LIFETIME
    ) -> None:
        self._master, self._tenant, self._clock, self._lifetime = master, tenant, clock, lifetime
        self._named = f"{len(tenant)}:{tenant}"
        self._wrapped: list[WrappedKey] = []
        self._keys: dict[bytes, Xaes] = {}
        self._index = b""
        self.people, self.people_move = b"", False
        self._serving = False  # people are named with these keys
        self._until = self._looked = float("-inf")
        self._sealing: tuple[bytes, Xaes] | None = None
        self._next_key_at = float("inf")

    @asynccontextmanager
    async def fed(self, place: KeyPlace, *, moving: bool = False) -> AsyncIterator[None]:
        """Raises ConfigError when the master key is not the one that wrapped the keys, or Unavailable. Without ``moving`` also
        while people's ids are being moved: what ran then would make a second person of everybody."""
        await self.load(place)
        if self.people_move and not moving:
            raise ConfigError(
                "People's ids are being moved and it is not finished: run `procare migrate` to its end, or go back with"
                " `procare migrate --back`. Nothing can run before.",
                code="migration_unfinished",
            )
        self._serving = not moving
        keeping = asyncio.create_task(self._keep_fresh(place), name="keys")
        try:
            yield
        finally:
            keeping.cancel()
            await asyncio.gather(keeping, return_exceptions=True)

    async def load(self, place: KeyPlace) -> None:
        """Read the keys; make the first ones where there are none."""
        held = await place.wrapped(self._tenant)
        if not held and not await place.unkeyed():
            # First of all: whoever finds another key and not this one knows that ids are older here, and leaves them as they are.
            await place.add(await self._made("people", 1, 0.0))
        for purpose in ("data", "index"):
            if not any(key.purpose == purpose for key in held):
                await place.add(await self._made(purpose, 1, 0.0))  # whoever comes second takes the other's
        await self.refresh(place)
        own = [key for key in self._wrapped if key.purpose == "people"]
        self.people = await self._unwrapped(own[0]) if own else b""
        self.people_move = any(key.at == MOVING for key in own)

    async def rotate(self, place: KeyPlace) -> WrappedKey:
        """Make a new data key. It seals in a minute and a half, when every process knows it; the old ones go on opening."""
        while True:
            numbers = [key.number for key in await place.wrapped(self._tenant) if key.purpose == "data"]
            key = await self._made("data", max(numbers, default=0) + 1, self._clock() + LEAD)
            if await place.add(key):
                return key

    async def begin_move(self, place: KeyPlace) -> None:
        """From now on nothing else runs here; ``people`` is the key that ids are moved to, or back from."""
        own = [key for key in await place.wrapped(self._tenant) if key.purpose == "people"]
        if own:
            await place.rewrap(replace(own[0], at=MOVING))
        else:
            # Derived from a key that never changes and is in every backup: moved again after a restore, people get the same ids.
            blank = WrappedKey(self._tenant, "people", 1, secrets.token_hex(8), MOVING, "", "")
            await place.add(await self.wrapped_anew(hmac.digest(self._index, b"people", "sha256"), blank))
        await self.load(place)

    async def end_move(self, place: KeyPlace, *, back: bool) -> None:
        """All ids are made with the key; or, ``back``, none is, and the key is forgotten."""
        for key in [key for key in await place.wrapped(self._tenant) if key.purpose == "people"]:
            await (place.drop(key) if back else place.rewrap(replace(key, at=0.0)))
        await self.load(place)

    async def rewrap(self, place: KeyPlace) -> int:
        """Wrap all keys with the master key that wraps now. Returns how many were wrapped with another."""
        others = [key for key in await place.wrapped(self._tenant) if key.master != self._master.id]
        for key in others:
            await place.rewrap(await self.wrapped_anew(await self._unwrapped(key), key))
        return len(others)

    async def refresh(self, place: KeyPlace) -> None:
        """Look for new keys, and ask the master key again in good time before the lifetime is over."""
        try:
            self._wrapped = await place.wrapped(self._tenant)
            self._looked = self._clock()
        except StoreUnavailable:
            if not self._wrapped:
                raise  # else conversations go on without the store, with the keys that we know
        renew = self._clock() > self._until - self._lifetime / 2
        self._still_named_so()
        keys, index = {}, self._index
        for key in self._wrapped:
            name = bytes.fromhex(key.id)
            if key.purpose == "people":
                continue
            if key.purpose == "index":
                index = await self._unwrapped(key) if renew else index
            elif (known := self._keys.get(name)) is not None and not renew:
                keys[name] = known
            else:
                keys[name] = Xaes(await self._unwrapped(key))
        self._keys, self._index, self._sealing = keys, index, None
        if renew:
            self._until = self._clock() + self._lifetime

    def _still_named_so(self) -> None:
        """A process that was forgotten when ids were moved may seal and open nothing more: its ids are nobody's any longer."""
        own = [key for key in self._wrapped if key.purpose == "people"]
        if self._serving and (any(key.at == MOVING for key in own) or bool(own) != bool(self.people)):
            self._until = float("-inf")
            raise ConfigError("People's ids are being moved, or were: stop this process.", code="migration_running")

    def seal(self, plain: bytes, kind: str, id_: str, field: str) -> bytes:
        name, key = self._current()
        return MAGIC + name + key.seal(plain, self._bound(kind, id_, field))

    def open(self, held: bytes | str, kind: str, id_: str, field: str) -> bytes:
        if isinstance(held, str):
            return held.encode()
        if not held.startswith(MAGIC):
            return held
        if len(held) < HEAD + NONCE + TAG:
            raise Tampered(code="seal_short")
        self._in_time()
        key = self._keys.get(held[len(MAGIC) : HEAD])
        if key is None:
            if self._clock() - self._looked < LEAD:
                raise Tampered("What is stored was sealed with a key that is not in the store.", code="seal_key_unknown")
            raise KeysUnavailable(code="keys_outdated")
        return key.open(held[HEAD:], self._bound(kind, id_, field))

    def blind(self, what: str, text: str) -> str:
        self._in_time()
        return hmac.digest(self._index, self._bound("index", what, text), "sha256")[:16].hex()

    def fresh(self, held: bytes | str) -> bool:
        return isinstance(held, bytes) and held.startswith(MAGIC + self._current()[0])

    def key(self) -> str:
        return self._current()[0].hex()

    def status(self) -> tuple[list[WrappedKey], str]:
        """All keys, and the id of the one that seals now."""
        return self._wrapped, self._current()[0].hex()

    def left(self) -> tuple[float, float]:
        """For how many seconds the keys are used without asking the master key again, and the share of its time in which the way
        to the master key stays open by itself."""
        return max(0.0, self._until - self._clock()), self._master.left

    def _current(self) -> tuple[bytes, Xaes]:
        now = self._in_time()
        if self._sealing is None or now >= self._next_key_at:
            mine = [key for key in self._wrapped if key.purpose == "data"]
            current = max(mine, key=lambda key: (key.at <= now, key.number if key.at <= now else -key.number))
            self._next_key_at = min((key.at for key in mine if key.at > now), default=float("inf"))
            name = bytes.fromhex(current.id)
            self._sealing = name, self._keys[name]
        return self._sealing

    def _in_time(self) -> float:
        now = self._clock()
        if now > self._until:
            raise KeysUnavailable(code="keys_expired")
        return now

    def _bound(self, kind: str, id_: str, field: str) -> bytes:
        """The place in a form in which no two places look alike: each part behind its length."""
        return f"{self._named}{len(kind)}:{kind}{len(id_)}:{id_}{len(field)}:{field}".encode()

    async def _made(self, purpose: Purpose, number: int, at: float) -> WrappedKey:
        blank = WrappedKey(self._tenant, purpose, number, secrets.token_hex(8), at, "", "")
        return await self.wrapped_anew(secrets.token_bytes(32), blank)

    async def wrapped_anew(self, key: bytes, about: WrappedKey) -> WrappedKey:
        """The key wrapped with the master key that wraps now."""
        wrapped = await self._master.wrap(key, self._bound("key", about.purpose, about.id))
        return WrappedKey(
            about.tenant, about.purpose, about.number, about.id, about.at, self._master.id, b64encode(wrapped).decode()
        )

    async def _unwrapped(self, key: WrappedKey) -> bytes:
        try:
            wrapped = b64decode(key.wrapped)
        except ValueError as error:
            raise Malformed("A wrapped key is unreadable.", code="key_unreadable") from error
        return await self._master.unwrap(wrapped, key.master, self._bound("key", key.purpose, key.id))

    async def _keep_fresh(self, place: KeyPlace) -> None:
        while True:
            await asyncio.sleep(REFRESH)
            for step in (
                self._master.sustain,
                partial(self.refresh, place),
            ):  # a token that is not renewed still opens for a while
                try:
                    await step()
                except BotError as error:
                    level = logging.ERROR if isinstance(error, ConfigError | Malformed) else logging.WARNING
                    log.log(level, "keys were not renewed", extra={"action": "keys_not_renewed", "code": error.code})
