"""How long a text may be: what the channel shows of each part of a message, in characters as WhatsApp counts them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from msgspec import Struct

from bot.dialogue.file_texts import LABEL
from bot.dialogue.flow import Flow, Step
from bot.dialogue.graphemes import length
from bot.dialogue.lint.at_load import BUTTON_LABEL, DESCRIPTION, ROW_LABEL
from bot.dialogue.lint.emergency import EMERGENCY_TEXT, NUMBER_LINE
from bot.dialogue.lint.texts import HEADER
from bot.dialogue.messages import BUTTONS, OPTIONS_TEXT_LIMIT, TEXT_LIMIT


class Budget(Struct, frozen=True):
    """``limit`` is what translators are told, ``most`` that past which people lose words."""

    limit: int
    most: int
    what: str

    def told(self) -> str:
        return f"at most {self.limit:,} characters: {self.what}"


BUTTON: Final = Budget(BUTTON_LABEL, ROW_LABEL, "a button; a longer one makes a list of all of them")
ROW: Final = Budget(ROW_LABEL, ROW_LABEL, "a row of a list")
UNDER_A_ROW: Final = Budget(DESCRIPTION, DESCRIPTION, "the small line under a row")
OPENS: Final = Budget(BUTTON_LABEL, BUTTON_LABEL, "the button that opens the list")
LINE: Final = Budget(HEADER, HEADER, "a line above or below the message")
ASKED: Final = Budget(OPTIONS_TEXT_LIMIT, OPTIONS_TEXT_LIMIT, "a message with buttons")
EMERGENCY: Final = Budget(
    EMERGENCY_TEXT - NUMBER_LINE, EMERGENCY_TEXT - NUMBER_LINE, "an emergency text, a placeholder counted as its longest number"
)
SAID: Final = Budget(TEXT_LIMIT, TEXT_LIMIT, "a message")


def step_of(key: str, flows: Mapping[str, Flow]) -> Step | None:
    """The step that says the text, where one does."""
    flow, _, rest = key.partition(".")
    return flows[flow].steps.get(rest.partition(".")[0]) if flow in flows else None


def budget_of(key: str, flows: Mapping[str, Flow]) -> Budget:
    """The budget of the text with this key."""
    step = step_of(key, flows)
    if LABEL in key:
        if key.endswith(".description"):
            return UNDER_A_ROW
        return BUTTON if step and has_buttons(step) else ROW
    if key.startswith("emergency."):
        return EMERGENCY
    parts = set(key.split(".")[1:])
    if "menu_label" in parts:
        return OPENS
    if parts & {"header", "footer"}:
        return LINE
    return ASKED if step and (step.choices or step.options_from) else SAID


def has_buttons(step: Step) -> bool:
    """The source's labels fit buttons, and so should their translations."""
    few = len(step.choices) <= BUTTONS and not step.options_from
    return few and all(length(choice.label.wordings[0].source) <= BUTTON_LABEL for choice in step.choices)
