"""Experiments: which arm a person is in. The same person is in the same arm of the same experiment, everywhere and always."""

from __future__ import annotations

from collections.abc import Collection
from hashlib import blake2s
from typing import TYPE_CHECKING

from bot.dialogue.flow import Experiment, Flow
from bot.model.ids import PersonId

if TYPE_CHECKING:
    from bot.dialogue.situation import Situation

ARMS_LIMIT = 10  # experiments of a person


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


def arms_of(scene: Situation, flow: Flow) -> dict[str, str]:
    """This person's arm of each experiment of a flow."""
    chosen = {}
    for experiment in flow.arms:
        kept = scene.session.arms.get(experiment.name)
        running = runs(experiment, scene.today, scene.contents.ended)
        known = any(kept == arm for arm, _ in experiment.arms)
        chosen[experiment.name] = kept if running and known and kept else experiment.then
    return chosen


def take_part(scene: Situation, flow: Flow) -> None:
    """Draw the arms of a flow that begins. That somebody takes part is recorded once."""
    for experiment in flow.arms:
        if runs(experiment, scene.today, scene.contents.ended):
            arm = draw(scene.session.person, experiment)
            if experiment.name not in scene.session.arms and scene.consented:
                scene.record(record_of(experiment.name), {"arm": arm})
            scene.session.arms = dict([*scene.session.arms.items(), (experiment.name, arm)][-ARMS_LIMIT:])
        scene.note("arm", flow=flow.name, experiment=experiment.name, arm=arms_of(scene, flow)[experiment.name])
