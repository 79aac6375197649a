"""The texts of a draft by key and language, as they are said, and as messages on a phone."""

from __future__ import annotations

import re
from collections.abc import Mapping

from bot.dialogue.catalogue import SOURCE_LANGUAGE, translations_of
from bot.dialogue.draft import Draft

Texts = Mapping[str, str]  # by key

_MESSAGE = re.compile(r"(say|header|footer|menu_label|option)(\.|$)")
_NUMBERED = re.compile(r"\.\d+$")


def texts_of(draft: Draft) -> dict[str, Texts]:
    """Language -> key -> words. What has no current translation is not there: English is said meanwhile."""
    written = draft.keys
    found: dict[str, Texts] = {SOURCE_LANGUAGE: {key: one.source for key, one in written.items()}}
    for language, book in draft.books.items():
        known = translations_of(book)
        current = {key: known[key][1] for key, one in written.items() if key in known and known[key][0] == one.source}
        found[language] = current
    return found


def part_of(key: str, step: str | None) -> str:
    """Of a key without its flow: the message of a step that it belongs to, such as ``message`` or ``unclear``."""
    rest = key.removeprefix(f"{step}.") if step else key
    return "message" if step and _MESSAGE.match(rest) else _NUMBERED.sub("", rest)


def on_phone(texts: Texts, keys: list[str]) -> str:
    """The texts of one message, in the order in which a phone shows them."""
    header, body, footer, options = list[str](), list[str](), list[str](), list[str]()
    for key in keys:
        words = texts[key]
        part = key.split(".")[2] if key.count(".") > 1 else ""
        if part == "header":
            header.append(f"*{words}*")
        elif part == "footer":
            footer.append(f"_{words}_")
        elif part == "menu_label":
            options.insert(0, f"[≡ {words}]")
        elif part == "option":
            options.append(f"[{words}]" if not key.endswith(".description") else f"  {words}")
        else:
            body.extend(["– or –", words] if body else [words])
    return "\n".join([*header, *body, *footer, *options])
