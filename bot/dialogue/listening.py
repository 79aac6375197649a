"""From the words of a message to what it means in this conversation: its words, its language, and the question that is open."""

from __future__ import annotations

import re
from collections.abc import Callable

from msgspec import structs

from bot.dialogue.answers import missing
from bot.dialogue.catalogue import SOURCE_LANGUAGE
from bot.dialogue.flow import Choice
from bot.dialogue.heard import Heard
from bot.dialogue.hints import weighed
from bot.dialogue.scene import Scene
from bot.dialogue.shown import option_typed
from bot.dialogue.speaking import LATIN, written_in
from bot.dialogue.taps import Tapped
from bot.model.conditions import conditions_of
from bot.model.inbound import Inbound
from bot.model.session import Frame
from bot.understanding.languages import ALIKE
from bot.understanding.meaning import Context, Meaning
from config.policy import Policy

LEAVE_IT, LEFT = "intent:leave_it", 3  # the rule that hears "leave it", and how many words that may be
LEAST_READING = 20.0  # mg/dL; smaller numbers alone are choices from a list
_NUMBER = re.compile(r"(\d{2,3}(?:\.\d{1,2})?)[ .]*(?:mg/?dl)?", re.IGNORECASE)
ROMAN_WORDS = 3  # of a message in Latin letters that tell in which language it is
TEXT_LIMIT = 8192  # characters of one message that are read

Understand = Callable[[str, Context], Meaning]


def words_of(event: Inbound) -> str:
    """What is read of a message."""
    return (event.text or "").strip()[:TEXT_LIMIT]


def leaves(meaning: Meaning, text: str) -> bool:
    """ "Never mind", "chhodo", and nothing else."""
    span = meaning.intent.span if meaning.intent else None
    return span is not None and span.rule == LEAVE_IT and len(text.split()) <= LEFT


def _takes_no_number(scene: Scene, frame: Frame) -> bool:
    """ "Did this help you?", "shall I ask for your sugar then?": 45 behind that is a sugar. Not behind "is 20 units right?",
    which a flow of readings asks, nor where help is waited for: 112 may be the number that was called."""
    flow, step = scene.flow_of(frame), scene.step_of(frame)
    asks = not step.slots and {True, False} <= {choice.means for choice in step.choices}
    return asks and flow.clinical and frame.flow not in scene.content.by_reading.values() and not scene.vital(frame)


