"""The conversation tests of a folder, and the stage on which they are played."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from bot.dialogue.catalogue import SOURCE_LANGUAGE, read_book, read_bytes, translations_of
from bot.dialogue.content import Content, load_content
from bot.dialogue.transcript.conversation import Stage
from bot.dialogue.transcript.reach import FlowReach, Reach, reach_of
from bot.dialogue.transcript.script import Script, read_script
from bot.dialogue.transcript.wording import Wordings
from bot.handwritten.finding import Finding, Unreadable
from bot.handwritten.source import read_source
from bot.understanding.meaning import Context, Meaning
from config.policy import Policy

TESTS = "tests"  # the folder beside flows/


def load_stage(
    dialogs: Path, locales: Path, languages: Sequence[str], policy: Policy, understand: Callable[[str, Context], Meaning]
) -> Stage:
    """The content as it stands on disk, watched. Raises Unreadable."""
    content: Content = load_content(dialogs, locales, languages=languages)
    others = [language for language in languages if language != SOURCE_LANGUAGE]
    known = {language: translations_of(read_book(read_bytes(locales, language), language)) for language in others}
    reach = Reach()
    return Stage(reach.watch(content), policy, understand, Wordings(content, known), reach)


def find_tests(dialogs: Path, paths: Iterable[Path] = ()) -> list[Path]:
    """The test files named by ``paths`` (files or folders), else all of ``dialogs/tests``. Raises Unreadable."""
    found: list[Path] = []
    for path in list(paths) or [dialogs / TESTS]:
        if not path.exists():
            raise Unreadable([Finding("file", path.as_posix(), 1, 1, "there is no such file or folder", "mend the name")])
        found.extend(sorted(path.rglob("*.yaml")) if path.is_dir() else [path])
    return list(dict.fromkeys(found))


def load_script(path: Path, dialogs: Path, languages: Sequence[str]) -> Script:
    """One test. Raises Unreadable that names file and line."""
    inside = path.resolve().is_relative_to(dialogs.resolve())
    name = f"dialogs/{path.resolve().relative_to(dialogs.resolve()).as_posix()}" if inside else path.as_posix()
    return read_script(read_source(path, name), languages)


def coverage(stage: Stage, dialogs: Path) -> list[FlowReach]:
    """What the tests played so far reached, flow by flow."""
    found = []
    for path in sorted((dialogs / "flows").rglob("*.yaml")):
        flow = stage.content.flows.get(path.stem)
        if flow is not None and flow.steps:
            source = read_source(path, f"dialogs/{path.relative_to(dialogs).as_posix()}")
            found.append(reach_of(flow, source, stage.reach.taken))
    return found
