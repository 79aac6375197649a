"""The number inside a message id of the official API."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.webhooks.fakes import wamid
from webhooks.evolution.wamid import digits_of


def encoded(data: bytes) -> str:
    return "wamid." + base64.b64encode(data).decode()


GOOD = b"\x1c\x18\x0b16503879439\x15\x02\x00\x12\x18\x143A4A6599AEE03810144F\x00"


def test_a_real_id_holds_its_senders_number() -> None:
    assert digits_of("wamid.HBgLMTY1MDM4Nzk0MzkVAgASGBQzQTRBNjU5OUFFRTAzODEwMTQ0RgA=") == "16503879439"


@pytest.mark.parametrize("digits", ["1234567", "5531987654321", "123456789012345"])
@pytest.mark.parametrize("from_me", [False, True])
def test_numbers_of_7_to_15_digits_are_found(digits: str, from_me: bool) -> None:
    assert digits_of(wamid(digits, from_me=from_me)) == digits


def test_missing_base64_padding_is_forgiven() -> None:
    assert digits_of(encoded(GOOD).rstrip("=")) == "16503879439"


@pytest.mark.parametrize(
    "message_id",
    [
        "",
        "wamid.",
        "wamid.RIGIN1795422784000001",
        encoded(GOOD).removeprefix("wamid."),
        encoded(GOOD)[:-8],
        encoded(GOOD + b"more"),
        encoded(GOOD.replace(b"\x0b1650", b"\x0a1650")),  # the length lies
        encoded(GOOD.replace(b"\x143A4A", b"\x133A4A")),
        encoded(GOOD.replace(b"16503879439", b"1650387943x")),
        encoded(GOOD.replace(b"16503879439", b"06503879439")),
        encoded(b"\x1c\x18\x06123456\x15\x02\x00\x12\x18\x02AB\x00"),
        encoded(b"\x1c\x18\x101234567890123456\x15\x02\x00\x12\x18\x02AB\x00"),
        encoded(GOOD[1:]),
        encoded(GOOD.replace(b"\x15\x02\x00", b"\x15\x04\x00")),
        encoded(GOOD.replace(b"\x12\x18", b"\x13\x18")),
        "wamid." + "A" * 10_000,
        "wamid.HBgL MTY1MDM4Nzk0MzkVAgASGBQzQTRBNjU5OUFFRTAzODEwMTQ0RgA=",
        "wamid.ＨＢgLMTY1",
    ],
)
def test_anything_else_proves_nobody(message_id: str) -> None:
    assert digits_of(message_id) is None


@given(st.binary(max_size=80))
def test_noise_proves_nobody_unless_it_is_exactly_the_form(data: bytes) -> None:
    found = digits_of(encoded(data))
    assert found is None or (found.encode() in data and 7 <= len(found) <= 15)


@given(st.integers(0, len(GOOD) - 1), st.integers(0, 255))
def test_one_changed_byte_never_yields_a_number_that_is_not_there(place: int, value: int) -> None:
    changed = GOOD[:place] + bytes([value]) + GOOD[place + 1 :]
    found = digits_of(encoded(changed))
    assert found is None or found.encode() == changed[3:14]
