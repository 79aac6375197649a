"""What a reader of the language would trip over in a catalogue: in a text, in its length, in labels that look alike."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from babel.messages.catalog import Catalog

from bot.dialogue.catalogue import DOMAIN
from bot.dialogue.content import Content
from bot.dialogue.file_texts import LABEL, Written
from bot.dialogue.flow import Flow
from bot.dialogue.folding import fold
from bot.dialogue.graphemes import length
from bot.dialogue.tongue import Tongue
from bot.handwritten.finding import Finding, Level
from bot.i18n.book import by_key
from bot.i18n.budget import ASKED, budget_of
from bot.i18n.glossary import Term
from bot.i18n.slips import slips

DESCRIPTION = ".description"
_KEEP = re.compile(r"not translate|keep both", re.IGNORECASE)


def mistakes(content: Content, catalog: Catalog, tongue: Tongue, glossary: Sequence[Term]) -> list[Finding]:
    """Findings of one language, as places in its catalogue; what is missing or fuzzy is told elsewhere."""
    file = f"locales/{tongue.code}/LC_MESSAGES/{DOMAIN}.po"
    known = by_key(catalog)
    found: list[Finding] = []
    rows: dict[str, dict[str, str]] = {}
    for key, written in content.keys.items():
        message = known.get(key)
        if message is None or not message.string or message.fuzzy or message.id != written.source:
            continue
        text = str(message.string)
        line = message.lineno or 1
        for code, level, told, remedy in _of_one(key, written, text, tongue, glossary, content.flows):
            found.append(Finding(code, file, line, 1, f"'{key}' {told}", remedy, level))
        step, _, option = key.partition(".option.")
        if option and not option.endswith(DESCRIPTION):
            other = rows.setdefault(step, {}).setdefault(fold(text), key)
            if other != key:
                found.append(Finding("label", file, line, 1, f"'{key}' looks like '{other}'", "word them differently"))
        label = known.get(key.removesuffix(DESCRIPTION)) if key.endswith(DESCRIPTION) else None
        if label is not None and fold(str(label.string)) == fold(text):
            told = f"'{key}' says its label once more"
            found.append(Finding("label", file, line, 1, told, "say more than the label, or in other words", "warning"))
    return sorted(found, key=lambda one: one.line)


def _of_one(
    key: str, written: Written, text: str, tongue: Tongue, glossary: Sequence[Term], flows: Mapping[str, Flow]
) -> Iterator[tuple[str, Level, str, str]]:
    kept = bool(written.note and _KEEP.search(written.note))
    yield from slips(written.source, text, tongue, glossary, kept=kept)
    budget, used = budget_of(key, flows), length(text)
    if used > budget.limit:
        level: Level = "blocker" if used > budget.most and budget.most < ASKED.limit else "warning"
        yield "label" if LABEL in key else "length", level, f"has {used} characters", budget.told()
