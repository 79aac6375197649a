"""Typed answers: from what a message means to the variables of a step."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from bot.dialogue.calendar import days, spans, written
from bot.dialogue.clocks import clocks, plain
from bot.dialogue.flow import Choice, Slot, Step
from bot.dialogue.folding import fold
from bot.dialogue.heard import Heard
from bot.dialogue.kinds import FREE, MEDIA, READINGS
from bot.dialogue.nearly import mistyped, nearly
from bot.dialogue.phone import phones
from bot.understanding.introductions import name_told
from bot.understanding.meaning import Meaning, ReadingFound

TEXT_LIMIT = 300
NAME_LIMIT = 40
SHORTEST = 3  # letters of an option's word that is looked for inside a message
_ORDINAL = re.compile(r"\(?(\d{1,2})[.)]?$")
_ORDINALS = re.compile(r"\d{1,2}(?:(?:\s*[,;&+]\s*|\s+)\d{1,2})+")
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


def ordinal(text: str) -> int | None:
    """The number of an option in a list, alone in a message: ``2``, ``2.``, ``(2)``, in any digits."""
    found = _ORDINAL.match(unicodedata.normalize("NFKC", text).strip())
    return int(found[1]) if found else None


def read_choice(step: Step, meaning: Meaning, text: str) -> Choice | None:
    """The option that typed words mean: its label in any language, its number in the list, a synonym, a plain yes or no, or what
    sounds like one of those, with a slip."""
    if not step.choices:
        return None
    if choice := named(step, text):
        return choice
    number = ordinal(text)
    if number and step.by_number and number <= len(step.choices):
        return step.choices[number - 1]
    if choice := _nearly(step, meaning, text):  # before a yes: of "no, leave it" with a slip in the "no" only the rest is heard
        return choice
    if meaning.yes_no is not None and not (step.grave and _only_well(meaning)):
        meant = [choice for choice in step.choices if choice.means is meaning.yes_no]
        if len(meant) == 1 and not _rather(step, meant[0], text):
            return meant[0]
    return None


def _rather(step: Step, meant: Choice, text: str) -> bool:
    """Of "do not offer it" or "not sure" with a slip only the "not" is heard. "I want" may be a letter away from "I do not":
    alone it is taken at its word, but where life is asked about. "Yes, keep it" erases nothing: Assamese "no" is "yes" and one
    letter more."""
    certain = len(text.split()) == 1 and not step.grave
    return any(one is not meant and (one.means is None or not certain) for one in mistyped(step.choices, text))


def _nearly(step: Step, meaning: Meaning, text: str) -> Choice | None:
    """Not where the words could be something else: a command, a value, a name, danger. A yes that denies has no slip, nor a yes
    or no of one word: Tamil "I want" is a letter away from "I do not"."""
    other = meaning.command or meaning.readings or meaning.urgency != "none"
    if other or any(slot.type in FREE for slot in step.slots):
        return None
    choice = nearly(step.choices, text)
    exact = choice and choice.means is not None and (len(text.split()) == 1 or (choice.means and meaning.denies))
    return nearly(step.choices, text, slips=False) if exact else choice


def _only_well(meaning: Meaning) -> bool:
    """ "Theek hai" is no yes to "is there chest pain?", nor is "theek nahi" a no. "Nahi, theek hoon" is one."""
    return meaning.well is not None and not (meaning.well and meaning.yes_no is False)


def named(step: Step, text: str) -> Choice | None:
    """The option whose very words a message is."""
    typed = fold(text)
    return next((choice for choice in step.choices if typed in choice.words), None)


def contained(step: Step, text: str) -> Choice | None:
    """The one option whose words stand somewhere in a longer message. A plain yes or no does not count, nor what may be another
    option's longer label with one wrong letter."""
    bare = "".join(" " if unicodedata.category(char)[0] == "P" else char for char in text)
    typed = f" {fold(bare)} "
    found = [
        choice
        for choice in step.choices
        if choice.means is None and any(len(word) >= SHORTEST and f" {word} " in typed for word in choice.inside)
    ]
    return found[0] if len(found) == 1 and not mistyped([one for one in step.choices if one is not found[0]], text) else None


