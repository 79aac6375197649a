"""Files that come with a message: fetched once, checked, stored; and the word that the person hears when they cannot be."""

from __future__ import annotations

import asyncio
import base64
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from bot.adapters.media import BlobMedia, FolderBlobs
from bot.errors import BusUnavailable, GatewayUnavailable
from bot.model.codec import encode
from bot.model.inbound import Inbound, Media
from tests.media import made
from tests.webhooks import recordings
from tests.webhooks.fakes import NOW, World, upsert
from webhooks.files import Fetch, Files
from webhooks.watch import Unwatched


def encoded(data: bytes) -> str:
    return base64.b64encode(data).decode()


class Tally(Unwatched):
    def __init__(self) -> None:
        self.outcomes: list[str] = []

    def media(self, outcome: str) -> None:
        self.outcomes.append(outcome)


class Inbox:
    """An intake with a real folder, and a gateway that has ``held`` or fails."""

    def __init__(self, folder: Path, fetch: Fetch | None = None) -> None:
        self.store, self.tally = BlobMedia(FolderBlobs(folder / "media")), Tally()
        self.fetched: list[tuple[str, int]] = []
        self.held: bytes | Exception | None = None
        files = Files(
            self.store, clock=lambda: NOW, watch=self.tally, keep_seconds=100.0, fetch=fetch or self._fetch, fetch_seconds=0.05,
            file_seconds=60.0,
        )  # fmt: skip
        self.world = World(files=files)

    async def _fetch(self, message: Inbound, largest: int) -> bytes | None:
        self.fetched.append((message.message_id, largest))
        if isinstance(self.held, Exception):
            raise self.held
        return self.held

    async def take(self, message: dict[str, Any], **more: Any) -> Media:
        await self.world.take(upsert(message, **more))
        media = self.world.bus.turns[-1].media
        assert media is not None
        return media


@pytest.fixture
def inbox(tmp_path: Path) -> Inbox:
    return Inbox(tmp_path)


async def test_a_recorded_picture_is_kept_as_the_persons_and_not_put_on_the_bus(inbox: Inbox) -> None:
    body = recordings.delivery("baileys-in-image-base64", "messages.upsert")
    await inbox.world.take(body)
    (turn,) = inbox.world.bus.turns
    assert turn.media is not None
    assert turn.media.ref is not None
    assert await inbox.store.get(turn.media.ref) == base64.b64decode(body["data"]["message"]["base64"])
    about = await inbox.store.about(turn.media.ref)
    assert about is not None
    assert (about.person, about.until) == (turn.person, NOW + 100)
    assert body["data"]["message"]["base64"][:40].encode() not in encode(turn)
    assert (inbox.tally.outcomes, inbox.fetched) == (["kept"], [])


async def test_the_type_is_the_contents_and_not_the_claim(inbox: Inbox) -> None:
    media = await inbox.take({"documentMessage": {"mimetype": "application/pdf"}, "base64": encoded(made.PNG)})
    assert (media.mime, media.size, media.problem) == ("image/png", len(made.PNG), None)


@pytest.mark.parametrize(
    ("field", "data", "problem"),
    [
        ("imageMessage", b"MZ\x90\0", "wrong_kind"),
        ("imageMessage", made.png(60_000, 60_000), "unsafe"),
        ("audioMessage", made.PDF, "wrong_kind"),
        ("documentMessage", made.PDF[:-120], "broken"),
        ("documentMessage", made.pdf(b"", more=b"/Encrypt"), "locked"),
        ("imageMessage", made.PNG + bytes(17 * 1024 * 1024), "too_large"),
    ],
)
async def test_what_cannot_be_taken_is_not_stored_and_the_reason_goes_on(
    inbox: Inbox, field: str, data: bytes, problem: str
) -> None:
    media = await inbox.take({field: {"caption": "c"}, "base64": encoded(data)})
    assert (media.problem, media.ref) == (problem, None)
    assert inbox.tally.outcomes == [problem]
    assert await inbox.store.of(inbox.world.bus.turns[0].person) == []


