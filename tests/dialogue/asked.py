"""Somebody to whom a question is open, and a reader that hears danger in chosen words."""

from __future__ import annotations

from collections.abc import Callable

from bot.dialogue.engine import Engine
from bot.model.effects import Record
from bot.model.session import Frame, Wait
from bot.understanding.meaning import Context, Meaning, Span
from tests.dialogue.talk import Talk, content, policy

FALLS = {"ta": "சுகர் குறையும்போது", "kn": "ಶುಗರ್ ಇಳಿದಾಗ", "mr": "शुगर कमी होते तेव्हा", "de": "Wenn der Zucker fällt"}


def heard_in(*words: str) -> Callable[[str, Context], Meaning]:
    """A reader that hears an emergency in every message with one of these words."""

    def understand(text: str, context: Context) -> Meaning:
        found = any(word.casefold() in text.casefold() for word in words)
        span = (Span(0, len(text), "test.low"),) if found else ()
        return Meaning(urgency="emergency", category="severe_hypoglycaemia", spans=span) if found else Meaning()

    return understand


class Asked(Talk):
    """Somebody to whom a question is open."""

    def __init__(self, language: str, question: str = "education/browse", *danger: str) -> None:
        super().__init__(language)
        self.engine = Engine(content(), policy(), heard_in(*(danger or FALLS.values())))
        self.session.profile = {"language": language, "language_chosen": language}
        self.session.consent = {"version": policy().behaviour.consent_version, "purposes": ["care_messages"]}
        flow, step = question.split("/")
        self.session.stack = [Frame(flow, content().version, step, wait=Wait(step))]

    @property
    def alarmed(self) -> bool:
        return any(isinstance(one, Record) and one.kind == "emergency" for one in self.turns[-1].effects)

    @property
    def taken(self) -> list[str]:
        return [line["option"] for line in self.turns[-1].trace if line["action"] == "answered"]
