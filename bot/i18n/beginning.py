"""What a new language begins with: a page with what CLDR knows of it, and an empty glossary."""

from __future__ import annotations

from pathlib import Path

from bot.dialogue.bundle import PAGE
from bot.dialogue.tongue import NAME
from bot.i18n.glossary import GLOSSARY
from bot.model.locales import babel_locale

_PAGE = """# How this language is written here. A native reader checks this page; docs/languages.md says what each line is for.
name: "{name}"
also: ["{english}"]
script: {script}
day: "{{weekday}}, {{day}} {{month}}"
date: "{{day}} {{month}}"
moment: "{{date}}, {{time}}"
time: "{{clock}}"
hours: 24
parts: {{}}
lists: {{two: "{{0}}, {{1}}", between: "{{0}}, {{1}}", last: "{{0}}, {{1}}"}}
rude: []
gendered: []
private: []
endings: []
"""
_GLOSSARY = """# The same medical word everywhere: English on the left, what stands for it on the right, several parted by ' / '.
# "word-" is a beginning that always stays; "(may be left out)" after the English: a guide, which is not checked.
"fasting": ""
"reading": ""
"low sugar": ""
"""
SCRIPTS = {"ne": "Deva", "mai": "Deva", "sd": "Arab", "ks": "Arab", "ar": "Arab", "fa": "Arab", "he": "Hebr", "si": "Sinh"}
"""Scripts of languages that are not written in Latin letters and whose code does not say so."""


def begun(locales: Path, language: str) -> dict[Path, str]:
    """The files of a new language."""
    locale = babel_locale(language)
    name, english = (locale.display_name or language)[:NAME], (locale.english_name or language).split(" (")[0].lower()
    page = _PAGE.format(name=name, english=english, script=locale.script or SCRIPTS.get(locale.language, "Latn"))
    return {locales / language / PAGE: page, locales / language / GLOSSARY: _GLOSSARY}
