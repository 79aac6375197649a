"""People with reminders that are due while everything falls over, and what is true of them at the end."""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from msgspec import Struct, field
from pymongo import MongoClient

from agents.engagement_engine.kept import KIND, written
from agents.engagement_engine.rule import rule_of
from agents.engagement_engine.schedule import Reminder
from bot.model.ids import InputId, PersonId, person_of
from bot.model.session import Channel, Session
from bot.notices.ledger import LEDGER
from bot.ports.documents import Document
from bot.ports.store import JournalEntry, Store
from config.policy import load_policy

PER_DAY = 5
NAME = re.compile(r"reminder (\d+\.\d+)")


class Sleeper(Struct, frozen=True):
    """``count`` reminders; until ``paused_until`` the person wants to hear nothing."""

    number: str
    place: int
    count: int
    paused_until: float = 0.0

    @property
    def person(self) -> PersonId:
        return person_of(f"phone:{self.number}")

    @property
    def names(self) -> list[str]:
        return [f"{self.place}.{number}" for number in range(self.count)]


class Outcome(Struct):
    """``lost``: neither sent nor in the ledger as given up. ``sixth``: people who got more than a day's notices."""

    lost: list[str] = field(default_factory=list)
    twice: list[str] = field(default_factory=list)
    sixth: list[str] = field(default_factory=list)
    sent: int = 0
    given_up: int = 0


def noon_zone(now: float) -> str:
    """A zone in which it is around noon: no night and no midnight falls into the test."""
    return f"Etc/GMT{datetime.fromtimestamp(now, UTC).hour - 12:+d}"


async def set_all(store: Store, people: Sequence[Sleeper], now: float) -> None:
    """Everybody's reminders, the last time of which was a moment ago; not due yet."""
    rule = rule_of("daily", f"{datetime.fromtimestamp(now, UTC):12:%M}", noon_zone(now), now - 86_400 - 60)
    made = []
    for one in people:
        for name in one.names:
            reminder = Reminder("other", rule, noon_zone(now), text=f"reminder {name}", last=rule.start)
            document = written(Document(KIND, f"r{name}", one.person, now), reminder, "active")
            made.append(Document(KIND, document.id, one.person, now, state="active", data=document.data))
    await asyncio.gather(*(store.documents.save(one) for one in made))


async def begin(store: Store, people: Sequence[Sleeper], instance: str, now: float) -> None:
    """Everybody has just written, and agreed to everything."""
    entries = []
    for one in people:
        profile = {
            "language": "en", "language_chosen": "en", "zone": noon_zone(now), "country": "IN", "paused_until": one.paused_until,
        }  # fmt: skip
        session = Session(one.person, channel=Channel(instance, "cloud", one.number), profile=profile)
        session.consent = {"version": load_policy().behaviour.consent_version, "purposes": ["care_messages"]}
        session.last_inbound_at, session.version = now, 1
        entries.append(JournalEntry(one.person, InputId(f"in:{one.number}"), 1, now, "answered", session))
    await store.append_journal(entries)


PARTS = 5
"""Of all reminders; each part comes due at once."""


def make_due(url: str, database: str, people: Sequence[Sleeper], part: int, at: float) -> None:
    """In one step: written one by one, the first would be long due before the last."""
    names = [name for one in people for place, name in enumerate(one.names) if (one.place + place) % PARTS == part]
    with MongoClient[dict[str, Any]](url) as client:
        ids = [{"kind": KIND, "id": f"r{name}"} for name in names]
        client[database]["documents"].update_many({"_id": {"$in": ids}}, {"$set": {"due": at}})


def judged(people: Iterable[Sleeper], arrived: Mapping[str, list[str]], given_up: Mapping[str, set[str]]) -> Outcome:
    """``arrived``: texts by number. ``given_up``: names of reminders that the ledger says were not to be sent, by number."""
    found = Outcome()
    for one in people:
        heard = Counter(name for text in arrived.get(one.number, ()) for name in NAME.findall(text))
        dropped = given_up.get(one.number, set())
        found.sent += len(heard)
        found.given_up += len(dropped - set(heard))
        found.lost += [name for name in one.names if name not in heard and name not in dropped]
        found.lost += [name for name in one.names if name not in heard and len(heard) < min(one.count, PER_DAY)]
        found.twice += [name for name, count in heard.items() if count > 1]
        if len(heard) > PER_DAY:
            found.sixth.append(one.number)
    return found


async def dropped(store: Store, one: Sleeper) -> set[str]:
    """Names of this person's reminders of which the last word in the ledger is not that they were sent."""
    last: dict[str, str] = {}
    for record in sorted(await store.records(one.person, LEDGER, 200), key=lambda record: record.at):
        if found := re.search(r":r(\d+\.\d+):", str(record.data.get("bid", ""))):
            last[found[1]] = str(record.data["verdict"])
    return {name for name, verdict in last.items() if verdict == "drop"}
