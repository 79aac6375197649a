"""Whether a person uses medicines that can bring a low sugar, as far as we were told. Not knowing is no permission."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Iterable
from typing import Final

from agents.lifestyle_coach import data as given
from agents.result import Result
from bot.model.conditions import conditions_of
from bot.model.effects import Intent, Record
from bot.ports.documents import Document
from bot.ports.store import Store
from config.lifestyle import Life

KIND: Final = "risk_medicine"
MEDICINE: Final = "medicine"  # the documents of what a person takes
TAKING: Final = "taking"
ANSWERS: Final = ("yes", "no", "unsure")
MOST: Final = 100


def told(
    conditions: Collection[str], answers: Iterable[Record], medicines: Iterable[Document], at: float, life: Life
) -> str | None:
    """``yes``, ``no`` or ``unsure`` at a moment; None where nobody was asked yet. A name on the list outweighs a no."""
    if "type_1" in conditions:
        return "yes"
    names = " ".join(str(one.data.get("name")) for one in medicines if one.state == TAKING and one.at <= at).casefold()
    if any(word in names for word in life.risk_words):
        return "yes"
    said = [one for one in answers if one.at <= at]
    newest = max(said, key=lambda one: (one.at, one.id), default=None)
    return None if newest is None else str(newest.data.get("answer"))


class Risk:
    """Asks the store."""

    def __init__(self, store: Store, life: Life) -> None:
        self._store, self._life = store, life

    async def of(self, intent: Intent, at: float) -> str | None:
        """What was told of this person until a moment."""
        answers, medicines = await asyncio.gather(
            self._store.records(intent.person, KIND, MOST), self._store.documents.of(intent.person, MEDICINE)
        )
        return told(conditions_of(intent.data), answers, medicines, at, self._life)

    async def set(self, intent: Intent, now: float) -> Result:
        """``set_risk_medicines``: recorded."""
        answer = given.one_of(intent.data, "answer", ANSWERS)
        at = given.happened_at(intent, now)
        await self._store.record([Record(intent.id, intent.person, KIND, at, {"answer": answer})])
        return Result("recorded", {"risk": answer})
