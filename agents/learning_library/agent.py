"""Intents of the learning library; see docs/agents/learning_library.md."""

from __future__ import annotations

from typing import Final

from msgspec.structs import replace

from agents.learning_library.article import Article
from agents.learning_library.courses import KIND, Courses
from agents.learning_library.facts import article_facts
from agents.learning_library.request_data import flag, language, second, text, whole
from agents.learning_library.search import Library
from agents.result import Result, Woken
from bot.errors import Malformed
from bot.model.effects import Intent, Record
from bot.ports.advice import AnswersFromPassages, Passage
from bot.ports.documents import Document
from bot.ports.store import Store
from config import library as config

LISTED: Final = 9  # articles of one topic; a list has ten rows, and one is the way out
LONGEST_ANSWER: Final = 300  # characters
COURSES: Final = ("enrol", "pause", "stop")


class LearningLibrary:
    """Finds articles, tells courses. It never writes a text of its own: what it has no article for is ``unknown``.

    With ``model`` a question of somebody who agreed to AI help gets a short answer out of the article that was found, before it.
    """

    name = "learning_library"
    intents = ("find", "more", "topics", "helpful", *COURSES)
    kinds = (KIND,)

    def __init__(self, store: Store, library: Library, courses: config.Courses, model: AnswersFromPassages | None = None) -> None:
        self._store, self._library, self._shelf, self._model = store, library, library.shelf, model
        self._courses = Courses(store, library.shelf, courses)

    async def handle(self, intent: Intent, *, now: float) -> Result:
        match intent.name:
            case "find":
                return await self._answered(intent, self._find(intent))
            case "more":
                return self._more(intent)
            case "topics":
                return self._topics(intent)
            case "helpful":
                return await self._helpful(intent, now)
            case "enrol" | "pause" | "stop":
                return await self._courses.ask(intent, now)
            case unknown:
                raise Malformed(f"learning_library does not know the intent {unknown[:60]!r}")

    async def wake(self, document: Document, *, now: float) -> Woken:
        return await self._courses.wake(document, now)

    def _find(self, intent: Intent) -> Result:
        """By ``article``, or the best one for ``question``, or the first of ``topic``."""
        if id_ := text(intent, "article"):
            return self._found(intent, id_) if id_ in self._shelf.articles else Result("unknown")
        if question := text(intent, "question"):
            if self._library.personal(question, language(intent)):
                return Result("personal")
            hit = self._library.find(question, language(intent))
            return self._found(intent, hit.article) if hit else Result("unknown")
        if topic := text(intent, "topic"):
            first = next((article.id for article in self._of(topic)), None)
            return self._found(intent, first) if first else Result("unknown")
        raise Malformed("find: one of article, question and topic is needed")

    async def _answered(self, intent: Intent, result: Result) -> Result:
        """With the fact ``answer`` where a model found one in the article. The article follows it in any case."""
        question, spoken = text(intent, "question"), language(intent)
        agreed = intent.data.get("ai") is True and result.facts.get("translated") is True
        if self._model is None or not agreed or question is None or text(intent, "article") or result.outcome != "found":
            return result
        passage = Passage(result.facts["article"], result.facts["text"])
        answer = await self._model.answered(intent.person, intent.id, question, [passage], spoken, longest=LONGEST_ANSWER)
        return replace(result, facts={**result.facts, "answer": answer.text}) if answer else result

    def _more(self, intent: Intent) -> Result:
        """Where the article leads that the person has not read yet (``seen``, ids with commas)."""
        article = self._shelf.articles.get(whole(intent, "article"))
        seen = {part.strip() for part in (text(intent, "seen") or "").split(",")}
        following = next((id_ for id_ in article.related if id_ not in seen), None) if article else None
        return self._found(intent, following) if following else Result("nothing")

    def _topics(self, intent: Intent) -> Result:
        spoken = (language(intent), second(intent))
        listed = [{"id": one.id, "label": one.wording(*spoken).title} for one in self._of(whole(intent, "topic"))[:LISTED]]
        return Result("listed", {"articles": listed}) if listed else Result("unknown")

    async def _helpful(self, intent: Intent, now: float) -> Result:
        """Keep whether an article helped. A course goes on in the language that the person now has."""
        id_, helped = whole(intent, "article"), flag(intent, "helped")
        data = {"article": id_, "helped": helped, "language": language(intent)}
        await self._store.record([Record(intent.id, intent.person, "article_rated", intent.at, data)])
        await self._courses.speak(intent, now)
        return Result("noted")

    def _of(self, topic: str) -> list[Article]:
        """Those that are mainly about it first."""
        articles = [article for article in self._shelf.articles.values() if topic in article.topics]
        return sorted(articles, key=lambda article: article.topics.index(topic))

    def _found(self, intent: Intent, id_: str) -> Result:
        spoken = language(intent)
        facts = article_facts(self._shelf.articles[id_], spoken, text(intent, "numbers"), second(intent))
        return Result("found", facts, untranslated=None if facts["translated"] else spoken)
