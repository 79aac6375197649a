"""``procare i18n``: catalogues for translators, their state, and the spreadsheet door."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import click
from babel import Locale, UnknownLocaleError
from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from msgspec.json import encode

from bot.dialogue.catalogue import SOURCE_LANGUAGE, catalogue_path, read_catalogue
from bot.dialogue.content import Content, load_content
from bot.dialogue.finding import Finding, Unreadable
from bot.dialogue.tongues import load_tongues
from bot.errors import ConfigError
from bot.i18n.back import MARK, note_back
from bot.i18n.beginning import begun
from bot.i18n.book import TEMPLATE, bring_up, by_key, languages_of, store, template, write
from bot.i18n.glossary import load_glossary
from bot.i18n.lint import mistakes
from bot.i18n.preview import preview
from bot.i18n.pseudo import PSEUDO, write_pseudo
from bot.i18n.sheet import LIMIT, Proposal, proposals, read_csv, to_csv
from bot.i18n.state import counts, is_reviewed, problems, review, state_of
from bot.i18n.workbook import read_xlsx, to_xlsx
from config.settings import read_settings

_LANGUAGE = re.compile(r"[a-z]{2,3}(_[A-Z][a-z]{3})?(_[A-Z]{2})?$")  # hi, hi_Latn, pt_BR
SHOWN = 10  # keys of one kind that are told by name
LANG = click.option("--lang", "wanted", multiple=True, help="Only this language; may be given several times.")


@click.group()
def i18n() -> None:
    """Keep the translations: catalogues, their state, and a table for those who work in a spreadsheet."""


@i18n.command("extract")
@click.option("--to", type=click.Path(dir_okay=False, path_type=Path), help="Default: procare.pot beside the catalogues.")
def extract_texts(to: Path | None) -> None:
    """Write all texts, untranslated, into a POT file."""
    content, locales = _content()
    path = to or locales / TEMPLATE
    changed = write(path, template(content))
    click.echo(f"{path}: {len(content.keys)} texts{'' if changed else ', as before'}")


@i18n.command("update")
@click.argument("languages", nargs=-1)
def update_catalogues(languages: tuple[str, ...]) -> None:
    """Bring the catalogues of LANGUAGES up to date, by default all. A language without one gets one."""
    content, locales = _content()
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
    content, locales = _content()
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
    content, locales = _content()
    [chosen] = _chosen((language,), locales)
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
    content, _ = _content()
    write_pseudo(content, folder)
    settings = f"PROCARE_LOCALES_DIR={folder} PROCARE_LANGUAGES={','.join((SOURCE_LANGUAGE, *PSEUDO))}"
    click.echo(f"{folder}: {len(content.keys)} texts in {' and '.join(PSEUDO)}; to see them:")
    click.echo(f"  {settings} procare serve\n  {settings} procare dialogs test --lang {PSEUDO[0]} --form tapped")


@i18n.command("compile")
@LANG
def compile_catalogues(wanted: tuple[str, ...]) -> None:
    """Write each catalogue as a binary MO file beside it, for other programs. Ours reads the PO files.

    What is fuzzy is left out; what would stop a release stops this. Exit status 1 then."""
    content, locales = _content()
    stopped = False
    for language in _chosen(wanted, locales):
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
    """How far each language is, flow by flow."""
    content, locales = _content()
    found = [one for language in _chosen(wanted, locales) for one in counts(content, read_catalogue(locales, language), language)]
    if as_json:
        click.echo(encode(found).decode())
        return
    click.echo(f"{'language':<9} {'flow':<20} {'texts':>6} {'translated':>11} {'needs review':>13} {'fuzzy':>6} {'missing':>8}")
    for one in found:
        numbers = f"{one.texts:>6} {one.translated:>11} {one.needs_review:>13} {one.fuzzy:>6} {one.missing:>8}"
        click.echo(f"{one.language:<9} {one.flow:<20} {numbers}")


@i18n.command()
@LANG
@click.option("--hints", is_flag=True, help="Also what may be meant so: another word than the glossary has.")
def check(wanted: tuple[str, ...], hints: bool) -> None:
    """What must be mended in the catalogues, by file and line. Exit status 1 when it stops a release."""
    content, locales = _content()
    chosen = _chosen(wanted, locales)
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
    """Note that a native clinical reviewer agrees with the translations of KEYS. It lapses when a text changes."""
    content, locales = _content()
    [chosen] = _chosen((language,), locales)
    catalog, _ = bring_up(content, locales, chosen)
    known = by_key(catalog)
    name = " ".join(by.replace("[", "(").replace("]", ")").split())[:80]
    for key in keys:
        message, written = known.get(key), content.keys.get(key)
        if message is None or written is None:
            raise click.ClickException(f"there is no text '{key}'")
        if state_of(message, written) in ("missing", "fuzzy"):
            raise click.ClickException(f"'{key}' is {state_of(message, written)}: translate it first")
        review(message, name, f"{datetime.now(UTC):%Y-%m-%d}")
    store(catalog, locales, chosen)
    reviewed = sum(is_reviewed(message) for message in known.values())
    click.echo(f"{chosen}: {len(keys)} noted as reviewed by {name}, {reviewed} in all")


@i18n.command("export")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@LANG
def export_table(file: Path, wanted: tuple[str, ...]) -> None:
    """Write all texts and their translations into FILE: .xlsx for a workbook, anything else for a CSV table."""
    content, locales = _content()
    chosen = _chosen(wanted, locales)
    books = {language: by_key(bring_up(content, locales, language)[0]) for language in chosen}
    write(file, to_xlsx(content, books) if _is_workbook(file) else to_csv(content, books))
    click.echo(f"{file}: {len(content.keys)} texts in {', '.join(chosen)}")


@i18n.command("import")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--apply", "applied", is_flag=True, help="Write the changes; without it they are only shown.")
@click.option("--skip-refused", is_flag=True, help="With --apply: write what can be taken although some rows cannot.")
@LANG
def import_table(file: Path, applied: bool, skip_refused: bool, wanted: tuple[str, ...]) -> None:
    """Show what FILE, a table that was exported and filled in, would change; with --apply, change it.

    A blank cell never erases; keys and sources are fixed. Exit status 1 when a row is refused.
    """
    content, locales = _content()
    try:
        with file.open("rb") as opened:
            raw = opened.read(LIMIT + 1)
        rows = (read_xlsx if _is_workbook(file) or raw.startswith(b"PK") else read_csv)(raw, str(file))
    except OSError as error:
        told = f"the file cannot be read ({error.strerror})"
        raise Unreadable([Finding("sheet", str(file), 1, 1, told, "check the name")]) from error
    heads = rows[0][1] if rows else {}
    chosen = [language for language in _chosen(wanted, locales) if language in heads]
    if not chosen:
        raise Unreadable([Finding("sheet", str(file), 1, 1, "the table has no column of a language we have", "export it again")])
    catalogs = {language: bring_up(content, locales, language)[0] for language in chosen}
    books = {language: by_key(catalog) for language, catalog in catalogs.items()}
    found = proposals(content, books, rows, chosen)
    for one in found:
        click.echo(_told(file, one))
    refused = sum(one.kind == "refused" for one in found)
    click.echo(f"{len(found) - refused} changes, {refused} refused, {len(rows)} rows")
    if applied and (not refused or skip_refused):
        _take(found, books, catalogs, locales)
    elif found:
        click.echo("nothing was written" + ("" if applied else "; add --apply to write the changes"))
    if refused:
        raise click.exceptions.Exit(1)


def _is_workbook(file: Path) -> bool:
    return file.suffix.lower() == ".xlsx"


def _take(found: list[Proposal], books: dict[str, dict[str, Message]], catalogs: dict[str, Catalog], locales: Path) -> None:
    for one in found:
        if one.kind != "refused":
            message = books[one.language][one.key]
            if one.back:
                note_back(message, one.new)
                continue
            message.string = one.new
            message.flags.discard("fuzzy")
    for language, catalog in catalogs.items():
        if store(catalog, locales, language):
            click.echo(f"{language}: written")


def _told(file: Path, one: Proposal) -> str:
    column = f"{one.language} {MARK}" if one.back else one.language
    head = f"{file}:{one.line}: {column} {one.key}: {one.kind}"
    if one.kind == "refused":
        return f"{head}: {one.why}"
    return (
        head
        if one.kind == "confirmed"
        else f"{head}\n  - {one.old!r}\n  + {one.new!r}"
        if one.old
        else f"{head}\n  + {one.new!r}"
    )


def _content() -> tuple[Content, Path]:
    """The texts, whatever their translations are like, and the folder of the catalogues."""
    settings = read_settings()
    return load_content(settings.dialogs_dir, settings.locales_dir, languages=[SOURCE_LANGUAGE]), settings.locales_dir


def _chosen(wanted: tuple[str, ...], locales: Path) -> list[str]:
    there = languages_of(locales) if locales.is_dir() else []
    if not there:
        raise ConfigError(f"{locales}: there are no catalogues here; run: procare i18n update LANGUAGE")
    for language in wanted:
        if language not in there:
            raise click.UsageError(f"there is no catalogue for '{language}'; there are {', '.join(there)}")
    return list(wanted) or there


def _check_language(language: str) -> None:
    try:
        if not _LANGUAGE.match(language) or language == SOURCE_LANGUAGE:
            raise ValueError(language)
        Locale.parse(language)
    except (ValueError, UnknownLocaleError) as error:
        raise click.UsageError(f"'{language}' is no language to translate into; use a code like hi, ta or pt_BR") from error
