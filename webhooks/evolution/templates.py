"""Evolution's template routes: what is asked, and what the answers say. They have errors of a form of their own."""

from __future__ import annotations

from typing import Any

from msgspec import Raw, Struct
from msgspec.json import Decoder

from bot.errors import BotError, Refused
from bot.ports.templates import NewTemplate, RemoteTemplate
from webhooks.evolution.errors import failure
from webhooks.raw import NOTHING, items, opened, string, whole
from webhooks.template_names import inside, outside
from webhooks.text import label

MOST = 1000  # templates of a listing
WORDS = 300  # characters of what WhatsApp says


class _Listed(Struct):
    name: Raw = NOTHING
    language: Raw = NOTHING
    status: Raw = NOTHING
    category: Raw = NOTHING
    id: Raw = NOTHING
    components: Raw = NOTHING
    rejected_reason: Raw = NOTHING
    quality_score: Raw = NOTHING


class _Created(Struct, rename="camel"):
    template: Raw = NOTHING


class _Score(Struct):
    score: Raw = NOTHING


class _Failed(Struct):
    message: Raw = NOTHING
    details: Raw = NOTHING


class _Details(Struct):
    whatsapp_error: Raw = NOTHING
    whatsapp_code: Raw = NOTHING


_lists, _listed, _created = Decoder(list[Raw]), Decoder(_Listed), Decoder(_Created)
_scores, _failures, _details = Decoder(_Score), Decoder(_Failed), Decoder(_Details)
_components: Decoder[list[dict[str, Any]]] = Decoder(list[dict[str, Any]])


def creation(template: NewTemplate) -> dict[str, Any]:
    """WhatsApp may not change the category by itself: another one has another price and other limits."""
    name, code = outside(template.name, template.language)
    return {
        "name": name,
        "category": template.category,
        "allowCategoryChange": False,
        "language": code,
        "components": template.components,
    }


def created(template: NewTemplate, status: int, body: bytes) -> RemoteTemplate:
    """What became of it; raises what any other answer means."""
    answer = opened(Raw(body), _created) if status == 201 else None
    found = opened(answer.template, _listed) if answer is not None else None
    known = _remote(found, template) if found is not None else None
    if known is None:
        raise refusal(status, body)
    return known


def listing(status: int, body: bytes) -> list[RemoteTemplate]:
    rows = opened(Raw(body), _lists) if status == 200 else None
    if rows is None:
        raise refusal(status, body)
    found = (opened(row, _listed) for row in items(Raw(body), MOST))
    return [one for row in found if row is not None and (one := _remote(row)) is not None]


def refusal(status: int, body: bytes) -> BotError:
    """Meta's own words where Evolution passes them on: the author has to read them."""
    failed = opened(Raw(body), _failures)
    details = opened(failed.details, _details) if failed is not None else None
    if failed is not None and details is not None:
        words = label(string(details.whatsapp_error) or string(failed.message), WORDS)
        code = whole(details.whatsapp_code, top=10**9)
        if code is not None or words:
            return Refused(words or "WhatsApp refused the template.", code=f"meta_{code}" if code else "template_refused")
    return failure(status, body)


def _remote(row: _Listed, asked: NewTemplate | None = None) -> RemoteTemplate | None:
    """A row of the listing, or the answer to a creation, which leaves out what was asked."""
    name, language = string(row.name), string(row.language)
    if asked is not None:
        name, language = asked.name, asked.language
    elif name is not None and language is not None:
        name, language = inside(name, language)
    identifier, status, category = string(row.id), string(row.status), string(row.category)
    if name is None or language is None or identifier is None or status is None:
        return None
    score = opened(row.quality_score, _scores)
    reason = label(string(row.rejected_reason), WORDS)
    return RemoteTemplate(
        name=name,
        language=language,
        status=status.upper(),
        category=(category or (asked.category if asked else "")).upper(),
        id=identifier,
        components=(asked.components if asked else opened(row.components, _components)) or [],
        reason=reason if reason and reason != "NONE" else None,
        quality=label(string(score.score), 20) if score is not None else None,
    )
