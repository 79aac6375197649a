"""One message as an answer sees it: its meaning, its words, what came with it, and where and when the person is."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct

from bot.dialogue.display import local
from bot.model.inbound import Inbound
from bot.understanding.meaning import Meaning


class Heard(Struct, frozen=True):
    """``at`` is when it was written; ``calling_code`` is the person's own, empty where it is not known."""

    event: Inbound
    meaning: Meaning
    text: str
    at: float
    zone: str
    language: str
    calling_code: str = ""

    @property
    def here(self) -> datetime:
        """The person's clock when they wrote it."""
        return local(self.at, self.zone)
