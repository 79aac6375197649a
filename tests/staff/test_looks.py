"""Every command that shows something of a person enters the look before it shows anything."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from click import Command
from click.testing import CliRunner

from agents.care_coordinator.booking import KIND
from bot.app.engines import open_store
from bot.cli.erase import erase
from bot.cli.fhir import fhir
from bot.cli.notices import notices
from bot.cli.sagas import sagas
from bot.model.ids import PersonId, person_of
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
        "looked at notices": (notices, [person]),
        "exported as FHIR": (fhir, [f"+{PHONE}"]),
        "looked at reports of erasing": (erase, [f"+{PHONE}", "--report"]),
    }
    for command, words in looks.values():
        CliRunner().invoke(command, words)

    async def noted() -> list[tuple[str, str]]:
        async with open_store(read_settings()) as store:
            return [(one.note.what, one.note.whose) for one in await store.audit.entries()]

    assert asyncio.run(noted()) == [(what, person) for what in looks]
