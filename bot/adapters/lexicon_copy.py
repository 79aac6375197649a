"""The compiled copy of the lexicon on disk, named by the hash of the words and of the code that made it."""

from __future__ import annotations

import os
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

import msgspec

from bot.adapters.lexicon_packing import pack, unpack
from bot.dialogue.calm import without_collecting
from bot.errors import ConfigError
from bot.understanding import compiling
from bot.understanding.compiling import compile_index
from bot.understanding.index import Index
from bot.understanding.language_file import read_languages

UNDERSTANDING = Path(compiling.__file__).parent
BUILT = ".compiled"
"""Folder beside the words with the copy that was made at installation."""
_MAKERS = ("compiling", "index", "keys", "language_file", "languages", "spelling", "text")  # modules that shape the index


def load_index(folder: Path, cache: Path) -> Index:
    """The index of a lexicon folder: from the copy that was made at installation, from the one in ``cache``, else compiled.

    Compiling takes seconds, a copy a third of one. A cache that cannot be read or written is done without.
    """
    with without_collecting():
        name = f"lexicon-{_fingerprint(folder)}.msgpack"
        for place in (folder / BUILT, cache):
            with suppress(OSError, msgspec.DecodeError, IndexError, ValueError, RuntimeError):  # absent, or spoilt
                return unpack((place / name).read_bytes())
        index = compile_index(read_languages(folder))
        with suppress(OSError):  # a full or read-only disk: the next start compiles again
            _keep(cache / name, index)
        return index


def build_copy(folder: Path) -> Path:
    """Compile a lexicon folder into a copy beside it, so that no start has to. Raises ConfigError where it cannot be written."""
    copy = folder / BUILT / f"lexicon-{_fingerprint(folder)}.msgpack"
    if not copy.is_file():
        try:
            _keep(copy, compile_index(read_languages(folder)))
        except OSError as error:
            raise ConfigError(f"{copy.parent}: cannot be written: {error.strerror}", code="lexicon_copy") from error
    return copy


def _fingerprint(folder: Path) -> str:
    """A hash of the files and of the code that compiles them."""
    digest = sha256()
    for path in [*sorted(folder.glob("*.yaml")), *(UNDERSTANDING / f"{name}.py" for name in _MAKERS)]:
        content = path.read_bytes() if path.is_file() else b""
        digest.update(f"{path.name} {len(content)} ".encode())
        digest.update(content)
    return digest.hexdigest()[:32]


def _keep(copy: Path, index: Index) -> None:
    """Write the copy in one step, and drop copies of older files. Raises OSError."""
    part = copy.with_suffix(f".{os.getpid()}.part")
    try:
        copy.parent.mkdir(parents=True, exist_ok=True)
        part.write_bytes(pack(index))
        part.replace(copy)
        for old in copy.parent.glob("lexicon-*.msgpack"):
            if old != copy:
                old.unlink(missing_ok=True)
    except OSError:
        with suppress(OSError):
            part.unlink(missing_ok=True)
        raise
