"""What the file holds of a person, in SQL."""

from __future__ import annotations

import sqlite3

from bot.model.ids import PersonId
from bot.ports.remains import Remain

# Ids of people have no sign that LIKE would read as a wild card.
_WHOSE = "WHERE person = ? OR person LIKE ?"
_LOOKS = (
    ("readings", "kind, id, at"),
    ("records", "kind, id, at"),
    ("documents", "kind, id, at"),
    ("deliveries", "'', id, at"),
    ("journal", "kind, input_id, at"),
    ("heads", "'', person, NULL"),
)


def remains_of(connection: sqlite3.Connection, person: PersonId) -> list[Remain]:
    return [
        Remain(table, *row)
        for table, columns in _LOOKS
        for row in connection.execute(f"SELECT {columns} FROM {table} {_WHOSE}", (person, f"{person}.%"))  # noqa: S608 - fixed words
    ]
