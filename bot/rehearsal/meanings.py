"""Understanding that remembers: people of a rehearsal say the same things again and again."""

from __future__ import annotations

from collections.abc import Callable

from msgspec.structs import replace

from bot.understanding.meaning import Context, Meaning

MOST = 50_000  # meanings kept


class Remembered:
    """In place of ``Reader.understand``. What tells a time depends on the moment and is read every time."""

    def __init__(self, understand: Callable[[str, Context], Meaning]) -> None:
        self._understand = understand
        self._known: dict[tuple[str, Context], Meaning] = {}
        self.asked = self.read = 0
        self.first: Meaning | None = None  # since somebody set it to None: what a turn reads first is what it goes by

    def __call__(self, text: str, context: Context) -> Meaning:
        self.asked += 1
        key = text, replace(context, now=0.0)
        meaning = self._known.get(key)
        if meaning is None:
            self.read += 1
            meaning = self._understand(text, context)
            if not meaning.times:
                if len(self._known) >= MOST:
                    self._known.clear()
                self._known[key] = meaning
        if self.first is None:
            self.first = meaning
        return meaning
