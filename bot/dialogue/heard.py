"""One message as an answer sees it: its meaning, its words, what came with it, and where and when the person is."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct

from bot.dialogue.told import told_at
from bot.model.clock import local
from bot.model.inbound import Inbound
from bot.understanding.meaning import Meaning


class Heard(Struct, frozen=True):
    """``at`` is when it was written; ``calling_code`` is the person's own, empty where it is not known; ``months`` are the names,
    long or short, that we use in their language."""

    event: Inbound
    meaning: Meaning
    text: str
    at: float
    zone: str
    language: str
    calling_code: str = ""
    months: tuple[str, ...] = ()

    @property
    def told(self) -> float:
        """When it was, as far as the words tell it; else when they were written."""
        return told_at(self.meaning, self.at, self.zone)

    @property
    def here(self) -> datetime:
        """The person's clock when they wrote it."""
        return local(self.at, self.zone)
