"""``procare targets``: the desk enters what a doctor has decided."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from click.testing import CliRunner

from bot.app.desks import open_store
from bot.app.engines import open_engines
from bot.cli.main import commands
from bot.model.codec import decode_effect
from bot.model.effects import Intent
from bot.model.ids import person_of
from config.settings import read_settings
from tests.agents.clinical_monitor.home import POLICY, known

ASHAS = "+919800000001"


def run(*arguments: str) -> tuple[int, str]:
    answer = CliRunner().invoke(commands, ["targets", *arguments])
    return answer.exit_code, answer.output


async def somebody() -> None:
    async with open_store(read_settings()) as store:
        await known(store, person_of(f"phone:{ASHAS[1:]}"), birth_year=1940)


async def handed_over() -> tuple[Intent, list[tuple[str, str]]]:
    async with open_engines(read_settings()) as engines, engines.bus.subscribe("agent.clinical_monitor", prefetch=1) as waiting:
        intent = decode_effect((await waiting.get()).envelope.body)
        assert isinstance(intent, Intent)
        assert intent.person == person_of(f"phone:{ASHAS[1:]}")
        return intent, [(one.note.what, one.note.why) for one in await engines.store.audit.entries(0, 10)]


def test_the_desk_sets_what_a_doctor_decided_and_looks_at_what_holds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PROCARE_DATA_DIR", str(tmp_path))
    monkeypatch.setattr("bot.cli.targets.load_policy", lambda: POLICY)
    wanted = ("set", ASHAS, "fasting 90-150, bp 135/85")
    assert run(*wanted, "--doctor", "rao") == (1, "Error: nothing is known of this person, so nothing was set\n")
    asyncio.run(somebody())
    code, said = run(*wanted, "--doctor", "desk")
    assert code == 1
    assert "no doctor 'desk' in config/care_team.yaml; there are: mehta, rao" in said
    code, said = run("set", ASHAS, "fasting 90-1500", "--doctor", "rao")
    assert code == 1
    assert "'fasting 90-1500' is no target" in said
    assert "targets_within" in said
    assert run(*wanted, "--doctor", "rao") == (
        0, "handed to clinical_monitor: fasting, blood_pressure, as the word of Dr Rao\n",
    )  # fmt: skip
    code, said = run("show", ASHAS)
    assert code == 0
    assert "fasting_high      150" in said
    intent, audited = asyncio.run(handed_over())
    assert (intent.name, intent.unanswered, intent.data["by"], intent.data["login"]) == ("set_targets", True, "Dr Rao", "rao")
    assert intent.data["glucose"] == {"fasting": {"low": 90.0, "high": 150.0}}
    assert audited == [("entered targets", "decided by rao"), ("looked at targets", "")]
