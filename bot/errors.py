"""One tree of errors. Each class answers "who must act?"; its docstring is its default message.

BotError
|-- Malformed            bad data reached us: park it, keep the evidence
|   `-- Tampered         what we sealed was changed, moved or sealed with a key that is not ours
|-- Conflict             two owners of one person overlapped: load again and repeat
|-- Unavailable          an engine or provider does not answer: wait, then repeat
|   |-- BusUnavailable
|   |-- SessionsUnavailable
|   |-- StoreUnavailable
|   |-- KeysUnavailable
|   |-- NewerRelease         another release has to handle it: leave it alone until ours is that one
|   `-- GatewayUnavailable   surely not sent
|-- OutcomeUnknown       a send may or may not have happened: ask before repeating
|   `-- Unsettled            nothing says that it is this message's fault: tried however often
|-- Undeliverable        it fails while others go out: park it, and let the rest go on
|-- Refused              the gateway will never take this message
`-- ConfigError          an operator or author must mend something before the start
"""

from __future__ import annotations


class BotError(Exception):
    """Something went wrong inside the service."""

    retryable = False

    def __init__(self, message: str | None = None, *, code: str | None = None, retry_after: float | None = None) -> None:
        super().__init__(message or (type(self).__doc__ or "").strip())
        self.code = code or type(self).__name__
        self.retry_after = retry_after  # seconds, where the other side told us


class Malformed(BotError):
    """The data has not the form that was agreed."""


class Tampered(Malformed):
    """What is stored is not what was sealed there: it was changed, moved, or sealed with another key."""


class Conflict(BotError):
    """Somebody else committed this person's session in between."""

    retryable = True


class Unavailable(BotError):
    """A service we depend on does not answer."""

    retryable = True


class BusUnavailable(Unavailable):
    """The message bus does not answer or did not confirm."""


class SessionsUnavailable(Unavailable):
    """The session engine (Redis) does not answer."""


class StoreUnavailable(Unavailable):
    """The durable store does not answer."""


class KeysUnavailable(Unavailable):
    """The keys of what is stored are not at hand."""


class NewerRelease(Unavailable):
    """A newer release wrote this, and this one would lose a part of it."""


class GatewayUnavailable(Unavailable):
    """The WhatsApp gateway surely did not take the message, and may take it later."""


class OutcomeUnknown(BotError):
    """The gateway may or may not have sent the message."""

    retryable = True


class Unsettled(OutcomeUnknown):
    """The gateway may or may not have sent the message, and sends no other either."""


class Undeliverable(BotError):
    """The message fails again and again while others go out."""


class Refused(BotError):
    """The gateway refused the message for good."""


class ConfigError(BotError):
    """The configuration or the content cannot be used."""
