"""The fixed texts of the emergency lane: every category, every language, short enough."""

from __future__ import annotations

import re

from bot.dialogue import authored
from bot.dialogue.authored import EMERGENCY_CATEGORIES, URGENT_CATEGORIES
from bot.dialogue.compiler import Compiler
from bot.dialogue.lint.at_load import BUILT_IN, check_names

EMERGENCY_TEXT = 300  # with its English line of numbers, in every language
NUMBER_WIDTH = 12
NUMBER_LINE = 30
_PLACED = re.compile(r"\{\{.*?\}\}")


def lint_emergency(compiler: Compiler, file: authored.EmergencyFile) -> None:
    for part, texts in (("emergency", file.emergency), ("urgent", file.urgent)):
        for name, say in texts.items():
            check_names(compiler, (part, name), say, set(BUILT_IN))
            if name not in (EMERGENCY_CATEGORIES if part == "emergency" else URGENT_CATEGORIES):
                compiler.find((part, name), "category", f"there is no emergency category '{name}'", "mend the name")
    for key, written in compiler.keys.items():
        lacking = []
        for language, known in compiler.translations.items():
            if key not in known or known[key][0] != written.source:
                lacking.append(language)
            elif _widest(known[key][1]) > EMERGENCY_TEXT - NUMBER_LINE:
                compiler.find((), "length", f"'{key}' ({language}) is too long for the emergency lane", "shorten it")
        if lacking:
            languages = ", ".join(sorted(lacking))
            compiler.find((), "translation", f"'{key}' has no current translation in {languages}", "translate it")
        if _widest(written.source) > EMERGENCY_TEXT:
            compiler.find((), "length", f"'{key}' is longer than {EMERGENCY_TEXT} characters", "shorten it")
    for needed in sorted(EMERGENCY_CATEGORIES - set(file.emergency)):
        compiler.find(("emergency",), "category", f"the category '{needed}' has no text", "write one")
    for needed in sorted({"general", "check"} - set(file.urgent)):
        compiler.find(("urgent",), "category", f"the urgent texts lack '{needed}'", "write one")


def _widest(text: str) -> int:
    """Length with the longest numbers that any country has."""
    return len(text) + sum(NUMBER_WIDTH - len(found[0]) for found in _PLACED.finditer(text))
