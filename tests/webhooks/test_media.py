"""Files that travelled inside a payload, from there to the folder."""

from __future__ import annotations

import base64
import hashlib
import stat
from pathlib import Path
from typing import Any

import pytest

from bot.adapters.media import FolderMedia
from bot.errors import Malformed, StoreUnavailable
from bot.model.codec import encode
from tests.webhooks import recordings
from tests.webhooks.fakes import World, upsert


def files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


async def test_a_recorded_picture_is_kept_and_not_put_on_the_bus(tmp_path: Path) -> None:
    folder = FolderMedia(tmp_path / "media")
    world = World(sink=folder)
    body = recordings.delivery("baileys-in-image-base64", "messages.upsert")
    await world.take(body)
    (turn,) = world.bus.turns
    assert turn.media is not None
    assert turn.media.ref is not None
    assert await folder.get(turn.media.ref) == base64.b64decode(body["data"]["message"]["base64"])
    assert body["data"]["message"]["base64"][:40].encode() not in encode(turn)


@pytest.mark.parametrize("value", ["", "not base64!", "QUJ", "QUJD\n", 7, None, {"a": 1}, "data:image/png;base64", "é" * 8])
async def test_what_is_no_base64_gives_no_file_and_the_message_lives(value: Any) -> None:
    world = World()
    await world.take(upsert({"imageMessage": {"mimetype": "image/png", "caption": "c"}, "base64": value}))
    (turn,) = world.bus.turns
    assert turn.media is not None
    assert (turn.text, turn.media.ref) == ("c", None)
    assert world.media.files == []


async def test_a_data_uri_is_forgiven() -> None:
    world = World()
    await world.take(upsert({"imageMessage": {}, "base64": "data:image/png;base64,QUJD"}))
    assert world.media.files == [(b"ABC", None)]


async def test_a_file_inside_a_wrapper_is_found() -> None:
    world = World()
    await world.take(upsert({"viewOnceMessage": {"message": {"imageMessage": {"mimetype": "image/png"}}}, "base64": "QUJD"}))
    assert world.media.files == [(b"ABC", "image/png")]


async def test_a_file_without_a_medium_is_not_kept() -> None:
    world = World()
    await world.take(upsert({"conversation": "x", "base64": "QUJD"}))
    assert world.media.files == []


async def test_the_same_bytes_are_one_file_which_only_the_owner_reads(tmp_path: Path) -> None:
    folder = FolderMedia(tmp_path / "media")
    refs = {await folder.put(b"ABC", mime) for mime in ("image/png", None)}
    assert refs == {f"sha256-{hashlib.sha256(b'ABC').hexdigest()}"}
    assert [stat.S_IMODE(path.stat().st_mode) for path in files(tmp_path)] == [0o600]
    assert await folder.get(refs.pop()) == b"ABC"
    assert await folder.get("sha256-" + "0" * 64) is None


@pytest.mark.parametrize("ref", ["../../etc/passwd", "sha256-../x", "", "sha256-" + "G" * 64])
async def test_a_reference_cannot_leave_the_folder(tmp_path: Path, ref: str) -> None:
    with pytest.raises(Malformed):
        await FolderMedia(tmp_path).get(ref)


async def test_a_folder_that_cannot_be_written_is_an_unavailable_store(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StoreUnavailable):
        await FolderMedia(tmp_path / "file").put(b"ABC", None)
