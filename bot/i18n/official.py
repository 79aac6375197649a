"""What a reader of the language would trip over in a template of the official channel: the slips that a catalogue is held to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from bot.dialogue.official.read import Drafted
from bot.dialogue.official.template import Said
from bot.dialogue.tongue import Tongue
from bot.handwritten.finding import Finding
from bot.i18n.glossary import load_glossary
from bot.i18n.slips import slips

SOURCE_LANGUAGE = "en"


def misread(drafted: Mapping[str, Drafted], tongues: Mapping[str, Tongue], locales: Path) -> Iterator[Finding]:
    """In every translated language, at its line. ``tongues`` and ``locales`` are those of the languages that we speak."""
    glossaries = {language: load_glossary(locales, language) for language in tongues if language != SOURCE_LANGUAGE}
    for one in drafted.values():
        if (english := one.template.texts.get(SOURCE_LANGUAGE)) is None:
            continue
        for language, glossary in glossaries.items():
            said = one.template.texts.get(language)
            for path, source, text in _parts(english, said) if said is not None else ():
                for code, level, told, remedy in slips(source, text, tongues[language], glossary):
                    yield one.source.finding(("texts", language, *path), code, f"it {told}", remedy, level=level)


def _parts(english: Said, said: Said) -> Iterator[tuple[tuple[str, ...], str, str]]:
    """Each text that a phone shows: where it stands, and the two wordings."""
    for place in ("header", "body", "footer"):
        if text := getattr(said, place):
            yield (place,), getattr(english, place) or "", text
    labels = dict(english.buttons)
    for option, label in said.buttons:
        yield ("buttons", option), labels.get(option, ""), label
