"""Forms of messages that no recording holds, and what hostile ones get."""

from __future__ import annotations

import json
from typing import Any

import pytest

from bot.errors import Malformed
from bot.model.inbound import Inbound
from tests.webhooks.fakes import NOW, upsert
from webhooks.evolution.messages import Reading
from webhooks.evolution.parsing import parse
from webhooks.parsed import Arrived, Ignored
from webhooks.text import MAX_TEXT


def read(message: Any, **data: Any) -> Inbound:
    (arrived,) = parse(json.dumps(upsert(message, **data)).encode(), Reading(), NOW)
    assert isinstance(arrived, Arrived)
    return arrived.inbound


@pytest.mark.parametrize(
    ("message", "choice", "label"),
    [
        ({"buttonsResponseMessage": {"selectedButtonId": "yes", "selectedDisplayText": "Yes"}}, "yes", "Yes"),
        ({"templateButtonReplyMessage": {"selectedId": "t1", "selectedDisplayText": "Go", "selectedIndex": 0}}, "t1", "Go"),
        ({"listResponseMessage": {"title": "Row", "singleSelectReply": {"selectedRowId": "r1"}}}, "r1", "Row"),
        (
            {"interactiveResponseMessage": {"nativeFlowResponseMessage": {"paramsJson": '{"id":"b","display_text":"B"}'}}},
            "b",
            "B",
        ),
        (
            {"interactiveResponseMessage": {"body": {"text": "B"}, "nativeFlowResponseMessage": {"paramsJson": "{broken"}}},
            None,
            "B",
        ),
        ({"buttonsResponseMessage": {"selectedButtonId": 7, "selectedDisplayText": "Seven"}}, None, "Seven"),
        ({"buttonsResponseMessage": {"selectedButtonId": "x" * 300, "selectedDisplayText": "Long"}}, None, "Long"),
    ],
)
def test_a_tap_is_read_in_every_form(message: Any, choice: str | None, label: str) -> None:
    inbound = read(message)
    assert (inbound.kind, inbound.choice_id, inbound.text) == ("tap", choice, label)


def test_what_was_tapped_names_its_question() -> None:
    message = {"listResponseMessage": {"title": "R", "singleSelectReply": {}, "contextInfo": {"stanzaId": "3EB0"}}}
    assert read(message).quoted_id == "3EB0"
    assert read({"conversation": "x"}, contextInfo={"stanzaId": "3EB1"}).quoted_id == "3EB1"
    assert read({"conversation": "x"}, contextInfo={"stanzaId": {"no": "id"}}).quoted_id is None


def test_an_edit_that_came_as_a_message_is_its_authors() -> None:
    edit = {"protocolMessage": {"key": {"id": "A5", "remoteJid": "x@s.whatsapp.net"}, "editedMessage": {"conversation": "182"}}}
    inbound = read({"editedMessage": {"message": edit}}, messageType="editedMessage")
    assert (inbound.kind, inbound.text, inbound.target_id, inbound.verified) == ("edit", "182", "A5", True)


def test_wrappers_are_opened_and_their_depth_is_bounded() -> None:
    def wrapped(times: int) -> Any:
        message: Any = {"conversation": "inside"}
        for _ in range(times):
            message = {"ephemeralMessage": {"message": message}}
        return message

    assert read(wrapped(3)).text == "inside"
    assert read(wrapped(40)).kind == "unknown"
    edits: Any = {"conversation": "x"}
    for _ in range(200):
        edits = {"protocolMessage": {"key": {"id": "A"}, "editedMessage": edits}}
    assert read(edits).kind in ("edit", "unknown")


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("  oi \r\n", "oi"),
        ("a\x00b\x07c\x1b[0m", "abc[0m"),
        ("a\tb\nc", "a\tb\nc"),
        ("abc\u202edef\u2066x\u2069\u200f", "abcdefx"),
        ("क्\u200dष", "क्\u200dष"),  # joiners are letters' business
        ("half \ud83d emoji", "half � emoji"),
        ("👨‍👩‍👧", "👨‍👩‍👧"),
    ],
)
def test_text_is_cleaned_and_nothing_else_changed(written: str, kept: str) -> None:
    assert read({"conversation": written}).text == kept


def test_of_60000_characters_the_beginning_and_the_end_are_kept_and_that_is_said() -> None:
    inbound = read({"conversation": "my chest hurts " + "x" * 60_000 + " my chest hurts"})
    assert inbound.text is not None
    assert inbound.text.startswith("my chest hurts")
    assert inbound.text.endswith("my chest hurts")
    assert len(inbound.text) <= MAX_TEXT + 3
    assert inbound.truncated
    assert not read({"conversation": "x" * MAX_TEXT}).truncated


def test_a_name_is_one_short_line_without_tricks() -> None:
    assert read({"conversation": "x"}, pushName="A\u202eB\nC" + "d" * 900).name == ("AB C" + "d" * 900)[:200]
    assert read({"conversation": "x"}, pushName=["no"]).name is None


@pytest.mark.parametrize(
    ("stamp", "sent_at"),
    [
        (NOW - 172_800, NOW - 172_800),
        (int((NOW - 60) * 1000), NOW - 60),
        (str(int(NOW - 60)), NOW - 60),
        ({"low": int(NOW - 60), "high": 0, "unsigned": True}, NOW - 60),
        (NOW + 9_000, NOW),
        (0, NOW),
        (-1, NOW),
        ("soon", NOW),
        (None, NOW),
        (True, NOW),
        ([1], NOW),
        (1e300, NOW),
        (10**400, NOW),
    ],
)
def test_a_time_is_taken_where_it_can_be_true(stamp: Any, sent_at: float) -> None:
    assert read({"conversation": "x"}, messageTimestamp=stamp).sent_at == sent_at


