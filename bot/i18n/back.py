"""Back-translations: a translation said again in English by somebody else, so that who cannot read it can judge it.

Kept as a translator's comment in the catalogue, sealed to the wording that it is of. Nobody is ever told it.
"""

from __future__ import annotations

import re

from babel.messages.catalog import Message

from bot.i18n.state import seal

MARK = "back-translation"
EARLIER = "(of an earlier wording) "
_KEPT = re.compile(rf"{MARK} \[([0-9a-f]{{12}})\]: (.*)$", re.DOTALL)


def back_of(message: Message | None) -> str:
    """The back-translation; of a wording that has changed since, with a mark before it; empty where there is none."""
    for comment in message.user_comments if message is not None else ():
        if found := _KEPT.match(comment):
            return found[2] if message is not None and found[1] == seal(message) else EARLIER + found[2]
    return ""


def note_back(message: Message, words: str) -> None:
    """Keep the back-translation of the present wording instead of any other."""
    kept = [comment for comment in message.user_comments if not _KEPT.match(comment)]
    message.user_comments = [*kept, f"{MARK} [{seal(message)}]: {one_line(words)}"]


def one_line(words: str) -> str:
    """Words as a comment has them."""
    return " ".join(words.split())
