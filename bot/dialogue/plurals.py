"""How a language counts, for the header of its catalogue: as CLDR has it, which is not always what gettext's own table says."""

from __future__ import annotations

import gettext
from collections.abc import Callable

from babel.plural import to_gettext

from bot.model.locales import babel_locale

SIMPLE = ("nplurals=2; plural=(n != 1);", "nplurals=2; plural=(n > 1);")
LOOKED_AT = range(300)  # whole numbers by which two rules are compared


def plural_header(language: str) -> str:
    """``nplurals=2; plural=(n > 1);``: the usual writing where there is one."""
    rule = babel_locale(language).plural_form
    written = to_gettext(rule)
    return next((one for one in SIMPLE if counts_alike(one, written)), written)


def counts_alike(header: str, other: str) -> bool:
    """Two headers put every whole number into the same form. One that cannot be read counts like none."""
    try:
        first, second = _function(header), _function(other)
        return _forms(header) == _forms(other) and all(first(number) == second(number) for number in LOOKED_AT)
    except (ValueError, IndexError):
        return False


def _function(header: str) -> Callable[[int], int]:
    return gettext.c2py(header.split("plural=", 1)[1].rstrip("; "))


def _forms(header: str) -> str:
    return header.split("nplurals=", 1)[1].split(";")[0].strip()
