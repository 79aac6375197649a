"""Something to say in a turn, before it becomes a message."""

from __future__ import annotations

from dataclasses import dataclass

from bot.dialogue.flow import Step
from bot.model.effects import Attached, Option, TemplateOffer, Urgency


@dataclass(slots=True)
class Piece:
    """Something to say. Pieces of one kind become one message, because messages cost money."""

    text: str
    kind: Urgency = "reply"
    step: Step | None = None  # the question that this is
    options: tuple[Option, ...] = ()
    header: str | None = None
    footer: str | None = None
    menu_label: str | None = None
    media: Attached | None = None
    path: str = ""
    about: str = ""  # the name of whom it is about, where several people use the phone
    kinder: bool = False  # a model may say it more warmly
    template: TemplateOffer | None = None  # what stands for it where only approved templates go through
