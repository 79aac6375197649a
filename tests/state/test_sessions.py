from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest
from redis import Redis

from bot.adapters.redis import RedisDeliveries, RedisSessions
from bot.adapters.redis.sessions import KEEP_SEEN, MOST_SEEN
from bot.errors import Conflict, Malformed
from bot.model.effects import CancelWake, Effect, Intent, Option, Outbound, Record, WakeAt
from bot.model.ids import EffectId, GatewayId, InputId, PersonId, effect_of, person_of
from bot.model.session import Asked, Channel, Frame, Session, Wait

ASHA = person_of("phone:910000000001")
NOW = 1_764_000_000.25


def session(version: int, person: PersonId = ASHA, **vars: object) -> Session:
    return Session(
        person,
        version=version,
        channel=Channel("main", "cloud", "910000000001"),
        profile={"name": "आशा 👩🏽‍⚕️ \x00 {}", "big": 2**60, "none": None},
        stack=[Frame("welcome", "c1", "ask", dict(vars), Wait("ask", tries=2), ["hello"])],
        timers=[WakeAt(EffectId("t"), person, NOW)],
    )


def outbox(input_id: str) -> list[Effect]:
    return [
        Outbound(effect_of(input_id, 0), ASHA, "main", "cloud", "91", "reply", "नमस्ते\n*hi*", NOW, (Option("y", "हाँ"),)),
        Intent(effect_of(input_id, 1), ASHA, "monitor", "grade", NOW, {"mg_dl": 142.5}),
        WakeAt(effect_of(input_id, 2), ASHA, NOW + 60),
        CancelWake(effect_of(input_id, 3), ASHA, EffectId("t")),
        Record(effect_of(input_id, 4), ASHA, "consent", NOW, {"yes": True}),
    ]


async def test_a_new_person_has_no_session_and_has_sent_nothing(sessions: RedisSessions) -> None:
    loaded = await sessions.load(ASHA, InputId("i1"), GatewayId("q1"))
    assert (loaded.session, loaded.seen, loaded.outbox, loaded.asked) == (None, False, {}, None)


async def test_what_was_committed_is_told_of_many_people_at_once(sessions: RedisSessions) -> None:
    ravi = person_of("phone:910000000002")
    await sessions.commit(session(1), InputId("i1"), [], now=NOW)
    await sessions.commit(session(1, ravi), InputId("i2"), [], now=NOW)
    asked = [(ASHA, InputId("i1")), (ASHA, InputId("i2")), (ravi, InputId("i2")), (ravi, InputId("i3"))]
    assert await sessions.seen(asked) == {InputId("i1"), InputId("i2")}
    assert await sessions.seen(asked[1:2]) == set()
    assert await sessions.seen([]) == set()


async def test_a_commit_gives_back_session_outbox_and_seen(sessions: RedisSessions) -> None:
    await sessions.commit(session(1, odd="'\"\\"), InputId("i1"), outbox("i1"), now=NOW)
    again = await sessions.load(ASHA, InputId("i1"))
    assert again.session == session(1, odd="'\"\\")
    assert again.seen
    assert again.outbox == {"i1": outbox("i1")}
    assert not (await sessions.load(ASHA, InputId("i2"))).seen


async def test_outboxes_stay_until_they_are_published(sessions: RedisSessions) -> None:
    await sessions.commit(session(1), InputId("i:1"), outbox("i:1"), now=NOW)
    await sessions.commit(session(2), InputId("i:2"), [], now=NOW)
    await sessions.commit(session(3), InputId("i:3"), outbox("i:3"), now=NOW)
    assert (await sessions.load(ASHA, InputId("i4"))).outbox == {"i:1": outbox("i:1"), "i:3": outbox("i:3")}
    await sessions.published(ASHA, InputId("i:1"))
    await sessions.published(ASHA, InputId("i:1"))
    loaded = await sessions.load(ASHA, InputId("i4"))
    assert loaded.outbox == {"i:3": outbox("i:3")}
    assert loaded.session == session(3)


@pytest.mark.parametrize("version", [1, 2, 4, 0])
async def test_a_stale_commit_is_refused_and_writes_nothing(sessions: RedisSessions, version: int) -> None:
    await sessions.commit(session(1), InputId("i1"), [], now=NOW)
    await sessions.commit(session(2), InputId("i2"), [], now=NOW)
    with pytest.raises(Conflict):
        await sessions.commit(session(version, new=True), InputId("i3"), outbox("i3"), now=NOW)
    loaded = await sessions.load(ASHA, InputId("i3"))
    assert (loaded.session, loaded.seen, loaded.outbox) == (session(2), False, {})


async def test_a_first_commit_must_be_version_one(sessions: RedisSessions) -> None:
    with pytest.raises(Conflict):
        await sessions.commit(session(2), InputId("i1"), [], now=NOW)


async def test_an_input_is_committed_once_only(sessions: RedisSessions) -> None:
    await sessions.commit(session(1), InputId("i1"), outbox("i1"), now=NOW)
    with pytest.raises(Conflict):
        await sessions.commit(session(2), InputId("i1"), [], now=NOW)
    loaded = await sessions.load(ASHA, InputId("i1"))
    assert (loaded.session, loaded.outbox) == (session(1), {"i1": outbox("i1")})


