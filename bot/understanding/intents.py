"""What the person wants: the best of the intent rules that hold, and the runner-up."""

from __future__ import annotations

from typing import Final

from bot.understanding.meaning import IntentFound, ReadingFound
from bot.understanding.rules import RuleSet
from bot.understanding.said import Said

NONE: Final = IntentFound("none", 0.5)
READING: Final = 0.84


def find_intent(said: Said, readings: list[ReadingFound], urgent: bool, rules: RuleSet) -> tuple[IntentFound, dict[str, float]]:
    """The intent, and every candidate's score."""
    scores: dict[str, float] = {}
    for rule, ways in rules.matches(said):
        guessed = min(sum(not tag.sure for tag in tags) for tags in ways)
        score = rule.score - 0.08 * guessed
        scores[rule.intent] = max(scores.get(rule.intent, 0.0), score)
    measured = [reading for reading in readings if reading.problem != "implausible"]
    if measured:
        only_insulin = all(reading.kind == "insulin_dose" for reading in measured)
        kind = "log_medication" if only_insulin else "log_reading"
        scores[kind] = max(scores.get(kind, 0.0), READING)
    if urgent:
        scores["report_symptom"] = max(scores.get("report_symptom", 0.0), 0.7)
    if not scores:
        return NONE, scores
    ranked = sorted(scores.items(), key=lambda item: (-item[1], item[0]))
    best, score = ranked[0]
    second = ranked[1] if len(ranked) > 1 else (None, 0.0)
    return IntentFound(best, round(min(score, 1.0), 3), second[0], round(second[1], 3)), scores
