"""From what somebody wrote or sent to the variables of a step: every slot of a question gets what fits it, in its order."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from bot.dialogue.flow import Slot, Step
from bot.dialogue.heard import Heard
from bot.dialogue.kinds import FREE
from bot.dialogue.slot_values import Vars, read_values


def missing(step: Step, known: Mapping[str, Any]) -> list[Slot]:
    """What a question still needs. A step that asks for each thing apart (``ask``) leaves out what is known already."""
    return [slot for slot in step.slots if slot.required and not (step.apart and known.get(slot.name) is not None)]


def read_slots(step: Step, heard: Heard, known: Mapping[str, Any], *, free: bool = True) -> Vars | None:
    """The variables that an answer fills, or None when it is none. ``free``: words may be taken for a text or name."""
    if not step.apart:
        return _read_all(step.slots, heard, free=free, partly=False)
    open_ = missing(step, known)
    asked = open_[0] if open_ and open_[0].type in FREE else None
    optional = [slot for slot in step.slots if not slot.required and known.get(slot.name) is None]
    wanted = [slot for slot in (*open_, *optional) if slot.type not in FREE]
    found = _read_all(wanted, heard, free=False, partly=True)
    if found is None and asked and free:
        found = _read_all([asked], heard, free=True, partly=True)
    if found is None:  # nothing that we still need: then what was said before is said anew
        found = _read_all([slot for slot in step.slots if slot.type not in FREE], heard, free=False, partly=True)
    return found


def read_file(kind: str, heard: Heard) -> Vars:
    """What a file that starts a flow fills: a variable named like its kind."""
    return _read_all([Slot(kind, kind)], heard, free=False, partly=True) or {}


def _read_all(slots: Iterable[Slot], heard: Heard, *, free: bool, partly: bool) -> Vars | None:
    """``partly``: what is required and missing does not make the answer none."""
    found: Vars = {}
    used: dict[str, int] = {}  # a second day goes to the second question for a day
    for slot in slots:
        if slot.type in FREE and not free:
            continue
        every = read_values(slot, heard)
        at = used.get(slot.type, 0)
        if len(every) <= at:
            if slot.required and not partly:
                return None
            continue
        used[slot.type] = at + 1
        found |= every[at]
    return found or None
