"""Reminders as documents: found by number or id, changed by compare-and-swap, each intent once."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import blake2s
from typing import Any, Final

from msgspec import Struct
from msgspec.structs import replace

from agents.engagement_engine import schedule
from agents.engagement_engine.schedule import BEHIND, Reminder, next_due, over
from bot.errors import StoreUnavailable
from bot.model.effects import Intent
from bot.model.ids import PersonId
from bot.ports.documents import Document, Documents

KIND: Final = "reminder"
"""In the state ``active``, ``ended`` (by the person), ``done`` (nothing more to come), ``replaced`` or ``refused``."""
TRIES: Final = 20  # somebody else may save the same document meanwhile
MOST: Final = 300  # documents of one person that are read, the ended ones too


class Change(Struct, frozen=True):
    """What an intent makes of a reminder. ``state`` empty: as it was."""

    reminder: Reminder
    outcome: str
    facts: dict[str, Any] = {}
    state: str = ""


class Kept:
    """All reminders, behind the rules of idempotence."""

    def __init__(self, documents: Documents) -> None:
        self._documents = documents

    async def active(self, person: PersonId) -> list[Document]:
        """By the time of day, then in the order in which they were made: the order in which people see them."""
        found = [one for one in await self._documents.of(person, KIND, MOST) if one.state == "active"]
        return sorted(found, key=lambda one: (schedule.read(one.data).rule.clock, one.at, one.id))

    async def get(self, id_: str, person: PersonId) -> Document | None:
        """None also for somebody else's."""
        found = await self._documents.get(KIND, id_)
        return found if found and found.person == person else None

    async def create(self, id_: str, intent: Intent, reminder: Reminder, state: str = "active") -> bool:
        """False when it is there already."""
        document = Document(KIND, id_, intent.person, intent.at)
        return await self._documents.save(written(document, reminder, state))

    async def change(self, id_: str, intent: Intent, decide: Callable[[Reminder, str], Change | None]) -> Change | None:
        """What ``decide`` makes of the reminder and its state, once for one intent. None: there is none, or nothing to do."""
        for _ in range(TRIES):
            document = await self.get(id_, intent.person)
            if document is None:
                return None
            reminder = schedule.read(document.data)
            if known := reminder.answers.get(intent.id):
                return Change(reminder, known[0], known[1], document.state)
            change = decide(reminder, document.state)
            if change is None:
                return None
            after = change.reminder.answered(intent.id, change.outcome, change.facts)
            if await self._documents.save(written(document, after, change.state or document.state)):
                return change
        raise StoreUnavailable("Others keep changing this reminder.")


def written(document: Document, reminder: Reminder, state: str) -> Document:
    """The document of this reminder, due when somebody has to look again."""
    if state == "active" and over(reminder):
        state = "done"
    due = next_due(reminder) if state == "active" else None
    if due is not None:
        due += BEHIND[reminder.what]
    return replace(document, due=due, state=state, data=schedule.write(reminder))


def made_of(*parts: str) -> str:
    """An id that follows from what caused it."""
    return blake2s("\n".join(parts).encode(), digest_size=8).hexdigest()
