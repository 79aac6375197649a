"""Every command that shows something of a person enters the look before it shows anything."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from click import Command
from click.testing import CliRunner

from agents.care_coordinator.booking import KIND
from bot.app.desks import open_store
from bot.audit.chain import Entry
from bot.cli.audit import audit
from bot.cli.erase import erase
from bot.cli.fhir import fhir
from bot.cli.notices import notices
from bot.cli.sagas import sagas
from bot.model.ids import PersonId, named_with, person_of
from bot.model.naming import typed
from bot.ports.documents import Document
from config.settings import read_settings

PHONE = "919800000001"


def test_looks_from_the_command_line_are_entered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PROCARE_DATA_DIR", str(tmp_path))

    async def fill() -> PersonId:
        async with open_store(read_settings()) as store:
            whose = person_of(f"phone:{PHONE}")
            await store.documents.save(Document(KIND, "b1", whose, 1.0))
            return whose

    person = asyncio.run(fill())
    looks: dict[str, tuple[Command, list[str]]] = {
        "looked at a booking": (sagas, ["show", "b1"]),  # the document is none, and the look is entered all the same
        "looked at notices": (notices, [f"+{PHONE}"]),
        "exported as FHIR": (fhir, [f"+{PHONE}"]),
        "looked at reports of erasing": (erase, [f"+{PHONE}", "--report"]),
    }
    for command, words in looks.values():
        CliRunner().invoke(command, words)

    async def noted() -> list[tuple[str, str]]:
        async with open_store(read_settings()) as store:
            return [(one.note.what, one.note.whose) for one in await store.audit.entries()]

    assert asyncio.run(noted()) == [(what, person) for what in looks]


@pytest.mark.parametrize("text", [PHONE, "asha", "+91", f"+{PHONE}x", "p0123", "k" * 25, ""])
def test_what_names_nobody_is_no_proof_and_no_number_stays_in_the_log(
    text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without its + a number was taken for an id: nothing was found, and the number stood in the log for ever."""
    monkeypatch.setenv("PROCARE_DATA_DIR", str(tmp_path))
    words: list[tuple[Command, list[str]]] = [
        (notices, [text]), (fhir, [text]), (audit, ["list", "--person", text]),
        *((erase, [text, option]) for option in ("--verify", "--report")), (erase, [text, "--yes", "--reason", "asked"]),
    ]  # fmt: skip
    for command, given in words:
        ended = CliRunner().invoke(command, given)
        assert ended.exit_code == 1, given
        assert "names nobody" in ended.output

    async def noted() -> list[Entry]:
        async with open_store(read_settings()) as store:
            return list(await store.audit.entries())

    assert asyncio.run(noted()) == []


def test_an_id_of_before_they_were_moved_names_nobody() -> None:
    old = person_of(f"phone:{PHONE}")
    assert (typed(old), typed(f"{old}.mother")) == (old, f"{old}.mother")
    with named_with(b"key of the ids"):
        assert typed(old) is None
        assert typed(f"+{PHONE}") == typed(str(person_of(f"phone:{PHONE}"))) != old
