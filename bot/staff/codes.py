"""The second factor: codes of an authenticator app (RFC 6238), each taken once."""

from __future__ import annotations

import hmac

import pyotp

SECONDS = 30


def new_secret() -> str:
    return pyotp.random_base32(32)


def address_of(secret: str, login: str) -> str:
    """What an authenticator app reads, typed in or as a picture."""
    return pyotp.TOTP(secret).provisioning_uri(name=login, issuer_name="ProCare")


def step_of(secret: str, code: str, now: float, *, aside: int, after: int) -> int | None:
    """The 30-second step of which ``code`` is, ``aside`` steps around ``now`` and behind step ``after``; None: it is not good.

    Every step is compared, whichever matched, so that the time tells nothing.
    """
    given = "".join(code.split()).encode("utf-8", "surrogateescape")
    here = int(now // SECONDS)
    generator = pyotp.TOTP(secret)
    found = None
    for step in range(here - aside, here + aside + 1):
        if hmac.compare_digest(generator.generate_otp(step).encode(), given) and step > after:
            found = step
    return found
