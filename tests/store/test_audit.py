"""The audit log of every store: nothing is left out, nothing is changed without its being seen."""

from __future__ import annotations

import asyncio
import re
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from bot.adapters.sqlite import SqliteStore
from bot.audit.chain import FIRST, Break, Entry, Note, broken, sealed
from bot.audit.end import KIND
from bot.cli.audit import audit
from bot.cli.notices import notices
from bot.ports.store import Store
from tests.store.made import ASHA

PHONE = "+919800000001"
NOTE = Note(1000.0, "staff meera", "looked at notices", ASHA)


async def test_entries_count_from_one_and_hang_together(store: Store) -> None:
    assert await store.audit.newest() is None
    made = [await store.audit.enter(replace(NOTE, at=float(at))) for at in range(5)]
    assert [one.number for one in made] == [1, 2, 3, 4, 5]
    assert await store.audit.entries() == made
    assert await store.audit.entries(after=3) == made[3:]
    assert await store.audit.entries(limit=2) == made[:2]
    assert await store.audit.entries(limit=0) == []
    assert await store.audit.newest() == made[-1]
    assert broken(made) is None


async def test_many_who_enter_at_once_leave_no_gap(store: Store) -> None:
    await asyncio.gather(*(store.audit.enter(replace(NOTE, at=float(at))) for at in range(40)))
    found = await store.audit.entries()
    assert len(found) == 40
    assert {one.note.at for one in found} == {float(at) for at in range(40)}
    assert broken(found) is None


async def test_the_end_is_marked_however_many_enter_at_once(store: Store) -> None:
    assert await store.audit.cut() is None
    await asyncio.gather(*(store.audit.enter(replace(NOTE, at=float(at))) for at in range(20)))
    assert await store.audit.cut() is None
    end = await store.documents.get(KIND, "end")
    newest = await store.audit.newest()
    assert end is not None
    assert newest is not None
    assert end.data == {"number": 20, "seal": newest.seal}
    assert await store.documents.save(replace(end, data={"number": 21, "seal": FIRST}))
    assert await store.audit.cut() == Break(21, "missing")
    assert await store.documents.save(replace(end, version=end.version + 1, data={"number": 20, "seal": FIRST}))
    assert await store.audit.cut() == Break(20, "changed")


async def test_what_is_erased_of_a_person_leaves_the_log_as_it_is(store: Store) -> None:
    made = await store.audit.enter(NOTE)
    await store.erase(ASHA, 9e9)
    assert await store.audit.entries() == [made]


NOTES = st.lists(st.builds(Note, st.floats(0, 2e9), *[st.text(max_size=8)] * 6), min_size=2, max_size=8)


@given(NOTES, st.data())
def test_no_entry_can_be_changed_taken_out_doubled_or_moved(written: list[Note], data: st.DataObject) -> None:
    chain: list[Entry] = []
    for note in written:
        chain.append(sealed(note, chain[-1] if chain else None))
    assert broken(chain) is None
    place = data.draw(st.integers(0, len(chain) - 2))
    spoilt: Any = {
        "changed": lambda: [
            *chain[:place],
            replace(chain[place], note=replace(chain[place].note, who="x" * 9)),
            *chain[place + 1 :],
        ],
        "taken out": lambda: [*chain[:place], *chain[place + 1 :]],
        "doubled": lambda: [*chain[: place + 1], *chain[place:]],
        "moved": lambda: [*chain[:place], chain[place + 1], chain[place], *chain[place + 2 :]],
        "sealed anew alone": lambda: [
            *chain[:place],
            sealed(replace(chain[place].note, who="x" * 9), chain[place - 1] if place else None),
            *chain[place + 1 :],
        ],
    }
    how = data.draw(st.sampled_from(sorted(spoilt)))
    assert broken(spoilt[how]()) is not None, how


def test_where_it_breaks_is_told() -> None:
    first = sealed(NOTE, None)
    second = sealed(NOTE, first)
    assert broken([second]) == Break(1, "missing")
    assert broken([replace(first, seal=FIRST)]) == Break(1, "changed")
    assert broken([second], last=first) is None


