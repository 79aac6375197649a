"""``procare i18n``: catalogues for translators, their state, and the spreadsheet door."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import click
from babel import Locale, UnknownLocaleError
from babel.messages.mofile import write_mo
from msgspec.json import encode

from bot.cli.catalogues import LANG, chosen_of, content_here
from bot.cli.i18n_table import export_table, import_table
from bot.dialogue.catalogue import SOURCE_LANGUAGE, catalogue_path, read_catalogue
from bot.dialogue.tongues import load_tongues
from bot.handwritten.finding import Finding
from bot.i18n.beginning import begun
from bot.i18n.book import TEMPLATE, bring_up, by_key, languages_of, store, template, write
from bot.i18n.glossary import load_glossary
from bot.i18n.lint import mistakes
from bot.i18n.preview import preview
from bot.i18n.pseudo import PSEUDO, write_pseudo
from bot.i18n.state import by_risk, clinical_of, counts, is_reviewed, problems, review, state_of

_LANGUAGE = re.compile(r"[a-z]{2,3}(_[A-Z][a-z]{3})?(_[A-Z]{2})?$")  # hi, hi_Latn, pt_BR
SHOWN = 10  # keys of one kind that are told by name


@click.group()
def i18n() -> None:
    """Keep the translations: catalogues, their state, and a table for those who work in a spreadsheet."""


@i18n.command("extract")
@click.option("--to", type=click.Path(dir_okay=False, path_type=Path), help="Default: procare.pot beside the catalogues.")
def extract_texts(to: Path | None) -> None:
    """Write all texts, untranslated, into a POT file."""
    content, locales = content_here()
    path = to or locales / TEMPLATE
    changed = write(path, template(content))
    click.echo(f"{path}: {len(content.keys)} texts{'' if changed else ', as before'}")


@i18n.command("update")
@click.argument("languages", nargs=-1)
def update_catalogues(languages: tuple[str, ...]) -> None:
    """Bring the catalogues of LANGUAGES up to date, by default all. A language without one gets one."""
    content, locales = content_here()
    for language in languages:
        _check_language(language)
    for language in languages or languages_of(locales):
        catalog, changes = bring_up(content, locales, language)
        written = store(catalog, locales, language)
        told = (
            ("new", changes.new),
            ("fuzzy: the source changed", changes.changed),
            ("fuzzy: moved to another key", changes.moved),
            ("gone", changes.gone),
        )
        counted = ", ".join(f"{len(keys)} {what}" for what, keys in told if keys)
        click.echo(f"{language}: {counted or ('brought up to date' if written else 'as before')}")
        for what, keys in told:
            for key in keys[:SHOWN]:
                click.echo(f"  {key} ({what})")
            if len(keys) > SHOWN:
                click.echo(f"  ... and {len(keys) - SHOWN} more ({what})")


@i18n.command("add")
@click.argument("language")
def add_language(language: str) -> None:
    """Begin a language: its page, its glossary and its catalogue. docs/languages.md tells what comes next."""
    content, locales = content_here()
    _check_language(language)
    for path, text in begun(locales, language).items():
        if path.exists():
            click.echo(f"{path}: there already")
        else:
            write(path, text)
            click.echo(f"{path}: write it with a native reader")
    catalog, changes = bring_up(content, locales, language)
    store(catalog, locales, language)
    click.echo(f"{language}: {len(changes.new)} texts to translate; when 'procare i18n check --lang {language}' finds nothing,")
    click.echo("add it to 'languages' in config/policy.yaml; docs/languages.md has the whole list")


@i18n.command("preview")
@click.argument("language")
@click.argument("flow", required=False)
@click.option("--to", type=click.Path(dir_okay=False, path_type=Path), help="Default: build/preview/LANGUAGE.html.")
def preview_texts(language: str, flow: str | None, to: Path | None) -> None:
    """Write a page with every text of LANGUAGE, or of one FLOW in it, as a phone shows it. Open it in a browser."""
    content, locales = content_here()
    [chosen] = chosen_of((language,), locales)
    if flow is not None and flow not in {key.partition(".")[0] for key in content.keys}:
        raise click.UsageError(f"there is no flow '{flow}' with texts")
    tongues = load_tongues(locales, (SOURCE_LANGUAGE, chosen))
    path = to or Path("build/preview") / f"{chosen}.html"
    write(path, preview(replace(content, tongues=tongues), tongues[chosen], by_key(read_catalogue(locales, chosen)), flow))
    click.echo(f"{path}: open it in a browser")


@i18n.command("pseudo")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path), default=Path("build/pseudo"))
def write_made_up(folder: Path) -> None:
    """Write two made-up languages into FOLDER (build/pseudo): English long and accented, and from right to left.

    With them, tests and the chat page show text that no catalogue has, and text that does not fit."""
    content, _ = content_here()
    write_pseudo(content, folder)
    settings = f"PROCARE_LOCALES_DIR={folder} PROCARE_LANGUAGES={','.join((SOURCE_LANGUAGE, *PSEUDO))}"
    click.echo(f"{folder}: {len(content.keys)} texts in {' and '.join(PSEUDO)}; to see them:")
    click.echo(f"  {settings} procare serve\n  {settings} procare dialogs test --lang {PSEUDO[0]} --form tapped")


@i18n.command("compile")
@LANG
def compile_catalogues(wanted: tuple[str, ...]) -> None:
    """Write each catalogue as a binary MO file beside it, for other programs. Ours reads the PO files.

    What is fuzzy is left out; what would stop a release stops this. Exit status 1 then."""
    content, locales = content_here()
    stopped = False
    for language in chosen_of(wanted, locales):
        catalog = read_catalogue(locales, language)
        stopping = [one for one in problems(content, catalog, language) if one.level == "blocker"]
        for one in stopping:
            click.echo(f"{one.level}: {one}")
        if stopping:
            stopped = True
            continue
        out = BytesIO()
        write_mo(out, catalog, use_fuzzy=False)
        path = catalogue_path(locales, language).with_suffix(".mo")
        write(path, out.getvalue())
        click.echo(
            f"{path}: {sum(bool(message.id and message.string and not message.fuzzy) for message in catalog)} translations"
        )
    if stopped:
        raise click.exceptions.Exit(1)


@i18n.command()
@LANG
@click.option("--json", "as_json", is_flag=True, help="For machines.")
def status(wanted: tuple[str, ...], as_json: bool) -> None:
    """How far each language is, by risk; with --lang, flow by flow."""
    content, locales = content_here()
    found = [
        one for language in chosen_of(wanted, locales) for one in counts(content, read_catalogue(locales, language), language)
    ]
    if as_json:
        click.echo(encode(found).decode())
        return
    rows = found if wanted else by_risk(found)
    place = f"{'flow':<20} " if wanted else ""
    head = f"{'texts':>6} {'translated':>11} {'needs review':>13} {'fuzzy':>6} {'missing':>8}"
    click.echo(f"{'language':<9} {place}{'risk':<9} {head}")
    for one in rows:
        place = f"{one.flow:<20} " if wanted else ""
        numbers = f"{one.texts:>6} {one.translated:>11} {one.needs_review:>13} {one.fuzzy:>6} {one.missing:>8}"
        click.echo(f"{one.language:<9} {place}{one.risk:<9} {numbers}")


@i18n.command()
@LANG
@click.option("--hints", is_flag=True, help="Also what may be meant so: another word than the glossary has.")
def check(wanted: tuple[str, ...], hints: bool) -> None:
    """What must be mended in the catalogues, by file and line. Exit status 1 when it stops a release."""
    content, locales = content_here()
    chosen = chosen_of(wanted, locales)
    tongues = load_tongues(locales, chosen)
    found: list[Finding] = []
    for language in chosen:
        catalog, glossary = read_catalogue(locales, language), load_glossary(locales, language)
        found += [*problems(content, catalog, language), *mistakes(content, catalog, tongues[language], glossary)]
    shown = [one for one in found if hints or one.level != "hint"]
    for one in shown:
        click.echo(f"{one.level}: {one}")
    levels = [one.level for one in found]
    stopping = levels.count("blocker")
    told = f", {levels.count('hint')} hints (--hints shows them)" if "hint" in levels and not hints else ""
    click.echo(f"{stopping} blockers, {levels.count('warning')} warnings{told}")
    if stopping:
        raise click.exceptions.Exit(1)


@i18n.command("review")
@click.argument("language")
@click.argument("keys", nargs=-1, required=True)
@click.option("--by", required=True, help="Who reviewed: name and role.")
def note_review(language: str, keys: tuple[str, ...], by: str) -> None:
    """Note that a native clinical reviewer agrees with the translations of KEYS. It lapses when a text changes.

    The name of a flow, or 'emergency', stands for all of its clinical texts."""
    content, locales = content_here()
    [chosen] = chosen_of((language,), locales)
    catalog, _ = bring_up(content, locales, chosen)
    known = by_key(catalog)
    name = " ".join(by.replace("[", "(").replace("]", ")").split())[:80]
    meant = [one for key in keys for one in (clinical_of(content, key) or [key])]
    for key in meant:
        message, written = known.get(key), content.keys.get(key)
        if message is None or written is None:
            raise click.ClickException(f"there is no text '{key}'")
        if state_of(message, written) in ("missing", "fuzzy"):
            raise click.ClickException(f"'{key}' is {state_of(message, written)}: translate it first")
        review(message, name, f"{datetime.now(UTC):%Y-%m-%d}")
    store(catalog, locales, chosen)
    reviewed = sum(is_reviewed(message) for message in known.values())
    click.echo(f"{chosen}: {len(meant)} noted as reviewed by {name}, {reviewed} in all")


i18n.add_command(export_table)
i18n.add_command(import_table)


def _check_language(language: str) -> None:
    if not _LANGUAGE.match(language) or language == SOURCE_LANGUAGE:
        raise click.UsageError(f"'{language}' is no language to translate into; use a code like hi, ta or pt_BR")
    try:
        Locale.parse(language)
    except (ValueError, UnknownLocaleError) as error:
        told = (
            f"'{language}' is no language to translate into that CLDR knows: how it counts and which way it runs would be guessed"
        )
        raise click.UsageError(told) from error
