"""Whom the ladder may tell: by consent in the moment of each step, by the care team's hours, by what it is about."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from agents.clinical_monitor.agent import ClinicalMonitor
from agents.clinical_monitor.cases import KIND
from agents.clinical_monitor.contacts import CaregiverDocuments
from bot.adapters.sqlite import SqliteStore
from bot.errors import ConfigError
from bot.model.effects import Intent
from bot.model.ids import EffectId
from bot.ports.documents import Document
from config.care_team import CareTeam
from config.policy import FOLDER, load_policy
from tests.agents.clinical_monitor.home import ASHA, FAMILY, NOON, POLICY, PRIYA, asked, known

HOUR = 3600.0
MORNING = NOON  # Tuesday 11:30 in India


def member(id_: str, **more: Any) -> dict[str, Any]:
    phone = f"+9198000000{len(id_):02}"
    return {"id": id_, "role": "doctor", "name": id_, "phone": phone, "clinic": "main", **more}


def team(*members: dict[str, Any]) -> CareTeam:
    return CareTeam.model_validate({"clinics": {"main": {"name": "c", "zone": "Asia/Kolkata"}}, "members": list(members)})


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[SqliteStore]:
    async with SqliteStore.open(tmp_path / "store.db") as opened:
        yield opened


async def told(store: SqliteStore, minutes: int) -> list[str]:
    """Look every minute; who was told by then."""
    monitor = ClinicalMonitor(store, POLICY, FAMILY)
    for minute in range(minutes):
        now = NOON + 60.0 * minute
        for document in await store.documents.claim_due(monitor.kinds, now, 10, 30.0):
            await store.documents.save((await monitor.wake(document, now=now)).document)
    [case] = await store.documents.of(ASHA, KIND)
    return [alarm["contact"]["id"] for alarm in case.data["alarms"]]


async def test_consent_that_is_taken_back_meanwhile_ends_the_telling(store: SqliteStore) -> None:
    await known(store)
    await ClinicalMonitor(store, POLICY, FAMILY).handle(asked("open_case", "lane", category="chest_pain"), now=NOON)
    assert await told(store, 2) == ["priya"]
    await known(store, purposes=("care_messages", "caregiver"))
    assert await told(store, 40) == ["priya"]


async def test_in_an_emergency_a_yes_to_an_earlier_text_counts_until_the_new_one_is_answered(store: SqliteStore) -> None:
    await known(store)
    later = POLICY.model_copy(update={"behaviour": POLICY.behaviour.model_copy(update={"consent_version": "2999-1"})})
    monitor = ClinicalMonitor(store, later, FAMILY)
    await monitor.handle(asked("open_case", "lane", category="chest_pain"), now=NOON)
    [case] = await store.documents.of(ASHA, KIND)
    assert [alarm["contact"]["id"] for alarm in case.data["alarms"]] == ["priya"]
    silent = Intent(EffectId("silent"), ASHA, "clinical_monitor", "number_silent", NOON)
    assert (await monitor.handle(silent, now=NOON)).outcome == "nobody"  # that is no emergency


async def test_only_relatives_who_agreed_are_told(store: SqliteStore) -> None:
    for name, state in [("c1", "asked"), ("c2", "agreed"), ("c3", "removed")]:
        data = {"caregiver": PRIYA, "name": name}
        await store.documents.save(Document("caregiver", name, ASHA, 0.0, state=state, data=data))
    assert [one.name for one in await CaregiverDocuments(store.documents).of(ASHA)] == ["c2"]


def test_who_is_at_work_goes_first_then_who_always_is_and_others_sleep() -> None:
    hours = {"tue": ["09:00-13:00", "16:00-19:00"]}
    found = team(
        member("a", emergencies="always"), member("bb", hours=hours), member("ccc"),
        member("dddd", role="coordinator", hours=hours),
    )  # fmt: skip
    assert [one.id for one in found.on_duty("doctor", MORNING, "main")] == ["bb", "a"]
    assert [one.id for one in found.on_duty("doctor", MORNING + 2 * HOUR, "main")] == ["a"]  # 13:30
    assert [one.id for one in found.on_duty("doctor", MORNING + 24 * HOUR, "main")] == ["a"]
    assert [one.id for one in found.on_duty("coordinator", MORNING, "main")] == ["dddd"]


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"phone": "98000"}, "country code"), ({"hours": {"tue": ["9-13"]}}, "09:00-13:00"),
        ({"clinic": "other"}, "not among the clinics"),
        ({"hours": {"tue": ["19:00-09:00"]}}, "ends before it begins"),
        ({"id": "Dr M"}, "pattern"), ({"role": "nurse"}, "doctor"),
    ],
)  # fmt: skip
def test_a_mistake_in_the_care_team_is_named(change: dict[str, Any], why: str) -> None:
    with pytest.raises(ValidationError, match=why):
        team(member("a") | change)


def test_two_members_cannot_have_one_phone() -> None:
    with pytest.raises(ValidationError, match="same phone"):
        team(member("a"), member("b"))


def test_the_policy_names_the_file_and_the_place_at_fault(tmp_path: Path) -> None:
    for path in FOLDER.glob("*.yaml"):
        (tmp_path / path.name).write_text(path.read_text(encoding="utf-8"), encoding="utf-8")
    (tmp_path / "care_team.yaml").write_text("clinics: {main: {name: x, zone: Mars/Base}}\nmembers: []\n", encoding="utf-8")
    with pytest.raises(ConfigError, match=r"care_team\.yaml:1:\d+: clinics\.main\.zone: .*Mars/Base"):
        load_policy(tmp_path)