async def test_of_many_commits_at_once_exactly_one_wins(sessions: RedisSessions) -> None:
    await sessions.commit(session(1), InputId("i1"), [], now=NOW)

    async def attempt(number: int) -> int | None:
        try:
            await sessions.commit(session(2, winner=number), InputId(f"x{number}"), outbox(f"x{number}"), now=NOW)
        except Conflict:
            return None
        return number

    winners = [number for number in await asyncio.gather(*map(attempt, range(50))) if number is not None]
    assert len(winners) == 1
    loaded = await sessions.load(ASHA, InputId(f"x{winners[0]}"))
    assert loaded.seen
    assert loaded.session == session(2, winner=winners[0])
    assert list(loaded.outbox) == [f"x{winners[0]}"]


async def test_people_do_not_touch_each_other(sessions: RedisSessions) -> None:
    ravi = person_of("phone:910000000002")
    await sessions.commit(session(1), InputId("same"), outbox("same"), now=NOW)
    assert await sessions.load(ravi, InputId("same")) == await sessions.load(ravi, InputId("other"))
    await sessions.commit(session(1, ravi), InputId("same"), [], now=NOW)
    assert (await sessions.load(ASHA, InputId("same"))).session == session(1)


async def test_restore_puts_back_session_and_inputs_only_where_none_is(sessions: RedisSessions, wipe: Callable[[], None]) -> None:
    await sessions.commit(session(1), InputId("i1"), outbox("i1"), now=NOW)
    assert not await sessions.restore(session(9), [InputId("i9")], now=NOW)
    assert (await sessions.load(ASHA, InputId("i9"))).session == session(1)
    wipe()
    assert (await sessions.load(ASHA, InputId("i1"))).session is None
    assert await sessions.restore(session(9), [InputId("i9"), InputId("i8")], now=NOW)
    loaded = await sessions.load(ASHA, InputId("i8"))
    assert (loaded.session, loaded.seen, loaded.outbox) == (session(9), True, {})
    await sessions.commit(session(10), InputId("i10"), [], now=NOW)


async def test_of_many_restores_at_once_exactly_one_wins(sessions: RedisSessions) -> None:
    done = await asyncio.gather(*[sessions.restore(session(number), [], now=NOW) for number in range(1, 20)])
    assert sum(done) == 1


async def test_seen_ids_are_bounded_in_age_and_number(sessions: RedisSessions, admin: Redis, prefix: str) -> None:
    await sessions.restore(session(1), [InputId(f"old{number}") for number in range(600)], now=NOW)
    key = f"{prefix}:{{{ASHA}}}:seen"
    assert admin.zcard(key) == MOST_SEEN
    await sessions.commit(session(2), InputId("i2"), [], now=NOW + 1)
    assert admin.zcard(key) == MOST_SEEN
    assert (await sessions.load(ASHA, InputId("old0"))).seen, "the newest of them stays"
    await sessions.commit(session(3), InputId("i3"), [], now=NOW + KEEP_SEEN + 1)
    assert admin.zrange(key, 0, -1) == [b"i2", b"i3"]


async def test_everything_of_a_person_ends_after_a_long_silence(sessions: RedisSessions, admin: Redis, prefix: str) -> None:
    await sessions.commit(session(1), InputId("i1"), outbox("i1"), now=NOW)
    await sessions.restore(session(1, PersonId("p2")), [InputId("i")], now=NOW)
    keys = list(admin.scan_iter(f"{prefix}:*"))
    assert len(keys) == 4
    assert all(59 * 86_400 < admin.ttl(key) <= 60 * 86_400 for key in keys)


@pytest.mark.parametrize("raw", [b"", b"{", b"null", b'{"person": 7}', b"\xff\xfe", b'{"person":"somebody","version":1}'])
async def test_an_unreadable_session_is_malformed_and_never_a_new_person(
    sessions: RedisSessions, admin: Redis, prefix: str, raw: bytes
) -> None:
    await sessions.commit(session(1), InputId("i1"), [], now=NOW)
    admin.hset(f"{prefix}:{{{ASHA}}}:s", "d", raw)
    with pytest.raises(Malformed):
        await sessions.load(ASHA, InputId("i2"))


@pytest.mark.parametrize(
    ("field", "value"), [("v", b"7"), ("v", None), ("d", None), ("o:i1", b"[{}]"), ("o:\udcff", b"[]"), ("o:i1", b"")]
)
async def test_a_damaged_hash_is_malformed(
    sessions: RedisSessions, admin: Redis, prefix: str, field: str, value: bytes | None
) -> None:
    await sessions.commit(session(1), InputId("i1"), [], now=NOW)
    key, name = f"{prefix}:{{{ASHA}}}:s", field.encode(errors="surrogateescape")
    if value is None:
        admin.hdel(key, name)
    else:
        admin.hset(key, name, value)
    with pytest.raises(Malformed):
        await sessions.load(ASHA, InputId("i2"))


async def test_a_key_of_another_type_is_malformed(sessions: RedisSessions, admin: Redis, prefix: str) -> None:
    admin.set(f"{prefix}:{{{ASHA}}}:s", "not a hash")
    with pytest.raises(Malformed):
        await sessions.load(ASHA, InputId("i1"))
    with pytest.raises(Malformed):
        await sessions.commit(session(1), InputId("i1"), [], now=NOW)


async def test_a_quoted_message_brings_its_question(sessions: RedisSessions, deliveries: RedisDeliveries) -> None:
    asked = Asked(EffectId("i1#0"), "welcome", "unit", (Option("mg", "mg/dL"), Option("mmol", "mmol/L | “x”")))
    await deliveries.sent(ASHA, asked.id, GatewayId("3EB0|7"), now=NOW, asked=asked)
    assert (await sessions.load(ASHA, InputId("i2"), GatewayId("3EB0|7"))).asked == asked
    assert (await sessions.load(ASHA, InputId("i2"), GatewayId("other"))).asked is None
    assert (await sessions.load(ASHA, InputId("i2"))).asked is None
