"""Tables and their versions. A new version appends its statements; a file of a newer release is refused, not guessed at."""

from __future__ import annotations

import sqlite3

from bot.errors import ConfigError

VERSIONS: tuple[tuple[str, ...], ...] = (
    (
        """CREATE TABLE journal (
            person TEXT NOT NULL, input_id TEXT NOT NULL, version INTEGER NOT NULL, at REAL NOT NULL, kind TEXT NOT NULL,
            session TEXT NOT NULL, trace TEXT NOT NULL, wakes TEXT NOT NULL, PRIMARY KEY (person, input_id))""",
        "CREATE INDEX journal_newest ON journal (person, version DESC, at DESC, input_id)",
        # The newest entry of each person, so that open wake-ups are found without a walk through the journal.
        """CREATE TABLE heads (
            person TEXT PRIMARY KEY, version INTEGER NOT NULL, wakes TEXT NOT NULL, open INTEGER NOT NULL) WITHOUT ROWID""",
        "CREATE INDEX heads_open ON heads (person) WHERE open",
        """CREATE TABLE records (
            id TEXT PRIMARY KEY, person TEXT NOT NULL, kind TEXT NOT NULL, at REAL NOT NULL, doc TEXT NOT NULL)""",
        "CREATE INDEX records_newest ON records (person, kind, at DESC)",
        """CREATE TABLE readings (
            id TEXT PRIMARY KEY, person TEXT NOT NULL, kind TEXT NOT NULL, at REAL NOT NULL, doc TEXT NOT NULL)""",
        "CREATE INDEX readings_newest ON readings (person, kind, at DESC)",
        "CREATE TABLE deliveries (id TEXT PRIMARY KEY, person TEXT NOT NULL, at REAL NOT NULL, doc TEXT NOT NULL)",
        "CREATE INDEX deliveries_person ON deliveries (person)",
        "CREATE TABLE links (lid TEXT PRIMARY KEY, phone TEXT NOT NULL) WITHOUT ROWID",
    ),
    (
        "CREATE TABLE bundles (version TEXT PRIMARY KEY, at REAL NOT NULL, size INTEGER NOT NULL, packed BLOB NOT NULL)",
        "CREATE TABLE publications (number INTEGER PRIMARY KEY, doc TEXT NOT NULL)",
    ),
    ("CREATE INDEX journal_in_time ON journal (at, person, input_id)",),
    ("CREATE INDEX records_kind ON records (kind)",),
    (
        """CREATE TABLE documents (
            kind TEXT NOT NULL, id TEXT NOT NULL, person TEXT NOT NULL, at REAL NOT NULL, version INTEGER NOT NULL, due REAL,
            state TEXT NOT NULL, data TEXT NOT NULL, PRIMARY KEY (kind, id))""",
        "CREATE INDEX documents_person ON documents (person, kind, at DESC)",
        "CREATE INDEX documents_due ON documents (due) WHERE due IS NOT NULL",
    ),
    (
        "CREATE TABLE audit (number INTEGER PRIMARY KEY, note TEXT NOT NULL, seal TEXT NOT NULL)",
        "CREATE TRIGGER audit_unchanged BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'only ever added to'); END",
        "CREATE TRIGGER audit_kept BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'only ever added to'); END",
    ),
    (
        """CREATE TABLE data_keys (
            tenant TEXT NOT NULL, purpose TEXT NOT NULL, number INTEGER NOT NULL, doc TEXT NOT NULL,
            PRIMARY KEY (tenant, purpose, number))""",
    ),
)


def prepare(connection: sqlite3.Connection) -> None:
    """Bring the file to the newest version, one transaction a version. Raises ConfigError for a file of a newer release."""
    (held,) = connection.execute("PRAGMA user_version").fetchone()
    if held > len(VERSIONS):
        raise ConfigError("The SQLite file was written by a newer release.", code="sqlite_newer")
    for version in range(held, len(VERSIONS)):
        connection.execute("BEGIN IMMEDIATE")
        # Another process may have done it while we waited for the file.
        (now_held,) = connection.execute("PRAGMA user_version").fetchone()
        if now_held <= version:
            for statement in VERSIONS[version]:
                connection.execute(statement)
            connection.execute(f"PRAGMA user_version = {version + 1}")
        connection.execute("COMMIT")
