"""Experiments: which arm a person is in. The same person is in the same arm of the same experiment, everywhere and always."""

from __future__ import annotations

from collections.abc import Collection
from hashlib import blake2s

from bot.dialogue.flow import Experiment
from bot.model.ids import PersonId


def draw(person: PersonId, experiment: Experiment) -> str:
    """The arm by a hash of person and experiment, in the proportion of the weights."""
    key = blake2s(f"{experiment.name}\0{person}".encode(), digest_size=8).digest()
    total = sum(weight for _, weight in experiment.arms)
    place = int.from_bytes(key, "big") * total >> 64
    for arm, weight in experiment.arms:
        if place < weight:
            return arm
        place -= weight
    return experiment.then


def runs(experiment: Experiment, today: str, ended: Collection[str]) -> bool:
    """Neither its last day is over nor have enough people taken part. ``today`` is the person's day."""
    return experiment.name not in ended and (experiment.until is None or today <= experiment.until)


def record_of(experiment: str) -> str:
    """The kind of the record that says once that a person takes part."""
    return f"arm.{experiment}"
