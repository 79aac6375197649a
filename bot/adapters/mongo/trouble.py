"""What motor, pymongo and bson raise, in our words."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from bson.errors import BSONError, InvalidDocument
from pymongo.errors import BulkWriteError, DocumentTooLarge, PyMongoError

from bot.errors import BotError, Malformed, StoreUnavailable

RAISED = (PyMongoError, BSONError, OverflowError)
"""Base classes of all they raise; OverflowError: an integer of more than 64 bits."""

DUPLICATE = 11000
"""Server code: that id is stored already, which is what a repeat should find."""


def translated(error: BaseException) -> BotError:
    if isinstance(error, InvalidDocument | DocumentTooLarge | BSONError | OverflowError):
        return Malformed("A value does not fit into the store.", code="mongo_value")
    code = getattr(error, "code", None)  # the server's number; the message could quote a document
    return StoreUnavailable(code=f"mongo_{code or type(error).__name__}")


@contextmanager
def translating() -> Iterator[None]:
    try:
        yield
    except RAISED as error:
        raise translated(error) from error


@contextmanager
def duplicates_are_fine() -> Iterator[None]:
    """For writes of many where some may be stored already: only other errors count."""
    try:
        yield
    except BulkWriteError as error:
        details = error.details or {}
        others = [each for each in details.get("writeErrors", []) if each.get("code") != DUPLICATE]
        if others or details.get("writeConcernErrors"):
            raise
