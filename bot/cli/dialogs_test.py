"""``procare dialogs test``: plays the conversation tests and says in plain words where one goes otherwise."""

from __future__ import annotations

from pathlib import Path

import click

from bot.adapters.lexicon_copy import load_index
from bot.cli.dialogs import folders
from bot.dialogue.transcript.conversation import Stage
from bot.dialogue.transcript.library import TESTS, coverage, find_tests, load_script, load_stage
from bot.dialogue.transcript.play import Failure, every_day, play, runs_of
from bot.dialogue.transcript.rewrite import rewrite
from bot.dialogue.transcript.script import FORMS, Script
from bot.handwritten.finding import Finding, Unreadable
from bot.understanding.reader import Reader
from config.policy import FOLDER, load_policy
from config.settings import read_settings


@click.command("test")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option("--lang", "languages", multiple=True, help="Only in this language; may be given several times.")
@click.option("--form", "forms", multiple=True, type=click.Choice(FORMS), help="Only this way of answering; may be repeated.")
@click.option("--all", "everything", is_flag=True, help="Every form in every language; without it, one form in the most of them.")
@click.option("--coverage", "covered", is_flag=True, help="Tell which steps and ways were never reached.")
@click.option("--update", is_flag=True, help="Write what the bot says now into the tests, then play them again.")
def dialogs_test(
    paths: tuple[Path, ...], languages: tuple[str, ...], forms: tuple[str, ...], everything: bool, covered: bool, update: bool
) -> None:
    """Play conversation tests: files or folders, by default all of dialogs/tests. Exit status 1 when one fails.

    English and Hindi are played in every way of answering, the other languages in one a test, unless you say otherwise."""
    settings = read_settings()
    policy = load_policy(languages=settings.languages)
    known = policy.behaviour.languages
    for language in languages:
        if language not in known:
            raise click.UsageError(f"there is no language '{language}'; there are {', '.join(known)}")
    dialogs, locales = _folders(paths)
    found = find_tests(dialogs, [path / TESTS if (path / "flows").is_dir() else path for path in paths])
    scripts = _scripts(found, dialogs, known)
    words = settings.dialogs_dir / "lexicon"
    reader = Reader.load(words, FOLDER / "readings.yaml", load_index(words, settings.data_dir / "cache"))
    stage = load_stage(dialogs, locales, known, policy, reader.understand)
    if update:
        changed = [path for path, script in zip(found, scripts, strict=True) if _update(path, script, stage)]
        for path in changed:
            click.echo(f"updated {path}")
        scripts = _scripts(found, dialogs, known) if changed else scripts
    whole = everything or languages or forms
    runs = [(one, runs_of(one, languages or known, forms or FORMS) if whole else every_day(one, known)) for one in scripts]
    played, failures = _play(runs, stage)
    for failure in failures:
        click.echo(f"{failure}\n")
    if covered:
        _show_coverage(stage, dialogs)
    click.echo(f"{played - len(failures)} of {played} conversations went as written ({len(scripts)} tests)")
    if failures or not played:
        raise click.exceptions.Exit(1)


def _folders(paths: tuple[Path, ...]) -> tuple[Path, Path]:
    """The dialogues that the first path belongs to; a test that lies elsewhere is about ours."""
    for path in paths[:1]:
        if any((folder / "flows").is_dir() for folder in (path, *path.resolve().parents)):
            return folders(path)
    return folders(None)


def _scripts(paths: list[Path], dialogs: Path, languages: tuple[str, ...]) -> list[Script]:
    """All tests. Raises Unreadable with the findings of every file."""
    scripts: list[Script] = []
    findings: list[Finding] = []
    for path in paths:
        try:
            scripts.append(load_script(path, dialogs, languages))
        except Unreadable as error:
            findings.extend(error.findings)
    if findings:
        raise Unreadable(findings)
    return scripts


def _play(runs: list[tuple[Script, list[tuple[str, str]]]], stage: Stage) -> tuple[int, list[Failure]]:
    """How many conversations were played, and those that failed."""
    played, failures = 0, []
    for script, pairs in runs:
        for language, form in pairs:
            played += 1
            if failure := play(script, stage, language, form).failure:
                failures.append(failure)
    return played, failures


def _update(path: Path, script: Script, stage: Stage) -> bool:
    """Rewrite the lines of a test that the bot now answers otherwise, as its first language and form show it."""
    [(language, form), *_] = runs_of(script, stage.content.languages, FORMS)
    failure = play(script, stage, language, form).failure
    if failure is None:
        return False
    said = play(script, stage, language, form, through=True).said
    differing = {line.number for line in script.lines if line.verb == "bot" and said.get(line.number) != _keys(line.value)}
    old = path.read_text(encoding="utf-8")
    new = rewrite(old, script, {number: keys for number, keys in said.items() if number in differing})
    if new == old:
        return False
    path.write_text(new, encoding="utf-8")
    return True


def _keys(value: object) -> list[str]:
    if value == "nothing":
        return []
    parts = value if isinstance(value, list) else [value]
    return [str(next(iter(part))) if isinstance(part, dict) else str(part) for part in parts]


def _show_coverage(stage: Stage, dialogs: Path) -> None:
    found = coverage(stage, dialogs)
    click.echo(f"{'flow':<20} {'steps':>9} {'branches':>9} {'repairs':>9}")
    for one in found:
        counts = "".join(f" {f'{hit}/{every}':>9}" for hit, every in (one.steps, one.branches, one.repairs))
        click.echo(f"{one.flow:<20}{counts}")
    for one in found:
        for missed in one.missed:
            click.echo(str(missed))
    click.echo()
