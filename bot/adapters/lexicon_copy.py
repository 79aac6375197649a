"""The compiled copy of the lexicon on disk, named by the hash of the words and of the code that made it."""

from __future__ import annotations

import os
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

import msgspec

from bot.dialogue.calm import without_collecting
from bot.understanding import compiling
from bot.understanding.compiling import compile_index
from bot.understanding.index import Index
from bot.understanding.language_file import read_languages

UNDERSTANDING = Path(compiling.__file__).parent
_MAKERS = ("compiling", "index", "keys", "language_file", "languages", "spelling", "text")  # modules that shape the index


def load_index(folder: Path, cache: Path) -> Index:
    """The index of a lexicon folder. ``cache``: a folder that keeps the compiled copy.

    Compiling takes about a second, the copy a fifth. A cache that cannot be read or written is done without.
    """
    with without_collecting():
        copy = cache / f"lexicon-{_fingerprint(folder)}.msgpack"
        try:
            return msgspec.msgpack.decode(copy.read_bytes(), type=Index)
        except (OSError, msgspec.DecodeError):
            index = compile_index(read_languages(folder))
            _keep(copy, index)
            return index


def _fingerprint(folder: Path) -> str:
    """A hash of the files and of the code that compiles them."""
    digest = sha256()
    for path in [*sorted(folder.glob("*.yaml")), *(UNDERSTANDING / f"{name}.py" for name in _MAKERS)]:
        content = path.read_bytes() if path.is_file() else b""
        digest.update(f"{path.name} {len(content)} ".encode())
        digest.update(content)
    return digest.hexdigest()[:32]


def _keep(copy: Path, index: Index) -> None:
    """Write the copy in one step, and drop copies of older files."""
    part = copy.with_suffix(f".{os.getpid()}.part")
    try:
        copy.parent.mkdir(parents=True, exist_ok=True)
        part.write_bytes(msgspec.msgpack.encode(index))
        part.replace(copy)
        for old in copy.parent.glob("lexicon-*.msgpack"):
            if old != copy:
                old.unlink(missing_ok=True)
    except OSError:  # a full or read-only disk: the next start compiles again
        with suppress(OSError):
            part.unlink(missing_ok=True)