class Listening:
    """Reads messages with the reader, given what is known of the person and what they were asked."""

    def __init__(self, understand: Understand, policy: Policy) -> None:
        self._understand, self._policy = understand, policy

    def read(self, scene: Scene, event: Inbound, tapped: Tapped | None) -> Meaning:
        """The meaning of the words. A label of our own that was tapped, or typed as it is shown, is no news of danger."""
        text = words_of(event)
        if not text or (tapped and event.kind == "tap" and tapped.choice.is_shown(text)):
            return Meaning(language=scene.language)
        meaning = self.understood(scene, text, self._expected(scene, text))
        if meaning.urgency != "none" and (typed := option_typed(scene, event, text)) and not self._grave(typed):
            return Meaning(language=scene.language)
        return meaning

    def understood(self, scene: Scene, text: str, expects: str | None) -> Meaning:
        profile = scene.session.profile
        meaning = self._understand(
            text,
            Context(
                expects=expects,
                language=self._lexicon_language(scene),
                country=scene.country,
                unit=profile.get("unit"),
                conditions=tuple(conditions_of(profile)),
                now=scene.now,
                zone=scene.zone,
            ),
        )
        return weighed(meaning, scene.hint, scene.content.by_intent) if scene.hint else meaning

    def _grave(self, choice: Choice) -> bool:
        """The label itself names danger. Its English words tell: those of the other languages are translations of them."""
        known = Context(language=SOURCE_LANGUAGE)
        return any(self._understand(one.source, known).urgency != "none" for one in choice.label.wordings)

    @staticmethod
    def _lexicon_language(scene: Scene) -> str | None:
        """The language of the lexicon that the person's is written in: "hi" of Romanised Hindi."""
        language = scene.session.profile.get("language")
        known = scene.content.tongues.get(str(language))
        return known.base if known else language

    def corrects(self, scene: Scene, text: str) -> bool:
        """Whether the words take back what was said, in whatever language: people correct themselves in their own words."""
        return self._understand(text, Context(country=scene.country, now=scene.now, zone=scene.zone)).corrects

    def left(self, scene: Scene, text: str, meaning: Meaning) -> Meaning:
        """ "chhodo" from somebody who chose English: an open question is left in one's own words too."""
        known = meaning.command or (meaning.intent and meaning.intent.id != "none")
        frame = scene.pending()
        if known or frame is None or not 1 <= len(text.split()) <= LEFT:
            return meaning
        if any(slot.type == "name" for slot in scene.step_of(frame).slots):  # a word of one language is a name in the next
            return meaning
        other = self._understand(text, Context(country=scene.country, now=scene.now, zone=scene.zone))
        return structs.replace(meaning, intent=other.intent) if leaves(other, text) else meaning

    def language_written(self, scene: Scene, event: Inbound, meaning: Meaning) -> str | None:
        """The language and script in which a message is written, where it has words enough to be sure of that.

        Two languages of one script are easily mistaken, English words stand in every language, and in Latin letters the reader
        leans towards the person's own: there it has to find the same without knowing it.
        """
        text, tongues = words_of(event), scene.content.tongues
        letters = [char for char in text if char.isalpha()]
        told = written_in(tongues.values(), meaning, text)
        if event.kind != "text" or scene.hint or told is None or told == SOURCE_LANGUAGE or scene.language not in tongues:
            return None
        latin = all(char.isascii() for char in letters)
        if not letters:
            return None
        if told == scene.language or (not latin and tongues[told].script == tongues[scene.language].script):
            return scene.language if told == scene.language else None
        if not latin:
            return told
        if ALIKE.get(tongues[told].base) == tongues[scene.language].base:
            return None  # Hindi and Urdu are one in Latin letters
        return told if self._sure_in_latin(scene, text, meaning) else None

    def _sure_in_latin(self, scene: Scene, text: str, meaning: Meaning) -> bool:
        """Words enough, and the reader finds the same language without knowing the person's."""
        words = sum(any(char.isalpha() for char in word) for word in text.split())
        unbiased = Context(country=scene.country, now=scene.now, zone=scene.zone)
        return words >= ROMAN_WORDS and self._understand(text, unbiased).language == meaning.language

    def heard(self, scene: Scene, event: Inbound, meaning: Meaning) -> Heard:
        text, at = words_of(event), min(event.sent_at, scene.now)
        tongue = scene.content.tongues.get(scene.language)
        months = (*tongue.months, *tongue.short_months) if tongue else ()
        return Heard(event, meaning, text, at, scene.zone, scene.language, self._policy.calling_code(event.address), months)

    def _expected(self, scene: Scene, text: str) -> str | None:
        """The type of the open question. A number alone, with none open or with one for a yes or no about health, is most likely
        a reading: we are for that."""
        frame, alone = scene.pending(), _NUMBER.fullmatch(text)
        if frame and not scene.unseen(frame) and scene.flow_of(frame).insist and not (alone and _takes_no_number(scene, frame)):
            step = scene.step_of(frame)
            slots = missing(step, scene.values(frame)) or step.slots
            return slots[0].type if slots else "choice" if step.choices else None
        return "glucose" if alone and scene.session.consent and float(alone[1]) >= LEAST_READING else None

    def greet(self, scene: Scene, meaning: Meaning) -> None:
        """A guess at the language of somebody who has not chosen one: the message's own, else the country's.

        A few words in Latin letters tell little ("hi" is a word in many languages), so they count only where danger is answered.
        """
        profile, text = scene.session.profile, getattr(scene.event, "text", None) or ""
        if "language_chosen" not in profile and ("language" not in profile or any(char.isalpha() for char in text)):
            guess = self._policy.country_of(scene.session.channel.address if scene.session.channel else "").language
            tongues = scene.content.tongues
            told = written_in(tongues.values(), meaning, text)
            latin = told and tongues[told].script == LATIN and meaning.urgency == "none"
            if latin and not self._sure_in_latin(scene, text, meaning):
                told = None
            now = tongues.get(str(profile.get("language")))
            if told and now and tongues[told].script == now.script:  # two languages of one script are easily mistaken
                told = now.code
            known = [language for language in (told, profile.get("language"), guess) if language in scene.content.languages]
            scene.session.profile["language"] = known[0] if known else "en"
            scene.forget_values()
