"""A master key that was given to us, from the environment or a file."""

from __future__ import annotations

import base64
import binascii
import hashlib
import os
import secrets
from collections.abc import Sequence
from pathlib import Path

from bot.errors import ConfigError
from bot.ports.keys import MasterKey
from bot.sealing.xaes import Xaes


class LocalMasterKey:
    """The first key wraps; the others only unwrap what they wrapped once. Implements ``bot.ports.keys.MasterKey``."""

    def __init__(self, keys: Sequence[bytes]) -> None:
        self._keys = {_id(key): Xaes(key) for key in keys}
        self.id = _id(keys[0])

    async def wrap(self, key: bytes, bound: bytes) -> bytes:
        return self._keys[self.id].seal(key, bound)

    async def unwrap(self, wrapped: bytes, master: str, bound: bytes) -> bytes:
        if master not in self._keys:
            raise ConfigError(
                f"What is stored needs the master key {master}, and we have {', '.join(self._keys)}: give the right one, or both"
                " as `new,old` while you change it. Without it nobody can read what is stored.",
                code="master_key_missing",
            )
        return self._keys[master].open(wrapped, bound)

    async def sustain(self) -> None:
        """A key in our hands needs nothing."""

    @property
    def left(self) -> float:
        return 1.0


class InTurn:
    """The first wraps; each unwraps what it wrapped. Implements ``bot.ports.keys.MasterKey``."""

    def __init__(self, keys: Sequence[MasterKey]) -> None:
        self._keys = keys

    @property
    def id(self) -> str:
        return self._keys[0].id

    async def wrap(self, key: bytes, bound: bytes) -> bytes:
        return await self._keys[0].wrap(key, bound)

    async def unwrap(self, wrapped: bytes, master: str, bound: bytes) -> bytes:
        for one in self._keys[:-1]:
            try:
                return await one.unwrap(wrapped, master, bound)
            except ConfigError as error:
                if error.code != "master_key_missing":
                    raise
        return await self._keys[-1].unwrap(wrapped, master, bound)

    async def sustain(self) -> None:
        for one in self._keys:
            await one.sustain()

    @property
    def left(self) -> float:
        return min(one.left for one in self._keys)


def read_master_keys(text: str, where: str) -> LocalMasterKey:
    """One key, or ``new,old`` (or a line each) while it is being changed. Raises ConfigError that names ``where`` and no key."""
    return LocalMasterKey([_key(word, where) for word in text.replace("\n", ",").split(",") if word.strip()] or [_key("", where)])


def new_master_key() -> str:
    return base64.b64encode(secrets.token_bytes(32)).decode()


def made_master_key(path: Path) -> bool:
    """Make a file with a new key, readable by its owner only, unless there is one. True when it was made."""
    if path.exists():
        return False
    part = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(new_master_key() + "\n")
            file.flush()
            os.fsync(file.fileno())
        os.link(part, path)  # whole or not at all, and never over a key that another process made meanwhile
    except FileExistsError:
        return False
    except OSError as error:
        raise ConfigError(f"{path}: the master key cannot be written: {error.strerror}") from error
    finally:
        part.unlink(missing_ok=True)
    return True


def _key(word: str, where: str) -> bytes:
    word = word.strip()
    try:
        key = bytes.fromhex(word) if len(word) == 64 else base64.urlsafe_b64decode(word.replace("+", "-").replace("/", "_"))
    except (ValueError, binascii.Error):
        key = b""
    if len(key) != 32:
        raise ConfigError(f"{where}: a master key is 32 random bytes in base64 or hex, as `procare keys new` prints it")
    return key


def _id(key: bytes) -> str:
    """It tells which key it was and nothing of the key."""
    return hashlib.sha256(b"procare master key\0" + key).hexdigest()[:8]
