"""What the worker asks when a turn could not read a message: the words, the voice message or the picture."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from agents.llm.asking import File
from agents.llm.forms import PictureForm
from agents.llm.uses import Uses
from bot.errors import BotError
from bot.model.consent import purposes_of
from bot.model.effects import Outbound
from bot.model.hint import Hint
from bot.model.inbound import Inbound
from bot.model.session import Session
from bot.ports.media import MediaStore

PURPOSE: Final = "ai_processing"
"""The person's own yes to this, one tap in the flow my_consents. Without it nothing of theirs goes to a model."""
NOT_READ: Final = frozenset({"fallback", "unclear"})
LARGEST_FILE: Final = 6 * 1024 * 1024  # bytes; base64 of more takes longer to send than anybody waits
SHORTEST: Final = 3  # characters of a message that can mean anything
_UNITS: Final = {"glucose": ("mg/dL", "mmol/L"), "weight": ("kg", "lb"), "temperature": ("C", "F"), "spo2": ("%",), "pulse": ()}
_WORDS: Final = {"glucose": "sugar", "weight": "weight", "temperature": "temperature", "spo2": "spo2", "pulse": "pulse"}
"""Words of the lexicon, so that our own reader reads what was seen. Nobody is shown them."""


SLACK: Final = 150  # characters by which kinder words may be longer
LONGEST_SAID: Final = 1000  # characters; below a picture there is no room for more


class ModelOpinions:
    """Implements ``bot.ports.advice.Opinions``. ``intents``: what a second opinion may suggest. ``foods``: ids that may be seen
    on a picture, with a word for each that our own reader knows."""

    def __init__(
        self, uses: Uses, media: MediaStore, intents: Sequence[str], consent_version: str, foods: Mapping[str, str] | None = None
    ) -> None:
        self._version = consent_version
        self._uses, self._media, self._intents, self._foods = uses, media, tuple(intents), dict(foods or {})

    def wanted(self, event: Inbound, session: Session, kind: str, after: Session) -> bool:
        if not self._agreed(session) or not event.verified:
            return False
        match event.kind:
            case "text":
                return kind in NOT_READ and len((event.text or "").strip()) >= SHORTEST and self._uses.serves("second_opinion")
            case "audio":
                return kind == "cannot_read" and _has_file(event) and self._uses.serves("hear_voice")
            case "image":
                began = _began_something(session, after)  # else it answered a question, and is what was asked for
                return began and not event.text and _has_file(event) and self._uses.serves("look_at_picture")
            case _:
                return False

    async def kinder(self, session: Session, said: Outbound) -> str | None:
        if not self._agreed(session) or not self._uses.serves("rephrase"):
            return None
        names = [session.profile.get("name"), *(one.name for one in session.household)]
        language, longest = str(session.profile.get("language") or "en"), min(len(said.text) + SLACK, LONGEST_SAID)
        return await self._uses.rephrased(
            session.person, said.id, said.text, language, longest=longest, names=[name for name in names if isinstance(name, str)]
        )

    async def of(self, event: Inbound, session: Session) -> Hint | None:
        match event.kind:
            case "text":
                return await self._second(event, session)
            case "audio":
                return await self._heard(event)
            case "image":
                return await self._seen(event)
            case _:
                return None

    def _agreed(self, session: Session) -> bool:
        agreed = PURPOSE in purposes_of(session.consent, self._version)
        return agreed and not session.stopped and not session.profile.get("minor")

    async def _second(self, event: Inbound, session: Session) -> Hint | None:
        names = [name for name in (session.profile.get("name"), event.name) if isinstance(name, str)]
        form = await self._uses.opinion(event.person, event.id, event.text or "", self._intents, names)
        if form is None or (form.urgency == "none" and form.intent == "none"):
            return None
        return Hint("words", form.urgency, None if form.intent == "none" else form.intent)

    async def _heard(self, event: Inbound) -> Hint | None:
        file = await self._file(event)
        text = await self._uses.voice(event.person, event.id, file) if file else None
        return Hint("voice", text=text) if text else None

    async def _seen(self, event: Inbound) -> Hint | None:
        file = await self._file(event)
        form = await self._uses.picture(event.person, event.id, file, sorted(self._foods)) if file else None
        if form is None:
            return None
        if form.kind == "meal" and form.foods:
            return Hint("picture", intent="log_meal", text=", ".join(self._foods[food] for food in form.foods))
        text = reading_words(form) if form.kind == "meter" else None
        return Hint("picture", text=text) if text else None

    async def _file(self, event: Inbound) -> File | None:
        if event.media is None or event.media.ref is None:
            return None
        try:
            data = await self._media.get(event.media.ref)
        except BotError:
            return None
        if data is None or len(data) > LARGEST_FILE:
            return None
        return File(data, event.media.mime or "")


def _has_file(event: Inbound) -> bool:
    return event.media is not None and event.media.ref is not None and event.media.problem is None


def _began_something(before: Session, after: Session) -> bool:
    """True when a flow stands on top of those that were there, which stand where they stood."""
    places = [(frame.flow, frame.step) for frame in before.stack]
    return [(frame.flow, frame.step) for frame in after.stack[: len(places)]] == places and len(after.stack) > len(places)


def reading_words(form: PictureForm) -> str | None:
    """What a meter showed, in words that our own reader reads: it judges whether such a number can be."""
    if form.value is None:
        return None
    if form.measure == "blood_pressure":
        return f"bp {form.value:g}/{form.second:g}" if form.second is not None else None
    word = _WORDS.get(form.measure)
    if word is None:
        return None
    unit = form.unit if form.unit in _UNITS[form.measure] else ""
    return f"{word} {form.value:g} {unit}".strip()
