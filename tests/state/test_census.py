from __future__ import annotations

from redis import Redis

from bot.adapters.redis import Coalescing, RedisCensus, RedisSessions
from bot.adapters.redis.census import PAGE
from bot.model.ids import EffectId, InputId, person_of
from bot.model.session import Aside, Bookmark, Frame, Place, Session, Standing, Wait
from bot.ports.sessions import CensusPage
from tests.sealed import SEALS

NOW = 1_764_000_000.5


def someone(number: int) -> Session:
    person = person_of(f"phone:91{number:010}")
    stack = [Frame("menu", "v1", "choose"), Frame("glucose", "v2", "ask", {"glucose": 140}, Wait("ask", EffectId("t"), tries=1))]
    late = {EffectId("i"): Frame("glucose", "v0", "save")}
    return Session(person, version=1, stack=stack, overdue=late, bookmarks=[Bookmark([Frame("profile", "v3", "ask")], NOW)])


async def counted(census: RedisCensus, most: int = 10_000) -> list[CensusPage]:
    return [page async for page in census.pages(most)]


async def test_everybody_is_counted_once_within_a_bound(census: RedisCensus, sessions: RedisSessions) -> None:
    everybody = [someone(number) for number in range(PAGE + 50)]
    for session in everybody:
        await sessions.commit(session, InputId("i1"), [], now=NOW)
    pages = await counted(census)
    people = [one for page in pages for one in page.people]
    assert sorted(one.person for one in people) == sorted(session.person for session in everybody)
    assert all(page.complete and not page.unreadable for page in pages)
    places = [Place("menu", "v1", "choose"), Place("glucose", "v2", "ask", Wait("ask", EffectId("t"), tries=1))]
    assert len(pages) > 1
    broken_off = await counted(census, most=5)
    assert (len(broken_off), broken_off[-1].complete) == (2, False)
    late = {EffectId("i"): Place("glucose", "v0", "save")}
    assert people[0] == Standing(people[0].person, places, late, [Aside([Place("profile", "v3", "ask")])])
    assert (people[0].stack, people[0].aside) == (places, [late[EffectId("i")], Place("profile", "v3", "ask")])


async def test_nobody_is_an_empty_count(census: RedisCensus) -> None:
    assert [one for page in await counted(census) for one in page.people] == []


async def test_a_damaged_session_is_told_and_stops_nothing(
    census: RedisCensus, sessions: RedisSessions, admin: Redis, prefix: str
) -> None:
    for number in range(3):
        await sessions.commit(someone(number), InputId("i1"), [], now=NOW)
    admin.hset(f"{prefix}:{{{someone(1).person}}}:s", "d", b"{")
    pages = await counted(census)
    assert sum(len(page.people) for page in pages) == 2
    assert sum(page.unreadable for page in pages) == 1


async def test_a_prefix_with_signs_of_a_pattern_is_only_itself(client: Coalescing, prefix: str) -> None:
    for name in (f"{prefix}:a*", f"{prefix}:ab"):
        await RedisSessions(client, name, seals=SEALS).commit(someone(1), InputId("i1"), [], now=NOW)
    assert [len(page.people) for page in await counted(RedisCensus(client, f"{prefix}:a*", seals=SEALS))] == [1]