def named_together(step: Step, meaning: Meaning, text: str) -> tuple[Choice, ...]:
    """The options of a question for ``several`` that a message names, where they are more than one: "heart failure and sugar", or
    "1, 5". A longer word goes before one inside it. What is denied names nothing, nor does one that leads elsewhere."""
    if not step.several or meaning.denies:
        return ()
    plain = unicodedata.normalize("NFKC", text).strip()
    if _ORDINALS.fullmatch(plain):
        places = [int(one) for one in re.findall(r"\d+", plain)]
        found = [step.choices[place - 1] for place in places if 0 < place <= len(step.choices)]
        found = found if len(found) == len(places) else []
    else:
        found = [one for one, _ in _longest(step.choices, _bare(text))]
    unique = tuple({one.id: one for one in found}.values())
    return unique if len(unique) > 1 and all(one.way == "next" for one in unique) else ()


def nothing_but(step: Step, text: str) -> list[Choice]:
    """The options of a question for ``several`` whose words are the whole message, but for a word between two of them."""
    if not step.several:
        return []
    typed = _bare(text)
    found = list(_longest(step.choices, typed))
    rest = len(typed) - sum(width for _, width in found)
    return [one for one, _ in found] if rest < len(found) else []


def _bare(text: str) -> list[str]:
    return fold("".join(" " if unicodedata.category(char)[0] == "P" else char for char in text)).split()


def _longest(choices: Iterable[Choice], typed: Sequence[str]) -> Iterable[tuple[Choice, int]]:
    """From left to right, the option with the longest words that stand here, and how many they are."""
    known = {tuple(_bare(word)): one for one in choices if one.means is None for word in one.inside}
    most, place = max(map(len, known), default=0), 0
    while place < len(typed):
        width = next((size for size in range(most, 0, -1) if tuple(typed[place : place + size]) in known), 0)
        if width:
            yield known[tuple(typed[place : place + width])], width
        place += width or 1


def read_values(slot: Slot, heard: Heard) -> list[Vars]:
    """Everything in the message that could be this answer."""
    return _FINDERS[slot.type](slot, heard)


def missing(step: Step, known: Mapping[str, Any]) -> list[Slot]:
    """What a question still needs. A step that asks for each thing apart (``ask``) leaves out what is known already."""
    return [slot for slot in step.slots if slot.required and not (step.apart and known.get(slot.name) is not None)]


def read_slots(step: Step, heard: Heard, known: Mapping[str, Any], *, free: bool = True) -> Vars | None:
    """The variables that an answer fills, or None when it is none. ``free``: words may be taken for a text or name."""
    if not step.apart:
        return _read_all(step.slots, heard, free=free, partly=False)
    open_ = missing(step, known)
    asked = open_[0] if open_ and open_[0].type in FREE else None
    optional = [slot for slot in step.slots if not slot.required and known.get(slot.name) is None]
    wanted = [slot for slot in (*open_, *optional) if slot.type not in FREE]
    found = _read_all(wanted, heard, free=False, partly=True)
    if found is None and asked and free:
        found = _read_all([asked], heard, free=True, partly=True)
    if found is None:  # nothing that we still need: then what was said before is said anew
        found = _read_all([slot for slot in step.slots if slot.type not in FREE], heard, free=False, partly=True)
    return found


def read_file(kind: str, heard: Heard) -> Vars:
    """What a file that starts a flow fills: a variable named like its kind."""
    return _read_all([Slot(kind, kind)], heard, free=False, partly=True) or {}


def _read_all(slots: Iterable[Slot], heard: Heard, *, free: bool, partly: bool) -> Vars | None:
    """``partly``: what is required and missing does not make the answer none."""
    found: Vars = {}
    used: dict[str, int] = {}  # a second day goes to the second question for a day
    for slot in slots:
        if slot.type in FREE and not free:
            continue
        every = _FINDERS[slot.type](slot, heard)
        at = used.get(slot.type, 0)
        if len(every) <= at:
            if slot.required and not partly:
                return None
            continue
        used[slot.type] = at + 1
        found |= every[at]
    return found or None


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
