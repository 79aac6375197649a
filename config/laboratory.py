"""At which values of a laboratory's report somebody is called at once: the schema of config/laboratory.yaml."""

from __future__ import annotations

import re
import unicodedata
from functools import cached_property

from pydantic import Field, model_validator

from config.clinical import SignOff
from config.frozen import Frozen

_SPACES = re.compile(r"[\s_-]+")


class CriticalLimits(Frozen):
    """In any of ``units``, which are one unit under several names. Critical is what is below ``below`` or above ``above``."""

    units: tuple[str, ...] = Field(min_length=1)
    below: float | None = None
    above: float | None = None

    @model_validator(mode="after")
    def _limits_something(self) -> CriticalLimits:
        if self.below is None and self.above is None:
            raise ValueError("a limit says what is critical: below, above, or both")
        return self

    def holds_in(self, unit: str) -> bool:
        return unit_of(unit) in {unit_of(name) for name in self.units}

    def passed(self, value: float) -> bool:
        return (self.below is not None and value < self.below) or (self.above is not None and value > self.above)


class CriticalResult(Frozen):
    """One test. ``label`` is what doctors of every language read; ``called``: names that laboratories give it."""

    label: str = Field(min_length=1, max_length=20)
    called: tuple[str, ...] = Field(min_length=1)
    limits: tuple[CriticalLimits, ...] = Field(min_length=1)
    source: str

    def critical(self, value: float, unit: str) -> bool:
        """In a unit that we do not know only where it would be in each of ours: a call too many, rather than one too few."""
        told = [one.passed(value) for one in self.limits if one.holds_in(unit)]
        return any(told) if told else all(one.passed(value) for one in self.limits)

    def knows(self, unit: str) -> bool:
        return any(one.holds_in(unit) for one in self.limits)


class Laboratory(Frozen):
    sign_off: SignOff
    results: dict[str, CriticalResult]

    @model_validator(mode="after")
    def _names_differ(self) -> Laboratory:
        names = [name_of(name) for one in self.results.values() for name in one.called]
        if double := sorted({name for name in names if names.count(name) > 1}):
            raise ValueError(f"two tests are called {double[0]!r}")
        return self

    def named(self, kind: str) -> CriticalResult | None:
        return self._by_name.get(name_of(kind))

    @cached_property
    def _by_name(self) -> dict[str, CriticalResult]:
        return {name_of(name): one for one in self.results.values() for name in one.called}


def name_of(kind: str) -> str:
    """``Serum Potassium`` and ``serum_potassium`` are one."""
    return _SPACES.sub("_", unicodedata.normalize("NFKC", kind).casefold().strip())


def unit_of(unit: str) -> str:
    """``mEq / L`` and ``meq/l`` are one; a micro sign is a ``u``, a times sign an ``x``."""
    plain = unicodedata.normalize("NFKC", unit).casefold()
    return "".join(plain.split()).replace("\u03bc", "u").replace("\u00d7", "x").replace("*", "x").replace("\u2079", "9")
