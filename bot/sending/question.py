"""Which question a message asks."""

from __future__ import annotations

from bot.model.effects import Outbound
from bot.model.session import Asked


def question_of(message: Outbound) -> Asked | None:
    """The question of this message, for the day when a tap on it quotes its gateway id; to the care team any message, because
    they answer by quoting."""
    if message.step is None:
        return None
    flow, _, step = message.step.partition("/")
    return Asked(id=message.id, flow=flow, step=step, options=message.options)
