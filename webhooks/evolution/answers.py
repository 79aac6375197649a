"""Tapped buttons and chosen rows, in the four forms in which Baileys passes them on."""

from __future__ import annotations

from msgspec import Raw, Struct
from msgspec.json import Decoder

from webhooks.raw import NOTHING, opened, string
from webhooks.text import label

MAX_CHOICE = 256  # characters of an option's id


class Answer(Struct, frozen=True):
    """At least one of both is there."""

    id: str | None
    label: str | None


class _Button(Struct, rename="camel"):
    selected_button_id: Raw = NOTHING
    selected_id: Raw = NOTHING
    selected_display_text: Raw = NOTHING


class _List(Struct, rename="camel"):
    title: Raw = NOTHING
    single_select_reply: Raw = NOTHING


class _Row(Struct, rename="camel"):
    selected_row_id: Raw = NOTHING


class _Interactive(Struct, rename="camel"):
    body: Raw = NOTHING
    native_flow_response_message: Raw = NOTHING


class _Body(Struct):
    text: Raw = NOTHING


class _Flow(Struct, rename="camel"):
    params_json: Raw = NOTHING


class _Params(Struct):
    id: Raw = NOTHING
    display_text: Raw = NOTHING


_buttons, _lists, _rows = Decoder(_Button), Decoder(_List), Decoder(_Row)
_interactives, _bodies, _flows, _params = Decoder(_Interactive), Decoder(_Body), Decoder(_Flow), Decoder(_Params)


def button_response(raw: Raw) -> Answer | None:
    form = opened(raw, _buttons)
    return _answer(form.selected_button_id, form.selected_display_text) if form else None


def template_reply(raw: Raw) -> Answer | None:
    form = opened(raw, _buttons)
    return _answer(form.selected_id, form.selected_display_text) if form else None


def list_response(raw: Raw) -> Answer | None:
    form = opened(raw, _lists)
    if form is None:
        return None
    row = opened(form.single_select_reply, _rows)
    return _answer(row.selected_row_id if row else NOTHING, form.title)


def interactive_response(raw: Raw) -> Answer | None:
    """``paramsJson`` is JSON inside a JSON string."""
    form = opened(raw, _interactives)
    if form is None:
        return None
    body, flow = opened(form.body, _bodies), opened(form.native_flow_response_message, _flows)
    inner = string(flow.params_json) if flow else None
    params = opened(Raw(inner.encode("utf-8", "replace")), _params) if inner else None
    shown = body.text if body and len(body.text) else NOTHING
    if params is None:
        return _answer(NOTHING, shown)
    return _answer(params.id, shown if len(shown) else params.display_text)


def _answer(choice: Raw, shown: Raw) -> Answer | None:
    chosen = string(choice)
    chosen = chosen if chosen and chosen.isprintable() and len(chosen) <= MAX_CHOICE else None
    text = label(string(shown))
    return Answer(chosen, text) if chosen or text else None
