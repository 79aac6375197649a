"""What is kept is described, copied and erased: all of it, of everybody on this phone, and nothing of anybody else."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pypdfium2
import pytest

from agents.engagement_engine.agent import EngagementEngine
from agents.engagement_engine.copies import ERASURE
from agents.engagement_engine.erasure_report import seal_of
from bot.adapters.media import BlobMedia, FolderBlobs
from bot.adapters.sqlite.store import SqliteStore
from bot.errors import StoreUnavailable
from bot.model.effects import Record
from bot.model.ids import EffectId, InputId, PersonId, member_of, person_of
from bot.model.session import Member, Session
from bot.ports.documents import Document
from bot.ports.media import MediaStore
from bot.ports.store import JournalEntry, Reading
from config.engagement import load_engagement
from config.policy import load_policy
from tests.agents.engagement_engine.asking import ASHA, DAY, NINE, ask, wake

AMMA, RAVI = member_of(ASHA, "1"), person_of("phone:910000000002")


@pytest.fixture
def media(tmp_path: Path) -> MediaStore:
    return BlobMedia(FolderBlobs(tmp_path / "media"))


@pytest.fixture
def agent(store: SqliteStore, media: MediaStore) -> EngagementEngine:
    async def bundle(person: PersonId, now: float) -> dict[str, str]:
        return {"resourceType": "Bundle", "of": person}

    return EngagementEngine(store, load_policy(), load_engagement(), media=media, bundle=bundle)


async def fill(store: SqliteStore, media: MediaStore) -> None:
    session = Session(ASHA, profile={"name": "आशा", "zone": "Asia/Kolkata"}, household=[Member("1", "Amma")])
    await store.append_journal([JournalEntry(ASHA, InputId("i"), 1, NINE, "text", session)])
    for person in (ASHA, AMMA, RAVI):
        await store.add_reading(Reading(EffectId(f"r{person}"), person, "glucose", 126.0, NINE - DAY, context="fasting"))
        await store.record([Record(EffectId(f"m{person}"), person, "meal", NINE - 2 * DAY, {"text": "दाल"})])
        await store.record([Record(EffectId(f"c{person}"), person, "consent", NINE, {})])
        await store.documents.save(Document("file", f"f{person}", person, NINE - DAY))
        await media.put(b"report of " + person.encode(), mime="image/png", person=person, now=NINE - DAY, keep_seconds=None)


async def test_what_is_kept_is_told(agent: EngagementEngine, store: SqliteStore, media: MediaStore) -> None:
    assert (await ask(agent, "d0", "describe_data")).outcome == "nothing"
    await fill(store, media)
    result = await ask(agent, "d1", "describe_data")
    assert (result.outcome, result.facts) == ("told", {"readings": 1, "since": "2025-11-23", "reports": 1, "records": 2})


async def test_a_copy_has_all_data_inside(agent: EngagementEngine, store: SqliteStore, media: MediaStore) -> None:
    await fill(store, media)
    result = await ask(agent, "e", "export_data")
    assert result.outcome == "ready"
    assert await ask(agent, "e", "export_data") == result  # the same file
    data = await media.get(result.facts["file"])
    assert data is not None
    document = pypdfium2.PdfDocument(io.BytesIO(data))
    assert "glucose" in document[0].get_textpage().get_text_bounded()
    inside = [document.get_attachment(number) for number in range(document.count_attachments())]
    files = {one.get_name(): bytes(one.get_data()) for one in inside}
    assert json.loads(files["fhir.json"])["of"] == ASHA
    told = json.loads(files["data.json"])
    assert told["profile"]["name"] == "आशा"
    assert [one["person"] for one in told["held"]] == [ASHA, AMMA]
    assert told["held"][0]["records"][1]["data"] == {"text": "दाल"}
    assert RAVI not in files["data.json"].decode()


async def test_a_copy_that_cannot_hold_everything_says_so(store: SqliteStore, media: MediaStore) -> None:
    rules = load_engagement()
    rules = rules.model_copy(update={"copies": rules.copies.model_copy(update={"most": 2})})
    agent = EngagementEngine(store, load_policy(), rules, media=media)
    await fill(store, media)
    assert "newest" not in (await ask(agent, "e", "export_data")).facts  # two records, and two fit
    await store.record([Record(EffectId("more"), AMMA, "meal", NINE, {"text": "दाल"})])
    result = await ask(agent, "f", "export_data")
    assert result.facts["newest"] == 2
    data = await media.get(result.facts["file"])
    assert data is not None
    [inside] = _attached(data)
    assert inside["newest"] == 2
    assert [len(one["records"]) for one in inside["held"]] == [2, 2]


def _attached(data: bytes) -> list[dict[str, Any]]:
    document = pypdfium2.PdfDocument(io.BytesIO(data))
    return [json.loads(bytes(document.get_attachment(number).get_data())) for number in range(document.count_attachments())]


async def test_without_a_place_for_files_a_day_is_told(store: SqliteStore, media: MediaStore) -> None:
    await fill(store, media)
    result = await ask(EngagementEngine(store, load_policy(), load_engagement()), "e", "export_data")
    assert (result.outcome, result.facts) == ("preparing", {"by_day": "2025-12-25"})


async def test_all_of_a_phone_is_erased_and_nothing_else(agent: EngagementEngine, store: SqliteStore, media: MediaStore) -> None:
    await fill(store, media)
    await ask(agent, "s", "set_reminder", what="walk", time="18:00", often="daily")
    result = await ask(agent, "x", "erase_person", NINE + 60)
    assert result.outcome == "erased"
    for person in (ASHA, AMMA):
        held = await store.held(person, 100)
        assert held.readings == []
        assert [one.kind for one in held.records] == ["consent"]
        assert [one.kind for one in held.documents if one.kind != ERASURE] == []
        assert await media.of(person) == []
    held = await store.held(RAVI, 100)
    assert (len(held.readings), len(held.records), len(held.documents), len(await media.of(RAVI))) == (1, 2, 1, 1)
    # Who begins anew loses nothing to a repeat, nor to the looks that follow.
    await store.add_reading(Reading(EffectId("new"), ASHA, "glucose", 130.0, NINE + 120))
    assert await ask(agent, "x", "erase_person", NINE + 60) == result
    for later in (200, 3900, 90_400):
        assert await wake(agent, store, NINE + later) == []
    assert [one.id for one in (await store.held(ASHA, 10)).readings] == ["new"]
    [note] = await store.documents.of(ASHA, ERASURE)
    assert (note.state, note.due) == ("erased", None)
    assert result.facts["receipt"] == note.id.upper()


async def test_the_report_tells_what_went_and_what_stays_and_the_audit_log_has_its_seal(
    agent: EngagementEngine, store: SqliteStore, media: MediaStore
) -> None:
    await fill(store, media)
    await ask(agent, "x", "erase_person", NINE + 60)
    await store.add_reading(Reading(EffectId("late"), ASHA, "glucose", 130.0, NINE))
    await store.add_reading(Reading(EffectId("new"), ASHA, "glucose", 130.0, NINE + 120))
    await wake(agent, store, NINE + 3700)
    [note] = await store.documents.of(ASHA, ERASURE)
    report = note.data["report"]
    assert report["erased"] == {"documents file": 2, "heads ": 1, "journal text": 1, "readings glucose": 3, "records meal": 2}
    assert report["stays"] == {f"documents {ERASURE}": 1, "records consent": 2}
    assert (report["files"], report["looks"]) == (2, 2)
    rules = [one.note.rule for one in await store.audit.entries() if one.note.what == "erased"]
    assert rules[-1] == f"receipt {note.id} report {seal_of(note.id, report)}"
    report["stays"]["records meal"] = 1
    assert rules[-1] != f"receipt {note.id} report {seal_of(note.id, report)}"


async def test_what_came_late_is_erased_at_the_later_looks(agent: EngagementEngine, store: SqliteStore) -> None:
    await ask(agent, "x", "erase_person", NINE + 60)
    for number, later in enumerate((200, 3900, 90_400)):
        await store.add_reading(Reading(EffectId(f"late{number}"), ASHA, "glucose", 130.0, NINE))
        await wake(agent, store, NINE + later)
        assert (await store.held(ASHA, 10)).readings == []
    [note] = await store.documents.of(ASHA, ERASURE)
    assert note.due is None, "and then it is over"


async def test_erasing_is_carried_on_when_a_store_was_down(
    agent: EngagementEngine, store: SqliteStore, media: MediaStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    await fill(store, media)

    async def down(*_: object, **__: object) -> None:
        raise StoreUnavailable("down")

    with monkeypatch.context() as broken:
        broken.setattr(store, "erase", down)
        result = await ask(agent, "x", "erase_person", NINE + 60)
    assert (result.outcome, result.facts["by_day"]) == ("erasing", "2025-12-25")
    assert await wake(agent, store, NINE + 60 + 121) == []
    assert (await store.held(ASHA, 10)).readings == []
    assert (await ask(agent, "x", "erase_person", NINE + 60)).outcome == "erased"


async def test_whom_the_person_helped_is_told_not_to_rely_on_them(agent: EngagementEngine, store: SqliteStore) -> None:
    await store.documents.save(Document("cares_for", "tie1", ASHA, NINE))
    result = await ask(agent, "x", "erase_person", NINE + 60)
    assert [(one.agent, one.name, one.data) for one in result.asks] == [
        ("care_coordinator", "leave_patient", {"patient": "tie1"})
    ]
