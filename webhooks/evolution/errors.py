"""What an answer, or the lack of one, says about a send: sent, surely not sent, unknown, or never.

Evolution answers transient faults with 400 and Meta's refusals with 201, so the status alone says little.
"""

from __future__ import annotations

import re

from msgspec import Raw, Struct, field
from msgspec.json import Decoder

from bot.errors import BotError, GatewayUnavailable, OutcomeUnknown, Refused
from bot.model.ids import GatewayId
from webhooks.ids import message_id
from webhooks.meta_codes import meta_error
from webhooks.raw import NOTHING, flag, items, opened, string, whole

_NOT_THE_GATEWAY = frozenset({405, 407, 421, 426})
"""Evolution says none of these, and redirects nobody: a proxy before it does, whose operator must act. The message is fine."""
_OPERATOR_PAUSE = 30.0  # seconds; a wrong key or a missing instance does not mend itself at once


class _Answer(Struct, rename="camel"):
    key: Raw = NOTHING
    code: Raw = NOTHING
    message: Raw = NOTHING
    response: Raw = NOTHING
    is_transient: Raw = field(name="is_transient", default=NOTHING)  # Meta's word


class _Key(Struct):
    id: Raw = NOTHING


class _Response(Struct):
    message: Raw = NOTHING


class _Number(Struct):
    exists: Raw = NOTHING


_answers, _keys, _responses, _numbers = Decoder(_Answer), Decoder(_Key), Decoder(_Response), Decoder(_Number)

# Baileys raises these before a stanza leaves: the socket is not open.
_NOT_SENT = re.compile(
    r"connection closed|econnrefused|enotfound|eai_again|not connected|instance .*not.*connected", re.IGNORECASE
)
_REFUSALS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"^method not available", re.IGNORECASE), "not_available"),
    (re.compile(r"cannot be repeated|at least one button|maximum of .* buttons|cannot be mixed", re.IGNORECASE), "bad_options"),
    (re.compile(r"owned media must be|file name must be informed", re.IGNORECASE), "bad_media"),
    (re.compile(r"^text is required|must be a single emoji|in JSON at position", re.IGNORECASE), "bad_form"),
    # A field that this version of the gateway needs is missing: it fell over while it built the message.
    (re.compile(r"of undefined \(reading '(substring|map|length|trim|forEach|filter)'\)"), "gateway_bug"),
)


def sent_id(status: int, body: bytes, retry_after: str | None = None) -> GatewayId:
    """WhatsApp's id of the message that was sent (201 *and* ``key.id``); raises what any other answer means."""
    answer = opened(Raw(body), _answers)
    if status == 201 and answer is not None:
        key = opened(answer.key, _keys)
        if key is not None and (identifier := message_id(string(key.id))) is not None:
            return identifier
    raise refusal(status, answer, retry_after=retry_after)


def failure(status: int, body: bytes, retry_after: str | None = None) -> BotError:
    """What an answer without success means."""
    return refusal(status, opened(Raw(body), _answers), retry_after=retry_after)


def refusal(status: int, answer: _Answer | None, *, retry_after: str | None) -> BotError:
    if 200 <= status < 300:
        code = whole(answer.code, top=10**9) if answer is not None else None
        if answer is None or code is None:
            return OutcomeUnknown(code="no_message_id")
        return meta_error(code, passing=flag(answer.is_transient))
    if status in (400, 500) and (refused := _refused_for_good(answer)) is not None:
        return refused
    match status:
        case 400:
            return _bad_request(answer)
        case 401:
            return GatewayUnavailable("The gateway does not accept our key.", code="unauthorised", retry_after=_OPERATOR_PAUSE)
        case 403:
            return GatewayUnavailable("The gateway forbids the call.", code="forbidden", retry_after=_OPERATOR_PAUSE)
        case 404:
            return GatewayUnavailable("The gateway has no such instance.", code="no_instance", retry_after=_OPERATOR_PAUSE)
        case 413:
            return Refused("The gateway takes no call of that size.", code="too_long")
        case 429:
            return GatewayUnavailable("The gateway is busy.", code="rate_limited", retry_after=_seconds(retry_after) or 5.0)
        case 408 | 425:
            return OutcomeUnknown(code=f"http_{status}")
        case _ if status >= 500:
            return OutcomeUnknown(code=f"http_{status}")
        case _ if status < 400 or status in _NOT_THE_GATEWAY:
            return GatewayUnavailable("Another answers for the gateway.", code=f"http_{status}", retry_after=_OPERATOR_PAUSE)
        case _:
            return Refused("The gateway refused the call.", code=f"http_{status}")


def _refused_for_good(answer: _Answer | None) -> Refused | None:
    response = opened(answer.response, _responses) if answer is not None else None
    for entry in items(response.message, 10) if response is not None else []:
        number = opened(entry, _numbers)
        if number is not None and len(number.exists):
            return Refused("The number is not on WhatsApp.", code="not_on_whatsapp")
        if items(entry, 1):  # a list in a list: the form was checked and found wrong
            return Refused("The gateway refused the form of the call.", code="bad_form")
    texts = _texts(answer)
    for pattern, code in _REFUSALS:
        if any(pattern.search(text) for text in texts):
            return Refused("The gateway refused the message.", code=code)
    return None


def _bad_request(answer: _Answer | None) -> BotError:
    texts = _texts(answer)
    if texts and all(_NOT_SENT.search(text) for text in texts):
        return GatewayUnavailable("The instance is not connected.", code="not_connected")
    # "Error: Timed Out" and the like: mostly nothing left, but the gateway does not know either. A TypeError on the
    # official API means that Meta's answer was lost or no JSON: the message may be out.
    return OutcomeUnknown(code="gateway_fault")


def _texts(answer: _Answer | None) -> list[str]:
    if answer is None:
        return []
    response = opened(answer.response, _responses)
    raw = response.message if response is not None else answer.message
    one = string(raw, 4096)
    found = [one] if one is not None else [string(entry, 4096) for entry in items(raw, 10)]
    return [text for text in found if text]


def _seconds(value: str | None) -> float | None:
    return float(value) if value is not None and value.isdigit() and len(value) < 6 else None
