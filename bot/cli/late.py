"""A group of commands that are imported when they are asked for: each needs a part of the service, and all take seconds."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Any

import click


class LateGroup(click.Group):
    """``late``: name of a command -> "module:name" of it."""

    def __init__(self, *args: Any, late: Mapping[str, str], **more: Any) -> None:
        super().__init__(*args, **more)
        self._late = late

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted({*self.commands, *self._late})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name in self._late and cmd_name not in self.commands:
            module, _, name = self._late[cmd_name].partition(":")
            self.add_command(getattr(import_module(module), name), cmd_name)
        return super().get_command(ctx, cmd_name)
