"""The uses of a model: each builds its question from plain data and checks the answer against what it was given."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from agents.llm.asking import File, Question
from agents.llm.checking import Checker
from agents.llm.forms import GroundedForm, MealForm, OpinionForm, PictureForm, TextForm, VoiceForm
from agents.llm.gateway import LlmGateway
from agents.llm.prompts import Prompt
from bot.model.ids import PersonId
from bot.ports.advice import Grounded, Passage, Portion
from bot.privacy.redaction import Redactor

LONGEST_MESSAGE = 1500
LONGEST_WORDS = 1000
_HALVES = frozenset({0.5, 1.0})


class Uses:
    """All uses over one gateway. Implements ReadsMeals and AnswersFromPassages of bot/ports/advice.py."""

    def __init__(self, gateway: LlmGateway, checker: Checker, prompts: Mapping[str, Prompt]) -> None:
        self._gateway, self._checker, self._prompts = gateway, checker, prompts

    def serves(self, task: str) -> bool:
        return self._gateway.serves(task)

    async def opinion(
        self, person: PersonId, cause: str, message: str, intents: Sequence[str], names: Sequence[str] = ()
    ) -> OpinionForm | None:
        """Urgency and wish of a message that our rules could not place. ``intents``: those that may be answered."""
        allowed = frozenset(intents) | {"none"}
        question = Question(
            "second_opinion", person, cause, {"message": message[:LONGEST_MESSAGE]}, {"intents": sorted(intents)}, tuple(names)
        )

        def check(form: OpinionForm, redactor: Redactor) -> str | None:
            return None if form.intent in allowed else "unknown_intent"

        return await self._gateway.ask(question, OpinionForm, check)

    async def meal(self, person: PersonId, cause: str, text: str, foods: Sequence[str]) -> tuple[Portion, ...] | None:
        allowed, text = frozenset(foods), text[:LONGEST_MESSAGE]
        question = Question("read_meal", person, cause, {"meal": text}, {"foods": sorted(foods)})

        def check(form: MealForm, redactor: Redactor) -> str | None:
            said = redactor.redact(text)
            numbers = self._checker.values(said) | _HALVES
            for item in form.items:
                if item.food not in allowed:
                    return "unknown_food"
                if item.words.casefold() not in said.casefold():
                    return "words_not_said"
                if item.amount not in numbers:
                    return "number"
            return None if form.items else "empty"

        form = await self._gateway.ask(question, MealForm, check)
        return tuple(Portion(one.food, one.amount, one.words) for one in form.items) if form else None

    async def picture(self, person: PersonId, cause: str, file: File, foods: Sequence[str] = ()) -> PictureForm | None:
        """A meter's number (to be asked about), or foods by their ids."""
        allowed = frozenset(foods)
        question = Question("look_at_picture", person, cause, {}, {"foods": sorted(foods)}, files=(file,))

        def check(form: PictureForm, redactor: Redactor) -> str | None:
            if any(food not in allowed for food in form.foods):
                return "unknown_food"
            measured = form.measure != "none"
            if (form.kind == "meter") != measured or (form.second is not None) != (form.measure == "blood_pressure"):
                return None if form.value is None and form.second is None else "measure"
            return None

        return await self._gateway.ask(question, PictureForm, check)

    async def voice(self, person: PersonId, cause: str, file: File) -> str | None:
        question = Question("hear_voice", person, cause, {}, {}, files=(file,))

        def check(form: VoiceForm, redactor: Redactor) -> str | None:
            if not form.legible:
                return "illegible"
            return self._checker.wrong_in_words(form.text, longest=LONGEST_WORDS)

        form = await self._gateway.ask(question, VoiceForm, check)
        return form.text.strip() if form else None

    async def rephrased(
        self, person: PersonId, cause: str, text: str, language: str, *, longest: int = 700, names: Sequence[str] = ()
    ) -> str | None:
        redactor = Redactor(names)
        plain = redactor.redact(text)
        if not self._checker.speaks(plain, language):
            return None  # a text that is not translated yet: a model shall not be its translator
        question = Question("rephrase", person, cause, {}, {"text": plain, "language": language, "longest": longest})

        def check(form: TextForm, _: Redactor) -> str | None:
            kept = self._checker.values(plain) <= self._checker.values(form.text)
            return self._wrong("rephrase", form.text, language, [plain], longest) or (None if kept else "number_lost")

        form = await self._gateway.ask(question, TextForm, check)
        return redactor.restore(form.text) if form else None

    async def answered(
        self, person: PersonId, cause: str, question: str, passages: Sequence[Passage], language: str, *, longest: int = 700
    ) -> Grounded | None:
        by_id = {passage.id: passage.text for passage in passages}
        if not by_id:
            return None
        asked = Question(
            "grounded_answer", person, cause, {"question": question[:LONGEST_MESSAGE]},
            {"language": language, "passages": [{"id": id_, "text": text} for id_, text in by_id.items()]},
        )  # fmt: skip

        def check(form: GroundedForm, redactor: Redactor) -> str | None:
            if not form.answers:
                return "no_answer"
            if not form.citations or any(id_ not in by_id for id_ in form.citations):
                return "citation"
            sources = [by_id[id_] for id_ in form.citations]
            return self._wrong("grounded_answer", form.text, language, sources, longest)

        form = await self._gateway.ask(asked, GroundedForm, check)
        return Grounded(form.text, tuple(dict.fromkeys(form.citations))) if form else None

    def _wrong(self, task: str, text: str, language: str, sources: Sequence[str], longest: int) -> str | None:
        return self._checker.wrong_with(
            text, language=language, sources=sources, longest=longest, prompt=self._prompts[task].text
        )
