"""``procare rehearse``: made-up people live some days with the real service, in minutes; the report says what it did to them."""

from __future__ import annotations

import os
from pathlib import Path

import click

from bot import logs
from bot.app.rehearsing import Wanted, rehearse
from bot.cli.bundle_named import bundles_named
from bot.dialogue.bundle import Bundle, read_bundle
from bot.rehearsal.page import page
from bot.rehearsal.report import Report, differences, report_of, to_json
from config.costs import load_costs
from config.policy import load_policy
from config.settings import read_settings

SHOWN = 40  # differences on the terminal


@click.command("rehearse")
@click.option("--people", type=click.IntRange(1, 1_000_000), default=500, show_default=True, help="How many patients.")
@click.option("--days", type=click.IntRange(1, 366), default=30, show_default=True, help="How long they live with it.")
@click.option("--seed", type=int, default=1, show_default=True, help="The same seed gives the same people and the same result.")
@click.option(
    "--compare", nargs=2, metavar="BUNDLE_A BUNDLE_B", help="The same people on two: folders, published versions, 'current'."
)
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), default=Path("rehearsal.html"), show_default=True,
              help="Where the report goes; its numbers go beside it as JSON.")  # fmt: skip
@click.option("--processes", type=click.IntRange(1, 256), default=None, help="Default: one a core.")
def rehearse_command(
    people: int, days: int, seed: int, compare: tuple[str, str] | None, out: Path, processes: int | None
) -> None:
    """Let made-up people (config/personas.yaml) live with the dialogues of the folder on a virtual clock.

    Nothing is sent, stored or asked outside this process. Exit status 1 when something happened that must not."""
    logs.set_up("ERROR")
    settings, languages, costs = read_settings(), load_policy().behaviour.languages, load_costs()
    names: tuple[str, ...] = compare or ("the folder",)
    bundles: list[Bundle] = (
        bundles_named(compare, languages)
        if compare
        else [read_bundle(settings.dialogs_dir, settings.locales_dir, languages=languages)]
    )
    reports: list[Report] = []
    for name, bundle in zip(names, bundles, strict=True):
        wanted = Wanted(people, days, seed, bundle, settings.dialogs_dir, settings.locales_dir, settings.data_dir / "cache")
        with click.progressbar(length=people, label=f"{name} ({bundle.version})", show_pos=True) as bar:
            found = rehearse(wanted, processes or os.cpu_count() or 1, done=bar.update)
        reports.append(report_of(name, found.version, people, days, seed, found.counts, costs, found.cpu, found.seconds))
    _write(out, page(reports, costs).encode())
    _write(out.with_suffix(".json"), to_json(reports, costs))
    for name, value in (reports[0].figures if len(reports) == 1 else {}).items():
        click.echo(f"{value:>12g}  {name}")
    if len(reports) == 2:
        _tell_differences(*reports)
    spent = sum(report.cpu for report in reports), sum(report.seconds for report in reports)
    click.echo(f"{spent[0]:.0f} s of processor time, {spent[1]:.0f} s by the clock; see {out}")
    if any(report.figures["faults"] or report.figures["understood as an emergency and not answered"] for report in reports):
        click.echo("something happened that must not: see the head of the report", err=True)
        raise click.exceptions.Exit(1)


def _tell_differences(before: Report, after: Report) -> None:
    found = differences(before, after)
    for one in found[:SHOWN]:
        change = "new" if one.change is None else f"{one.change:+.1f} %"
        click.echo(f"{one.before:>12g} {one.after:>12g} {change:>10}  {one.name}")
    if len(found) > SHOWN:
        click.echo(f"and {len(found) - SHOWN} more: see the report")
    if not found:
        click.echo("no difference")


def _write(path: Path, content: bytes) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    except OSError as error:
        raise click.ClickException(f"{path}: cannot be written: {error.strerror}") from error
