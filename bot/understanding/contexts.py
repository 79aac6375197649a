"""When a glucose value was measured in relation to food and sleep."""

from __future__ import annotations

from typing import Final

from bot.understanding.amounts import Amount
from bot.understanding.lexicon import Tag
from bot.understanding.said import Said

WHOLE: Final = {"c_fasting": "fasting", "c_post": "after_meal", "c_pre": "before_meal", "c_bed": "bedtime"}
PAIRED: Final = 4  # tokens between "after" and the meal it speaks of


def moments_said(said: Said) -> list[tuple[int, int, str]]:
    """Every mention of a meal context as (start, end, context), in order; "two hours after lunch" is composed of its parts."""
    found = [(tag.start, tag.end, WHOLE[tag.concept]) for tag in said.all_of(WHOLE)]
    for direction, context, asleep in (("after", "after_meal", None), ("before", "before_meal", "bedtime")):
        for word in said.by.get(direction, ()):
            meal = _nearest(said, word, ("meal", "ate", "food", "eat_inf"))
            sleep = _nearest(said, word, ("sleep",)) if asleep else None
            if sleep is not None and (meal is None or abs(sleep.start - word.start) < abs(meal.start - word.start)):
                found.append((min(word.start, sleep.start), max(word.end, sleep.end), "bedtime"))
            elif meal is not None:
                found.append((min(word.start, meal.start), max(word.end, meal.end), context))
    found.sort()
    return found


def moment_of(said: Said) -> str | None:
    """The meal context that a message without a number names, where it names but one."""
    contexts = {context for _, _, context in moments_said(said)}
    return contexts.pop() if len(contexts) == 1 else None


def _nearest(said: Said, word: Tag, concepts: tuple[str, ...]) -> Tag | None:
    near = [tag for tag in said.all_of(concepts) if abs(tag.start - word.start) <= PAIRED and tag.start != word.start]
    return min(near, key=lambda tag: abs(tag.start - word.start), default=None)


def contexts_of(said: Said, amounts: list[Amount]) -> dict[int, str]:
    """The context of each number, by its first token: the one said before it, else after it, each used once."""
    mentions = moments_said(said)
    taken: set[int] = set()
    result: dict[int, str] = {}
    values = [amount for amount in amounts if amount.use is None]
    for index, amount in enumerate(values):
        floor = values[index - 1].end if index else 0
        ceiling = values[index + 1].start if index + 1 < len(values) else len(said.tokens)
        before = [
            number
            for number, (start, end, _) in enumerate(mentions)
            if floor <= start and end <= amount.start and number not in taken
        ]
        more = index + 1 < len(values)
        after = [
            number
            for number, (start, _, _) in enumerate(mentions)
            if amount.end <= start < ceiling and number not in taken and not (more and _parted(said, amount.end, start))
        ]
        around = [
            number for number, (start, end, _) in enumerate(mentions) if start <= amount.start < end and number not in taken
        ]
        chosen = before[-1] if before else around[0] if around else after[0] if after else None
        if chosen is not None:
            taken.add(chosen)
            result[amount.start] = mentions[chosen][2]
    return result


def _parted(said: Said, low: int, high: int) -> bool:
    """ "142 and after food 210": what stands behind the "and" is told of the next number."""
    return any(said.here(place, "and") or said.tokens[place].text == "," for place in range(low, high))
