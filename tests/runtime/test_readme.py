"""The README's table of settings is the settings' own help."""

from __future__ import annotations

from pathlib import Path

import click
import pytest
from click.testing import CliRunner
from pydantic import SecretStr

from bot.cli.main import commands
from config.settings import PREFIX, ROOT, Settings

README = (ROOT / "README.md").read_text(encoding="utf-8")


def settings_table() -> str:
    rows = ["| setting | default | what it is |", "| --- | --- | --- |"]
    for name, field in Settings.model_fields.items():
        default = field.default
        if isinstance(default, Path) and default.is_absolute():
            default = default.relative_to(ROOT)
        assert not isinstance(default, SecretStr)
        shown = "" if default is None else f"`{str(default).lower() if isinstance(default, bool) else default}`"
        rows.append(f"| `{PREFIX}{name.upper()}` | {shown} | {field.description} |")
    return "\n".join(rows)


def test_the_table_of_settings_is_current() -> None:
    assert settings_table() in README, f"put this into the README:\n{settings_table()}"


@pytest.mark.parametrize("command", commands.list_commands(click.Context(commands)))
def test_every_command_is_in_the_readme_and_explains_itself(command: str) -> None:
    assert f"`procare {command}" in README or f"`{command}`" in README or f"`{command} " in README
    answer = CliRunner().invoke(commands, [command, "--help"])
    assert answer.exit_code == 0
