"""``procare chat``, run as a person would pipe into it."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator

import pytest

from tests.browser.echo_bot import KEY, EchoBot
from tests.webhooks_lookalike.conftest import INSTANCES
from webhooks.lookalike import LookAlike


@pytest.fixture
async def gateway() -> AsyncIterator[str]:
    bot = EchoBot()
    look = LookAlike(INSTANCES, api_key=KEY, receipt_pause=0.01)
    async with bot.listening() as hook, look.listening() as bot.gateway:
        look.post_to(hook)
        yield bot.gateway


async def procare_chat(*arguments: str, typed: str) -> tuple[int, str, str]:
    program = "from bot.cli.chat import chat; chat()"
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-W", "error", "-c", program, *arguments,
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    try:
        async with asyncio.timeout(100):
            out, err = await process.communicate(typed.encode())
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    return process.returncode or 0, out.decode(), err.decode()


async def test_words_are_answered_and_a_number_taps_its_option(gateway: str) -> None:
    code, out, err = await procare_chat("--url", gateway, typed="list\n2\n7\n")
    assert (code, err) == (0, "")
    lines = out.splitlines()
    assert lines[0] == "Asha (+919876500001)"
    assert "  [2] Blood pressure" in lines
    assert "  You wrote: Blood pressure" in lines  # tapped, so the bot got its label
    assert "  You wrote: 7" in lines  # no such option: just words


async def test_a_patient_is_chosen_or_made_by_name(gateway: str) -> None:
    _, out, _ = await procare_chat("--url", gateway, "--patient", "ravi", typed="hi\n/quit\nnever sent\n")
    assert out.startswith("Ravi (+919876500002)")
    assert "never sent" not in out
    _, out, _ = await procare_chat("--url", gateway, "--patient", "Zoya", typed="hi\n")
    assert out.startswith("Zoya (+")
    assert "You wrote: hi" in out


async def test_a_number_that_nobody_has_becomes_a_patient_with_that_number(gateway: str) -> None:
    _, out, _ = await procare_chat("--url", gateway, "--patient", "+919876500777", typed="/quit\n")
    assert out.startswith("+919876500777 (+919876500777)")


async def test_a_message_cannot_steer_the_terminal(gateway: str) -> None:
    _, out, _ = await procare_chat("--url", gateway, typed="\x1b[2Jred\n")
    assert "\x1b" not in out
    assert "You wrote: [2Jred" in out


async def test_without_a_running_service_it_says_what_to_do() -> None:
    code, out, err = await procare_chat("--url", "http://127.0.0.1:1", typed="hi\n")
    assert (code, out) == (1, "")
    assert err.splitlines() == [
        "Error: no test chat answers at http://127.0.0.1:1: start the service with `make run` (PROCARE_EVOLUTION_URL unset), "
        "or name its address with --url"
    ]
