"""``procare dialogs``: what authors of dialogues need. Each command explains itself and never shows a traceback."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import click
import msgspec

from bot.cli.late import LateGroup
from bot.cli.reading import understanding
from bot.dialogue import authored
from bot.dialogue.compiler import Compiler
from bot.dialogue.lint.check import check_content
from bot.dialogue.lint.formats import FORMATS
from bot.dialogue.machine import END
from bot.dialogue.reference import reference
from bot.dialogue.scaffold import scaffold
from bot.dialogue.schema import as_json, flow_schema
from bot.handwritten.finding import Finding, Unreadable
from bot.handwritten.source import read_source
from config.policy import load_policy
from config.settings import read_settings

_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
LEVELS = ("hint", "warning", "blocker")


LATE = {
    "test": "bot.cli.dialogs_test:dialogs_test",
    "diff": "bot.cli.dialogs_diff:dialogs_diff",
    "graph": "bot.cli.dialogs_graph:dialogs_graph",
    "stats": "bot.cli.dialogs_stats:dialogs_stats",
    "publish": "bot.cli.publish:publish_dialogs",
    "status": "bot.cli.publish:status",
    "rollback": "bot.cli.publish:rollback",
}


@click.group(cls=LateGroup, late=LATE)
def dialogs() -> None:
    """Check, draw and begin dialogues."""


@dialogs.command()
@click.argument("path", required=False, type=click.Path(exists=True, path_type=Path))
@click.option("--format", "form", type=click.Choice(list(FORMATS)), default="text", show_default=True, help="How to print it.")
@click.option("--level", type=click.Choice(LEVELS), default="hint", show_default=True, help="The least level to print.")
def lint(path: Path | None, form: str, level: str) -> None:
    """Check the dialogues. PATH is a folder of dialogues or one flow file in it; without it, all of ours.

    Exit status 1 when there are blockers."""
    folder, locales = folders(path)
    languages = load_policy().behaviour.languages
    findings = check_content(folder, locales, languages=languages, today=datetime.now(UTC).date(), understand=understanding())
    shown = [_placed(one, folder, locales) for one in findings]
    if path is not None and path.is_file():
        shown = [one for one in shown if Path(one.file).resolve() == path.resolve()]
    click.echo(FORMATS[form]([one for one in shown if LEVELS.index(one.level) >= LEVELS.index(level)]))
    if any(one.level == "blocker" for one in shown):
        raise click.exceptions.Exit(1)


@dialogs.command()
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="Write it there instead of printing it.")
def schema(output: Path | None) -> None:
    """The JSON Schema of a flow file, with which editors complete and check."""
    deliver(as_json(flow_schema()), output)


@dialogs.command("reference")
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="Write it there instead of printing it.")
def print_reference(output: Path | None) -> None:
    """The reference of the language: every key, type, default, example and rule."""
    deliver(reference(), output)


@dialogs.command("new")
@click.argument("name")
@click.option("--intent", help="What the person wants when the flow starts. Default: the flow's name.")
@click.option("--words", help="Words that start it, for example 'I walked for an hour'. A test is written with them.")
def new_flow(name: str, intent: str | None, words: str | None) -> None:
    """Begin a flow called NAME, for example evening_walk, and a test of it."""
    for given in (name, intent or name):
        if not _NAME.fullmatch(given) or given == END:
            raise click.ClickException(f"'{given}' is no name: use small letters, digits and _, like evening_walk; not '{END}'")
    folder = read_settings().dialogs_dir
    flow, test = scaffold(name, intent or name, words)
    files = [(folder / "flows" / f"{name}.yaml", flow)] + ([(folder / "tests" / f"{name}.yaml", test)] if test else [])
    for path, _ in files:
        if path.exists():
            raise click.ClickException(f"{path} is there already; choose another name")
    for path, text in files:
        path.parent.mkdir(parents=True, exist_ok=True)
        deliver(text, path)


def read_flow(name: str) -> authored.FlowFile:
    """A flow by its name or its file. Raises Unreadable with file, line and remedy, or says which flows there are."""
    path = Path(name) if name.endswith((".yaml", ".yml")) else read_settings().dialogs_dir / "flows" / f"{name}.yaml"
    if not path.is_file():
        known = ", ".join(sorted(one.stem for one in path.parent.glob("*.yaml"))) if path.parent.is_dir() else ""
        raise click.ClickException(f"there is no flow {name}" + (f"; there are {known}" if known else ""))
    compiler = Compiler(read_source(path, str(path)), {})
    file = compiler.read(authored.FlowFile)
    if not isinstance(file, authored.FlowFile):
        raise Unreadable(compiler.findings)
    return file


def deliver(text: str, output: Path | None) -> None:
    """Print a text, or write it where it is wanted."""
    if output is None:
        click.echo(text, nl=False)
        return
    try:
        output.write_text(text, encoding="utf-8")
    except OSError as error:
        raise click.ClickException(f"{output} cannot be written: {error.strerror}") from error
    click.echo(f"written: {output}")


def folders(path: Path | None) -> tuple[Path, Path]:
    """The dialogues that ``path`` belongs to, and its translations: of ours ours, of others ``locales`` beside them, or ours."""
    settings = read_settings()
    if path is None:
        return settings.dialogs_dir, settings.locales_dir
    for folder in (path, *path.resolve().parents):
        if (folder / "flows").is_dir():
            beside = folder.resolve().parent / "locales"
            ours = folder.resolve() == settings.dialogs_dir.resolve()
            return folder, beside if beside.is_dir() and not ours else settings.locales_dir
    raise click.ClickException(f"{path} is in no folder of dialogues: there is no folder 'flows' in it or above it")


def _placed(finding: Finding, folder: Path, locales: Path) -> Finding:
    """With the file's path from here, so that an editor or a click finds it."""
    room, _, rest = finding.file.partition("/")
    file = (folder if room == "dialogs" else locales).resolve() / rest
    here = Path.cwd()
    return msgspec.structs.replace(finding, file=str(file.relative_to(here) if file.is_relative_to(here) else file))
