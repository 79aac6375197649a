"""What a translator reads above each text: where it is said, how long it may be, and what its placeholders stand for."""

from __future__ import annotations

from collections.abc import Mapping

from bot.dialogue.file_texts import LABEL, Written
from bot.dialogue.flow import Flow
from bot.i18n.budget import budget_of, step_of
from bot.i18n.placeholders import placeholder_notes

CLINICAL = "needs native clinical review"
QUOTED = 70  # characters of a question that is quoted
WHERE = {
    "unclear": "said when the answer was not understood, to",
    "silence": "said when no answer came, to",
    "repair": "said when the person asked back, at",
    "what": "explains, when the person asks what is meant, at",
    "ask": "asked when only this is still missing, of",
    "header": "the line above",
    "footer": "the line below",
    "menu_label": "opens the list under",
}
"""By the part of a step that says the text; the step's own words follow."""


def notes(key: str, texts: Mapping[str, Written], flows: Mapping[str, Flow]) -> list[str]:
    """The lines, most of all what its author noted. Every text has a budget; the rest where there is something to tell."""
    written = texts[key]
    return [
        *filter(None, (written.note, context(key, texts, flows), CLINICAL if written.clinical else None)),
        budget_of(key, flows).told(),
        *placeholder_notes(written.source, key.partition(".")[0], written.meant),
    ]


def context(key: str, texts: Mapping[str, Written], flows: Mapping[str, Flow]) -> str:
    """Where the text is met; empty where its key says as much as could be said."""
    step = step_of(key, flows)
    if step is None:
        return ""
    said = f"{step.flow}.{step.name}.say"
    asked = f"“{_short(texts[said].source)}”" if said in texts else "a question"
    if LABEL in key:
        described = key.removesuffix(".description")
        return f"under the answer “{texts[described].source}”" if described != key else f"an answer to: {asked}"
    part, *more = key.removeprefix(f"{step.flow}.{step.name}.").split(".")
    if part in WHERE:
        return f"{WHERE[part]} {asked}"
    if more and more[0].isdecimal():
        return f"said instead of {asked} where that does not fit"
    if step.choices:
        return "a question with the answers: " + ", ".join(choice.label.wordings[0].source for choice in step.choices)
    return "a question" if step.slots else ""


def _short(text: str) -> str:
    one = " ".join(text.split())
    return one if len(one) <= QUOTED else one[:QUOTED].rsplit(" ", 1)[0] + " ..."
