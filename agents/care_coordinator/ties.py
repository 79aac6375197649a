"""Who helps whom: one document for each patient and relative, with what both agreed to. Pure."""

from __future__ import annotations

from typing import Any, Literal

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from bot.ports.documents import Document, held_in

KIND = "caregiver"
"""The patient's document; its state says whether the relative has agreed. The clinical monitor reads it too."""
INVITATION = "invitation"
"""By its number: which tie it is about."""
CARES = "cares_for"
"""The relative's side, to find their patients by; what it says counts only as far as the patient's document agrees."""

Scope = Literal["alarms", "digest", "all"]
SCOPES: tuple[Scope, ...] = ("alarms", "digest", "all")
OPEN = frozenset({"asked", "agreed"})


class Tie(Struct, frozen=True, omit_defaults=True):
    """``caregiver`` is the person whose number the patient gave: only they can answer. ``answers``: intents heard before."""

    caregiver: str
    name: str
    patient_name: str
    scope: Scope
    code: str
    until: float
    answers: dict[str, list[Any]] = {}

    def answered(self, intent: str, outcome: str, facts: dict[str, Any] | None = None) -> Tie:
        kept = {**self.answers, intent: [outcome, facts or {}]}
        return replace(self, answers=dict(list(kept.items())[-20:]))


def tie_of(document: Document) -> Tie:
    """The tie of a document. Raises Malformed."""
    return held_in(document, Tie)


def with_tie(document: Document, tie: Tie, state: str | None = None) -> Document:
    return replace(document, data=msgspec.to_builtins(tie), state=document.state if state is None else state)


def stands(document: Document, now: float) -> bool:
    """Asked and still open, or agreed."""
    return document.state == "agreed" or (document.state == "asked" and now < tie_of(document).until)


def seen_by_patient(document: Document) -> dict[str, Any]:
    """What a patient may be shown of it: not the code, nor what the relative was answered."""
    tie = tie_of(document)
    return {"id": document.id, "name": tie.name, "scope": tie.scope, "state": document.state}
