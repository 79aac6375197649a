"""Collections and their indexes.

journal       one committed turn: {person, input_id, version, at, kind, session, trace, wakes}; the last three are JSON texts,
              because what they hold may not be a BSON document (names with dots, integers of any size)
heads         _id person: version and open wake-ups of the newest journal entry
records       _id record: person, kind, at, doc (JSON text)
readings      time series, {at, meta: {person, kind, key}, id, second, doc}: one measurement a document
reading_ids   _id reading: the guard against repeats. A time series can have no unique index and takes no part in a transaction,
              so the id is stored first with ``done`` false and set done after the reading; a repeat that finds it not done
              stores the reading (again, at worst), and reading them skips an id it has had
bundles       _id version: {packed, size, at, published}; never changed but for the time it was kept last and a count
publications  _id number: {version, at, by, note, back}; the highest number is current
documents     _id {kind, id}: kind, id, person, at, version, due, state, data (JSON text): what agents keep that changes
audit         _id number: note (JSON text), seal; only ever added to
deliveries    _id effect: person, at, doc;   links  _id a blind name of the lid: phone (both, sealed)
data_keys     _id {tenant, purpose, number}: wrapped keys (bot/sealing)
about         _id "schema": the version of all this

What is a JSON text here is sealed bytes where there are keys; what older releases stored stays readable (texts, readings and
deliveries in fields).
"""

from __future__ import annotations

from typing import Any

from pymongo import ASCENDING, DESCENDING
from pymongo.errors import CollectionInvalid, OperationFailure

from bot.errors import ConfigError, StoreUnavailable

VERSION = 1
EXISTS = 48  # server code NamespaceExists
FORBIDDEN = 13  # server code Unauthorized


async def prepare(database: Any) -> None:
    """Make what is missing; safe to run in many processes at once. Raises ConfigError for a newer release's database, and
    StoreUnavailable when our account may not make it and nobody has yet."""
    about = await database.about.find_one({"_id": "schema"})
    if about is not None and about["version"] > VERSION:
        raise ConfigError("The MongoDB database was written by a newer release.", code="mongo_newer")
    try:
        await _make(database)
    except OperationFailure as error:
        if error.code != FORBIDDEN:
            raise
        if about is None or about["version"] < VERSION:  # the scheduler's account may: wait for it
            raise StoreUnavailable(code="store_not_prepared") from error


async def _make(database: Any) -> None:
    try:
        await database.create_collection(
            "readings", timeseries={"timeField": "at", "metaField": "meta", "granularity": "minutes"}
        )
    except CollectionInvalid:
        pass  # the driver's own look found it
    except OperationFailure as error:
        if error.code != EXISTS:
            raise
    await database.journal.create_index([("person", ASCENDING), ("input_id", ASCENDING)], unique=True)
    await database.journal.create_index([("person", ASCENDING), ("version", DESCENDING), ("at", DESCENDING)])
    await database.journal.create_index([("at", ASCENDING), ("person", ASCENDING), ("input_id", ASCENDING)])
    await database.heads.create_index([("open", ASCENDING), ("_id", ASCENDING)])
    await database.records.create_index([("person", ASCENDING), ("kind", ASCENDING), ("at", DESCENDING)])
    await database.records.create_index([("kind", ASCENDING)])
    await database.readings.create_index([("meta.person", ASCENDING), ("meta.kind", ASCENDING), ("at", DESCENDING)])
    await database.documents.create_index([("person", ASCENDING), ("kind", ASCENDING), ("at", DESCENDING)])
    await database.documents.create_index([("kind", ASCENDING), ("id", ASCENDING)])
    await database.documents.create_index([("due", ASCENDING)], partialFilterExpression={"due": {"$type": "double"}})
    await database.deliveries.create_index([("person", ASCENDING)])
    await database.about.update_one({"_id": "schema"}, {"$set": {"version": VERSION}}, upsert=True)
