"""A template ready for use, and the very form in which WhatsApp knows it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

import msgspec
from msgspec import Struct

from bot.dialogue.expression import Expression
from bot.dialogue.isolates import beginning_right, isolated
from bot.dialogue.tongue import is_rtl

FORM_LENGTH = 16  # hex digits
_GAP = re.compile(r"(\{\{\d+\}\})")


class Said(Struct, frozen=True):
    """The words in one language; ``buttons``: the step's option, and what its button says."""

    header: str | None
    body: str
    footer: str | None
    buttons: tuple[tuple[str, str], ...]


class Gap(Struct, frozen=True):
    sample: Mapping[str, str]
    otherwise: Mapping[str, str]

    def sample_in(self, language: str) -> str:
        return self.sample.get(language) or self.sample.get("en") or next(iter(self.sample.values()))


class Stands(Struct, frozen=True):
    step: str
    when: Expression | None
    values: tuple[Expression, ...]


class ChannelTemplate(Struct, frozen=True):
    name: str
    category: str
    purpose: str
    file: str
    gaps: tuple[Gap, ...]
    stands_for: tuple[Stands, ...]
    texts: Mapping[str, Said]


def components(template: ChannelTemplate, language: str) -> list[dict[str, Any]]:
    """The template in one language as WhatsApp wants it for its review."""
    said = template.texts[language]
    body: dict[str, Any] = {"type": "BODY", "text": fixed(said.body, language)}
    if template.gaps:
        body["example"] = {"body_text": [[gap.sample_in(language) for gap in template.gaps]]}
    made: list[dict[str, Any]] = (
        [{"type": "HEADER", "format": "TEXT", "text": fixed(said.header, language)}] if said.header else []
    )
    made.append(body)
    if said.footer:
        made.append({"type": "FOOTER", "text": fixed(said.footer, language)})
    if said.buttons:
        made.append({"type": "BUTTONS", "buttons": [{"type": "QUICK_REPLY", "text": text} for _, text in said.buttons]})
    return made


def fixed(text: str, language: str) -> str:
    """Words of a template as a phone shows them right: from right to left Latin runs stand by themselves, as in any message of
    ours, and the whole begins on the right. Gaps stay, what fills them is ``filled``."""
    if not is_rtl(language):
        return text
    return beginning_right("".join(part if _GAP.fullmatch(part) else isolated(part) for part in _GAP.split(text)))


def filled(value: str, language: str) -> str:
    """The same of what fills a gap: a phone number, a name."""
    return isolated(value) if is_rtl(language) else value


def form_of(parts: list[dict[str, Any]]) -> str:
    """A name for exactly these words, however the listing orders or adorns them: the same before and after the review."""
    plain: list[Any] = []
    for part in parts:
        kind = str(part.get("type", "")).upper()
        if kind == "BUTTONS":
            buttons = part.get("buttons") or []
            plain.append(
                [kind, [[str(one.get("type", "")).upper(), one.get("text")] for one in buttons if isinstance(one, dict)]]
            )
        else:
            plain.append([kind, part.get("text")])
    plain.sort(key=lambda one: one[0])
    return sha256(msgspec.json.encode(plain)).hexdigest()[:FORM_LENGTH]
