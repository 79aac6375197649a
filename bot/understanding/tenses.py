"""Whether a symptom is told in a tense of its own: it was, and when that was; or it is, beside what was long ago."""

from __future__ import annotations

from typing import Final

from bot.understanding.denials import SPELLED, unheard_of
from bot.understanding.frames import EARLIER, returned
from bot.understanding.gaps import clause_between
from bot.understanding.languages import EUROPEAN
from bot.understanding.lexicon import Tag
from bot.understanding.said import Said

NEXT: Final = 3  # words between a symptom and its "again"
TAKEN: Final = ("food", "meal", "drink", "drug", "medicine", "m_insulin", "tablet", "food_allergen")
DISTANT: Final = ("year", "month", "age", "question", "ask_if", "doctor", "medicine", "drug", "patients")


def told_as_past(said: Said, tags: list[Tag], start: int, end: int) -> bool:
    """A past tense that belongs to the symptom, not to another clause: "ate an egg, now the lips swell".

    What is not done, in a clause behind it, is of now: "he was lying in the bath, no movement".
    """
    return (
        said.has("past")
        and not unheard_of(said)
        and not returned(said, end)
        and not _once_more(said, start, end)
        and any(
            not clause_between(said, min(tag.end, end), max(tag.start, start))
            and not _new_verb(said, tag.end, end)
            and not any(part.concept.startswith("not_") and _then(said, tag, part) for part in tags)
            and not (said.here(tag.start, "ate", "took") and said.here(tag.end, *TAKEN))  # "had nuts"
            for tag in said.by.get("past", ())
        )
    )


def _once_more(said: Said, start: int, end: int) -> bool:
    """ "It was better and then again the pain": behind the past tense the symptom is there again."""
    last = max((tag.start for tag in said.by.get("past", ())), default=0)
    return any(
        tag.grade == SPELLED
        and tag.start >= last
        and start - NEXT <= tag.start <= end + NEXT
        and not said.near(("neg",), tag.start, tag.end, 1)
        for tag in said.by.get("again", ())
    )


def _then(said: Said, past: Tag, part: Tag) -> bool:
    """Whether ``part`` stands in a clause behind the past tense and has none of its own."""
    later = part.start >= past.end and clause_between(said, past.end, part.start)
    return later and all(tag.start < part.start for tag in said.by.get("past", ()))


def long_over(said: Said) -> bool:
    """Whether a past tense is of old days: "he had a seizure" and no word of when may have been a minute ago."""
    return said.has(*(earlier for earlier in EARLIER if earlier != "past"), *DISTANT)


def _new_verb(said: Said, low: int, high: int) -> bool:
    """ "Had a jab and my throat is closing": after the "and" a verb of its own, of the present."""
    joints = [tag.end for tag in said.by.get("and", ()) if low <= tag.start < high]
    return any(joint <= tag.start < high for joint in joints for tag in said.by.get("is_now", ()))


def long_free(said: Said) -> bool:
    """ "Tablets for fits, none came for two years": an illness under treatment, and a long time without."""
    if not said.has("medicine", "tablet", "took") or said.has("now", "sudden", "again", "plea", "help", "missed"):
        return False
    for span in said.by.get("year", ()):
        for neg in said.by.get("neg", ()):
            low, high = min(span.end, neg.end), max(span.start, neg.start)
            ahead = neg.start >= span.end
            if clause_between(said, low, high) or (not ahead and neg.language not in EUROPEAN):
                continue
            attack = any(low <= tag.start < high + 2 for tag in said.all_of(("seizure", "attack_word", "attack")))
            if high - low <= 2 and (attack or (ahead and high == low)):
                return True
    return False


def present_here(said: Said, start: int, end: int) -> bool:
    """What was long ago stands in another clause than the symptom, which is now: "sugar for 10 years, today chest pain"."""

    def away(concepts: tuple[str, ...]) -> int:
        return min((max(tag.start - end, start - tag.end, 0) for tag in said.all_of(concepts)), default=1000)

    def apart(tag: Tag) -> bool:
        low, high = min(tag.end, end), max(tag.start, start)
        return clause_between(said, low, high)

    past = said.by.get("past_long", ())
    return said.has("now", "sudden") and away(("now", "sudden")) <= away(("past_long",)) and all(apart(tag) for tag in past)
