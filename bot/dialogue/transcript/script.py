"""One conversation test as its author wrote it: who the patient is, what is said, what must come back.

test: A low reading is treated at once
patient: {condition: type_2, unit: mg/dL}     # or: patient: new
at: "2025-11-25 11:30"                        # on the patient's clock
steps:
  - me: {en: "sugar 64", hi: "शुगर 64"}
  - agent: {low: {value_mg_dl: 64}}
  - bot: [log_glucose.low_advice.say]
  - after: 15m
  - bot: [log_glucose.low_advice.silence]
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from msgspec import Struct

from bot.handwritten.finding import Finding, Unreadable
from bot.handwritten.source import Path_, Source

WRITTEN_IN = ("en", "hi")
"""The languages whose words a test has to have, where it does not say in which ones it is."""

FORMS = ("typed", "tapped", "number", "label")
MEDIA = {"photo": "image", "voice": "audio", "video": "video", "document": "document", "location": "location",
         "contact": "contact", "sticker": "sticker", "reaction": "reaction"}  # fmt: skip
VERBS = frozenset({"me", "tap", "late", "edit", "bot", "agent", "told", "after", "at", "expect", "repeat", "restart", *MEDIA})
KEYS = ("test", "note", "languages", "forms", "at", "patient", "steps")
EXPECTED = frozenset({
    "consent", "stopped", "stack", "step", "vars", "profile", "language", "records", "record", "messages", "kind", "intents",
    "intent", "task", "effects", "timers", "next_timer", "overdue", "held", "notices_today", "options", "media",
})  # fmt: skip
FIELDS = {
    "record": "record: {consent: {language: en}}",
    "profile": "profile: {unit: mg/dL}",
    "vars": "vars: {glucose: 140}",
    "intent": "intent: {value: 140}",
    "task": "task: {category: stroke}",
}
PATIENT = frozenset({
    "address", "stopped", "consent", "name", "birth_year", "condition", "unit", "zone", "country", "language",
    "language_chosen", "minor", "purposes", "staff",
})  # fmt: skip
REPEATS = ("me", "agent", "timer", "told")
LINES = 400
_DURATION = re.compile(r"(\d{1,5})\s*(s|m|h|d)$")
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


class Line(Struct, frozen=True):
    """One step of the transcript. ``number`` is its line in the file, ``end`` the first line after it."""

    verb: str
    value: Any
    number: int
    end: int


class Script(Struct, frozen=True):
    """``at`` is the patient's local time or None; ``patient`` is None for somebody we do not know."""

    file: str
    title: str
    languages: tuple[str, ...] | None
    forms: tuple[str, ...]
    at: datetime | None
    patient: dict[str, Any] | None
    lines: tuple[Line, ...]


def seconds_of(value: Any) -> int | None:
    """``8s``, ``30m``, ``12h``, ``7d`` in seconds; None when it is not a duration."""
    found = _DURATION.match(value.strip()) if isinstance(value, str) else None
    return int(found[1]) * _SECONDS[found[2]] if found else None


def moment_of(value: Any) -> datetime | None:
    """``2025-11-25 11:30`` on the patient's clock, without a zone; None when it is not a moment."""
    try:
        return datetime.strptime(value, "%Y-%m-%d %H:%M") if isinstance(value, str) else None  # noqa: DTZ007
    except ValueError:
        return None


def read_script(source: Source, languages: Sequence[str]) -> Script:
    """The test in a file. ``languages``: those of the product. Raises Unreadable with every finding."""
    return _Parser(source, languages).script()


