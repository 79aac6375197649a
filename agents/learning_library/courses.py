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
from bot.ports.documents import Document, Documents
from config import library as config

KIND: Final = "learning_course"
TRIES: Final = 8  # somebody else may save the same person's document meanwhile
_HOUR = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)")


class Courses:
    """What people ask for their course, and its lessons as they come due."""

    def __init__(self, documents: Documents, shelf: Shelf, rules: config.Courses) -> None:
        self._documents, self._shelf, self._rules = documents, shelf, rules

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

    def wake(self, document: Document, now: float) -> Woken:
        """Tell the lesson that is due. What comes long after its hour waits for the next day's hour: no burst, no night."""
        before = _read(document)
        following = enrolment.lesson(before, self._shelf.courses)
        if following is None or before.due is None:
            return Woken(replace(document, due=None))
        if now < before.due:
            return Woken(replace(document, due=before.due))
        if now > before.due + self._rules.late:
            return Woken(self._written(document, replace(before, due=enrolment.next_lesson(before, now))))
        number, article = following
        wishes, after = before.wishes(), enrolment.told(before, self._shelf.courses, now)
        course = self._shelf.courses[wishes.course]
        facts = {
            **article_facts(self._shelf.articles[article], wishes.language, wishes.numbers),
            "course": course.title(wishes.language),
            "day": number + 1,
            "days": len(course.lessons),
        }
        tell = Tell(
            f"{document.person}:{course.id}:{number}", document.person, "lesson_due", facts, expires_at=now + self._rules.expires
        )
        return Woken(self._written(document, after), tells=(tell,))


def _read(document: Document) -> Enrolment:
    try:
        return enrolment.read(document.data)
    except msgspec.ValidationError as error:
        raise Malformed(f"a stored course cannot be read: {error}") from error
