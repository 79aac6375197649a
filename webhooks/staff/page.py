"""A page as a view made it, shown to a browser as HTML or to a program as JSON."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from aiohttp import web
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from msgspec.json import encode

FOLDER = Path(__file__).parent / "pages"
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    # Not "no-referrer": browsers then name no origin with a form of ours either.
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
CSS = (FOLDER / "staff.css").read_bytes()


def _moment(at: float | None) -> str:
    return "" if at is None else datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%d %H:%M UTC")


_env = Environment(
    loader=FileSystemLoader(FOLDER), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
)
_env.filters["moment"] = _moment


@dataclass(frozen=True, slots=True)
class Page:
    """``name``: the template. ``data``: what it shows, and all that a program gets."""

    name: str
    data: dict[str, Any] = field(default_factory=dict)
    status: int = 200


def wants_json(request: web.Request) -> bool:
    return "application/json" in request.headers.get("Accept", "")


def shown(request: web.Request, page: Page, around: dict[str, Any]) -> web.Response:
    """``around``: what stands around every page: who is signed in, what they may, the form's seal."""
    if wants_json(request):
        return web.Response(body=encode(page.data), status=page.status, content_type="application/json", headers=HEADERS)
    text = _env.get_template(f"{page.name}.html").render(**around, **page.data)
    return web.Response(text=text, status=page.status, content_type="text/html", headers=HEADERS)


def css(_: web.Request) -> web.Response:
    return web.Response(body=CSS, content_type="text/css", headers=HEADERS)
