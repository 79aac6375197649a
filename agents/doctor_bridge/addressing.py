"""What a message of the care team is: for which case, a word for us, or words for the patient."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from msgspec import Struct

from agents.doctor_bridge.numbers import written_number
from config.doctor_bridge import Verb

_ENDS = " \t\n.!:,-"


class Addressed(Struct, frozen=True):
    """``words`` are for the patient, as they were written but for the number before them. ``listed``: a lone ``#``."""

    number: str | None
    verb: Verb | None
    words: str
    listed: bool = False


def read_message(text: str, words: Mapping[Verb, tuple[str, ...]], alone: Collection[str] = ()) -> Addressed:
    """``#12A take 1 tablet`` are words; ``#12A done`` and ``#done`` are a word for us; without ``#`` everything is words, but for
    the few (``alone``) that nobody writes to a patient."""
    number, rest = written_number(text)
    if number is None:
        bare = text.strip()
        if not bare.startswith("#"):
            ended = _plain(bare) in alone
            return Addressed(None, "done" if ended else None, "" if ended else text)
        verb = _verb(bare[1:], words)
        return Addressed(None, verb, "" if verb or bare == "#" else text, listed=bare == "#")
    said = rest.lstrip(_ENDS)
    verb = _verb(said, words) if said else "show"
    return Addressed(number, verb, "" if verb else said)


def _verb(text: str, words: Mapping[Verb, tuple[str, ...]]) -> Verb | None:
    said = _plain(text)
    return next((verb for verb, known in words.items() if said in known), None)


def _plain(text: str) -> str:
    return " ".join(text.strip(_ENDS).casefold().split())
