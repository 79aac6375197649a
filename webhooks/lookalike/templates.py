"""The templates of the official channel's account: created, reviewed, listed, and asked for by sends."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any, Literal

from msgspec import Struct

from webhooks.lookalike import refusals
from webhooks.lookalike.ids import database_id
from webhooks.lookalike.people import Channel
from webhooks.lookalike.refusals import Refusal

Reviews = Literal["approve", "wait"]
CATEGORIES = ("AUTHENTICATION", "MARKETING", "UTILITY")
PAGE = 25  # Evolution asks for the first page alone
_NAME = re.compile(r"[a-z0-9_]{1,512}$")
_HOLE = re.compile(r"\{\{(\d+)\}\}")


class Template(Struct):
    name: str
    language: str
    category: str
    components: list[dict[str, Any]]
    id: str
    status: str = "PENDING"
    reason: str | None = None

    @property
    def holes(self) -> int:
        body = next((one for one in self.components if one.get("type") == "BODY"), {})
        return len(set(_HOLE.findall(str(body.get("text", "")))))

    def row(self) -> dict[str, Any]:
        shown = {"name": self.name, "status": self.status, "category": self.category, "language": self.language}
        more = {"rejected_reason": self.reason} if self.reason else {}
        return {**shown, "id": self.id, "components": self.components, **more}


class Templates:
    """``reviews``: whether a template is approved by the time that somebody looks, or waits for ``judge``."""

    def __init__(self, reviews: Reviews) -> None:
        self._reviews = reviews
        greeting = [{"type": "BODY", "text": "Oi {{1}}"}]
        one = Template("hello_world", "pt_BR", "UTILITY", greeting, "111", "APPROVED")  # each account has it
        self._known = {(one.name, one.language): one}

    def create(self, channel: Channel, body: dict[str, Any]) -> dict[str, Any]:
        """Raises Refusal."""
        missing = [one for one in ("name", "category", "language", "components") if one not in body]
        if missing:
            raise refusals.schema(*(f'instance requires property "{name}"' for name in missing))
        if body["category"] not in CATEGORIES:
            raise refusals.schema(f"category is not one of enum values: {','.join(CATEGORIES)}")
        key = (str(body["name"]), str(body["language"]))
        if not channel.cloud:
            raise refused_by_meta(100, "Unsupported post request")
        if not _NAME.match(key[0]) or not isinstance(body["components"], list):
            raise refused_by_meta(100, "Invalid parameter")
        if key in self._known:
            raise refused_by_meta(2388024, "There is already content in this language for this template")
        made = Template(*key, body["category"], body["components"], str(222 + len(self._known)))
        self._known[key] = made
        now = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        template = {"id": made.id, "status": made.status, "category": made.category}
        answer = {"id": database_id(), "templateId": made.id, "name": made.name, "template": template}
        hook = {"webhookUrl": body["webhookUrl"]} if "webhookUrl" in body else {"webhookUrl": None}
        return {**answer, **hook, "createdAt": now, "updatedAt": now, "instanceId": channel.id}

    def listed(self) -> list[dict[str, Any]]:
        if self._reviews == "approve":
            for one in self._known.values():
                if one.status == "PENDING":
                    one.status = "APPROVED"
        return [one.row() for one in reversed(self._known.values())][:PAGE]

    def judge(self, name: str, language: str, status: str, reason: str | None = None) -> None:
        """What the reviewers decide. Raises LookupError where there is none."""
        one = self._known[name, language]
        one.status, one.reason = status, reason

    def check(self, body: dict[str, Any]) -> None:
        """Whether a send may use it. Raises the Refusal with which Meta would answer."""
        one = self._known.get((str(body["name"]), str(body["language"])))
        if one is None or one.status not in ("APPROVED", "PAUSED", "DISABLED"):
            raise refusals.meta(132001, "Template name does not exist in the translation")
        if one.status != "APPROVED":
            raise refusals.meta(132015 if one.status == "PAUSED" else 132016, f"Template is {one.status}")
        parts = [part for part in body.get("components") or [] if isinstance(part, dict)]
        given = [len(part.get("parameters") or []) for part in parts if part.get("type") == "body"]
        if sum(given) != one.holes:
            raise refusals.meta(132000, "Number of parameters does not match the expected number of params")
        if any(
            not str(value.get("text", "")).strip() for part in parts if part.get("type") == "body" for value in part["parameters"]
        ):
            raise refusals.meta(131008, "Required parameter is missing")


def refused_by_meta(code: int, words: str) -> Refusal:
    """Evolution's own form for errors of these routes."""
    now = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    details = {"whatsapp_error": words, "whatsapp_code": code}
    return Refusal(400, {"status": 400, "error": "Bad Request", "message": words, "details": details, "timestamp": now})