@pytest.mark.parametrize("value", ["not base64!", "QUJ", "QUJD\n", 7, {"a": 1}, "data:image/png;base64", "é" * 8])
async def test_what_is_no_base64_gives_no_file_and_the_message_lives(inbox: Inbox, value: Any) -> None:
    media = await inbox.take({"imageMessage": {"mimetype": "image/png", "caption": "c"}, "base64": value})
    assert (inbox.world.bus.turns[0].text, media.ref, media.problem) == ("c", None, "missing")


async def test_a_data_uri_and_a_wrapper_are_no_hindrance(inbox: Inbox) -> None:
    assert (await inbox.take({"imageMessage": {}, "base64": f"data:image/png;base64,{encoded(made.PNG)}"})).ref
    wrapped = {"viewOnceMessage": {"message": {"imageMessage": {}}}, "base64": encoded(made.PNG)}
    assert (await inbox.take(wrapped, key={"id": "OTHER"})).ref


async def test_a_file_that_did_not_come_is_fetched_once_even_when_the_event_comes_again(inbox: Inbox) -> None:
    inbox.held = made.PNG
    inbox.world.bus.away = 1
    with pytest.raises(BusUnavailable):
        await inbox.take({"imageMessage": {}})
    assert (await inbox.take({"imageMessage": {}})).ref is not None
    assert inbox.fetched == [("A5B396AD2C4BF92D", 16 * 1024 * 1024)]


@pytest.mark.parametrize(
    ("held", "problem"),
    [
        (None, "missing"),
        (GatewayUnavailable(), "missing"),
        (GatewayUnavailable(code="answer_too_large"), "too_large"),
        (b"<html>", "wrong_kind"),
    ],
)
async def test_a_file_that_cannot_be_fetched_is_told_at_once(inbox: Inbox, held: bytes | Exception | None, problem: str) -> None:
    inbox.held = held
    assert (await inbox.take({"imageMessage": {}})).problem == problem


async def test_a_slow_gateway_does_not_hold_up_the_message(tmp_path: Path) -> None:
    async def never(message: Inbound, largest: int) -> bytes | None:
        await asyncio.Event().wait()
        return None

    assert (await Inbox(tmp_path, never).take({"imageMessage": {}})).problem == "missing"


async def test_what_is_too_large_by_its_own_words_is_not_fetched(inbox: Inbox) -> None:
    media = await inbox.take({"documentMessage": {"fileLength": {"low": 99_000_000, "high": 0, "unsigned": True}}})
    assert (media.problem, inbox.fetched) == ("too_large", [])


async def test_films_stickers_and_files_of_strangers_are_neither_fetched_nor_kept(inbox: Inbox) -> None:
    await inbox.take({"videoMessage": {}, "base64": encoded(made.PNG)})
    await inbox.take({"stickerMessage": {}})
    turn = inbox.world.bus.turns[0]
    stranger = replace(turn, kind="image", verified=False)
    files = Files(inbox.store, clock=lambda: NOW, watch=inbox.tally, keep_seconds=1.0, fetch=inbox._fetch)
    assert await files.completed(stranger, None) == stranger
    assert (inbox.fetched, inbox.tally.outcomes, await inbox.store.of(turn.person)) == ([], [], [])


async def test_a_store_that_is_away_costs_the_file_and_not_the_message(tmp_path: Path) -> None:
    (tmp_path / "media").write_text("in the way")
    inbox = Inbox(tmp_path)
    media = await inbox.take({"imageMessage": {"caption": "chest pain"}, "base64": encoded(made.PNG)})
    assert (media.problem, media.ref, inbox.world.bus.turns[0].text) == ("missing", None, "chest pain")
    assert inbox.tally.outcomes == ["missing"]


async def test_a_store_that_is_slow_costs_the_file_and_not_the_message(tmp_path: Path) -> None:
    class Slow(BlobMedia):
        async def put(self, data: bytes, **more: Any) -> str:
            await asyncio.Event().wait()
            return ""

    store = Slow(FolderBlobs(tmp_path))
    files = Files(store, clock=lambda: NOW, watch=Tally(), keep_seconds=1.0, file_seconds=0.05)
    world = World(files=files)
    await world.take(upsert({"imageMessage": {"caption": "chest pain"}, "base64": encoded(made.PNG)}))
    (turn,) = world.bus.turns
    assert turn.media is not None
    assert turn.media.problem == "missing"
