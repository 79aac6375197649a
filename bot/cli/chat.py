"""``procare chat``: the chat page in a terminal. It talks to a running service's look-alike by HTTP."""

from __future__ import annotations

import asyncio
import re
import sys
import threading
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, Literal, TextIO

import aiohttp
import click
from msgspec import DecodeError
from msgspec.json import decode

from bot.cli.recording import write_test
from bot.dialogue.transcript.record import Heard

SETTLE = 1.5  # seconds without news after which a piped conversation is over
ANSWER = 10.0  # seconds that a piped line waits for its answer
NUMBER = re.compile(r"\+?\d{7,15}")
QUIT = frozenset({"/quit", "/exit"})


@click.command()
@click.option("--patient", help="Name or number of the test patient; a new one makes a new patient. Default: the first.")
@click.option("--url", default="http://127.0.0.1:8080", show_default=True, help="Where the service runs.")
@click.option("--record", type=click.Path(dir_okay=False, path_type=Path), help="Write the chat into this file as a test.")
def chat(patient: str | None, url: str, record: Path | None) -> None:
    """Chat as a test patient. A number taps the option so numbered; /quit ends.

    With --record, what you did becomes a conversation test; best with a new name, whom the bot does not know yet."""
    if record and record.exists():
        raise click.ClickException(f"{record} is there already; choose another name")
    phone = Phone()
    try:
        asyncio.run(_chat(phone, url.rstrip("/"), patient, sys.stdin))
    except KeyboardInterrupt:
        click.echo()
    if record:
        write_test(record, phone.heard, title=f"A chat with {phone.name}", known=phone.known)


async def _chat(phone: Phone, url: str, wanted: str | None, lines: TextIO) -> None:
    timeout = aiohttp.ClientTimeout(total=None, connect=5, sock_read=60)
    async with aiohttp.ClientSession(timeout=timeout) as http:
        phone.connect(http, url)
        try:
            await phone.pick_up(wanted)
            await phone.talk(_typed(lines), piped=not lines.isatty())
        except (aiohttp.ClientError, TimeoutError, DecodeError, KeyError):
            remedy = "start the service with `make run` (PROCARE_EVOLUTION_URL unset), or name its address with --url"
            raise click.ClickException(f"no test chat answers at {url}: {remedy}") from None


class Phone:
    """One test patient's phone: shows what comes and sends what is typed."""

    def __init__(self) -> None:
        self.name = ""
        self.known = False  # there are messages from before
        self.heard: list[Heard] = []
        self._number = ""
        self._last = 0.0
        self._choices: list[tuple[str, str]] = []  # message id, option id: what a typed number taps
        self._news = asyncio.Event()

    def connect(self, http: aiohttp.ClientSession, url: str) -> None:
        self._http = http
        self._url = url

    async def pick_up(self, wanted: str | None) -> None:
        """Find the patient, or make one of that name or number."""
        state = await self._get("/lookalike/state")
        people = state["patients"]
        for person in people:
            if wanted is None or wanted.casefold() == person["name"].casefold() or wanted.lstrip("+") == person["number"]:
                break
        else:
            number = {"number": wanted} if wanted and NUMBER.fullmatch(wanted) else {}
            person = await self._post("patients", {"name": wanted, **number})
        self._number, self.name = person["number"], person["name"]
        click.secho(f"{person['name']} (+{self._number})", bold=True)
        for known in state["chats"]:
            if known["number"] == self._number:
                self.known = bool(known["messages"])
                for message in known["messages"][-20:]:
                    self._show(message)

    async def talk(self, typed: AsyncIterator[str], *, piped: bool) -> None:
        """Until the typing ends. ``piped``: nobody reads along, so wait for each answer."""
        listener = asyncio.create_task(self._listen(), name="chat-listener")
        try:
            async for line in typed:
                if listener.done():
                    break
                if line in QUIT:
                    return
                if line:
                    self._news.clear()
                    await self._say(line)
                    if piped:
                        await self._settle()
            if listener.done():
                await listener
        finally:
            listener.cancel()
            await asyncio.gather(listener, return_exceptions=True)

    async def _settle(self) -> None:
        wait = ANSWER
        while True:
            try:
                async with asyncio.timeout(wait):
                    await self._news.wait()
            except TimeoutError:
                return
            self._news.clear()
            wait = SETTLE

    async def _say(self, line: str) -> None:
        if line.isdigit() and 0 < int(line) <= len(self._choices):
            message, option = self._choices[int(line) - 1]
            self._note("tap", option)
            await self._post("say", {"patient": self._number, "tap": {"message": message, "option": option}})
        else:
            self._note("me", line)
            await self._post("say", {"patient": self._number, "text": line})

    def _note(self, what: Literal["me", "tap"], words: str) -> None:
        now = time.monotonic()
        self.heard.append(Heard(what, words, now - self._last if self.heard else 0.0, []))
        self._last = now

    async def _listen(self) -> None:
        async with self._http.get(f"{self._url}/lookalike/stream") as answer:
            answer.raise_for_status()
            kind = ""
            async for raw in answer.content:
                line = raw.decode("utf-8", "replace").rstrip("\n")
                if line.startswith("event: "):
                    kind = line[7:]
                elif line.startswith("data: ") and kind == "message":
                    message = decode(line[6:])
                    if message["number"] == self._number and not message["mine"]:
                        self._show(message)
                        if self.heard and message["view"].get("text"):
                            self.heard[-1].answers.append(message["view"]["text"])
                        self._news.set()
        raise aiohttp.ClientConnectionError("the stream ended")

    def _show(self, message: dict[str, Any]) -> None:
        """A bubble; its options get the numbers that tap them."""
        view, mine = message["view"], message["mine"]
        parts = [view.get("header"), view.get("text") or f"[{view['kind']}]", view.get("footer")]
        for line in "\n".join(part for part in parts if part).split("\n"):
            click.secho(f"{'> ' if mine else '  '}{_plain(line)}", fg="green" if mine else None)
        options = [(option["id"], option["label"]) for option in view.get("buttons", [])]
        options += [(row["id"], row["title"]) for section in view.get("sections", []) for row in section["rows"]]
        if options:
            self._choices = [(message["id"], option) for option, _ in options]
            for number, (_, label) in enumerate(options, start=1):
                click.secho(f"  [{number}] {_plain(label)}", fg="cyan")

    async def _get(self, path: str) -> dict[str, Any]:
        async with self._http.get(self._url + path) as answer:
            answer.raise_for_status()
            return dict(decode(await answer.read()))

    async def _post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        async with self._http.post(f"{self._url}/lookalike/{path}", json=body) as answer:
            answer.raise_for_status()
            return dict(decode(await answer.read()))


def _plain(line: str) -> str:
    """Without control characters: a message must not steer the terminal."""
    return "".join(character for character in line if character.isprintable() or character == "\u200d")


async def _typed(lines: TextIO) -> AsyncIterator[str]:
    """Typed lines. A thread reads them, so that news are shown meanwhile; it dies with the process."""
    loop = asyncio.get_running_loop()
    queue: asyncio.Queue[str | None] = asyncio.Queue()

    def read() -> None:
        for line in lines:
            loop.call_soon_threadsafe(queue.put_nowait, line.strip())
        loop.call_soon_threadsafe(queue.put_nowait, None)

    threading.Thread(target=read, name="chat-keyboard", daemon=True).start()
    while (line := await queue.get()) is not None:
        yield line
