"""The state of every translation: what is missing, fuzzy, or clinical and not yet reviewed; counted by language and flow."""

from __future__ import annotations

import re
from hashlib import sha256
from typing import Literal

from babel.messages.catalog import Catalog, Message
from msgspec import Struct

from bot.dialogue.catalogue import DOMAIN
from bot.dialogue.content import Content
from bot.dialogue.file_texts import Written
from bot.dialogue.folding import placeholders
from bot.handwritten.finding import Finding
from bot.i18n.book import by_key

Risk = Literal["none", "clinical"]
State = Literal["translated", "needs review", "fuzzy", "missing"]
STATES: tuple[State, ...] = ("translated", "needs review", "fuzzy", "missing")
_REVIEWED = re.compile(r"reviewed: .*\[([0-9a-f]{12})\]$")


class Count(Struct, frozen=True):
    """The texts of one flow in one language. Fuzzy and missing ones are said in English, or stop the start when clinical.

    ``risk`` is 'clinical' or 'none'. Of a language as a whole, ``flow`` is empty."""

    language: str
    flow: str
    risk: Risk
    texts: int
    translated: int
    needs_review: int
    fuzzy: int
    missing: int


def seal(message: Message) -> str:
    """Names exactly this source and this translation, so that a review lapses when either changes."""
    return sha256(f"{message.id}\0{message.string}".encode()).hexdigest()[:12]


def review(message: Message, by: str, day: str) -> None:
    """Note who reviewed the translation as it is now."""
    kept = [comment for comment in message.user_comments if not comment.startswith("reviewed:")]
    message.user_comments = [*kept, f"reviewed: {by}, {day} [{seal(message)}]"]


def is_reviewed(message: Message) -> bool:
    found = [_REVIEWED.match(comment) for comment in message.user_comments]
    return any(one and one[1] == seal(message) for one in found)


def clinical_of(content: Content, flow: str) -> list[str]:
    """The keys of a flow's clinical texts; none for what is no flow."""
    return [key for key, written in content.keys.items() if written.clinical and key.partition(".")[0] == flow]


def state_of(message: Message | None, written: Written) -> State:
    if message is None or not message.string:
        return "missing"
    if message.fuzzy or message.id != written.source:
        return "fuzzy"
    return "needs review" if written.clinical and not is_reviewed(message) else "translated"


def counts(content: Content, catalog: Catalog, language: str) -> list[Count]:
    """One count for each flow, in the order of their names; two where only some of its texts are clinical."""
    known = by_key(catalog)
    found: dict[tuple[str, Risk], list[State]] = {}
    for key, written in content.keys.items():
        risk: Risk = "clinical" if written.clinical else "none"
        found.setdefault((key.split(".")[0], risk), []).append(state_of(known.get(key), written))
    return [_count(language, flow, risk, states) for (flow, risk), states in sorted(found.items())]


def by_risk(found: list[Count]) -> list[Count]:
    """The counts of all flows of a language together, by risk."""
    groups: dict[tuple[str, Risk], list[Count]] = {}
    for one in found:
        groups.setdefault((one.language, one.risk), []).append(one)
    return [
        Count(
            language, "", risk,
            *(sum(getattr(one, field) for one in ones) for field in ("texts", "translated", "needs_review", "fuzzy", "missing")),
        )
        for (language, risk), ones in groups.items()
    ]  # fmt: skip


def _count(language: str, flow: str, risk: Risk, states: list[State]) -> Count:
    return Count(language, flow, risk, len(states), *(states.count(state) for state in STATES))


def problems(content: Content, catalog: Catalog, language: str) -> list[Finding]:
    """What must be mended in a catalogue, as places in its file. What is clinical stops a release, the rest is a warning."""
    known = by_key(catalog)
    file = f"locales/{language}/LC_MESSAGES/{DOMAIN}.po"
    found = []
    for key, written in content.keys.items():
        message = known.get(key)
        line = (message.lineno if message is not None else None) or 1
        state = state_of(message, written)
        level: Literal["blocker", "warning"] = "blocker" if written.clinical else "warning"
        if message is None or (state == "fuzzy" and message.id != written.source):
            remedy = f"run: procare i18n update {language}"
            found.append(Finding("stale", file, line, 1, f"'{key}' is not as in {written.file}", remedy, level))
        elif state in ("missing", "fuzzy"):
            told = f"'{key}' has no translation" if state == "missing" else f"the translation of '{key}' is marked fuzzy"
            remedy = "translate it" if state == "missing" else "check it and remove the mark"
            found.append(Finding(state, file, line, 1, told, remedy, level))
        elif placeholders(str(message.string)) != placeholders(written.source):
            remedy = "use each {{ placeholder }} of the source as it is"
            found.append(Finding("placeholder", file, line, 1, f"'{key}' has other placeholders", remedy))
    for key in sorted(set(known) - set(content.keys)):
        told = f"'{key}' is no text of the content any more"
        remedy = f"run: procare i18n update {language}"
        found.append(Finding("gone", file, known[key].lineno or 1, 1, told, remedy, "warning"))
    return sorted(found, key=lambda one: one.line)
