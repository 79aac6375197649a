"""What CLDR knows of a language and of a country, for the dialogue and for the agents."""

from __future__ import annotations

from functools import cache

from babel import Locale, UnknownLocaleError


@cache
def babel_locale(code: str) -> Locale:
    """What CLDR knows of a language, else of the language without its country; of one that it does not know, English."""
    sep = "-" if "-" in code else "_"
    try:
        return Locale.parse(code, sep=sep)
    except (ValueError, UnknownLocaleError):
        less = code.rpartition(sep)[0]
        return babel_locale(less) if less else Locale("en")


@cache
def decimal_mark(code: str) -> str:
    """What stands before the decimals of a number in 0-9: a point in India, a comma in German (CLDR)."""
    return str(babel_locale(code).number_symbols["latn"]["decimal"])


@cache
def first_weekday(country: str) -> int:
    """The day with which a week begins there; Monday is 0. Sunday in India, Monday where nobody knows."""
    return int(babel_locale(f"und_{country}").first_week_day)
