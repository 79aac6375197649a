"""Where the gateway calls us."""

from __future__ import annotations

from aiohttp import web

from webhooks.edge import Edge

PATH = "/webhooks/evolution"


def tell_no_versions(app: web.Application) -> None:
    """Whoever finds our address learns from no answer which releases run here."""

    async def unnamed(_: web.Request, response: web.StreamResponse) -> None:
        response.headers.pop("Server", None)

    app.on_response_prepare.append(unnamed)


def add_routes(app: web.Application, edge: Edge) -> None:
    """Evolution appends the event's name in by-event mode, and a second slash if its url ends with one. The body names the
    event too, so the suffix is not read."""
    app.router.add_post(PATH, edge.handle)
    app.router.add_post(PATH + "/", edge.handle)
    app.router.add_post(PATH + "/{event}", edge.handle)
    app.router.add_post(PATH + "//{event}", edge.handle)
