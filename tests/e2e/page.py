"""The chat page without a browser: patients write and read through the look-alike that the service brings with it."""

from __future__ import annotations

import time
from typing import Any

import httpx

ANSWER_SECONDS = 60.0


class Page:
    """Talks to ``/lookalike/*`` of a running service."""

    def __init__(self, url: str) -> None:
        self.client = httpx.Client(base_url=url, timeout=60.0)

    def close(self) -> None:
        self.client.close()

    def new_patient(self, name: str, number: str) -> Patient:
        self.client.post("/lookalike/patients", json={"name": name, "number": number}).raise_for_status()
        return Patient(self, number)


class Patient:
    """One phone."""

    def __init__(self, page: Page, number: str) -> None:
        self.page, self.number = page, number
        self._read = 0  # messages that the test has looked at

    def say(self, text: str, *, seconds: float = ANSWER_SECONDS) -> str:
        """Write, and read what comes back until nothing is outstanding for this message: at least one answer."""
        self.post({"text": text})
        return self.answer(seconds)

    def tap(self, label: str, *, seconds: float = ANSWER_SECONDS) -> str:
        """Tap the button or row with this label on the last message that has it."""
        for message in reversed(self.messages()):
            for option in options_of(message["view"]):
                if option["label"] == label:
                    self.post({"tap": {"message": message["id"], "option": option["id"]}})
                    return self.answer(seconds)
        raise AssertionError(f"nothing to tap is called {label!r}")

    def post(self, what: dict[str, Any]) -> None:
        self.page.client.post("/lookalike/say", json={"patient": self.number, **what}).raise_for_status()

    def answer(self, seconds: float = ANSWER_SECONDS) -> str:
        """The next message, waited for."""
        return self.wait_for("", seconds=seconds)

    def wait_for(self, part: str, *, seconds: float = ANSWER_SECONDS) -> str:
        """The next message that holds ``part``; those before it are passed over."""
        deadline = time.monotonic() + seconds
        seen: list[str] = []
        while time.monotonic() < deadline:
            texts = self.texts()
            while self._read < len(texts):
                text = texts[self._read]
                self._read += 1
                seen.append(text)
                if part in text:
                    return text
            time.sleep(0.02)
        raise AssertionError(f"no message with {part!r} came within {seconds:.0f} s, only {seen}")

    def texts(self) -> list[str]:
        """Every message that reached the phone, oldest first."""
        answer = self.page.client.get("/lookalike/ledger", params={"number": self.number}).raise_for_status().json()
        return [accepted["text"] for accepted in answer["accepted"]]

    def messages(self) -> list[dict[str, Any]]:
        """The chat as the page shows it, the bot's messages only."""
        chats = self.page.client.get("/lookalike/state").raise_for_status().json()["chats"]
        return [message for chat in chats if chat["number"] == self.number for message in chat["messages"] if not message["mine"]]


def options_of(view: dict[str, Any]) -> list[dict[str, str]]:
    """Buttons or rows of a message: id and label."""
    rows = [row for section in view.get("sections", []) for row in section["rows"]]
    return [*view.get("buttons", []), *({"id": row["id"], "label": row["title"]} for row in rows)]
