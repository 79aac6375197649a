"""The packages of the locks, and what those that are installed here say of themselves."""

from __future__ import annotations

import re
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path

from msgspec import Struct

ROOT = Path(__file__).parent.parent.parent
RUNTIME, DEVELOPMENT = ROOT / "requirements.lock", ROOT / "requirements-dev.lock"
_LOCKED = re.compile(r"([A-Za-z0-9._-]+)==([^\s;\\]+)")
_TEXTS = {"Permission is hereby granted, free of charge": "MIT", "Redistribution and use in source and binary": "BSD"}
"""Words of a whole licence text, for packages that name none."""
_CLASSIFIER = "License :: OSI Approved :: "


class Package(Struct, frozen=True, order=True):
    name: str
    version: str


def locked(lock: Path) -> list[Package]:
    """Every package of a lock, in its order."""
    return [Package(*found.groups()) for line in lock.read_text(encoding="utf-8").splitlines() if (found := _LOCKED.match(line))]


def licence(name: str) -> str | None:
    """In a line; None where the package is not installed (it is for another platform)."""
    try:
        told = metadata(name)
    except PackageNotFoundError:
        return None
    classes = [one.removeprefix(_CLASSIFIER) for one in told.get_all("Classifier") or [] if one.startswith(_CLASSIFIER)]
    text = (told["License"] or "").strip()
    named = next((short for words, short in _TEXTS.items() if words in text), text.split("\n")[0])
    return (told["License-Expression"] or ", ".join(classes) or named)[:100] or "unknown"
