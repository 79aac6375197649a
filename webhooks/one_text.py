"""A message as one text, for where there is but one field."""

from __future__ import annotations

from bot.model.effects import Outbound


def whole_text(message: Outbound, text: str) -> str:
    """Header, text and footer as one text, for where there is but one field."""
    return "\n\n".join(part for part in (message.header, text, message.footer) if part)
