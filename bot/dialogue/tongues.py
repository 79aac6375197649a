"""The pages of the languages that we speak, read from the files of a bundle."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from msgspec import structs

from bot.dialogue.bundle import LOCALES, PAGE
from bot.dialogue.folding import fold
from bot.dialogue.tongue import Tongue, read_tongue, tongue_of
from bot.handwritten.finding import Finding, Unreadable
from bot.handwritten.source import parse_source
from bot.model.locales import babel_locale


def read_tongues(files: Mapping[str, bytes], languages: Sequence[str]) -> tuple[dict[str, Tongue], list[Finding]]:
    """How each of ``languages`` is written, and every finding. One without a page, or with a bad one, is as CLDR knows it."""
    tongues: dict[str, Tongue] = {}
    findings: list[Finding] = []
    for language in languages:
        name = f"{LOCALES}{language}/{PAGE}"
        page = None
        if name in files:
            try:
                source = parse_source(files[name], name)
                page, wrong = read_tongue(source)
                findings += [source.finding(path, "form", message, remedy) for path, message, remedy in wrong]
            except Unreadable as error:
                findings.extend(error.findings)
        tongues[language] = tongue_of(language, page)
    return _named_by_others(tongues), findings


def _named_by_others(tongues: Mapping[str, Tongue]) -> dict[str, Tongue]:
    """Each also under what CLDR calls it in each of the others; a name that a page has means that page's language."""
    taken = {name for tongue in tongues.values() for name in tongue.names}
    found = dict(tongues)
    for code, tongue in tongues.items():
        said = (babel_locale(other).languages.get(code) for other in tongues)
        names = {fold(name) for name in said if name} - taken
        found[code] = structs.replace(tongue, names=tongue.names | names)
        taken |= names
    return found


def load_tongues(locales: Path, languages: Sequence[str]) -> dict[str, Tongue]:
    """The same from a folder. Raises Unreadable."""
    pages = {f"{LOCALES}{language}/{PAGE}": locales / language / PAGE for language in languages}
    tongues, findings = read_tongues({name: path.read_bytes() for name, path in pages.items() if path.is_file()}, languages)
    if findings:
        raise Unreadable(findings)
    return tongues
