"""Numbers of a message: digits and number words of every language, with where they stood and what kind of thing they count."""

from __future__ import annotations

from typing import Final

from msgspec import Struct

from bot.understanding.lexicon import Tag
from bot.understanding.text import Token

MAX_NUMBERS: Final = 40
SCALES: Final = (100.0, 1000.0, 100_000.0)


class Amount(Struct):
    """A number standing at tokens start..end-1. ``use`` says what it counts when that is no reading (time, date, age, ...)."""

    value: float
    start: int
    end: int
    digits: bool
    text: str = ""
    use: str | None = None


def digits_value(text: str) -> float:
    """ "72.5", "38,5" and "6,200" as numbers (a comma before exactly three digits groups thousands)."""
    if "," in text:
        whole, _, rest = text.partition(",")
        text = whole + rest if len(rest) == 3 else f"{whole}.{rest}"
    if len(text) > 15:
        text = text[:15]
    return float(text)


def find_amounts(tokens: list[Token], number_tags: dict[int, list[Tag]]) -> list[Amount]:
    """All numbers in order; ``number_tags``: number-word tags by the token they start at."""
    found: list[Amount] = []
    at = 0
    while at < len(tokens) and len(found) < MAX_NUMBERS:
        token = tokens[at]
        if token.kind == "number":
            value = digits_value(token.text)
            scale = _word_at(number_tags, at + 1)
            if scale and scale[0] in SCALES and value < 1000:
                found.append(Amount(value * scale[0], at, scale[1], True, token.text))
                at = scale[1]
                continue
            if at + 1 < len(tokens) and tokens[at + 1].text == "k" and value < 1000:  # "10k steps"
                found.append(Amount(value * 1000, at, at + 2, True, token.text))
                at += 2
                continue
            found.append(Amount(value, at, at + 1, True, token.text))
            at += 1
        elif at in number_tags:
            amount = _words(number_tags, at)
            if 0 < abs(amount.value) < 1 and amount.end < len(tokens) and tokens[amount.end].kind == "number":
                whole = tokens[amount.end]  # "saadhe 81"
                amount = Amount(digits_value(whole.text) + amount.value, at, amount.end + 1, True, whole.text)
            found.append(amount)
            at = amount.end
        else:
            at += 1
    return found


def _word_at(number_tags: dict[int, list[Tag]], at: int) -> tuple[float, int] | None:
    tags = number_tags.get(at)
    if not tags:
        return None
    best = max(tags, key=lambda tag: (tag.end, tag.sure))
    text = best.concept[1:]
    return float(text.lstrip("+x")) if text[0] in "+x" else float(text), best.end


def _words(number_tags: dict[int, list[Tag]], at: int) -> Amount:
    """ "ek sau assi" 180, "dhai sau" 250, "paune do sau" 175, "one eighty" 180, "two hundred and ten" 210."""
    start, total, current, plus = at, 0.0, 0.0, 0.0
    last = 0.0
    while at in number_tags:
        tags = number_tags[at]
        best = max(tags, key=lambda tag: (tag.end, tag.sure))
        text = best.concept[1:]
        if text[0] == "+":  # sawa, saadhe, paune: a quarter more, a half more, a quarter less of what follows
            if current:
                break
            plus = float(text[1:])
            at = best.end
            continue
        value = float(text)
        if value in SCALES:
            if plus and current:
                current, plus = current + plus, 0.0
            elif plus:
                current, plus = 1.0 + plus, 0.0
            total, current = total + (current or 1.0) * value, 0.0
        elif current == 0:
            if total and value >= last and last not in (0.0, *SCALES):
                break
            current = value
        elif current < 10 and 10 <= value < 100 and total == 0:  # "one eighty"
            total, current = current * 100, value
        elif current >= 20 and current % 10 == 0 and value < 10:  # "eighty five"
            current += value
        elif current in (200.0, 300.0, 400.0, 500.0, 600.0, 700.0, 800.0, 900.0) and value < 100:
            total, current = total + current, value
        else:
            break
        last = value
        at = best.end
    return Amount(total + current + plus, start, max(at, start + 1), False)