class _Parser:
    def __init__(self, source: Source, languages: Sequence[str]) -> None:
        self.source = source
        self.languages = tuple(languages)
        self.findings: list[Finding] = []

    def find(self, path: Path_, message: str, remedy: str) -> None:
        self.findings.append(self.source.finding(path, "transcript", message, remedy))

    def script(self) -> Script:
        data = self.source.data
        if not isinstance(data, dict):
            self.find((), "this is not a conversation test", "begin with 'test:' and 'steps:'")
            raise Unreadable(self.findings)
        for key in data:
            if key not in KEYS:
                self.find((key,), f"a test has no '{key}'", f"use {', '.join(KEYS)}")
        if not isinstance(data.get("test"), str):
            self.find((), "the test has no title", "add 'test: what it shows'")
        chosen = self._listed(data, "languages", self.languages)
        forms = self._listed(data, "forms", FORMS)
        at = moment_of(data.get("at"))
        if "at" in data and at is None:
            self.find(("at",), f"'{data['at']}' is no moment", 'write one like "2025-11-25 11:30"')
        patient = data.get("patient", {})
        if patient != "new" and not isinstance(patient, dict):
            self.find(("patient",), "the patient is neither 'new' nor a list of details", "write 'patient: new' or details")
        for name, detail in patient.items() if isinstance(patient, dict) else ():
            if name not in PATIENT or isinstance(detail, dict) or (isinstance(detail, list) and name != "purposes"):
                self.find(("patient", name), f"a patient has no '{name}' like this", f"use {', '.join(sorted(PATIENT))}")
        steps = data.get("steps")
        if not isinstance(steps, list) or not steps or len(steps) > LINES:
            self.find(("steps",), f"the test needs 1 to {LINES} steps", "add 'steps:' with lines like '- me: hello'")
            steps = []
        own = tuple(language for language in self.languages if language in WRITTEN_IN)  # in the others, English words stand in
        lines = [self._line(index, step, chosen or own) for index, step in enumerate(steps)]
        if self.findings:
            raise Unreadable(self.findings)
        return Script(
            file=self.source.name,
            title=data["test"],
            languages=chosen,
            forms=forms or FORMS,
            at=at,
            patient=dict(patient) if isinstance(patient, dict) else None,
            lines=tuple(line for line in lines if line),
        )

    def _listed(self, data: dict[str, Any], key: str, allowed: Sequence[str]) -> tuple[str, ...] | None:
        if key not in data:
            return None
        value = data[key]
        if not isinstance(value, list) or not value or any(item not in allowed for item in value):
            self.find((key,), f"'{key}' must be a list of {', '.join(allowed)}", "mend it, or leave it out for all")
            return None
        return tuple(value)

    def _line(self, index: int, step: Any, languages: Sequence[str]) -> Line | None:
        path: Path_ = ("steps", index)
        if not isinstance(step, dict) or len(step) != 1:
            self.find(path, "a step is one word and what belongs to it", "write it like '- me: hello'")
            return None
        [(verb, value)] = step.items()
        if verb not in VERBS:
            self.find(path, f"there is no step '{verb}'", f"use one of {', '.join(sorted(VERBS))}")
            return None
        self._check(path, verb, value, languages)
        places = self.source.places
        start = places[path][0]
        after = places.get(("steps", index + 1))
        return Line(verb, value, start, after[0] if after else 0)

    def _check(self, path: Path_, verb: str, value: Any, languages: Sequence[str]) -> None:
        if verb in ("me", "edit"):
            self._words(path, value, languages)
        elif verb == "late":
            if not isinstance(value, dict) or seconds_of(value.get("by")) is None or set(value) != {"by", "me"}:
                self.find(path, "'late' needs how late and what was written", "write '- late: {by: 3h, me: hello}'")
            else:
                self._words(path, value["me"], languages)
        elif verb == "after" and seconds_of(value) is None:
            self.find(path, f"'{value}' is no duration", "write one like 8s, 30m, 12h or 7d")
        elif verb == "at" and moment_of(value) is None:
            self.find(path, f"'{value}' is no moment", 'write one like "2025-11-25 11:30"')
        elif verb == "repeat" and value not in REPEATS:
            self.find(path, f"'{value}' cannot be repeated", f"use {', '.join(REPEATS)}")
        elif verb == "expect":
            self._expect(path, value)
        elif verb == "bot":
            self._bot(path, value, languages)
        elif verb == "agent":
            facts = list(value.values()) if isinstance(value, dict) else [{}]
            if not isinstance(value, str | dict) or len(facts) != 1 or not isinstance(facts[0] or {}, dict):
                self.find(path, "an agent gives one outcome", "write '- agent: {in_range: {value_mg_dl: 98}}' or '- agent: late'")
        elif verb == "told":
            told = list(value.items()) if isinstance(value, dict) else [(value, None)]
            if len(told) != 1 or "." not in str(told[0][0]) or not isinstance(told[0][1] or {}, dict):
                self.find(path, "an agent tells one thing", "write '- told: {doctor_bridge.case_opened: {number: 12}}'")
        elif verb == "tap" and not isinstance(value, str | int):
            self.find(path, "'tap' needs the id of one option", "write it like '- tap: fasting'")

    def _expect(self, path: Path_, value: Any) -> None:
        if not isinstance(value, dict):
            self.find(path, "nothing is expected here", "write it like '- expect: {consent: true}'")
            return
        for key, wanted in value.items():
            if key not in EXPECTED:
                self.find(path, f"'{key}' cannot be expected", f"use {', '.join(sorted(EXPECTED))}")
            fields = [wanted, *wanted.values()] if key == "record" and isinstance(wanted, dict) else [wanted]
            if key in FIELDS and not all(isinstance(one, dict) for one in fields):
                self.find(path, f"'{key}' needs fields", f"write it like '{FIELDS[key]}'")
            if key == "next_timer" and wanted is not None and seconds_of(wanted) is None:
                self.find(path, f"'{wanted}' is no duration", "write one like 8s, 30m, 12h or 7d")

    def _bot(self, path: Path_, value: Any, languages: Sequence[str]) -> None:
        if isinstance(value, list) and value:
            for one in value:
                if isinstance(one, dict) and set(one) & set(self.languages):
                    self._words(path, one, languages)
                elif not isinstance(one, str) and not (
                    isinstance(one, dict) and len(one) == 1 and isinstance(next(iter(one.values())), dict)
                ):
                    self.find(path, "what the bot says is a key, a key with fields, or words", "see the other tests")
        elif isinstance(value, dict):
            self._words(path, value, languages)
        elif not isinstance(value, str):
            self.find(path, "nothing is said here that could be compared", "list keys, or write 'nothing'")

    def _words(self, path: Path_, value: Any, languages: Sequence[str]) -> None:
        if isinstance(value, dict):
            for language in languages:
                if language not in value:
                    self.find(path, f"the words for '{language}' are missing", f"add them, or 'languages: [{', '.join(value)}]'")
        elif not isinstance(value, str | int | float) or isinstance(value, bool):
            self.find(path, "there are no words", "write them in quotes")
