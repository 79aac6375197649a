"""Razorpay payment links over HTTP: the port ``Payments``.

Nothing about health and nothing about the person goes to Razorpay: an amount, our reference, and a neutral description. Amounts
are whole paise. A link of a reference is made once: Razorpay refuses a second one, and then the first is looked up.
"""

from __future__ import annotations

import base64
import time
from collections.abc import Callable
from typing import Any

import httpx

from bot.errors import Refused, Unavailable
from bot.ports.payments import Link, LinkState
from webhooks.calling import Answer, Caller
from webhooks.razorpay.entities import link_of, state_of

URL = "https://api.razorpay.com"
SHORTEST = 16 * 60.0
"""Seconds that a link has to live; Razorpay refuses less than 15 minutes."""
DESCRIPTION = "Booking"


class RazorpayPayments:
    """``key_id`` and ``key_secret`` of an account. One deadline a call; every call is safe to repeat."""

    def __init__(
        self,
        key_id: str,
        key_secret: str,
        *,
        url: str = URL,
        total_seconds: float = 4.0,
        transport: httpx.AsyncBaseTransport | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        credentials = base64.b64encode(f"{key_id}:{key_secret}".encode()).decode()
        headers = {"authorization": f"Basic {credentials}"}
        self._caller = Caller("razorpay", url, headers, total_seconds=total_seconds, transport=transport)
        self._clock = clock

    async def __aenter__(self) -> RazorpayPayments:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._caller.aclose()

    async def make_link(self, *, reference: str, amount: int, expires_at: float) -> Link:
        body = {
            "amount": amount,
            "currency": "INR",
            "accept_partial": False,
            "description": DESCRIPTION,
            "reference_id": reference,
            "expire_by": int(max(expires_at, self._clock() + SHORTEST)),
            "notify": {"sms": False, "email": False},
            "reminder_enable": False,
            "notes": {"reference": reference},
        }
        answer = await self._caller.call("POST", "v1/payment_links", body)
        if answer.status == 200 and (link := link_of(answer.json())) is not None:
            return link
        if answer.status == 400 and (found := await self._named(reference)) is not None and (link := link_of(found)) is not None:
            return link  # made by an earlier call whose answer we did not get
        raise _failure(answer)

    async def look(self, *, reference: str, link: Link | None) -> LinkState | None:
        entity = await self._entity(reference, link)
        return state_of(entity) if entity is not None else None

    async def close(self, *, reference: str, link: Link | None) -> LinkState | None:
        entity = await self._entity(reference, link)
        if entity is None:
            return None
        state = state_of(entity)
        if not state.open:
            return state
        answer = await self._caller.call("POST", f"v1/payment_links/{_id(entity)}/cancel")
        # Refused when it was paid or has expired in this moment: then that is how it stands.
        fresh = answer.json() if answer.status == 200 else await self._fetched(_id(entity))
        state = state_of(fresh or {})
        if fresh is None or state.open:
            raise Unavailable("Razorpay did not cancel the link.", code="razorpay_not_cancelled")
        return state

    async def refund(self, *, payment: str, amount: int, key: str) -> None:
        headers = {"X-Refund-Idempotency": key}
        answer = await self._caller.call(
            "POST", f"v1/payments/{payment}/refund", {"amount": amount, "receipt": key}, headers=headers
        )
        if answer.status == 200:
            return
        if answer.status == 409:
            raise Unavailable("The same refund is under way.", code="razorpay_conflict")
        if answer.status == 400 and await self._is_refunded(payment, amount):
            return  # by a call whose answer we did not get, or by a person at the dashboard
        raise _failure(answer)

    async def _is_refunded(self, payment: str, amount: int) -> bool:
        answer = await self._caller.call("GET", f"v1/payments/{payment}")
        refunded = answer.json().get("amount_refunded")
        return answer.status == 200 and isinstance(refunded, int) and refunded >= amount

    async def _entity(self, reference: str, link: Link | None) -> dict[str, Any] | None:
        return await self._fetched(link.id) if link is not None else await self._named(reference)

    async def _fetched(self, id_: str) -> dict[str, Any] | None:
        answer = await self._caller.call("GET", f"v1/payment_links/{id_}")
        if answer.status == 200:
            return answer.json()
        if answer.status in (400, 404):
            return None
        raise _failure(answer)

    async def _named(self, reference: str) -> dict[str, Any] | None:
        """The link of a reference. Only the full entity tells its payments, so it is fetched by its id."""
        answer = await self._caller.call("GET", "v1/payment_links", query={"reference_id": reference})
        if answer.status != 200:
            raise _failure(answer)
        listed = answer.json().get("payment_links")
        for one in listed if isinstance(listed, list) else []:
            if isinstance(one, dict) and one.get("reference_id") == reference and isinstance(one.get("id"), str):
                return await self._fetched(one["id"])
        return None


def _id(entity: dict[str, Any]) -> str:
    return str(entity.get("id", ""))


def _failure(answer: Answer) -> Refused | Unavailable:
    """401 and 403 are for an operator to mend, and then it works: nothing is undone because of a wrong key."""
    if answer.status in (401, 403, 404, 408, 409):
        return Unavailable("Razorpay does not let us in.", code=f"razorpay_{answer.status}")
    error = answer.json().get("error")
    code = error.get("code") if isinstance(error, dict) else None
    return Refused("Razorpay refuses.", code=code.lower()[:60] if isinstance(code, str) else f"razorpay_{answer.status}")
