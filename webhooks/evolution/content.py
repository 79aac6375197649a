"""What a message says: the ``message`` object of a payload becomes one ``Content``, whichever integration wrote it."""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Raw, Struct
from msgspec.json import Decoder
from msgspec.structs import replace

from bot.model.ids import GatewayId
from bot.model.inbound import Contact, Kind, Location, Media
from webhooks.evolution.answers import Answer, button_response, interactive_response, list_response, template_reply
from webhooks.evolution.attachments import caption_of, contacts_of, location_of, media_of, remark_of
from webhooks.ids import message_id
from webhooks.raw import NOTHING, opened, present, string
from webhooks.text import MAX_EMOJI, MAX_LABEL, clean, label, written

MAX_WRAPPERS = 5
MAX_TEXT_BYTES = 16 * 1024 * 1024  # beyond this a text is not a text


class Content(Struct, frozen=True):
    kind: Kind
    text: str | None = None
    truncated: bool = False
    choice_id: str | None = None
    quoted_id: GatewayId | None = None
    target_id: GatewayId | None = None
    media: Media | None = None
    location: Location | None = None
    contacts: tuple[Contact, ...] = ()
    file: Raw = NOTHING  # base64 that came with it


UNKNOWN = Content("unknown")


class _Message(Struct, rename="camel"):
    conversation: Raw = NOTHING
    extended_text_message: Raw = NOTHING
    buttons_response_message: Raw = NOTHING
    template_button_reply_message: Raw = NOTHING
    list_response_message: Raw = NOTHING
    interactive_response_message: Raw = NOTHING
    image_message: Raw = NOTHING
    audio_message: Raw = NOTHING
    video_message: Raw = NOTHING
    ptv_message: Raw = NOTHING
    document_message: Raw = NOTHING
    sticker_message: Raw = NOTHING
    location_message: Raw = NOTHING
    live_location_message: Raw = NOTHING
    contact_message: Raw = NOTHING
    contacts_array_message: Raw = NOTHING
    reaction_message: Raw = NOTHING
    protocol_message: Raw = NOTHING
    base64: Raw = NOTHING
    context_info: Raw = NOTHING
    ephemeral_message: Raw = NOTHING
    view_once_message: Raw = NOTHING
    view_once_message_v2: Raw = NOTHING
    view_once_message_v2_extension: Raw = NOTHING
    document_with_caption_message: Raw = NOTHING
    edited_message: Raw = NOTHING


class _Wrapper(Struct):
    message: Raw = NOTHING


class _Text(Struct):
    text: Raw = NOTHING


class _Quoting(Struct, rename="camel"):
    context_info: Raw = NOTHING


class _Context(Struct, rename="camel"):
    stanza_id: Raw = NOTHING


class _Keyed(Struct, rename="camel"):
    key: Raw = NOTHING
    text: Raw = NOTHING
    type: Raw = NOTHING
    edited_message: Raw = NOTHING


class _Id(Struct):
    id: Raw = NOTHING


_messages, _wrappers, _texts = Decoder(_Message), Decoder(_Wrapper), Decoder(_Text)
_quotings, _contexts, _keyeds, _ids = Decoder(_Quoting), Decoder(_Context), Decoder(_Keyed), Decoder(_Id)
_fields: Decoder[dict[str, Raw]] = Decoder(dict[str, Raw])
_WRAPPING = (
    "ephemeral_message",
    "view_once_message",
    "view_once_message_v2",
    "view_once_message_v2_extension",
    "document_with_caption_message",
    "edited_message",
)
_SAYING = tuple(name for name in _Message.__struct_fields__ if name not in (*_WRAPPING, "base64", "context_info"))
_CLOUD_TAPS = frozenset({"interactiveMessage", "buttonMessage"})


def content_of(message: Raw, message_type: str | None = None, context: Raw = NOTHING, *, depth: int = 0) -> Content:
    """Never raises: what cannot be understood is ``unknown``. ``context`` is the payload's own contextInfo."""
    opened_message, file = opened(message, _messages), NOTHING
    while opened_message is not None:
        file = file if len(file) else opened_message.base64
        inner = _wrapped(message, opened_message)
        if inner is None:
            break
        depth += 1
        if depth > MAX_WRAPPERS:
            return UNKNOWN
        message, opened_message = inner, opened(inner, _messages)
    if opened_message is None:
        return UNKNOWN
    content, source = _read(opened_message, message_type, depth)
    quoted = _stanza(context) or _stanza(opened_message.context_info) or _quoted_in(source)
    return replace(content, quoted_id=quoted, file=file if content.media else NOTHING)


