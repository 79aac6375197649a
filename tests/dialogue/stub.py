"""A few words of understanding, enough for the engine's own tests. The real reader has its own tests."""

from __future__ import annotations

import re

from bot.understanding.meaning import Context, IntentFound, Meaning, ReadingFound, Span

COMMANDS = {
    "menu": "menu", "मेनू": "menu", "help": "help", "stop": "stop", "बंद": "stop", "start": "start", "language": "language",
    "human": "human", "cancel": "cancel", "back": "back", "repeat": "repeat", "skip": "skip", "छोड़ें": "skip",
}  # fmt: skip
EMERGENCIES = {"chest pain": "chest_pain", "सीने में दर्द": "chest_pain", "want to die": "self_harm", "snake": "snake_bite"}
URGENT = {"very dizzy": "severe_hypoglycaemia", "foot wound": "foot"}
CONFIRM = {"fainted": "unconscious"}
CONTEXTS = {"fasting": "fasting", "खाली पेट": "fasting", "after food": "after_meal"}
_NUMBER = re.compile(r"\d+(?:\.\d+)?")


def understand(text: str, context: Context) -> Meaning:
    low = text.lower().strip()
    language = "hi" if any("\u0900" <= char <= "\u097f" for char in text) else "en"
    numbers = tuple(float(number) for number in _NUMBER.findall(low))[:20]
    readings: list[ReadingFound] = []
    meal = next((name for word, name in CONTEXTS.items() if word in low), None)
    if "sugar" in low or "शुगर" in low or context.expects == "glucose" or (meal and numbers):
        for number in numbers:
            problem = (
                "implausible"
                if not 20 <= number <= 1000
                else "ambiguous_unit"
                if number <= 33
                else "unlikely"
                if number < 40 or number > 500
                else None
            )
            readings.append(ReadingFound("glucose", number, unit="mg/dL", context=meal, problem=problem, raw=text[:40]))
    urgency, category = "none", None
    for level, words in (("confirm", CONFIRM), ("urgent", URGENT), ("emergency", EMERGENCIES)):
        for word, name in words.items():
            if word in low:
                urgency, category = level, name
    return Meaning(
        urgency=urgency,  # type: ignore[arg-type]
        category=category,
        intent=IntentFound("log_reading", 0.9) if low == "log my sugar please" else None,
        command=COMMANDS.get(low),
        readings=tuple(readings),
        numbers=numbers,
        yes_no={"yes": True, "haan": True, "हाँ": True, "no": False, "nahi": False, "नहीं": False}.get(low),
        language=language,
        script="native",
        spans=(Span(0, len(text), f"test.{category}"),) if category else (),
    )
