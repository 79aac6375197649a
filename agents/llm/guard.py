"""The words that the checker knows: dialogs/prompts/guard.yaml, compiled."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from pathlib import Path

from msgspec import Struct
from pydantic import BaseModel, ConfigDict, Field

from bot.handwritten.model import read_model

_JOINERS = dict.fromkeys((0x200C, 0x200D, 0xFE0F))
_APART = re.compile(r"(?<= )(?:[^\W\d_] ){3,}[^\W\d_](?= )")


class _GuardFile(BaseModel):
    model_config = ConfigDict(extra="forbid")
    version: int
    owner: str
    review: str
    drugs: list[str] = Field(min_length=1)
    doses: list[str] = Field(min_length=1)
    illnesses: list[str] = Field(min_length=1)
    never: list[str] = Field(min_length=1)
    of_you: list[str] = Field(min_length=1)
    numbers: dict[str, float]
    languages: dict[str, str]


class Guard(Struct, frozen=True):
    """Each list as one pattern over folded text."""

    drugs: re.Pattern[str]
    doses: re.Pattern[str]
    illnesses: re.Pattern[str]
    never: re.Pattern[str]
    of_you: re.Pattern[str]
    numbers: Mapping[str, float]
    languages: Mapping[str, str]


def load_guard(path: Path) -> Guard:
    """Raises ConfigError with the place of every mistake."""
    words = read_model(path, _GuardFile)
    return Guard(
        _pattern(words.drugs), _pattern(words.doses), _pattern(words.illnesses), _pattern(words.never), _pattern(words.of_you),
        {fold(word).strip(): value for word, value in words.numbers.items()}, words.languages,
    )  # fmt: skip


def fold(text: str) -> str:
    """Words in small letters between single spaces, without marks of punctuation; letters that were spelt apart are one word."""
    plain = unicodedata.normalize("NFKC", text.translate(_JOINERS)).casefold()
    kept = "".join(char if unicodedata.category(char)[0] in "LMN" else " " for char in plain)
    return _APART.sub(lambda found: found[0].replace(" ", ""), f" {' '.join(kept.split())} ")


def _pattern(words: list[str]) -> re.Pattern[str]:
    parts = []
    for word in words:
        bare = re.escape(fold(word.strip("*")).strip())
        parts.append(("[^ ]*" if word.startswith("*") else "") + bare + ("[^ ]*" if word.endswith("*") else ""))
    return re.compile(f"(?<= )(?:{'|'.join(sorted(set(parts), key=len, reverse=True))})(?= )")
