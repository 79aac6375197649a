"""From typed words to the option of a question: its label, its number in the list, a synonym, a yes or no, or one with a slip."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import pairwise

from bot.dialogue.flow import Choice, Step
from bot.dialogue.folding import fold
from bot.dialogue.kinds import FREE
from bot.dialogue.nearly import mistyped, nearly
from bot.understanding.meaning import Meaning

UNWELL = "report_symptom"  # the intent of who is not well
EATEN = frozenset({"none", "log_meal", "log_reading"})  # intents of words that may say no more than when something was measured
MOMENT = 5  # words at most that say when something was measured, and nothing else
BETWEEN = 2  # words that may stand between two things of a list: "diabetes and also BP"
SHORTEST = 3  # letters of an option's word that is looked for inside a message
_JOINERS = {0x200C: None, 0x200D: None}  # some keyboards write them inside a word, some do not
_ORDINAL = re.compile(r"\(?(\d{1,2})[.)]?$")
_ORDINALS = re.compile(r"\d{1,2}(?:(?:\s*[,;&+]\s*|\s+)\d{1,2})+")


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
    if choice := _moment(step, meaning, text):
        return choice
    if meaning.yes_no is not None and not (step.grave and (_only_well(meaning) or _denies_one(meaning))):
        meant = [choice for choice in step.choices if choice.means is meaning.yes_no]
        if len(meant) == 1 and not _rather(step, meant[0], text):
            return meant[0]
    return None


def _moment(step: Step, meaning: Meaning, text: str) -> Choice | None:
    """ "Tinnaka", "after my dinner": the option for that time of a measurement. "What may I eat after a walk" is none."""
    told = meaning.intent is None or meaning.intent.id in EATEN
    if meaning.moment is None or not told or meaning.urgency != "none" or meaning.denies or len(text.split()) > MOMENT:
        return None
    return next((choice for choice in step.choices if choice.id == meaning.moment), None)


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


def _denies_one(meaning: Meaning) -> bool:
    """ "No fever" is no answer to "is there chest pain, hard breathing or fainting?"."""
    if meaning.yes_no is not False or meaning.well is not None:
        return False
    return meaning.intent is not None and meaning.intent.id == UNWELL


def named(step: Step, text: str) -> Choice | None:
    """The option whose very words a message is."""
    typed = fold(text)
    return next((choice for choice in step.choices if typed in choice.words), None)


def contained(step: Step, text: str) -> Choice | None:
    """The one option whose words stand somewhere in a longer message. A plain yes or no does not count, nor what may be another
    option's longer label with one wrong letter."""
    typed = f" {' '.join(_bare(text))} "
    found = [
        choice
        for choice in step.choices
        if choice.means is None
        and any(
            (choice.listed or len(word) >= SHORTEST) and f" {word} " in typed
            for word in map(" ".join, _in_words(choice.listed or choice.inside))
        )
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
        found = [one for one, _, _ in _placed(step.choices, _bare(text))]
    unique = tuple({one.id: one for one in found}.values())
    return unique if len(unique) > 1 and all(one.way == "next" for one in unique) else ()


def listed(step: Step, text: str, wish: str) -> float:
    """How much of a message (0 to 1) is names of options that stand side by side, with at most two words between: "sugar, BP and
    thyroid". 1 where ``wish``, the words by which it seems to want something else, are nothing but such names."""
    typed = _bare(text)
    places = list(_placed(step.choices, typed))
    beside = any(after - (place + width) <= BETWEEN for (_, place, width), (_, after, _) in pairwise(places))
    if not beside:
        return 0.0
    own = {word for _, place, width in places for word in typed[place : place + width]}
    return 1.0 if own.issuperset(_bare(wish)) else sum(width for _, _, width in places) / len(typed)


def named_in(step: Step, text: str) -> tuple[Choice, ...]:
    """Every option whose words stand in a message, however short they are: "mujhe ab bp nahi hai"."""
    return tuple({one.id: one for one, _, _ in _placed(step.choices, _bare(text))}.values())


def nothing_but(step: Step, text: str) -> list[Choice]:
    """The options of a question for ``several`` whose words are the whole message, but for a word between two of them."""
    if not step.several:
        return []
    typed = _bare(text)
    found = list(_placed(step.choices, typed))
    rest = len(typed) - sum(width for _, _, width in found)
    return [one for one, _, _ in found] if rest < len(found) else []


@lru_cache(maxsize=256)
def _in_words(names: frozenset[str]) -> frozenset[tuple[str, ...]]:
    """Of an option, taken apart once: a question about illnesses has their names in fifteen languages."""
    return frozenset(tuple(_bare(name)) for name in names)


def _bare(text: str) -> list[str]:
    return fold("".join(" " if unicodedata.category(char)[0] == "P" else char for char in text.translate(_JOINERS))).split()


def _placed(choices: Iterable[Choice], typed: Sequence[str]) -> Iterable[tuple[Choice, int, int]]:
    """From left to right, the option with the longest words that stand here, where they begin, and how many they are."""
    known = {words: one for one in choices if one.means is None for words in _in_words(one.listed)}
    most, place = max(map(len, known), default=0), 0
    while place < len(typed):
        width = next((size for size in range(most, 0, -1) if tuple(typed[place : place + size]) in known), 0)
        if width:
            yield known[tuple(typed[place : place + width])], place, width
        place += width or 1
