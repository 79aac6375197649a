"""Understand one message: pure, deterministic, no input or output once loaded, bounded work on any text."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Final

from bot.understanding.alarms import judge
from bot.understanding.amounts import Amount, find_amounts
from bot.understanding.compiling import compile_index
from bot.understanding.contexts import moment_of
from bot.understanding.durations import find_durations
from bot.understanding.festivals import Calendar
from bot.understanding.half_heard import HALF_HEARD, mend_half_heard
from bot.understanding.index import Index
from bot.understanding.intents import KNOWN, OWN_NAME, find_intent
from bot.understanding.introductions import own_name
from bot.understanding.language import identify, script_kind
from bot.understanding.language_file import read_languages
from bot.understanding.languages import EUROPEAN
from bot.understanding.lexicon import Lexicon, Tag
from bot.understanding.meaning import Context, Meaning, NumberFound, ReadingFound, Span
from bot.understanding.measures import Measures
from bot.understanding.moments import find_moments
from bot.understanding.others import of_another
from bot.understanding.ranges import Ranges
from bot.understanding.reading_alarms import PRESSURE_SIGNS
from bot.understanding.rules import AlarmRule, IntentRule, RuleSet, load_rules
from bot.understanding.said import Said, longest
from bot.understanding.senses import Senses
from bot.understanding.text import Token, tokenize
from bot.understanding.uses import mark_uses
from bot.understanding.yes_no import only_no, well_said, yes_no

NO_CONTEXT: Final = Context()
BUSINESS: Final = ("walked", "restock", "report", "lab_test", "do_test", "upload")
FIRST_MONTH: Final = 3
LAST_MONTH: Final = 9
LATE_WEEKS: Final = (20, 42)  # of a pregnancy that people count in weeks
COMMANDS: Final = ("menu", "help", "stop", "start", "language", "human", "cancel", "back", "repeat", "skip", "what", "continue")

CENTIMETRES: Final = ("fr", "pt", "es")  # languages in which pressures are told in cm Hg: "14 por 9"
CONDITIONS: Final = {"gestational": "pregnant", "pregnant": "pregnant", "type_1": "type_1"}  # of the profile -> concepts
FEW_WORDS: Final = 3  # between "ago" and its years
ILLNESSES: Final = ("stroke", "heart_attack", "paralysis", "seizure")
YEARS: Final = ("year", "age")  # units of what is long ago
METER_LOW: Final = "meter_lo"
METER_SHOWS: Final = {"LO": METER_LOW, "HI": "meter_hi", "Lo": METER_LOW}
ANSWER: Final = 3  # words of a plain answer to a question for a number
NOT_OVER: Final = (
    "question", "can", "if", "ask_if", "edu", "family", "child", "third_person", "medicine", "drug", "tablet", "pain", "home",
    "restock", "ran_out", "test", "report",
)  # fmt: skip
"""What makes a "gone" or a "not any more" no word of an illness that somebody lived with."""


class Reader:
    """The compiled knowledge of all languages. Build one with ``load`` and share it."""

    def __init__(
        self, lexicon: Lexicon, alarms: list[AlarmRule], intents: list[IntentRule], ranges: Ranges, calendar: Calendar
    ) -> None:
        self.lexicon = lexicon
        self.alarms = RuleSet(alarms)
        self.intents = RuleSet(intents)
        self.ranges = ranges
        self.calendar = calendar
        self.measures = Measures(ranges)
        self.senses = Senses()

    @classmethod
    def load(cls, path: Path, readings: Path, index: Index | None = None) -> Reader:
        """``path``: the lexicon folder with its rules/. ``readings``: config/readings.yaml. ``index``: its words, if compiled.

        Raises ConfigError.
        """
        rules = path / "rules"
        return cls(
            Lexicon(index or compile_index(read_languages(path))),
            load_rules(rules / "alarms.yaml", AlarmRule),
            load_rules(rules / "intents.yaml", IntentRule),
            Ranges.load(readings),
            Calendar.load(rules / "festivals.yaml"),
        )

    def said(self, text: str, context: Context = NO_CONTEXT) -> tuple[Said, list[Tag], str]:
        """Tokens with their concepts, the number-word tags apart, and the language."""
        tokens = tokenize(text, self.lexicon.danger)
        heard = self.lexicon.hear(tokens)
        language, latin, kept = identify(tokens, heard, self.lexicon, context.language)
        spoken: list[Tag] = []
        numbers: list[Tag] = []
        for tag in self.senses.of(tokens, heard, language, latin, kept):
            (numbers if tag.concept[0] == "#" else spoken).append(tag)
        return Said(tokens, longest(spoken)), numbers, language

    def understand(self, text: str, context: Context = NO_CONTEXT) -> Meaning:
        """What ``text`` means. Deterministic; work is bounded whatever the text."""
        said, number_tags, language = self.said(text, context)
        tokens = said.tokens
        words_at: dict[int, list[Tag]] = {}
        for tag in number_tags:
            words_at.setdefault(tag.start, []).append(tag)
        amounts = find_amounts(tokens, words_at)
        pressure = language in CENTIMETRES and said.has(*PRESSURE_SIGNS)
        mark_uses(said, amounts, pressure=pressure)
        mend_half_heard(said, amounts, words_at)
        numbers = tuple(amount.value for amount in amounts if _may_answer(amount, tokens))
        well = well_said(said)  # before being well is concluded from other things
        _tell_years(said, amounts)
        _tell_meter(said, text, context)
        _tell_conditions(said, context)
        _tell_pregnancy(said, amounts)
        times = find_moments(said, amounts, context, self.calendar)
        readings = self.measures.find(said, amounts, context, language, pressure=pressure)
        _tell_wellness(said, readings, self.ranges)
        if own_name(text) is not None:
            said.add(Tag(OWN_NAME, 0, 1, "en"))
        measure = partial(self.measures.find, context=context, language=language, pressure=pressure)
        verdict = judge(said, readings, amounts, self.alarms, self.ranges, measure)
        intent, scores = find_intent(said, readings, amounts, verdict.urgency in ("emergency", "urgent"), self.intents)
        command, command_spans = self._command(said)
        spans = verdict.spans + tuple(reading.span for reading in readings if reading.span is not None) + command_spans
        return Meaning(
            urgency=verdict.urgency,
            category=verdict.category,
            intent=intent,
            command=command,
            readings=tuple(readings),
            numbers=numbers,
            durations=find_durations(said, amounts, times),
            amounts=tuple(
                NumberFound(
                    amount.value,
                    Span(tokens[amount.start].start, tokens[min(amount.end, len(tokens)) - 1].end, "number"),
                    amount.use,
                )
                for amount in amounts
            ),
            yes_no=yes_no(said, scores, well),
            well=well,
            denies=said.has("neg", "no_word"),
            only_no=only_no(said),
            over=_over(said),
            unable=said.has("cant", "unsure", "not_understood"),
            another=of_another(said, readings),
            moment=moment_of(said) if context.expects == "choice" and not readings else None,
            corrects=said.has("correct", "by_mistake") or (bool(numbers) and said.has("neg", "instead", "no_word")),
            language=language,
            script="native" if language in EUROPEAN else script_kind(tokens),
            times=times,
            spans=spans,
        )

    def _command(self, said: Said) -> tuple[str | None, tuple[Span, ...]]:
        """The command the whole message is, if it is one, and the words that say it."""
        words = [position for position, token in enumerate(said.tokens) if token.kind != "mark"]
        if not words:
            return None, ()
        first, last = words[0], words[-1] + 1
        for command in COMMANDS:
            for tag in said.by.get(f"cmd_{command}", ()):
                if tag.start <= first and tag.end >= last and tag.sure:
                    place = Span(said.tokens[first].start, said.tokens[last - 1].end, f"command:{command}")
                    return command, (place,)
        return None, ()


def _may_answer(amount: Amount, tokens: list[Token]) -> bool:
    """Whether the number may be an answer to a question for one; a small number word in a sentence is none."""
    return amount.use != HALF_HEARD and (amount.digits or amount.value >= 20 or len(tokens) <= 2)


def _tell_years(said: Said, amounts: list[Amount]) -> None:
    """A year in a message tells of old times: "a stroke in 2009", "6 saal phle"; so do "il y a 8 ans" and "vor 12 Jahren"."""
    for amount in amounts:
        before = said.here(amount.start - 1, "ago_before") and said.here(amount.end, *YEARS)
        if amount.use == "year" or before:
            said.add(Tag("past_long", amount.start, amount.end, "en"))
    for amount in amounts:
        if said.here(amount.end, *YEARS) and _ill_since(said, amount):
            said.add(Tag("past_long", amount.start, amount.end + 1, "en"))
    since = {tag.end for tag in said.by.get("since", ())}
    for tag in said.by.get("ago_before", ()):
        spans = said.all_of(("year", "month"))
        years = any(0 <= span.start - tag.end <= FEW_WORDS and not _that(said, span.end) for span in spans)
        if years and tag.start not in since:
            said.add(Tag("past_long", tag.start, tag.end, "en"))  # "hace un par de años", "vor ein paar Jahren"
    for span in said.all_of(("year", "month")):
        if said.here(span.end, "before", "ago"):
            said.add(Tag("past_long", span.start, span.end + 1, "en"))


def _ill_since(said: Said, amount: Amount) -> bool:
    """ "Stroke vandhu rendu varusham", "2 yrs since the stroke": the years after an illness."""
    then = said.here(amount.end + 1, "since")
    return any(
        0 <= amount.start - tag.end < FEW_WORDS or (then and 0 < tag.start - amount.end <= FEW_WORDS)
        for tag in said.all_of(ILLNESSES)
    )


def _that(said: Said, position: int) -> bool:
    """ "Hace tres meses que vomita": what began then goes on."""
    return position < len(said.tokens) and said.tokens[position].text in ("que", "qu")


def _tell_meter(said: Said, text: str, context: Context) -> None:
    """A meter shows LO or HI, and people copy the capital letters in any language; "lo" and "hi" in small letters are words.

    Asked for a glucose, nobody answers "lo" with anything but the meter; a message that is LO alone is most likely that too.
    """
    asked = context.expects == "glucose" and len(said.tokens) <= ANSWER
    if not asked and len(said.tokens) > 1 and not said.has("meter", "m_glucose", "measured"):
        return
    for position, token in enumerate(said.tokens):
        shown = METER_SHOWS.get(text[token.start : token.end]) or (METER_LOW if asked and token.text == "lo" else None)
        if shown is not None:
            said.add(Tag(shown, position, position + 1, "en"))
            if asked:
                said.add(Tag("meter", position, position + 1, "en"))
            elif len(said.tokens) == 1 and shown == METER_LOW:
                said.add(Tag("meter_alone", position, position + 1, "en"))


def _tell_conditions(said: Said, context: Context) -> None:
    """What is known of the person counts as said, unless the message is about somebody else."""
    if said.tokens and not said.has("family"):
        for condition in context.conditions:
            if (concept := CONDITIONS.get(condition)) is not None and not said.has(concept):
                said.add(Tag(concept, 0, 1, KNOWN))


def _tell_pregnancy(said: Said, amounts: list[Amount]) -> None:
    """ "34 weeks, headache", "6 months belly": only of a pregnancy do people count so."""
    for amount in amounts:
        for span in said.at.get(amount.end, ()):
            weeks = span.concept == "week" and LATE_WEEKS[0] <= amount.value <= LATE_WEEKS[1]
            count = span.concept == "month" and FIRST_MONTH <= amount.value <= LAST_MONTH
            count = count and said.has("blood", "bleed", "waters", "not_move", "contraction")
            months = count and (said.has("wife") or said.near(("belly",), span.end, span.end, 3))
            if (weeks or months) and not said.here(span.end, "ago", "before", "since") and not said.has("pregnant"):
                said.add(Tag("pregnant", amount.start, span.end, "en"))


def _over(said: Said) -> bool:
    """ "My thyroid is cured", "mujhe ab bp nahi hai". Not where it is asked, told of a relative, or of what is at home."""
    if said.has(*NOT_OVER):
        return False
    return said.has("relieved", "healed", "went_away") or (
        said.has("neg", "no_word", "no_trouble", "do_not") and said.has("now", "any_more")
    )


def _tell_wellness(said: Said, readings: list[ReadingFound], ranges: Ranges) -> None:
    """Who walked, wants a report or measures good oxygen says by that as much as by "I am fine"; a denial is believed beside it.

    "So that no wound comes, which shoes": prevention is a general question.
    """
    oxygen = [reading.value or 0.0 for reading in readings if reading.kind == "spo2"]
    if said.has(*BUSINESS) or (oxygen and min(oxygen) >= ranges.danger.spo2_urgent_below):
        said.add(Tag("well", 0, 1, "en"))
    if said.has("lest") and said.has("question", "should", "why", "can", "edu_ask"):
        said.add(Tag("edu", 0, 1, "en"))
