"""The page's routes serve this machine's own page only, and take nothing that would harm."""

from __future__ import annotations

import aiohttp
import pytest

from tests.webhooks_lookalike.bot_side import BotSide
from webhooks.lookalike import LookAlike

NUMBER = "919876500001"


@pytest.mark.parametrize(
    "headers",
    [{"Host": "evil.example"}, {"Origin": "https://evil.example"}, {"Host": "10.0.0.1:8080"}, {"Origin": "null"}],
)
async def test_other_names_and_other_sites_are_refused(headers: dict[str, str], bot: BotSide, look: LookAlike) -> None:
    async with aiohttp.ClientSession() as http:
        for path in ("/", "/lookalike/state", "/lookalike/stream", "/lookalike/ledger"):
            async with http.get(bot.gateway + path, headers=headers) as answer:
                assert answer.status == 403
        async with http.post(f"{bot.gateway}/lookalike/say", json={"patient": NUMBER, "text": "hi"}, headers=headers) as answer:
            assert answer.status == 403
    assert bot.events == []


async def test_a_form_of_another_site_cannot_write(bot: BotSide, look: LookAlike) -> None:
    url, form = f"{bot.gateway}/lookalike/say", b'{"patient":"919876500001","text":"hi"}'
    async with aiohttp.ClientSession() as http, http.post(url, data=form) as answer:
        assert answer.status == 415


@pytest.mark.parametrize("name", ["..%2Fserver.py", "server.py", "%2Fetc%2Fpasswd", "nothing.js"])
async def test_only_the_pages_own_files_are_served(name: str, bot: BotSide, look: LookAlike) -> None:
    async with aiohttp.ClientSession() as http, http.get(f"{bot.gateway}/lookalike/static/{name}") as answer:
        assert answer.status == 404


async def test_the_page_may_load_nothing_from_elsewhere(bot: BotSide, look: LookAlike) -> None:
    async with aiohttp.ClientSession() as http, http.get(f"{bot.gateway}/") as answer:
        assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'; script-src 'self'")
        page = await answer.text()
    assert "http://" not in page
    assert "https://" not in page


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"patient": NUMBER, "text": "hi"}, 201),
        ({"patient": NUMBER, "attach": "audio"}, 201),
        ({"patient": NUMBER, "attach": "location"}, 201),
        ({"patient": "1", "text": "hi"}, 404),
        ({"patient": NUMBER}, 400),
        ({"patient": NUMBER, "text": "  "}, 400),
        ({"patient": NUMBER, "text": 5}, 400),
        ({"patient": NUMBER, "text": "x" * 65_537}, 400),
        ({"patient": NUMBER, "attach": "virus"}, 400),
        ({"patient": NUMBER, "tap": "x"}, 400),
        ({"patient": NUMBER, "tap": {"message": "x", "option": "y"}}, 404),
        ({"patient": NUMBER, "react": {"message": "x", "emoji": "y"}}, 404),
        ([], 404),
    ],
)
async def test_what_a_patient_may_say(body: object, status: int, bot: BotSide, look: LookAlike) -> None:
    answered, _ = await bot.post("/lookalike/say", body)
    assert answered == status


async def test_faults_are_set_and_cleared_by_http(bot: BotSide, look: LookAlike) -> None:
    assert (await bot.post("/lookalike/faults", {"kind": "http_500", "count": 1}))[0] == 201
    assert (await bot.post("/lookalike/faults", {"kind": "earthquake"}))[0] == 400
    assert (await bot.text(NUMBER, "hi"))[0] == 500
    assert (await bot.text(NUMBER, "hi"))[0] == 201
    assert (await bot.call("GET", "/lookalike/faults"))[1] == {"active": [], "fired": {"http_500": 1}}
    _, ledger = await bot.call("GET", f"/lookalike/ledger?number={NUMBER}")
    assert [accepted["text"] for accepted in ledger["accepted"]] == ["hi"]


async def test_the_meaning_is_told_only_where_one_was_given(bot: BotSide, look: LookAlike) -> None:
    assert (await bot.call("GET", "/lookalike/meaning?text=hi"))[0] == 404
    other = LookAlike([], api_key="k", meaning=lambda text, language: {"heard": text, "language": language})
    async with other.listening() as bot.gateway:
        assert (await bot.call("GET", "/lookalike/meaning?text=hi&lang=hi"))[1] == {"heard": "hi", "language": "hi"}
