"""What in a message could be the value of one slot, by the slot's type."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from typing import Any

from bot.dialogue.calendar import days, spans, written
from bot.dialogue.clocks import clocks, plain
from bot.dialogue.flow import Slot
from bot.dialogue.heard import Heard
from bot.dialogue.kinds import MEDIA, READINGS
from bot.dialogue.phone import phones
from bot.understanding.introductions import name_told
from bot.understanding.meaning import Meaning, ReadingFound

TEXT_LIMIT = 300
NAME_LIMIT = 40
_YEAR = re.compile(r"(?<!\d)(\d{4})(?!\d)")
_STARS = re.compile(r"[⭐★🌟]")
_OF = re.compile(r"(?<![\d.])(\d{1,2})\s*(?:/|of|out of)\s*\d{1,2}(?!\d)", re.IGNORECASE)

Vars = dict[str, Any]


def reading_vars(name: str, reading: ReadingFound, at: float) -> Vars:
    """What a reading fills. ``NAME`` is in the canonical unit of its kind; ``NAME_number`` is the number as it was written."""
    found: Vars = {
        name: reading.value,
        f"{name}_raw": (reading.raw or "")[:60] or None,
        f"{name}_unit": reading.stated_unit,
        f"{name}_number": reading.value if reading.stated_value is None else reading.stated_value,
        f"{name}_problem": reading.problem,
        "measured_at": at,
    }
    if reading.kind == "blood_pressure":
        found[name] = found[f"{name}_number"] = f"{reading.systolic}/{reading.diastolic}"
        found |= {"systolic": reading.systolic, "diastolic": reading.diastolic}
    if reading.context:
        found["meal_context"] = reading.context
    return found


def readings_of(meaning: Meaning, kinds: Iterable[str]) -> list[ReadingFound]:
    """The readings of these kinds, in the order of the message."""
    wanted = frozenset(kinds)
    return [one for one in meaning.readings if one.kind in wanted and (one.value is not None or one.systolic is not None)]


def read_values(slot: Slot, heard: Heard) -> list[Vars]:
    """Everything in the message that could be this answer."""
    return _FINDERS[slot.type](slot, heard)


def _one(slot: Slot, values: Iterable[Any]) -> list[Vars]:
    """Only when it can be but one."""
    different = list(dict.fromkeys(values))
    return [{slot.name: different[0]}] if len(different) == 1 else []


def _reading(slot: Slot, heard: Heard) -> list[Vars]:
    return [reading_vars(slot.name, one, heard.told) for one in readings_of(heard.meaning, (slot.type,))]


def _meal(slot: Slot, heard: Heard) -> list[Vars]:
    return [{slot.name: one.context} for one in heard.meaning.readings if one.context][:1]


def _number(slot: Slot, heard: Heard) -> list[Vars]:
    if slot.lasts and heard.meaning.durations:  # "1 hour", where minutes are asked
        return _one(slot, (value for one in heard.meaning.durations if _within(slot, value := round(one / slot.lasts, 2))))
    fits = [number for number in heard.meaning.numbers if _within(slot, number)]
    return [{slot.name: fits[0]}] if len(fits) == 1 else []


def _year(slot: Slot, heard: Heard) -> list[Vars]:
    return _one(slot, (int(year) for year in _YEAR.findall(heard.text) if _within(slot, int(year))))


def _rating(slot: Slot, heard: Heard) -> list[Vars]:
    stars, of = len(_STARS.findall(heard.text)), _OF.search(plain(heard.text))
    given = [stars] if stars else [int(of[1])] if of else [int(one) for one in heard.meaning.numbers if one == int(one)]
    least, most = slot.min if slot.min is not None else 1, slot.max if slot.max is not None else 5
    return _one(slot, (one for one in given if least <= one <= most))


def _yes_no(slot: Slot, heard: Heard) -> list[Vars]:
    return [] if heard.meaning.yes_no is None else [{slot.name: heard.meaning.yes_no}]


def _date(slot: Slot, heard: Heard) -> list[Vars]:
    return [{slot.name: day} for day in days(heard, slot.in_the)]


def _time(slot: Slot, heard: Heard) -> list[Vars]:
    return [{slot.name: written(at), f"{slot.name}_unsure": unsure or None} for at, unsure in clocks(heard)]


def _time_range(slot: Slot, heard: Heard) -> list[Vars]:
    found = []
    for begin, end, unsure in spans(heard):
        given = {"from": written(begin), "to": written(end), "unsure": unsure or None}
        named = {f"{slot.name}_{part}": value for part, value in given.items()}
        found.append({slot.name: f"{written(begin)}-{written(end)}", **named})
    return found


def _phone(slot: Slot, heard: Heard) -> list[Vars]:
    return _one(slot, phones(heard))


def _location(slot: Slot, heard: Heard) -> list[Vars]:
    if not (place := heard.event.location):
        return []
    known = {"name": place.name, "address": place.address}
    return [{slot.name: {"latitude": place.latitude, "longitude": place.longitude, **known}}]


def _contact(slot: Slot, heard: Heard) -> list[Vars]:
    numbers = phones(heard)
    return [{slot.name: {"name": one.name, "phone": next(iter(numbers), None)}} for one in heard.event.contacts[:1]]


def _media(slot: Slot, heard: Heard) -> list[Vars]:
    """A file is kept as where it lies; its bytes are fetched by whoever needs them."""
    event = heard.event
    if event.kind != MEDIA[slot.type] or event.media is None or event.media.problem:
        return []
    file = event.media
    kept = {"ref": file.ref, "mime": file.mime, "name": file.name, "size": file.size, "seconds": file.seconds}
    caption = heard.text.strip()[:TEXT_LIMIT] or None
    return [{slot.name: {"message": str(event.message_id), "caption": caption, **kept}}]


def _text(slot: Slot, heard: Heard) -> list[Vars]:
    words = heard.text.strip()[:TEXT_LIMIT]
    return [{slot.name: words}] if words else []


def _name(slot: Slot, heard: Heard) -> list[Vars]:
    """A short text of letters: no digits, no links, no sentences but "my name is ..."."""
    text = unicodedata.normalize("NFC", heard.text)
    words = (name_told(text) or text).split()
    name = " ".join(words)
    if not 1 <= len(words) <= 4 or len(name) > NAME_LIMIT:
        return []
    allowed = all(char in " .'-’" or unicodedata.category(char)[0] in "LM" or char in "\u200c\u200d" for char in name)
    return [{slot.name: name}] if allowed and any(unicodedata.category(char)[0] == "L" for char in name) else []


def _within(slot: Slot, number: float) -> bool:
    if slot.integer and number != int(number):
        return False
    return (slot.min is None or number >= slot.min) and (slot.max is None or number <= slot.max)


_FINDERS: dict[str, Callable[[Slot, Heard], list[Vars]]] = {
    "text": _text, "name": _name, "number": _number, "year": _year, "rating": _rating, "yes_no": _yes_no,
    "date": _date, "time": _time, "time_range": _time_range, "phone": _phone, "meal_context": _meal,
    "location": _location, "contact": _contact, "photo": _media, "voice": _media, "document": _media,
    **dict.fromkeys(READINGS, _reading),
}  # fmt: skip
