"""Courses of people, kept as documents: one a person, due when the next lesson is."""

from __future__ import annotations

import re
from typing import Any, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec
from msgspec.structs import replace

from agents.learning_library import enrolment
from agents.learning_library.article import Shelf
from agents.learning_library.enrolment import Enrolment, Request
from agents.learning_library.facts import article_facts
from agents.learning_library.request_data import language, text, whole
from agents.result import Result, Tell, Woken
from bot.errors import Malformed, StoreUnavailable
from bot.model.effects import Intent
from bot.model.ids import owner_of
from bot.notices.ledger import LEDGER
from bot.ports.documents import Document
from bot.ports.store import Store
from config import library as config

KIND: Final = "learning_course"
TOPIC: Final = "learning_library.lesson"  # of the notice by which the flow says a lesson
LOOKED_AT: Final = 100  # newest decisions about notices
TRIES: Final = 8  # somebody else may save the same person's document meanwhile
_HOUR = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)")


class Courses:
    """What people ask for their course, and its lessons as they come due."""

    def __init__(self, store: Store, shelf: Shelf, rules: config.Courses) -> None:
        self._store, self._documents, self._shelf, self._rules = store, store.documents, shelf, rules

    async def ask(self, intent: Intent, now: float) -> Result:
        """``enrol``, ``pause`` or ``stop``."""
        request = self._request(intent)
        outcome, after = await self._change(intent, request, now)
        return Result(outcome, self._facts(after, language(intent)))

    async def speak(self, intent: Intent, now: float) -> None:
        """Lessons go on in the language of this intent."""
        stored = await self._documents.get(KIND, intent.person)
        if stored and _read(stored).wishes().language not in ("", language(intent)):
            await self._change(intent, Request(intent.id, intent.at, "speak", language=language(intent)), now)

    async def _change(self, intent: Intent, request: Request, now: float) -> tuple[str, Enrolment]:
        for _ in range(TRIES):
            stored = await self._documents.get(KIND, intent.person)
            before = _read(stored) if stored else Enrolment()
            after, outcome = enrolment.ask(before, request, self._shelf.courses, now)
            if after == before:
                return outcome, after
            document = stored or Document(KIND, intent.person, intent.person, intent.at)
            if await self._documents.save(self._written(document, after)):
                return outcome, after
        raise StoreUnavailable("a course's document changes all the time")

    def _written(self, document: Document, after: Enrolment) -> Document:
        state = after.state(self._shelf.courses)
        return replace(document, due=after.due, state=state, data=enrolment.write(after))

    def _request(self, intent: Intent) -> Request:
        if intent.name != "enrol":
            return Request(intent.id, intent.at, "pause" if intent.name == "pause" else "stop")
        course = whole(intent, "course")
        if course not in self._shelf.courses:
            raise Malformed(f"enrol: there is no course {course[:60]!r}")
        hour = _HOUR.fullmatch(text(intent, "hour") or self._rules.hour)
        if hour is None:
            raise Malformed("enrol: hour is not like 09:00")
        zone = text(intent, "zone") or self._rules.zone
        try:
            ZoneInfo(zone)
        except (OSError, ValueError, ZoneInfoNotFoundError) as error:
            raise Malformed("enrol: there is no such zone") from error
        minute = int(hour[1]) * 60 + int(hour[2])
        return Request(
            intent.id, intent.at, "enrol", course, minute, zone, language(intent), text(intent, "numbers") or ""
        )  # fmt: skip

    def _facts(self, after: Enrolment, spoken: str) -> dict[str, Any]:
        wishes = after.wishes()
        course = self._shelf.courses.get(wishes.course)
        if course is None:
            return {}
        hour = f"{wishes.minute // 60:02}:{wishes.minute % 60:02}"
        return {"course": course.title(spoken), "days": len(course.lessons), "hour": hour, "told": after.told.get(course.id, 0)}

    async def wake(self, document: Document, now: float) -> Woken:
        """Tell the lesson that is due: the next one, or the last one again where the person has not been told it (a full day).
        What comes long after its hour waits for the next day's hour: no burst, no night."""
        before = _read(document)
        again = await self._unsaid(document, before)
        following = (enrolment.told_last if again else enrolment.lesson)(before, self._shelf.courses)
        if following is None or before.due is None:
            return Woken(replace(document, due=None))
        if now < before.due:
            return Woken(replace(document, due=before.due))
        if now > before.due + self._rules.late:
            return Woken(self._written(document, replace(before, due=enrolment.next_lesson(before, now))))
        number, article = following
        wishes, after = before.wishes(), enrolment.told_again(before, now) if again else enrolment.told(before, now)
        course = self._shelf.courses[wishes.course]
        facts = {
            **article_facts(self._shelf.articles[article], wishes.language, wishes.numbers),
            "course": course.title(wishes.language),
            "day": number + 1,
            "days": len(course.lessons),
        }
        id_ = f"{document.person}:{course.id}:{number}" + (f".{before.due:.0f}" if again else "")
        tell = Tell(id_, document.person, "lesson_due", facts, expires_at=now + self._rules.expires)
        return Woken(self._written(document, after), tells=(tell,))

    async def _unsaid(self, document: Document, before: Enrolment) -> bool:
        """Whether the last lesson was decided about and left unsaid. Looked at up to the hour that is due, so that a repeat of
        this one, behind a crash, finds the same."""
        if not before.told_at or before.due is None:
            return False
        records = await self._store.records(owner_of(document.person)[0], LEDGER, LOOKED_AT)
        decided = [one for one in records if one.data.get("topic") == TOPIC and before.told_at <= one.at < before.due]
        return bool(decided) and max(decided, key=lambda one: one.at).data.get("verdict") == "drop"


def _read(document: Document) -> Enrolment:
    try:
        return enrolment.read(document.data)
    except msgspec.ValidationError as error:
        raise Malformed(f"a stored course cannot be read: {error}") from error
