"""What turns decided to keep reaches the store under the person whose it is."""

from __future__ import annotations

from bot.app.engines import Engines
from bot.model.effects import Record
from bot.model.ids import EffectId, PersonId, person_of
from bot.ports.store import Reading
from bot.turns.recorder import Recorder
from tests.runtime.parts import ASHA, delivery

LID = "123456789012345"
LINK = Record(EffectId("link:1"), ASHA, "link", 1000.0, {"lid": LID, "phone": "919800000001"})


def low(name: str, person: PersonId) -> Reading:
    return Reading(EffectId(name), person, "glucose", 45.0, 1000.0)


async def test_what_was_kept_under_a_hidden_number_is_the_persons_once_it_is_known(engines: Engines) -> None:
    """Also where the phone has a conversation of its own, so that no turn joins the two."""
    hidden = person_of(f"lid:{LID}")  # with the key of this installation
    await engines.store.add_reading(low("by-phone", ASHA))
    await engines.store.add_reading(low("by-lid", hidden))
    recorder = Recorder(engines.store, engines.directory)
    for _ in range(2):
        await recorder.handle(delivery(LINK, ASHA, LINK.id))
    assert {one.id for one in await engines.store.readings(ASHA, "glucose")} == {"by-phone", "by-lid"}
    assert await engines.store.readings(hidden, "glucose") == []
    assert await engines.directory.phone_of(LID) == "919800000001"
    assert await engines.store.phone_of(LID) == "919800000001"
