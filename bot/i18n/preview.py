"""Each text as a phone shows it, on one page for translators: with its key, its length and its notes, and with nothing loaded."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import escape
from pathlib import Path

from babel.messages.catalog import Message

from bot.dialogue.catalogue import SOURCE_LANGUAGE
from bot.dialogue.content import Content
from bot.dialogue.display import DECIMAL, TONGUES
from bot.dialogue.expression import BadExpression, compile_template
from bot.dialogue.file_texts import LABEL
from bot.dialogue.graphemes import length
from bot.dialogue.isolates import isolated
from bot.dialogue.tongue import Tongue
from bot.i18n.budget import BUTTON, LINE, OPENS, Budget, budget_of
from bot.i18n.notes import notes
from bot.i18n.placeholders import example_values
from bot.i18n.state import state_of
from bot.model.locales import decimal_mark

PAGE = Path(__file__).parent / "preview.html"
_BOLD = re.compile(r"(?<![\w*])\*(?=\S)([^*\n]+)(?<=\S)\*(?!\w)")
_ITALIC = re.compile(r"(?<![\w_])_(?=\S)([^_\n]+)(?<=\S)_(?!\w)")


def preview(content: Content, tongue: Tongue, known: Mapping[str, Message], flow: str | None = None) -> str:
    """The page of one language, of one flow or of all. What lacks a translation shows its source."""
    keys = [key for key in sorted(content.keys) if flow in (None, key.partition(".")[0])]
    sections: dict[str, list[str]] = {}
    for key in keys:
        sections.setdefault(key.partition(".")[0], []).append(_card(content, tongue, known.get(key), key))
    body = "".join(f'<h2 id="{name}">{name}</h2>\n{"".join(cards)}' for name, cards in sections.items())
    links = " ".join(f'<a href="#{name}">{name}</a>' for name in sections)
    page = PAGE.read_text(encoding="utf-8")
    told = {"TITLE": escape(f"{tongue.name}: {len(keys)} texts"), "NAME": escape(tongue.name), "COUNT": str(len(keys))}
    for mark, value in {"LANG": tongue.tag, **told, "LINKS": links}.items():
        page = page.replace(f"<!--{mark}-->", value)
    return page.replace("<!--BODY-->", body)


def _card(content: Content, tongue: Tongue, message: Message | None, key: str) -> str:
    written = content.keys[key]
    state = state_of(message, written)
    there = state in ("translated", "needs review") and message is not None
    text = str(message.string) if there and message is not None else written.source
    budget = budget_of(key, content.flows)
    used = length(text)
    over = ' class="over"' if used > budget.limit else ""
    told = "".join(f"<li>{escape(note)}</li>" for note in notes(key, content.keys, content.flows) if note != budget.told())
    shown = _as_shown(text, key, tongue if there else content.tongues[SOURCE_LANGUAGE], content)
    source = "" if text == written.source else f'<p class="source" lang="en" dir="auto">{escape(written.source)}</p>'
    bubble = f'<div class="{_kind(key, budget)}" dir="auto" lang="{tongue.tag}">{shown}</div>'
    return (
        f'<article id="{key}"><div class="phone">{bubble}</div>'
        f"<div><h3>{key}</h3><p{over}><b>{used:,}</b> of {escape(budget.told().removeprefix('at most '))}</p>"
        f'<p class="state">{state}</p>{source}<ul>{told}</ul></div></article>\n'
    )


def _kind(key: str, budget: Budget) -> str:
    if LABEL in key:
        return "under" if key.endswith(".description") else "button" if budget is BUTTON else "row"
    return "button" if budget is OPENS else "line" if budget is LINE else "bubble"


def _as_shown(text: str, key: str, tongue: Tongue, content: Content) -> str:
    """The text with examples in its placeholders, and WhatsApp's marks as they look."""
    flow = key.partition(".")[0]
    values = {**example_values(flow), TONGUES: content.tongues, DECIMAL: decimal_mark(tongue.code)}
    values["person"] = {**values.get("person", {}), "language": tongue.code}
    try:
        said = compile_template(text)(values)
    except BadExpression:
        said = text  # a finding of "procare i18n check"; here it is seen
    safe = escape(isolated(said) if tongue.rtl and LABEL not in key else said, quote=False)
    return _ITALIC.sub(r"<i>\1</i>", _BOLD.sub(r"<b>\1</b>", safe)).replace("\n", "<br>")
