"""Whatever arrives: the parser answers with something we know, or says Malformed."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.errors import Malformed
from bot.model.codec import decode_turn_event, encode
from bot.model.events import ChannelState, Receipt
from tests.webhooks import recordings
from tests.webhooks.fakes import NOW
from webhooks.evolution.messages import Reading
from webhooks.evolution.parsing import TAKEN_EVENTS, parse
from webhooks.parsed import Arrived, Ignored, Parsed

BOUNDED = settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])

strings = st.text(st.characters(), max_size=30)  # lone surrogates included
scalars = st.none() | st.booleans() | st.integers() | st.floats() | strings | st.just(10**400) | st.just("9" * 5000)
halves = st.fixed_dictionaries({"low": scalars, "high": scalars, "unsigned": scalars})
anything = st.recursive(
    scalars | halves,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(strings, inner, max_size=3),
    max_leaves=8,
)
bodies = [body for name in recordings.names("*-in-*") for body in recordings.deliveries(name) if body["event"] in TAKEN_EVENTS]


def parsed(body: bytes) -> list[Parsed]:
    """Checks that what comes out can travel: it is encoded and decoded as on the bus."""
    try:
        found = parse(body, Reading(), NOW)
    except Malformed:
        return []
    for item in found:
        assert isinstance(item, Arrived | Receipt | ChannelState | Ignored)
        if isinstance(item, Arrived):
            assert decode_turn_event(encode(item.inbound)) == item.inbound
            assert len(item.inbound.text or "") <= 8_000
            assert item.inbound.sent_at <= item.inbound.received_at
            assert "\x00" not in repr(item.inbound)
    return found


def paths(value: Any, here: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    found = [here] if here else []
    pairs = value.items() if isinstance(value, dict) else enumerate(value[:3]) if isinstance(value, list) else ()
    for key, inner in pairs:
        found += paths(inner, (*here, key))
    return found


def with_value(value: Any, path: tuple[Any, ...], new: Any) -> Any:
    if not path:
        return new
    changed = dict(value) if isinstance(value, dict) else list(value)
    changed[path[0]] = with_value(value[path[0]], path[1:], new)
    return changed


@BOUNDED
@given(st.data())
def test_any_value_in_any_field_of_a_recorded_event(data: st.DataObject) -> None:
    body = data.draw(st.sampled_from(bodies))
    path = data.draw(st.sampled_from(paths(body)))
    parsed(json.dumps(with_value(body, path, data.draw(anything))).encode())


@BOUNDED
@given(st.sampled_from(bodies), st.data())
def test_a_truncated_event(body: dict[str, Any], data: st.DataObject) -> None:
    whole = json.dumps(body).encode()
    end = data.draw(st.integers(0, len(whole) - 1))
    with pytest.raises(Malformed):
        parse(whole[:end], Reading(), NOW)


@BOUNDED
@given(st.sampled_from(bodies), st.data())
def test_changed_bytes(body: dict[str, Any], data: st.DataObject) -> None:
    whole = bytearray(json.dumps(body, ensure_ascii=False).encode())
    for _ in range(data.draw(st.integers(1, 6))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    parsed(bytes(whole))


@BOUNDED
@given(st.sampled_from(sorted(TAKEN_EVENTS)), anything)
def test_any_data_under_a_known_event(event: str, data: Any) -> None:
    parsed(json.dumps({"event": event, "instance": "zap", "data": data}).encode())


@BOUNDED
@given(st.binary(max_size=200))
def test_noise(noise: bytes) -> None:
    assert parsed(noise) == []


@BOUNDED
@given(anything)
def test_json_that_is_no_event(value: Any) -> None:
    with pytest.raises(Malformed):
        parse(json.dumps(value).encode(), Reading(), NOW)


@pytest.mark.parametrize(
    "hole",
    [
        '{"message":' * 100_000,
        "[" * 1_000_000,
        "[" * 900 + "]" * 900,
        '{"conversation":' + "[" * 50_000 + "]" * 50_000 + "}",
        '{"conversation":1' + "0" * 1_000_000 + "}",
        '{"conversation":"\\ud83d"}',
        '{"conversation":"' + "\\u0000" * 10_000 + '"}',
    ],
)
def test_holes_are_not_fallen_into(hole: str) -> None:
    key = '{"id":"A","remoteJid":"5511987654321@s.whatsapp.net"}'
    body = f'{{"event":"messages.upsert","instance":"zap","data":{{"key":{key},"message":{hole}}}}}'
    parsed(body.encode())


def test_invalid_utf_8_costs_no_message() -> None:
    body = b'{"event":"messages.upsert","instance":"zap","data":{"key":{"id":"A","remoteJid":"5511987654321@s.whatsapp.net"},'
    (arrived,) = parsed(body + b'"message":{"conversation":"a\xff\xfeb"}}}')
    assert isinstance(arrived, Arrived)
    assert arrived.inbound.text == "a\ufffd\ufffdb"