def _wrapped(raw: Raw, message: _Message) -> Raw | None:
    """The message inside. WhatsApp adds wrappers as it goes (``associatedChildMessage``: each picture of an album), all of one
    form, so where nothing is said that we know, any field that holds a message is one: "chest pain" may stand in it."""
    for name in _WRAPPING:
        if (inner := _inside(getattr(message, name))) is not None:
            return inner
    if any(present(getattr(message, name)) for name in _SAYING):
        return None
    held = (opened(raw, _fields) or {}).values()
    return next((inner for value in held if (inner := _inside(value)) is not None), None)


def _inside(raw: Raw) -> Raw | None:
    wrapper = opened(raw, _wrappers)
    return wrapper.message if wrapper and opened(wrapper.message, _messages) is not None else None


def _read(message: _Message, message_type: str | None, depth: int) -> tuple[Content, Raw]:
    """The content and the field it was read from. A message holds one; with several, the first of this order counts."""
    if (said := _words(message.conversation, message_type)) is not UNKNOWN:  # an empty one hides nothing
        return said, NOTHING
    if (extended := opened(message.extended_text_message, _texts)) is not None:
        return _words(extended.text, message_type), message.extended_text_message
    for raw, read in (
        (message.buttons_response_message, button_response),
        (message.template_button_reply_message, template_reply),
        (message.list_response_message, list_response),
        (message.interactive_response_message, interactive_response),
    ):
        if present(raw):
            return _tap(raw, read), raw
    for raw, kind in (
        (message.image_message, "image"),
        (message.audio_message, "audio"),
        (message.video_message, "video"),
        (message.ptv_message, "video"),
        (message.document_message, "document"),
        (message.sticker_message, "sticker"),
    ):
        if present(raw):
            return _media(raw, kind), raw  # type: ignore[arg-type]  # the literals above are Kinds
    for raw in (message.location_message, message.live_location_message):
        if present(raw):
            return _place(raw), raw
    for raw in (message.contact_message, message.contacts_array_message):
        if present(raw):
            people = contacts_of(raw)
            return (Content("contact", contacts=people) if people else UNKNOWN), raw
    if present(message.reaction_message):
        return _reaction(message.reaction_message), NOTHING
    if present(message.protocol_message):
        return _edit(message.protocol_message, depth), NOTHING
    return UNKNOWN, NOTHING


def _words(raw: Raw, message_type: str | None) -> Content:
    text = written(string(raw, MAX_TEXT_BYTES))
    if text.value is None:
        return UNKNOWN
    if message_type in _CLOUD_TAPS:  # the official API's answers arrive as their label only; quoted_id names the question
        return Content("tap", label(text.value, MAX_LABEL))
    return Content("text", text.value, text.truncated)


def _tap(raw: Raw, read: Callable[[Raw], Answer | None]) -> Content:
    answer = read(raw)
    return Content("tap", answer.label, choice_id=answer.id) if answer else UNKNOWN


def _media(raw: Raw, kind: Kind) -> Content:
    media = media_of(raw)
    if media is None:
        return UNKNOWN
    caption = written(caption_of(raw))
    return Content(kind, caption.value, caption.truncated, media=media)


def _place(raw: Raw) -> Content:
    """Who sends where they are may write below it what has happened."""
    words, place = written(remark_of(raw)), location_of(raw)
    return Content("location" if place else "unknown", words.value, words.truncated, location=place)


def _reaction(raw: Raw) -> Content:
    reaction = opened(raw, _keyeds)
    target = _target(reaction.key) if reaction else None
    if reaction is None or target is None:
        return UNKNOWN
    return Content("reaction", clean(string(reaction.text), MAX_EMOJI).value, target_id=target)


def _edit(raw: Raw, depth: int) -> Content:
    """An edit that came as a message of its own (as the web client does): its author is the message's."""
    edit = opened(raw, _keyeds)
    target = _target(edit.key) if edit else None
    if edit is None or target is None or not present(edit.edited_message) or depth > MAX_WRAPPERS:
        return UNKNOWN
    inner = content_of(edit.edited_message, depth=depth + 1)
    return Content("edit", inner.text, inner.truncated, target_id=target)


def _target(raw: Raw) -> GatewayId | None:
    key = opened(raw, _ids)
    return message_id(string(key.id)) if key else None


def _quoted_in(raw: Raw) -> GatewayId | None:
    quoting = opened(raw, _quotings)
    return _stanza(quoting.context_info) if quoting else None


def _stanza(raw: Raw) -> GatewayId | None:
    context = opened(raw, _contexts)
    return message_id(string(context.stanza_id)) if context else None
