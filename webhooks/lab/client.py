"""The partner laboratory over HTTP: the port ``Laboratory`` (the contract stands in docs/lab-partner.md)."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import httpx
import msgspec

from bot.errors import Refused, Unavailable
from bot.ports.laboratory import LabResult, LabTime, LabValue, Quote
from bot.ports.payments import Payment
from webhooks.calling import Answer, Caller

LARGEST_REPORT = 16 * 1024 * 1024


class HttpLaboratory:
    """Orders are named by our key (PUT), so that every call is safe to repeat."""

    def __init__(
        self, url: str, key: str, *, total_seconds: float = 4.0, transport: httpx.AsyncBaseTransport | None = None
    ) -> None:
        headers = {"authorization": f"Bearer {key}"}
        self._caller = Caller("lab", url, headers, total_seconds=total_seconds, transport=transport)

    async def __aenter__(self) -> HttpLaboratory:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._caller.aclose()

    async def quote(self, *, test: str, place: str, where: dict[str, Any]) -> Quote | Literal["unknown_test", "not_here"]:
        answer = await self._caller.call("POST", "v1/quotes", {"test": test, "place": place, "where": where})
        match answer.status, answer.json().get("code"):
            case 200, _:
                return _as(answer, Quote)
            case 422, "unknown_test":
                return "unknown_test"
            case 422, "not_here":
                return "not_here"
        raise _failure(answer)

    async def times(self, *, quote: str, day: str | None, after: str | None) -> list[LabTime]:
        query = {name: value for name, value in (("quote", quote), ("day", day), ("after", after)) if value}
        answer = await self._caller.call("GET", "v1/times", query=query)
        if answer.status != 200:
            raise _failure(answer)
        try:
            return msgspec.convert(answer.json().get("times"), list[LabTime])
        except msgspec.ValidationError as error:
            raise Unavailable("The laboratory answers in another form.", code="lab_form") from error

    async def reserve(self, *, key: str, quote: str, slot: str, about: dict[str, Any]) -> bool:
        answer = await self._caller.call("PUT", f"v1/orders/{key}", {"quote": quote, "time": slot, "patient": about})
        return _held(answer)

    async def confirm(self, *, key: str, paid: Payment | None) -> bool:
        body = {"payment": {"id": paid.id, "amount": paid.amount}} if paid else {}
        return _held(await self._caller.call("PUT", f"v1/orders/{key}/confirmation", body))

    async def cancel(self, *, key: str) -> None:
        answer = await self._caller.call("DELETE", f"v1/orders/{key}")
        if answer.status not in (200, 204):
            raise _failure(answer)

    async def result(self, *, key: str) -> LabResult | None:
        answer = await self._caller.call("GET", f"v1/orders/{key}/result")
        if answer.status == 404:
            return None
        if answer.status != 200:
            raise _failure(answer)
        found = answer.json()
        values = found.get("values")
        try:
            read = msgspec.convert(values if isinstance(values, list) else [], tuple[LabValue, ...])
            revision = msgspec.convert(found.get("revision", 1), Annotated[int, msgspec.Meta(ge=1, le=1_000_000)])
        except msgspec.ValidationError as error:
            raise Unavailable("The laboratory answers in another form.", code="lab_form") from error
        return LabResult(read[:50], found.get("report") is True, revision)

    async def report(self, *, key: str) -> bytes | None:
        answer = await self._caller.call("GET", f"v1/orders/{key}/report", largest=LARGEST_REPORT)
        if answer.status == 404:
            return None
        if answer.status != 200:
            raise _failure(answer)
        return answer.body if answer.body.startswith(b"%PDF-") else None


def _held(answer: Answer) -> bool:
    """409: somebody else has the time, or the order was cancelled."""
    if answer.status == 409:
        return False
    if answer.status in (200, 201):
        return True
    raise _failure(answer)


def _as(answer: Answer, form: type[Quote]) -> Quote:
    try:
        return msgspec.convert(answer.json(), form)
    except msgspec.ValidationError as error:
        raise Unavailable("The laboratory answers in another form.", code="lab_form") from error


def _failure(answer: Answer) -> Refused | Unavailable:
    """401 and 403 are for an operator to mend, and then it works."""
    if answer.status in (401, 403, 404, 408):
        return Unavailable("The laboratory does not let us in.", code=f"lab_{answer.status}")
    return Refused("The laboratory refuses.", code=f"lab_{answer.status}")
