"""Every command that a page names exists, with the options that the page gives it: the real parser reads each."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
import yaml

from bot.cli.main import commands
from config.settings import ROOT

PAGES = sorted([ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").rglob("*.md")])
SPAN = re.compile(r"(?<!`)`([^`]+)`(?!`)")
BLOCK = re.compile(r"^[ \t]*```\w*\n(.*?)^[ \t]*```", re.MULTILINE | re.DOTALL)
OURS = re.compile(r"^(?:\S*/)?procare\s+(?!-)(.+)$")
IN_A_CONTAINER = re.compile(r"^docker compose\b.*?\brun --rm (operator|backup|restore)\b(.*)$")
NO_WORDS = ("WORDS", "COMMAND")
PLACEHOLDER = re.compile(r"\[[^\]]*\]|<[^>]*>|\.\.\.")


def said(page: Path) -> Iterator[str]:
    """What stands as code: each span, and each line of each block."""
    text = page.read_text(encoding="utf-8")
    for block in BLOCK.findall(text):
        yield from block.replace("\\\n", " ").splitlines()
    yield from (" ".join(span.split()) for span in SPAN.findall(BLOCK.sub("", text)))


def words_of(line: str) -> list[str] | None:
    """What ``procare`` is given in it; None where it is no command of ours."""
    line = re.split(r"\s#\s|\s#$|\s(?:\||&&|>)\s", line.strip())[0].strip()
    if found := IN_A_CONTAINER.match(line):
        service, words = found[1], found[2]
        if not words.strip():
            return ["restore"] if service == "restore" else None  # what the service runs by itself
    elif found := OURS.match(line):
        words = found[1]
    else:
        return None
    given = shlex.split(PLACEHOLDER.sub("", words))
    return None if not given or given[0] in NO_WORDS else given


def problem(words: list[str]) -> str | None:
    """What the parser has against them."""
    command: click.Command = commands
    context = click.Context(commands, info_name="procare")
    rest = list(words)
    while isinstance(command, click.Group) and rest:
        found = command.get_command(context, rest[0])
        if found is None:
            return f"there is no command '{rest[0]}'"
        command, context = found, click.Context(found, context, info_name=rest.pop(0))
    try:
        _, left, _ = command.make_parser(context).parse_args(rest)
    except click.UsageError as error:
        return error.format_message()
    return f"one word too many: {left[0]}" if left else None


CASES = sorted(
    {(page.relative_to(ROOT).as_posix(), tuple(words)) for page in PAGES for line in said(page) if (words := words_of(line))}
)


def test_there_are_pages_with_commands() -> None:
    assert len(CASES) > 100
    assert ("docs/operations.md", ("backup", "init")) in CASES


@pytest.mark.parametrize("page", sorted({page for page, _ in CASES}))
def test_every_command_of_a_page_exists_with_its_options(page: str) -> None:
    wrong = {" ".join(words): why for one, words in CASES if one == page and (why := problem(list(words)))}
    assert not wrong


def test_what_does_not_exist_is_found() -> None:
    assert problem(["keys", "turn"]) == "there is no command 'turn'"
    assert "--sure" in (problem(["erase", "PERSON", "--sure"]) or "")
    assert problem(["check", "twice"])
    assert problem(["audit", "verify", "--seal", "X"]) is None


def test_every_make_target_exists() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    named = {line.split()[1] for page in PAGES for line in said(page) if re.match(r"make [a-z-]+", line.strip())}
    assert "soak" in named
    assert named <= targets


def test_every_service_of_compose_that_is_named_exists() -> None:
    services = set(yaml.safe_load((ROOT / "deploy/compose.yaml").read_text(encoding="utf-8"))["services"])
    named = set()
    for page in PAGES:
        for line in said(page):
            if (
                found := re.match(r"docker compose\b.*?\b(?:up|exec|restart|rm|logs|stop|ps)\b(.*)", line.strip())
            ) and " run " not in line:
                words = [word for word in re.split(r"\s#|\s&&|\s\|", found[1])[0].split() if re.fullmatch(r"[a-z][a-z-]+", word)]
                named |= set(words[:1] if " exec " in line else words)
    assert "worker" in named
    assert named <= services
