"""The option that names the folder of the content."""

from __future__ import annotations

from pathlib import Path

import click

CONTENT = click.option(
    "--content",
    type=click.Path(path_type=Path, exists=True),
    default=Path("dialogs"),
    show_default=True,
    help="Folder of the content.",
)
