"""The names that a flow declares, as its author wrote them."""

from __future__ import annotations

from collections.abc import Sequence

from bot.dialogue import authored
from bot.dialogue.kinds import GIVEN, parts_of


def listed(value: Sequence[str] | str) -> list[str]:
    """One name, or several."""
    return [value] if isinstance(value, str) else list(value)


def variables_of(file: authored.FlowFile) -> list[str]:
    """Every variable of a flow: declared, filled by an answer, by ``set``, by an agent's facts."""
    names = [*file.takes, *file.vars]
    if file.holds:
        names.append(file.holds.into)
    for name, step in file.steps.items():
        if step.options or step.options_from:
            names.append(step.answer or name)
        if step.several:
            names.append(f"{step.answer or name}_all")
        if step.options_from:
            names.append(f"{step.answer or name}_label")
        for slot, spec in step.expect.items():
            names += [slot, *parts_of(slot, spec.type)]
        names.extend(target for target in step.set if "." not in target)
        names.extend(step.facts)
        names.extend(step.into)
        for kind in listed(step.until.readings) if step.until else []:
            names += [kind, *parts_of(kind, kind)]
    for kind in listed(file.starts_on.readings):
        names += [kind, *parts_of(kind, kind), *(["meal_context"] if kind == "glucose" else [])]
    names += listed(file.starts_on.media)
    names += [file.starts_on.words] if file.starts_on.words else []
    names += GIVEN if file.starts_on.from_ else []
    names += ["category"] if file.starts_on.emergency else []
    return list(dict.fromkeys(names))
