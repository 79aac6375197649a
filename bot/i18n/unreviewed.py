"""What a publication may be made to wait for: a native clinical reader's word on every clinical text of every language."""

from __future__ import annotations

from collections.abc import Mapping

from bot.dialogue.bundle import LOCALES
from bot.dialogue.catalogue import parse_catalogue
from bot.dialogue.file_texts import Written
from bot.handwritten.finding import Finding
from bot.i18n.book import by_key
from bot.i18n.state import state_of


def unreviewed(keys: Mapping[str, Written], files: Mapping[str, bytes]) -> list[Finding]:
    """The clinical texts of a bundle's catalogues with which nobody has agreed as they are now, by file and line."""
    clinical = {key: written for key, written in keys.items() if written.clinical}
    found: list[Finding] = []
    for name, raw in sorted(files.items()):
        if not (name.startswith(LOCALES) and name.endswith(".po")):
            continue
        language = name.split("/")[1]
        known = by_key(parse_catalogue(raw, language))
        for key, written in clinical.items():
            message = known.get(key)
            if (state := state_of(message, written)) == "translated":
                continue
            line = (message.lineno if message is not None else None) or 1
            told = "was not agreed to by a native clinical reader" if state == "needs review" else f"is {state}"
            remedy = f"let one read it, then run: procare i18n review {language} {key} --by NAME"
            found.append(Finding("review", name, line, 1, f"'{key}' {told}", remedy))
    return found
