"""``procare dialogs graph``: a flow as a picture, with what people or tests did on its ways."""

from __future__ import annotations

from pathlib import Path

import click

from bot.adapters.lexicon_copy import load_index
from bot.cli.dialogs import deliver, folders, read_flow
from bot.cli.dialogs_stats import SINCE, counted
from bot.dialogue import authored
from bot.dialogue.drawing import Marks, as_mermaid, as_svg
from bot.dialogue.graph import edges_of
from bot.dialogue.transcript.library import find_tests, load_script, load_stage
from bot.dialogue.transcript.play import play, runs_of
from bot.dialogue.transcript.script import FORMS
from bot.understanding.reader import Reader
from config.policy import FOLDER, load_policy
from config.settings import read_settings

TESTED = "tested"


@click.command("graph")
@click.argument("flow")
@click.option("--format", "form", type=click.Choice(["svg", "mermaid"]), help="Default: what the file's name says, or svg.")
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="Write it there instead of printing it.")
@click.option("--counts", is_flag=True, help="Write beside each way how often people went it, from the journal.")
@click.option("--coverage", "covered", is_flag=True, help="Mark the ways that a conversation test goes.")
@SINCE
def dialogs_graph(flow: str, form: str | None, output: Path | None, counts: bool, covered: bool, since: str) -> None:
    """Draw a flow: its name, or its file. With --counts or --coverage, ways that nobody goes are red and dashed."""
    if counts and covered:
        raise click.UsageError("draw counts or coverage, not both at once")
    file = read_flow(flow)
    marks: Marks | None = None
    if counts:
        marks = {edge: str(count) if count else "" for edge, count in counted(since)[0].edges_of(file).items()}
    elif covered:
        marks = _tested(file)
    mermaid = form == "mermaid" or (form is None and output is not None and output.suffix in (".mmd", ".mermaid"))
    deliver(as_mermaid(file, marks) if mermaid else as_svg(file, marks), output)


def _tested(file: authored.FlowFile) -> Marks:
    """Every way of a flow; marked when a test goes it, each played once."""
    settings, policy = read_settings(), load_policy()
    languages = policy.behaviour.languages
    dialogs, locales = folders(None)
    words = settings.dialogs_dir / "lexicon"
    reader = Reader.load(words, FOLDER / "readings.yaml", load_index(words, settings.data_dir / "cache"))
    stage = load_stage(dialogs, locales, languages, policy, reader.understand)
    for path in find_tests(dialogs, []):
        script = load_script(path, dialogs, languages)
        [(language, form), *_] = runs_of(script, languages, FORMS)
        play(script, stage, language, form)
    ways = {(edge.source, edge.way): (file.flow, edge.source, edge.way) for edge in edges_of(file)}
    for name, step in file.steps.items():
        if step.call or step.jump:
            ways[name, "call" if step.call else "jump"] = (file.flow, name, "")
    return {edge: TESTED if way in stage.reach.taken else "" for edge, way in ways.items()}
