"""OpenRouter, and services with the same form, over HTTP."""

from __future__ import annotations

import base64
from typing import Any, Final

import httpx
from msgspec import DecodeError, Raw, Struct, ValidationError
from msgspec.json import Decoder, encode

from agents.llm.asking import Answer, Call, File
from agents.llm.config import Provider as ProviderConfig
from agents.llm.failures import ModelFailed, Why

LARGEST: Final = 256 * 1024  # bytes of an answer
_FORMATS: Final = {
    "audio/ogg": "ogg", "audio/mpeg": "mp3", "audio/mp4": "m4a", "audio/aac": "aac", "audio/wav": "wav", "video/mp4": "mp4",
}  # fmt: skip
_BY_STATUS: Final[dict[int, Why]] = {
    400: "bad_request", 401: "key", 402: "credits", 403: "moderated", 404: "no_provider", 408: "timeout", 413: "bad_request",
    422: "bad_request", 429: "busy", 503: "no_provider",
}  # fmt: skip


class _Error(Struct):
    code: int | str | None = None
    message: str | None = None


class _Message(Struct):
    content: str | None = None
    refusal: str | None = None


class _Choice(Struct):
    message: _Message | None = None
    finish_reason: str | None = None
    error: _Error | None = None


class _Usage(Struct):
    cost: float | None = None
    total_tokens: int = 0


class _Body(Struct):
    choices: list[_Choice] = []
    model: str | None = None
    usage: _Usage | None = None
    error: _Error | None = None


_bodies = Decoder(_Body, strict=False)


class HttpProvider:
    """``POST URL/chat/completions``. Of OpenRouter we demand what keeps people's words private, and never relax it: no provider
    that fits means no answer."""

    def __init__(self, config: ProviderConfig, key: str | None, client: httpx.AsyncClient) -> None:
        self._config, self._client = config, client
        self._url = f"{(config.url or '').rstrip('/')}/chat/completions"
        self._headers = {"content-type": "application/json", **({"authorization": f"Bearer {key}"} if key else {})}

    async def complete(self, call: Call) -> Answer:
        if self._config.kind == "openrouter":
            return await self._once(self._body(call, call.models[0]) | self._preferences(call))
        failed = ModelFailed("no_provider")
        for model in call.models:  # the fallback that OpenRouter does on its side
            try:
                return await self._once(self._body(call, model))
            except ModelFailed as error:
                if error.why not in ("down", "busy", "no_provider", "moderated"):
                    raise
                failed = error
        raise failed

    def _body(self, call: Call, model: str) -> dict[str, Any]:
        content: Any = call.user
        if call.files:
            content = [{"type": "text", "text": call.user}, *(_part(file) for file in call.files)]
        return {
            "model": model,
            "messages": [{"role": "system", "content": call.system}, {"role": "user", "content": content}],
            "max_tokens": call.tokens,
            "temperature": 0,
            "stream": False,
            "response_format": {"type": "json_schema", "json_schema": {"name": call.task, "strict": True, "schema": call.schema}},
        }

    def _preferences(self, call: Call) -> dict[str, Any]:
        provider: dict[str, Any] = {"zdr": True, "data_collection": "deny", "require_parameters": True, "allow_fallbacks": True}
        if self._config.only:
            provider["only"] = list(self._config.only)
        return {"models": list(call.models), "provider": provider, "usage": {"include": True}}

    async def _once(self, body: dict[str, Any]) -> Answer:
        try:
            async with self._client.stream("POST", self._url, headers=self._headers, content=encode(body)) as response:
                raw = bytearray()
                async for chunk in response.aiter_bytes():
                    raw += chunk
                    if len(raw) > LARGEST:
                        raise ModelFailed("malformed")
        except httpx.TimeoutException as error:
            raise ModelFailed("timeout") from error
        except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
            raise ModelFailed("down") from error
        if response.status_code != 200:
            raise _failed(response.status_code, response.headers.get("retry-after"), bytes(raw))
        return _answer(Raw(bytes(raw)))


def _part(file: File) -> dict[str, Any]:
    encoded = base64.b64encode(file.data).decode("ascii")
    if file.mime.startswith("image/"):
        return {"type": "image_url", "image_url": {"url": f"data:{file.mime};base64,{encoded}"}}
    return {"type": "input_audio", "input_audio": {"data": encoded, "format": _FORMATS.get(file.mime, "ogg")}}


def _failed(status: int, retry_after: str | None, raw: bytes) -> ModelFailed:
    why: Why = _BY_STATUS.get(status, "down" if status >= 500 else "bad_request")
    if status == 403 and b"key" in raw[:2000].lower() and b"moderat" not in raw[:2000].lower():
        why = "key"
    seconds = float(retry_after) if retry_after and retry_after.isascii() and retry_after.isdigit() else None
    return ModelFailed(why, retry_after=seconds)


def _answer(raw: Raw) -> Answer:
    """Also a 200 may hold an error: the generation had begun when it happened."""
    try:
        body = _bodies.decode(raw)
    except (DecodeError, ValidationError, UnicodeDecodeError, RecursionError) as error:
        raise ModelFailed("malformed") from error
    choice = body.choices[0] if body.choices else None
    wrong = body.error or (choice.error if choice else None)
    if wrong is not None:
        code = int(str(wrong.code)) if str(wrong.code).isdigit() else 502
        raise _failed(code if code != 200 else 502, None, (wrong.message or "").encode())
    if choice is None or choice.finish_reason == "error":
        raise ModelFailed("down")
    if choice.finish_reason == "content_filter" or (choice.message and choice.message.refusal):
        raise ModelFailed("moderated")
    if choice.finish_reason == "length" or choice.message is None or not choice.message.content:
        raise ModelFailed("malformed")
    usage = body.usage or _Usage()
    cost = usage.cost if usage.cost is not None and 0 <= usage.cost < 100 else None
    return Answer(choice.message.content, (body.model or "")[:100], cost, usage.total_tokens)
