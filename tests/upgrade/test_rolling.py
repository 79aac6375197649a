"""An older and a newer release side by side: what one wrote the other reads, or leaves alone; nothing is lost or said twice."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec
import pytest

from bot import queues
from bot.app.engines import Engines
from bot.errors import Malformed, NewerRelease
from bot.model import codec
from bot.model.codec import decode_effect, decode_outbox, decode_session, decode_turn_event, encode
from bot.model.effects import Outbound
from bot.model.ids import PersonId, partition_of, person_of
from bot.model.session import FORM, Session
from tests.dialogue.talk import Talk
from tests.runtime.conftest import PARTITIONS, engines, settings
from tests.runtime.parts import CountingEngine, delivery, message, taken
from tests.runtime.working import working

__all__ = ["engines", "settings"]  # fixtures

RECORDED = sorted((Path(__file__).parent / "recorded").glob("*.jsonl"))
"""Turns of earlier releases, made by their own code: event, session after it, effects. Never edited; a release adds a file."""
PEOPLE = [person_of(f"phone:9198000000{number:02d}") for number in range(6)]
MESSAGES = 8


class Later(Session):
    """The session of a release to come: one field more."""

    mood: str = ""


class LaterEngine(CountingEngine):
    """Of that release: it counts in the new field as well."""

    def turn(self, session: Session, event: Any, **more: Any) -> Any:
        done = super().turn(session, event, **more)
        after = done.session
        assert isinstance(after, Later)
        after.form, after.mood = FORM + 1, after.mood + "+"
        return done


@contextmanager
def later_release(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Inside, sessions are read as that release reads them."""
    with monkeypatch.context() as patch:
        patch.setattr(codec, "FORM", FORM + 1)
        patch.setattr(codec, "_sessions", msgspec.json.Decoder(Later))
        patch.setattr("bot.turns.worker.Session", Later)
        yield


async def test_two_releases_on_the_same_people_lose_and_repeat_nothing(engines: Engines, monkeypatch: pytest.MonkeyPatch) -> None:
    chance, left_alone = random.Random(7), 0
    todo = [(person, number) for number in range(MESSAGES) for person in PEOPLE]
    async with working(engines, CountingEngine()) as older, working(engines, LaterEngine()) as newer:
        for person, number in todo:
            one = message(number, person)
            given = delivery(one, person, one.id)
            handled = False
            if chance.random() < 0.5:
                try:
                    await older.handle(given)
                    handled = True
                except NewerRelease:  # stays in the queue until its partition is the newer worker's
                    left_alone += 1
            if not handled:
                with later_release(monkeypatch):
                    await newer.handle(given)
            elif chance.random() < 0.5:
                await older.handle(given)  # a repeat
    assert left_alone > 5
    said: Counter[tuple[PersonId, str]] = Counter()
    for partition in range(PARTITIONS):
        here = [person for person in PEOPLE if partition_of(person, PARTITIONS) == partition]
        for envelope in await taken(engines.bus, queues.sends(partition), MESSAGES * len(here)):
            effect = decode_effect(envelope.body)
            assert isinstance(effect, Outbound)
            said[effect.person, effect.text] += 1
    assert said == Counter((person, f"turn {number + 1}") for person in PEOPLE for number in range(MESSAGES))
    for person in PEOPLE:
        with later_release(monkeypatch):
            found = (await engines.sessions.load(person, message(0, person).id)).session
            newest = await engines.store.latest(person)
        assert isinstance(found, Later)
        assert (found.profile["turns"], found.version) == (MESSAGES, MESSAGES)
        assert newest is not None
        assert newest.session == found
        with pytest.raises(NewerRelease):
            await engines.sessions.load(person, message(0, person).id)


def test_a_session_that_nobody_can_read_is_no_newer_one() -> None:
    with pytest.raises(Malformed):
        decode_session(b'{"person": 5}')
    with pytest.raises(NewerRelease):
        decode_session(b'{"person": {"now": "a struct"}, "form": %d}' % (FORM + 1))


@pytest.mark.parametrize("path", RECORDED, ids=lambda path: path.stem)
def test_what_earlier_releases_wrote_is_read_and_goes_on(path: Path) -> None:
    rows = [msgspec.json.decode(line, type=dict[str, msgspec.Raw]) for line in path.read_bytes().splitlines()]
    assert rows
    for row in rows:
        event = decode_turn_event(bytes(row["event"]))
        session = decode_session(bytes(row["session"]))
        assert decode_session(encode(session)) == session
        assert [effect.person for effect in decode_outbox(bytes(row["effects"]))] == [event.person] * len(
            decode_outbox(bytes(row["effects"]))
        )
        # An answer, and danger, on today's content: the version that they stood on is gone.
        for text, part in (("1", ""), ("chest pain and sweating", "112")):
            talk = Talk(form="typed")
            talk.session = decode_session(encode(session))
            talk.now = (session.last_inbound_at or 0.0) + 60.0
            said = [effect.text for effect in talk.say(text).effects if isinstance(effect, Outbound)]
            assert said, (text, row["session"])
            assert any(part in one for one in said)
            assert talk.session.version == session.version + 1
            assert talk.session.profile | session.profile == talk.session.profile, "what was known stays known"
