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

S = TypeVar("S")


def of_entry(entry: JournalEntry) -> dict[str, Any]:
    return {
        "person": entry.person,
        "input_id": entry.input_id,
        "version": entry.version,
        "at": entry.at,
        "kind": entry.kind,
        "session": text(entry.session),
        "trace": text(entry.trace),
        "wakes": text(entry.wakes),
    }


def to_note(document: dict[str, Any]) -> TurnNote:
    trace = parsed(document["trace"], list[dict[str, Any]])
    return TurnNote(document["at"], PersonId(document["person"]), InputId(document["input_id"]), document["kind"], trace)


def of_record(record: Record) -> dict[str, Any]:
    return {"_id": record.id, "person": record.person, "kind": record.kind, "at": record.at, "doc": text(record)}


def to_record(document: dict[str, Any]) -> Record:
    record = parsed(document["doc"], Record)
    return msgspec.structs.replace(record, person=PersonId(document["person"]))  # a merge changes the document, not the text


def of_reading(reading: Reading) -> dict[str, Any]:
    """``at`` is what the time series sorts by, in milliseconds; ``second`` keeps the exact time."""
    fields = msgspec.to_builtins(reading)
    person, kind, second = fields.pop("person"), fields.pop("kind"), fields.pop("at")
    return {**fields, "at": moment(second), "meta": {"person": person, "kind": kind}, "second": second}


def to_reading(document: dict[str, Any]) -> Reading:
    fields = {name: value for name, value in document.items() if name not in ("_id", "meta", "second")}
    return converted({**fields, **document["meta"], "at": document["second"]}, Reading)


def of_delivery(delivery: DeliveryRecord) -> dict[str, Any]:
    """Without its id, which is the document's."""
    return {name: value for name, value in msgspec.to_builtins(delivery).items() if name != "id"}


def to_delivery(document: dict[str, Any]) -> DeliveryRecord:
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


def text(value: Struct | Sequence[Any]) -> str:
    return msgspec.json.encode(value).decode()


def parsed(raw: str, kind: type[S]) -> S:
    try:
        return msgspec.json.decode(raw, type=kind)
    except (msgspec.DecodeError, msgspec.ValidationError) as error:
        raise Malformed(str(error), code="stored_unreadable") from error


def converted(fields: dict[str, Any], kind: type[S]) -> S:
    try:
        return msgspec.convert(fields, kind)
    except msgspec.ValidationError as error:
        raise Malformed(str(error), code="stored_unreadable") from error
