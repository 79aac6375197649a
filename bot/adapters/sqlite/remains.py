"""What the file holds of a person, and their hidden numbers, in SQL."""

from __future__ import annotations

import sqlite3

from bot.model.ids import PersonId, person_of
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
    found = [
        Remain(table, *row)
        for table, columns in _LOOKS
        for row in connection.execute(f"SELECT {columns} FROM {table} {_WHOSE}", (person, f"{person}.%"))  # noqa: S608 - fixed words
    ]
    return found + [Remain("links", "", lid) for lid in lids_of(connection, person)]


def lids_of(connection: sqlite3.Connection, person: PersonId) -> list[str]:
    """Every link is looked at: a person's id tells no phone."""
    links = connection.execute("SELECT lid, phone FROM links")
    return [lid for lid, phone in links if person in (person_of(f"phone:{phone}"), person_of(f"lid:{lid}"))]


def unlink(connection: sqlite3.Connection, person: PersonId) -> None:
    connection.executemany("DELETE FROM links WHERE lid = ?", [(lid,) for lid in lids_of(connection, person)])
