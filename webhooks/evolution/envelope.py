"""The outer form of every Evolution event, from the webhook and from RabbitMQ alike."""

from __future__ import annotations

import re

from msgspec import DecodeError, Raw, Struct
from msgspec.json import Decoder

from bot.errors import Malformed
from webhooks.raw import NOTHING, present, string

_EVENT = re.compile(r"[a-z][a-z0-9._-]{0,63}")
_INSTANCE = re.compile(r"[^\x00-\x1f\x7f]{1,200}")


class Envelope(Struct, frozen=True):
    """``data`` is still closed JSON. ``own`` is the instance's own address, which only Baileys tells (not the customer!)."""

    event: str
    instance: str
    data: Raw
    from_baileys: bool
    own: str | None


class _Form(Struct):
    event: Raw = NOTHING
    instance: Raw = NOTHING
    data: Raw = NOTHING
    sender: Raw = NOTHING


_forms = Decoder(_Form)
_ESCAPE = re.compile(
    rb"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}"  # a whole pair
    rb"|(u[dD][89a-fA-F][0-9a-fA-F]{2})"  # half of one
    rb"|.)",
    re.DOTALL,
)


def open_envelope(body: bytes | bytearray) -> Envelope:
    """Raises Malformed for what is not JSON, too deep, or not an event. The token in ``apikey`` is never read."""
    form = _form(body)
    event, instance = string(form.event, 1024), string(form.instance, 4096)
    if event is None or instance is None:
        raise Malformed("The body is no gateway event.", code="not_an_event")
    event = event.lower()
    if not _EVENT.fullmatch(event) or not _INSTANCE.fullmatch(instance) or "�" in instance:
        raise Malformed("The body is no gateway event.", code="not_an_event")
    return Envelope(event, instance, form.data, present(form.sender), string(form.sender))


def _form(body: bytes | bytearray) -> _Form:
    try:
        try:
            return _forms.decode(body)
        except DecodeError:
            # JavaScript writes half an emoji (a text that was cut) as "\\ud83d", which is no Unicode: a person's message must
            # not be lost for that.
            mended = _ESCAPE.sub(lambda escape: b"\\ufffd" if escape[1] else escape[0], body)
            if mended == body:
                raise
            return _forms.decode(mended)
    except (DecodeError, UnicodeDecodeError) as error:
        raise Malformed("The body is not JSON of the expected form.", code="not_json") from error
    except RecursionError as error:
        raise Malformed("The body is nested too deeply.", code="too_deep") from error
