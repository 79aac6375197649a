"""A scripted bot behind the look-alike: words in, the answer that the word asks for out."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
from aiohttp import web

from tests.servers.site import listening

KEY = "test-key"
TOKEN = "test-token-of-the-webhook"
HINDI = "नमस्ते! आपकी शुगर *१८२ mg/dL* है।"
URDU = "السلام علیکم! آپ کی شوگر *182* ہے۔"
FORMATTED = "*bold* _italic_ ~gone~ ```mono``` 2*3*4 snake_case_name https://example.org/a?b=1&c=<x>"
ATTACK = '<img src=x onerror="document.title=1">*<b>bold</b>*<script>document.title=2</script>'


class EchoBot:
    """``gateway``: the look-alike's address, set once it is known. ``silent``: take everything and say nothing."""

    def __init__(self) -> None:
        self.gateway = ""
        self.silent = False
        self.received: list[dict[str, Any]] = []
        self._session: aiohttp.ClientSession | None = None

    @asynccontextmanager
    async def listening(self) -> AsyncIterator[str]:
        app = web.Application(client_max_size=2**26)
        app.router.add_post("/hook", self._hook)
        async with listening(app) as url, aiohttp.ClientSession(headers={"apikey": KEY}) as self._session:
            yield f"{url}/hook"

    async def _hook(self, request: web.Request) -> web.Response:
        event = await request.json()
        self.received.append(event)
        if event["event"] == "messages.upsert" and not self.silent and not event["data"]["key"]["fromMe"]:
            await self._answer(event["instance"], event["data"])
        return web.Response()

    async def _answer(self, instance: str, data: dict[str, Any]) -> None:
        number = data["key"]["remoteJid"].split("@")[0]
        words = data["message"].get("conversation", "")
        match words:
            case "buttons":
                buttons = [
                    {"type": "reply", "displayText": label, "id": label.lower()} for label in ("Fasting", "After a meal", "Other")
                ]
                await self.send(instance, "sendButtons", number, title="When did you measure *182 mg/dL*?", buttons=buttons)
            case "list":
                await self.send(instance, "sendList", number, **MENU)
            case "hindi":
                await self.send(instance, "sendText", number, text=HINDI)
            case "urdu":
                await self.send(instance, "sendText", number, text=URDU)
            case "format":
                await self.send(instance, "sendText", number, text=FORMATTED)
            case "attack":
                await self.send(instance, "sendText", number, text=ATTACK)
            case "numbered":
                await self.send(instance, "sendText", number, text="Choose:\n1. Yes\n2. No\n\nReply with a number.")
            case "":
                await self.send(instance, "sendText", number, text=f"Thank you for the {data['messageType']}.")
            case _:
                await self.send(instance, "sendText", number, text=f"You wrote: {words}")

    async def send(self, instance: str, endpoint: str, number: str, **body: Any) -> dict[str, Any]:
        assert self._session is not None
        url = f"{self.gateway}/message/{endpoint}/{instance}"
        async with self._session.post(url, json={"number": number, **body}) as answer:
            return dict(await answer.json())


MENU = {
    "title": "ProCare",
    "description": "What would you like to do?",
    "footerText": "Reply HELP at any time",
    "buttonText": "Menu",
    "sections": [
        {
            "title": "Log",
            "rows": [
                {"title": "Blood glucose", "description": "A reading from your meter", "rowId": "glucose"},
                {"title": "Blood pressure", "description": "Upper and lower value", "rowId": "pressure"},
                {"title": "A meal", "description": "What you ate, or a picture", "rowId": "meal"},
            ],
        },
        {
            "title": "More",
            "rows": [
                {"title": "My reports", "description": "The last seven days", "rowId": "reports"},
                {"title": "Language", "description": "English, हिन्दी", "rowId": "language"},
                {"title": "Talk to a person", "description": "Mon to Sat, 9 to 18", "rowId": "human"},
            ],
        },
    ],
}