def test_64_bit_halves_are_joined() -> None:
    message = {"imageMessage": {"mimetype": "image/jpeg", "fileLength": {"low": -1, "high": 1, "unsigned": True}}}
    media = read(message).media
    assert media is not None
    assert media.size == 2**33 - 1


@pytest.mark.parametrize(
    "message",
    [
        None,
        "text",
        [],
        {},
        {"conversation": ""},
        {"conversation": {"text": "x"}},
        {"extendedTextMessage": "x"},
        {"imageMessage": "x"},
        {"locationMessage": {"degreesLatitude": "north", "degreesLongitude": 1}},
        {"locationMessage": {"degreesLatitude": 91, "degreesLongitude": 1}},
        {"reactionMessage": {"text": "👍"}},
        {"buttonsResponseMessage": {}},
        {"contactsArrayMessage": {"contacts": [1, 2]}},
        {"pollUpdateMessage": {}},
    ],
)
def test_what_cannot_be_understood_is_unknown_and_not_lost(message: Any) -> None:
    assert read(message).kind == "unknown"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        ("x", "no_message"),
        (None, "no_message"),
        ([], "no_message"),
        ({}, "no_key"),
        ({"key": "x"}, "no_key"),
        ({"key": {}}, "bad_key"),
        ({"key": {"id": 5, "remoteJid": "5511987654321@s.whatsapp.net"}}, "bad_key"),
        ({"key": {"id": "a b", "remoteJid": "5511987654321@s.whatsapp.net"}}, "bad_key"),
        ({"key": {"id": "A", "remoteJid": {"server": "x"}}}, "bad_key"),
    ],
)
def test_a_message_without_a_usable_key_is_malformed(data: Any, code: str) -> None:
    with pytest.raises(Malformed) as caught:
        parse(json.dumps({"event": "messages.upsert", "instance": "zap", "data": data}).encode(), Reading(), NOW)
    assert caught.value.code == code


def test_a_repeated_edit_is_the_same_input_and_a_second_edit_is_not() -> None:
    def edit(stamp: Any) -> str:
        data = {
            "key": {"id": "A5", "remoteJid": "5511987654321@s.whatsapp.net", "fromMe": False},
            "type": "MESSAGE_EDIT",
            "editedMessage": {"conversation": "x"},
            "timestampMs": stamp,
        }
        (arrived,) = parse(json.dumps({"event": "messages.edited", "instance": "zap", "data": data}).encode(), Reading(), NOW)
        assert isinstance(arrived, Arrived)
        return arrived.inbound.id

    assert edit("1763880005000") == edit("1763880005000") == edit(1763880005000)
    assert edit("1763880005000") != edit("1763880006000")


def test_an_unknown_event_is_ignored() -> None:
    body = json.dumps({"event": "brand.new", "instance": "zap", "data": {}}).encode()
    assert parse(body, Reading(), NOW) == [Ignored("unknown_event")]


@pytest.mark.parametrize("kind", ["locationMessage", "liveLocationMessage"])
@pytest.mark.parametrize("field", ["comment", "caption"])
def test_what_is_written_below_a_place_is_heard(kind: str, field: str) -> None:
    inbound = read({kind: {"degreesLatitude": 19.07, "degreesLongitude": 72.87, field: "chest pain, come"}})
    assert (inbound.kind, inbound.text) == ("location", "chest pain, come")
    assert inbound.location is not None
    nowhere = read({kind: {"degreesLatitude": "?", field: "chest pain, come"}})
    assert (nowhere.kind, nowhere.text) == ("unknown", "chest pain, come")
    assert read({kind: {"degreesLatitude": "?"}}).kind == "unknown"


def test_a_picture_of_an_album_is_a_picture_and_the_album_itself_says_nothing() -> None:
    """WhatsApp wraps each of several pictures that are sent at once, and tells beforehand how many there will be."""
    picture = {"imageMessage": {"mimetype": "image/jpeg", "caption": "my ecg, chest pain since morning"}}
    secret = {"messageContextInfo": {"messageSecret": {"0": 1}, "messageAssociation": {"associationType": 1}}}
    body = upsert({"associatedChildMessage": {"message": {**secret, **picture}}, **secret, "base64": "aGVsbG8="})
    (arrived,) = parse(json.dumps(body).encode(), Reading(), NOW)
    assert isinstance(arrived, Arrived)
    assert (arrived.inbound.kind, arrived.inbound.text) == ("image", "my ecg, chest pain since morning")
    assert arrived.attachment is not None
    album = upsert({"albumMessage": {"expectedImageCount": 3}, **secret}, messageType="albumMessage")
    assert parse(json.dumps(album).encode(), Reading(), NOW) == [Ignored("album")]


def test_a_wrapper_that_nobody_knows_yet_is_opened_and_nothing_beside_what_is_said() -> None:
    new = {"wrapperOfNextYear": {"message": {"ephemeralMessage": {"message": {"conversation": "chest pain"}}}}}
    assert read(new).text == "chest pain"
    assert read({"conversation": "I am well", **new}).text == "I am well"
    assert read({"wrapperOfNextYear": {"message": "chest pain"}, "other": 5, "more": [{"message": {}}]}).kind == "unknown"
    nested: Any = {"conversation": "inside"}
    for _ in range(200):
        nested = {"wrapperOfNextYear": {"message": nested}}
    assert read(nested).kind == "unknown"


def test_an_empty_text_hides_no_picture() -> None:
    inbound = read({"conversation": "", "imageMessage": {"mimetype": "image/jpeg", "caption": "chest pain"}})
    assert (inbound.kind, inbound.text) == ("image", "chest pain")
    assert read({"conversation": ""}).kind == "unknown"
