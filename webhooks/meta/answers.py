"""What an answer of the Graph API says about a send: sent, surely not sent, unknown, or never.

Meta says with a status of 4xx that it did not take the message, and names the reason by number; with 5xx it does not know.
"""

from __future__ import annotations

from msgspec import Raw, Struct
from msgspec.json import Decoder

from bot.errors import BotError, GatewayUnavailable, OutcomeUnknown, Refused
from bot.model.ids import GatewayId
from webhooks.ids import message_id
from webhooks.meta_codes import LISTED, meta_error
from webhooks.raw import NOTHING, flag, items, opened, string, whole

_UNSURE = {1, 2, 131000, 131016}
"""With a status of 5xx these say that something went wrong, and not that nothing was sent."""


class _Answer(Struct):
    messages: Raw = NOTHING
    error: Raw = NOTHING
    id: Raw = NOTHING


class _Message(Struct):
    id: Raw = NOTHING


class _Error(Struct):
    code: Raw = NOTHING
    is_transient: Raw = NOTHING


_answers, _messages, _errors = Decoder(_Answer), Decoder(_Message), Decoder(_Error)


def sent_id(status: int, body: bytes) -> GatewayId:
    """WhatsApp's id of the message that was sent; raises what any other answer means."""
    answer = opened(Raw(body), _answers)
    if 200 <= status < 300 and answer is not None:
        for entry in items(answer.messages, 1):
            message = opened(entry, _messages)
            if message is not None and (identifier := message_id(string(message.id))) is not None:
                return identifier
    raise failure(status, body)


def file_id(status: int, body: bytes) -> str | None:
    """Meta's id of an uploaded file."""
    answer = opened(Raw(body), _answers)
    return string(answer.id, 300) if answer is not None and 200 <= status < 300 else None


def failure(status: int, body: bytes, retry_after: str | None = None) -> BotError:
    """What an answer without success means."""
    answer = opened(Raw(body), _answers)
    error = opened(answer.error, _errors) if answer is not None else None
    code = whole(error.code, top=10**9) if error is not None else None
    if status >= 500 and (code is None or code in _UNSURE or code not in LISTED):
        return OutcomeUnknown(code=f"http_{status}")
    if code is not None:
        return meta_error(code, passing=status == 429 or (error is not None and flag(error.is_transient)))
    if 200 <= status < 300:
        return OutcomeUnknown(code="no_message_id")
    if status == 429:
        pause = float(retry_after) if retry_after is not None and retry_after.isdigit() and len(retry_after) < 6 else 5.0
        return GatewayUnavailable("Meta's rate limit is reached.", code="rate_limited", retry_after=pause)
    if status in (408, 425):
        return OutcomeUnknown(code=f"http_{status}")
    if status in (401, 403, 404):
        return GatewayUnavailable("Meta does not accept the account.", code=f"http_{status}", retry_after=60.0)
    return Refused("Meta refused the call.", code=f"http_{status}")
