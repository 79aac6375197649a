"""Structs of the ports as MongoDB documents and back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, TypeVar

import msgspec
from msgspec import Struct
from pymongo import UpdateOne

from bot.errors import Malformed
from bot.model.effects import Record
from bot.model.ids import InputId, PersonId
from bot.ports.store import DeliveryRecord, JournalEntry, Reading, TurnNote
from bot.sealing.seals import Seals

S = TypeVar("S")


def of_entry(entry: JournalEntry, seals: Seals) -> dict[str, Any]:
    id_ = f"{entry.person}/{entry.input_id}"
    return {
        "person": entry.person,
        "input_id": entry.input_id,
        "version": entry.version,
        "at": entry.at,
        "kind": entry.kind,
        "session": seals.seal(encoded(entry.session), "journal", id_, "session"),
        "trace": seals.seal(encoded(entry.trace), "journal", id_, "trace"),
        "wakes": seals.seal(encoded(entry.wakes), "journal", id_, "wakes"),
    }


def to_note(document: dict[str, Any], seals: Seals) -> TurnNote:
    held = seals.open(document["trace"], "journal", f"{document['person']}/{document['input_id']}", "trace")
    trace = parsed(held, list[dict[str, Any]])
    return TurnNote(document["at"], PersonId(document["person"]), InputId(document["input_id"]), document["kind"], trace)


def of_record(record: Record, seals: Seals) -> dict[str, Any]:
    doc = seals.seal(encoded(record), "records", record.id, "doc")
    return {"_id": record.id, "person": record.person, "kind": record.kind, "at": record.at, "doc": doc}


def to_record(document: dict[str, Any], seals: Seals) -> Record:
    record = parsed(seals.open(document["doc"], "records", document["_id"], "doc"), Record)
    return msgspec.structs.replace(record, person=PersonId(document["person"]))  # a merge changes the document, not the text


def of_reading(reading: Reading, seals: Seals) -> dict[str, Any]:
    """``at`` is what the time series sorts by, in milliseconds; ``second`` keeps the exact time. ``meta`` names the key as well:
    of a time series only what its meta names can be deleted, and so what an older key sealed can be put in other words."""
    doc = seals.seal(encoded(reading), "readings", reading.id, "doc")
    meta = {"person": reading.person, "kind": reading.kind, "key": seals.key()}
    return {"id": reading.id, "at": moment(reading.at), "meta": meta, "second": reading.at, "doc": doc}


def to_reading(document: dict[str, Any], seals: Seals) -> Reading:
    """What was stored before there were keys lies in fields. A merge changes the document, not what is sealed in it."""
    person, kind = document["meta"]["person"], document["meta"]["kind"]
    if "doc" in document:
        reading = parsed(seals.open(document["doc"], "readings", document["id"], "doc"), Reading)
        return msgspec.structs.replace(reading, person=PersonId(person))
    fields = {name: value for name, value in document.items() if name not in ("_id", "meta", "second")}
    return converted({**fields, "person": person, "kind": kind, "at": document["second"]}, Reading)


def of_delivery(delivery: DeliveryRecord, seals: Seals) -> dict[str, Any]:
    """Without its id, which is the document's."""
    doc = seals.seal(encoded(delivery), "deliveries", delivery.id, "doc")
    return {"person": delivery.person, "at": delivery.at, "doc": doc}


def to_delivery(document: dict[str, Any], seals: Seals) -> DeliveryRecord:
    if "doc" in document:
        found = parsed(seals.open(document["doc"], "deliveries", document["_id"], "doc"), DeliveryRecord)
        return msgspec.structs.replace(found, person=PersonId(document["person"]))
    return converted({**document, "id": document["_id"]}, DeliveryRecord)


def unless_newer(key: str, order: str, fields: dict[str, Any]) -> UpdateOne:
    """Put ``fields`` under ``_id`` ``key``, unless what stands there has a higher ``order``.

    Matches by the id alone and compares inside: then the server itself repeats an insert that another one overtook, which it
    does not for a filter with a comparison (the newer of two first words could be refused as a duplicate).
    """
    newer = {"$gt": [{"$ifNull": [f"${order}", fields[order]]}, fields[order]]}
    written = {"_id": {"$literal": key}, **{name: {"$literal": value} for name, value in fields.items()}}
    return UpdateOne({"_id": key}, [{"$replaceWith": {"$cond": [newer, "$$ROOT", written]}}], upsert=True)


def moment(second: float) -> datetime:
    try:
        return datetime.fromtimestamp(second, UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise Malformed("A time is out of range.", code="mongo_value") from error


def encoded(value: Struct | Sequence[Any]) -> bytes:
    return msgspec.json.encode(value)


def parsed(raw: bytes, kind: type[S]) -> S:
    try:
        return msgspec.json.decode(raw, type=kind)
    except (msgspec.DecodeError, msgspec.ValidationError, UnicodeDecodeError) as error:
        raise Malformed(str(error), code="stored_unreadable") from error


def converted(fields: dict[str, Any], kind: type[S]) -> S:
    try:
        return msgspec.convert(fields, kind)
    except msgspec.ValidationError as error:
        raise Malformed(str(error), code="stored_unreadable") from error
