"""Content in all languages that have a page, also those whose catalogue is not active: what they lack is said in another one."""

from __future__ import annotations

from functools import cache

from bot.dialogue.bundle import PAGE, Bundle, read_bundle
from bot.dialogue.content import Content, content_of
from bot.dialogue.engine import Engine
from tests.dialogue.talk import ROOT, policy
from tests.reading import our_reader

LOCALES = ROOT / "locales"
ALL = ("en", *sorted(path.parent.name for path in LOCALES.glob(f"*/{PAGE}") if path.parent.name != "en"))
EMPTY = b'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n'


@cache
def content() -> Content:
    """English and Hindi with their texts, the others with none."""
    bundle = read_bundle(ROOT / "dialogs", LOCALES, languages=["en", "hi"])
    pages = {f"locales/{code}/{PAGE}": (LOCALES / code / PAGE).read_bytes() for code in ALL}
    empty = {f"locales/{code}/LC_MESSAGES/procare.po": EMPTY for code in ALL if code not in ("en", "hi")}
    return content_of(Bundle({**empty, **pages, **bundle.files}), ALL)


def engine() -> Engine:
    return Engine(content(), policy(), our_reader().understand)