class Desk:
    """The command line over a SQLite file."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.file = folder / "procare.sqlite"
        monkeypatch.setenv("PROCARE_DATA_DIR", str(folder))
        monkeypatch.chdir(folder)

    def run(self, command: Any, *words: str) -> tuple[int, str]:
        result = CliRunner().invoke(command, list(words))
        return result.exit_code, result.output

    def spoil(self, statement: str) -> None:
        """As somebody with the file in hand would: past the triggers."""
        with sqlite3.connect(self.file) as connection:
            connection.execute("DROP TRIGGER audit_unchanged")
            connection.execute("DROP TRIGGER audit_kept")
            connection.execute(statement)
        connection.close()


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    return Desk(tmp_path, monkeypatch)


def test_looking_at_a_person_is_entered_and_shown(desk: Desk) -> None:
    assert desk.run(notices, PHONE)[0] == 0
    status, told = desk.run(audit, "list", "--person", PHONE)
    assert status == 0
    assert "looked at notices" in told
    assert re.search(r"\bk[0-9a-f]{24}\b", told)
    assert PHONE[1:] not in told
    assert "1 shown of 1" in told
    assert "0 shown" in desk.run(audit, "list", "--person", "+919876599999")[1]


def test_a_changed_and_a_missing_entry_are_found(desk: Desk) -> None:
    for _ in range(3):
        desk.run(notices, PHONE)
    status, told = desk.run(audit, "verify")
    assert status == 0
    assert "3 entries" in told
    seal = told.split("newest seal: ")[1].strip()
    assert desk.run(audit, "verify", "--seal", seal)[0] == 0
    desk.spoil("""UPDATE audit SET note = '{"at":1.0,"who":"staff","what":"looked at nothing"}' WHERE number = 2""")
    status, told = desk.run(audit, "verify")
    assert (status, "entry 2 was changed" in told) == (1, True)


def test_entries_that_changed_places_are_found(desk: Desk) -> None:
    for _ in range(3):
        desk.run(notices, PHONE)
    desk.spoil("UPDATE audit SET note = (SELECT note FROM audit WHERE number = 3) WHERE number = 2")
    status, told = desk.run(audit, "verify")
    assert (status, "cannot be read" in told) == (1, True)


def test_an_end_that_was_cut_off_is_found_by_its_mark_and_by_a_seal_noted_before(desk: Desk) -> None:
    for _ in range(3):
        desk.run(notices, PHONE)
    seal = desk.run(audit, "verify")[1].split("newest seal: ")[1].strip()
    with sqlite3.connect(desk.file) as connection:
        (before,) = connection.execute("SELECT data FROM documents WHERE kind = 'audit_end'").fetchone()
        assert b"number" not in bytes(before), "sealed, so that nobody makes one"
    connection.close()
    desk.run(notices, PHONE)
    desk.spoil("DELETE FROM audit WHERE number = 4")
    status, told = desk.run(audit, "verify")
    assert (status, "entry 4 is missing" in told) == (1, True)
    with sqlite3.connect(desk.file) as connection:  # by somebody who had kept the mark of before
        connection.execute("UPDATE documents SET data = ? WHERE kind = 'audit_end'", (before,))
        connection.execute("DELETE FROM audit WHERE number = 3")
    connection.close()
    assert desk.run(audit, "verify")[0] == 1
    with sqlite3.connect(desk.file) as connection:
        connection.execute("DELETE FROM documents WHERE kind = 'audit_end'")
    connection.close()
    status, told = desk.run(audit, "verify")
    assert (status, "nothing marks entry 2 as the last" in told) == (1, True)
    desk.run(notices, PHONE)  # which sets a new mark
    assert desk.run(audit, "verify")[0] == 0, "a shorter chain is whole in itself"
    status, told = desk.run(audit, "verify", "--seal", seal)
    assert (status, "not in the log" in told) == (1, True)


async def test_the_file_itself_refuses_to_change_or_lose_an_entry(tmp_path: Path) -> None:
    async with SqliteStore.open(tmp_path / "record.db") as store:
        await store.audit.enter(NOTE)
    with sqlite3.connect(tmp_path / "record.db") as connection:
        for statement in ("UPDATE audit SET seal = ''", "DELETE FROM audit"):
            with pytest.raises(sqlite3.IntegrityError, match="only ever added to"):
                connection.execute(statement)
    connection.close()
