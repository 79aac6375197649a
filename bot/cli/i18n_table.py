"""``procare i18n export | import``: the spreadsheet door."""

from __future__ import annotations

from pathlib import Path

import click
from babel.messages.catalog import Catalog, Message

from bot.cli.catalogues import LANG, chosen_of, content_here
from bot.handwritten.finding import Finding, Unreadable
from bot.i18n.back import MARK, note_back
from bot.i18n.book import bring_up, by_key, store, write
from bot.i18n.sheet import LIMIT, Proposal, proposals, read_csv, to_csv
from bot.i18n.workbook import read_xlsx, to_xlsx


@click.command("export")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@LANG
def export_table(file: Path, wanted: tuple[str, ...]) -> None:
    """Write all texts and their translations into FILE: .xlsx for a workbook, anything else for a CSV table."""
    content, locales = content_here()
    chosen = chosen_of(wanted, locales)
    books = {language: by_key(bring_up(content, locales, language)[0]) for language in chosen}
    write(file, to_xlsx(content, books) if _is_workbook(file) else to_csv(content, books))
    click.echo(f"{file}: {len(content.keys)} texts in {', '.join(chosen)}")


@click.command("import")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--apply", "applied", is_flag=True, help="Write the changes; without it they are only shown.")
@click.option("--skip-refused", is_flag=True, help="With --apply: write what can be taken although some rows cannot.")
@LANG
def import_table(file: Path, applied: bool, skip_refused: bool, wanted: tuple[str, ...]) -> None:
    """Show what FILE, a table that was exported and filled in, would change; with --apply, change it.

    A blank cell never erases; keys and sources are fixed. Exit status 1 when a row is refused.
    """
    content, locales = content_here()
    try:
        with file.open("rb") as opened:
            raw = opened.read(LIMIT + 1)
        rows = (read_xlsx if _is_workbook(file) or raw.startswith(b"PK") else read_csv)(raw, str(file))
    except OSError as error:
        told = f"the file cannot be read ({error.strerror})"
        raise Unreadable([Finding("sheet", str(file), 1, 1, told, "check the name")]) from error
    heads = rows[0][1] if rows else {}
    chosen = [language for language in chosen_of(wanted, locales) if language in heads]
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
