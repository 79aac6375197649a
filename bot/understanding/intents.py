"""What the person wants: the best of the intent rules that hold, and the runner-up."""

from __future__ import annotations

from typing import Final

from bot.understanding.amounts import Amount
from bot.understanding.half_heard import HALF_HEARD
from bot.understanding.lexicon import Tag
from bot.understanding.meaning import IntentFound, ReadingFound, Span
from bot.understanding.rules import RuleSet, extent
from bot.understanding.said import Said

NONE: Final = IntentFound("none", 0.5)
LONE_GUESS: Final = 0.65  # one word that only looks like a known one may be anything, a name for example
READING: Final = 0.865  # above a meal told of beside it
COUNTED: Final = 0.82  # food with its number, "2 roti dal", beside a reading: it was eaten
PLEASANTRIES: Final = frozenset(
    {"greet", "thanks", "affirm", "deny", "none", "help", "menu", "ask_education", "ask_about_relative"}
)
"""Wishes that may be no more than part of a greeting: "hello, how are you", "good morning everybody"."""
TOPIC: Final = 0.73  # a wish so sure is what a greeting leads to: "hello, I need an appointment"
BESIDE: Final = 0.45
ASKED: Final = ("should", "question", "can", "if")
JUDGED: Final = ("ok_word", "is_normal", "fine", "high_word", "low_word")
OF_A_NUMBER: Final = 0.87
FEW: Final = 7  # words of a question about one number
KNOWN: Final = "known"  # the "language" of what nobody said and is known of the person: no wish comes of that alone
OWN_NAME: Final = "own_name_told"  # the message is nothing but an introduction
NAME_TOLD: Final = 0.87
NO_INTRODUCTION: Final = (
    "wrong", "change", "neg", "no_word", "question", "report", "doctor", "family", "medicine", "appointment", "message", "pain",
)  # fmt: skip
SYMPTOM: Final = "report_symptom"
FELT: Final = 0.8  # a symptom so sure is worth asking about beside whatever else is told
NOT_FELT: Final = (
    "m_glucose", "m_bp", "m_pulse", "m_temp", "m_spo2", "m_hba1c", "food", "meal", "summoned",
)  # fmt: skip
"""A word that says one of these too is no symptom beside another wish: "dhadkan 92" is a pulse, puri is eaten."""
LIKE_SUGAR: Final = (40.0, 600.0)  # numbers that may be asked about as a sugar


def find_intent(
    said: Said, readings: list[ReadingFound], amounts: list[Amount], urgent: bool, rules: RuleSet
) -> tuple[IntentFound, dict[str, float]]:
    """The intent, and every candidate's score."""
    scores: dict[str, float] = {}
    places: dict[str, Span] = {}
    felt = False
    for rule, ways in rules.matches(said):
        told = [tags for tags in ways if any(tag.language != KNOWN for tag in tags)]
        if not told:
            continue
        felt = felt or (rule.intent == SYMPTOM and rule.score >= FELT and any(_is_felt(said, tags, readings) for tags in told))
        guessed, tags = min(((sum(not tag.sure for tag in tags), tags) for tags in told), key=lambda way: way[0])
        score = rule.score - 0.08 * guessed
        if guessed and len(said.tokens) == 1:
            score = min(score, LONE_GUESS)
        if score > scores.get(rule.intent, 0.0):
            scores[rule.intent] = score
            start, end = extent(tags)
            places[rule.intent] = Span(said.tokens[start].start, said.tokens[end - 1].end, "intent:" + "+".join(rule.all))
    measured = [reading for reading in readings if reading.problem != "implausible"]
    if measured:
        only_insulin = all(reading.kind == "insulin_dose" for reading in measured)
        kind = "log_medication" if only_insulin else "log_reading"
        if scores.get(kind, 0.0) < READING and measured[0].span is not None:
            places[kind] = measured[0].span
        scores[kind] = max(scores.get(kind, 0.0), READING)
        counted = any(amount.use == "food" for amount in amounts)
        if counted and "log_meal" in scores and not said.has(*ASKED):
            scores["log_meal"] = max(scores["log_meal"], COUNTED)
    if not measured and said.has("m_glucose") and any(amount.use == HALF_HEARD for amount in amounts):
        scores["log_reading"] = max(scores.get("log_reading", 0.0), COUNTED)  # the value is asked for
    if not measured and _asks_of_a_number(said, amounts):
        scores["see_targets"] = max(scores.get("see_targets", 0.0), OF_A_NUMBER)
    if said.has(OWN_NAME) and not said.has(*NO_INTRODUCTION):
        scores["tell_name"] = NAME_TOLD
    if urgent:
        scores["report_symptom"] = max(scores.get("report_symptom", 0.0), 0.7)
    if scores.get("greet", 0.0) > BESIDE and any(scores[wish] > TOPIC for wish in scores.keys() - PLEASANTRIES):
        scores["greet"] = BESIDE
    if not scores:
        return NONE, scores
    ranked = sorted(scores.items(), key=lambda item: (-item[1], item[0]))
    best, score = ranked[0]
    others = [(SYMPTOM, scores[SYMPTOM])] if felt else [pair for pair in ranked[1:] if pair[0] != SYMPTOM or pair[1] < FELT]
    others = ranked[1:] if best == SYMPTOM else others
    second = others[0] if others else (None, 0.0)
    return IntentFound(best, round(min(score, 1.0), 3), second[0], round(second[1], 3), places.get(best)), scores


def _is_felt(said: Said, tags: list[Tag], readings: list[ReadingFound]) -> bool:
    """Whether a symptom stands in words of its own. The fever of a temperature is the temperature's."""
    measured = any(reading.kind == "temperature" for reading in readings)
    other = NOT_FELT + ("lap",) * said.has("lapped")  # "3 chakkar lagaye" are rounds of the park
    return all(not said.here(tag.start, *other) and not (measured and tag.concept == "fever") for tag in tags)


def _asks_of_a_number(said: Said, amounts: list[Amount]) -> bool:
    """ "Is 140 ok?", "180 zyada hai kya": a number is asked about and nothing says that it was measured."""
    free = [amount for amount in amounts if amount.use is None and amount.digits]
    asked = said.has("question", "ask_if") or said.here(0, "is_it")
    likely = len(free) == 1 and LIKE_SUGAR[0] <= free[0].value <= LIKE_SUGAR[1]
    return likely and asked and len(said.tokens) <= FEW and said.has(*JUDGED)
