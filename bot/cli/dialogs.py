"""``procare dialogs``: what authors of dialogues need. Each command explains itself and never shows a traceback."""

from __future__ import annotations

import click


@click.group()
def dialogs() -> None:
    """Check, draw and begin dialogues."""
