"""XAES-256-GCM (C2SP): AES-256-GCM with nonces of 24 bytes, so that random ones never run out for a key.

Half of the nonce picks a key that is derived from ours, the other half is the nonce under that key. Deriving costs as much as
sealing, so one derived key seals many messages before the next is drawn, and those that were read lately are kept.
"""

from __future__ import annotations

import os
from collections import OrderedDict
from threading import Lock

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from bot.errors import Tampered

NONCE = 24
TAG = 16
MOST_READ = 4096  # derived keys that are kept for reading
MOST_SEALED = 65_536  # messages under one derived key: two equal random nonces of 96 bits stay out of reach


class Xaes:
    """One key. Any thread may use it."""

    def __init__(self, key: bytes) -> None:
        # ECB on single blocks is the plain block cipher, which CMAC (SP 800-108, the derivation of XAES) is made of.
        self._block = Cipher(algorithms.AES256(key), modes.ECB()).encryptor()  # noqa: S305
        doubled = int.from_bytes(self._block.update(bytes(16)), "big") << 1
        subkey = (doubled ^ (0x87 if doubled >> 128 else 0)) & ((1 << 128) - 1)
        self._mask = subkey << 128 | subkey
        self._read: OrderedDict[bytes, AESGCM] = OrderedDict()
        self._deriving = Lock()
        self._left = 0
        self._sealing: tuple[bytes, AESGCM] = b"", AESGCM(bytes(32))

    def seal(self, plain: bytes, bound: bytes) -> bytes:
        """The nonce and what it sealed. ``bound`` must be given again to open it."""
        if self._left <= 0:
            prefix = os.urandom(12)
            self._sealing, self._left = (prefix, self._derived(prefix)), MOST_SEALED
        self._left -= 1
        prefix, derived = self._sealing
        rest = os.urandom(12)
        return prefix + rest + derived.encrypt(rest, plain, bound)

    def open(self, sealed: bytes, bound: bytes) -> bytes:
        """Raises Tampered for anything that this key did not seal, bound to this."""
        prefix = sealed[:12]
        derived = self._read.get(prefix)
        if derived is None:
            if len(sealed) < NONCE + TAG:
                raise Tampered(code="seal_short")
            derived = self._read[prefix] = self._derived(prefix)
            while len(self._read) > MOST_READ:
                self._read.popitem(last=False)
        try:
            return derived.decrypt(sealed[12:NONCE], sealed[NONCE:], bound)
        except (InvalidTag, ValueError) as error:
            raise Tampered(code="seal_broken") from error

    def _derived(self, prefix: bytes) -> AESGCM:
        blocks = int.from_bytes(b"\0\1X\0" + prefix + b"\0\2X\0" + prefix, "big") ^ self._mask
        with self._deriving:
            return AESGCM(self._block.update(blocks.to_bytes(32, "big")))
