"""Meta's error codes, as it and, with HTTP 201, Evolution answer with them (Meta's Cloud API error code reference)."""

from __future__ import annotations

from bot.errors import BotError, GatewayUnavailable, Refused

_REFUSED = {
    131021: "same_number",
    131026: "undeliverable",
    131030: "not_allowed_to_write",
    131045: "undeliverable",
    131047: "window_closed",
    131049: "withheld_by_meta",
    131050: "opted_out",
    131051: "unsupported",
    131052: "media_unavailable",
    131053: "media_unavailable",
    132000: "template_mismatch",
    132001: "template_unknown",
    132005: "template_mismatch",
    132007: "template_policy",
    132012: "template_mismatch",
    132015: "template_paused",
    132016: "template_disabled",
}
# Seconds until it is worth another try, where Meta's limit has a known window: 131056 is about one pair of numbers.
_LIMITED = {4: 60.0, 80007: 60.0, 130429: 5.0, 131048: 600.0, 131056: 6.0, 133016: 3600.0}
_PASSING = {1, 2, 131000, 131016, 131057, 133004, 133005}
# Nothing gets through until an operator acts (token, permission, payment, account); the message itself is fine and waits.
_OPERATOR = {0, 3, 10, 33, 190, 368, 131005, 131031, 131042, 133010, *range(200, 300)}
_OPERATOR_PAUSE = 60.0
_PASSING_PAUSE = 5.0
LISTED = frozenset({*_REFUSED, *_LIMITED, *_PASSING, *_OPERATOR})


def meta_error(code: int, *, passing: bool = False) -> BotError:
    """Meta answered, and did not take the message: whatever it says, nothing was sent. ``passing``: it called the error a
    transient one, or answered "too many". Meta adds numbers: one that is not listed here must not end a message then."""
    if code in _REFUSED:
        return Refused("Meta refused the message.", code=_REFUSED[code])
    if code in _LIMITED:
        return GatewayUnavailable("Meta's rate limit is reached.", code="rate_limited", retry_after=_LIMITED[code])
    if code in _PASSING:
        return GatewayUnavailable("Meta is in trouble.", code=f"meta_{code}")
    if code in _OPERATOR:
        return GatewayUnavailable("Meta does not accept the account.", code=f"meta_{code}", retry_after=_OPERATOR_PAUSE)
    if passing:
        return GatewayUnavailable("Meta wants to be asked again.", code=f"meta_{code}", retry_after=_PASSING_PAUSE)
    return Refused("Meta refused the message.", code=f"meta_{code}")
