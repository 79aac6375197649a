"""A person as an operator names them."""

from __future__ import annotations

import click

from bot.model.ids import PersonId
from bot.model.naming import typed


def person_named(text: str) -> PersonId:
    """With the store open: it holds the key of the ids. Raises ClickException for what names nobody: a slip of the finger must
    not look like a person of whom nothing is held."""
    person = typed(text)
    if person is None:
        raise click.ClickException(
            "that names nobody: give an id as logs have it (k and 24 hex digits), or a phone number with + and the country code"
        )
    return person
