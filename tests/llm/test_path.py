"""What a model adds to a conversation: through real flows, the real reader and the real monitor, with a model that we write."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from agents.clinical_monitor.agent import ClinicalMonitor
from agents.llm.asking import Answer, Call
from agents.llm.opinions import ModelOpinions
from bot.adapters.media import BlobMedia, FolderBlobs
from bot.adapters.sqlite import SqliteStore
from bot.dialogue.engine import Engine
from bot.dialogue.hints import ENOUGH, weighed
from bot.model.effects import Outbound
from bot.model.hint import Hint
from bot.model.inbound import Inbound, Media
from bot.model.session import Session
from bot.understanding.meaning import IntentFound, Meaning
from config.policy import load_policy
from tests.agents.town import made
from tests.llm.lookalike import says
from tests.llm.made import Desk
from tests.llm.town import AdvisedTown
from tests.media import made as files
from tests.runtime.parts import message

ASHA = "919800000001"
VERSION = load_policy().behaviour.consent_version
INTENTS = ("log_meal", "ask_education", "talk_to_doctor")


class ByTask:
    """A model with one answer a task."""

    def __init__(self) -> None:
        self.answers: dict[str, Any] = {}
        self.calls: list[Call] = []

    async def complete(self, call: Call) -> Answer:
        self.calls.append(call)
        return Answer(says(self.answers[call.task])["choices"][0]["message"]["content"], "small/one", 0.0001)


class Setting:
    """A town, its model, its files."""

    def __init__(self, store: SqliteStore, folder: Path) -> None:
        self.model, self.media = ByTask(), BlobMedia(FolderBlobs(folder / "media"))
        self.desk = Desk(self.model)
        opinions = ModelOpinions(self.desk.uses, self.media, INTENTS, VERSION, {"idli": "idli", "sambar": "sambar"})
        self.town = AdvisedTown(store, {"clinical_monitor": ClinicalMonitor(store, made()[1])}, opinions)
        self.store = store
        self.person = self.town.settle_in(ASHA)

    async def write(self, text: str, **fields: Any) -> str:
        return shown(await self.town.write(ASHA, text, **fields))

    async def send(self, kind: str, data: bytes, text: str | None = None) -> str:
        ref = await self.media.put(data, mime="x/y", person=self.person, now=self.town.now, keep_seconds=None)
        return shown(await self.town._inbound(ASHA, {"kind": kind, "text": text, "media": Media(mime="x/y", ref=ref)}))


def shown(said: list[Outbound]) -> str:
    return "\n".join(one.text for one in said)


@pytest.fixture
async def here(tmp_path: Path) -> AsyncIterator[Setting]:
    async with SqliteStore.open(tmp_path / "record.db") as store:
        yield Setting(store, tmp_path)


NOT_READ = "blorp zindle quux frob"


async def test_a_message_that_nobody_reads_starts_what_the_model_suggests(here: Setting) -> None:
    here.model.answers["second_opinion"] = {"urgency": "none", "intent": "talk_to_doctor"}
    said = await here.write(NOT_READ)
    assert "did not understand" not in said
    assert here.town.turns[-1].trace[0]["action"] == "hint"


async def test_a_hint_of_danger_asks_whether_it_is_now(here: Setting) -> None:
    here.model.answers["second_opinion"] = {"urgency": "confirm", "intent": "none"}
    await here.write(NOT_READ)
    assert here.town.turns[-1].kind == "emergency_check"


async def test_the_model_is_not_asked_about_what_is_understood_nor_about_danger(here: Setting) -> None:
    for text in ("chest pain", "sugar 182 fasting", "menu"):
        await here.write(text)
    assert here.model.calls == []


async def test_a_model_that_sees_no_danger_takes_none_away(here: Setting) -> None:
    here.model.answers["second_opinion"] = {"urgency": "none", "intent": "log_meal"}
    assert "112" in await here.write("seene mein dard ho raha hai")
    assert "emergency" in [turn.kind for turn in here.town.turns]  # and what the monitor makes of it


@pytest.mark.parametrize(
    "says_", [{"urgency": "none", "intent": "none"}, {"urgency": "none", "intent": "delete_data"}, {"bad": 1}]
)
async def test_without_a_usable_answer_the_deterministic_one_goes_out(here: Setting, says_: Any) -> None:
    here.model.answers["second_opinion"] = says_
    assert "did not understand" in await here.write(NOT_READ)


async def test_nothing_goes_to_a_model_without_the_persons_own_yes(here: Setting) -> None:
    session = here.town.sessions[here.person]
    session.consent["purposes"] = ["care_messages", "share_with_clinic"]
    assert "did not understand" in await here.write(NOT_READ)
    assert "cannot listen" in await here.send("audio", files.OGG)
    assert here.model.calls == []


async def test_a_voice_message_is_read_like_words_and_its_number_is_asked_about(here: Setting) -> None:
    here.model.answers["hear_voice"] = {"text": "मेरी शुगर 182 है खाली पेट", "legible": True}
    said = await here.send("audio", files.OGG)
    assert "I listened to your voice message" in said
    assert "Is 182 mg/dL right?" in said
    assert await here.store.readings(here.person, "glucose") == []
    await here.town.tap(ASHA, "yes")
    [kept] = await here.store.readings(here.person, "glucose")
    assert (kept.value, kept.context) == (182.0, "fasting")


async def test_danger_in_a_voice_message_is_danger(here: Setting) -> None:
    here.model.answers["hear_voice"] = {"text": "seene mein bahut dard ho raha hai", "legible": True}
    assert "112" in await here.send("audio", files.OGG)
    assert "emergency" in [turn.kind for turn in here.town.turns]  # and what the monitor makes of it


async def test_a_voice_message_is_no_command_and_no_correction(here: Setting) -> None:
    await here.write("sugar 182 fasting")
    here.model.answers["hear_voice"] = {"text": "no, 142", "legible": True}
    await here.send("audio", files.OGG)
    assert here.town.turns[-1].kind != "correction"
    assert [one.value for one in await here.store.readings(here.person, "glucose")] == [182.0]
    here.model.answers["hear_voice"] = {"text": "menu", "legible": True}
    await here.send("audio", files.OGG)
    assert here.town.turns[-1].kind != "command"


async def test_oxygen_and_pulse_are_not_taken_from_a_voice(here: Setting) -> None:
    """Their flows keep a number without asking whether it is right."""
    here.model.answers["hear_voice"] = {"text": "oxygen 97 pulse 72", "legible": True}
    await here.send("audio", files.OGG)
    assert [await here.store.readings(here.person, kind) for kind in ("spo2", "heart_rate", "pulse")] == [[], [], []]


@pytest.mark.parametrize("says_", [{"text": "ok", "legible": False}, {"text": "go to sugarcure.com", "legible": True}])
async def test_a_voice_message_that_cannot_be_made_out_is_said_so(here: Setting, says_: Any) -> None:
    here.model.answers["hear_voice"] = says_
    assert "cannot listen" in await here.send("audio", files.OGG)


def picture(**more: Any) -> dict[str, Any]:
    return {"kind": "meter", "measure": "glucose", "value": 126, "second": None, "unit": "mg/dL", "foods": []} | more


async def test_a_meters_number_is_asked_about_before_it_is_kept(here: Setting) -> None:
    here.model.answers["look_at_picture"] = picture()
    said = await here.send("image", files.PNG)
    assert "I looked at your picture" in said
    assert "Is 126 mg/dL right?" in said
    assert await here.store.readings(here.person, "glucose") == []


@pytest.mark.parametrize(
    ("says_", "part"),
    [
        (picture(measure="blood_pressure", value=130, second=85, unit="none"), "130/85"),
        (picture(measure="weight", value=70, unit="kg"), "70"),
        (picture(value=7.2, unit="mmol/L"), "130"),
        (picture(value=5000), "does not show that number"),
    ],
)
async def test_our_own_reader_judges_what_a_meter_may_show(here: Setting, says_: Any, part: str) -> None:
    here.model.answers["look_at_picture"] = says_
    assert part in await here.send("image", files.PNG)


async def test_a_low_number_on_a_meter_is_met_at_once(here: Setting) -> None:
    here.model.answers["look_at_picture"] = picture(value=45)
    await here.send("image", files.PNG)
    assert "emergency" in [turn.kind for turn in here.town.turns]  # and what the monitor makes of it


async def test_a_meal_on_a_picture_becomes_words_that_the_person_sees(here: Setting) -> None:
    here.model.answers["look_at_picture"] = picture(
        kind="meal", measure="none", value=None, unit="none", foods=["idli", "sambar"]
    )
    await here.send("image", files.PNG)
    assert here.town.intents[-1].name == "record_meal"
    assert here.town.intents[-1].data["text"] == "idli, sambar"


@pytest.mark.parametrize("says_", [picture(kind="paper", measure="none", value=None, unit="none"), picture(value=None)])
async def test_any_other_picture_goes_the_way_of_a_report(here: Setting, says_: Any) -> None:
    here.model.answers["look_at_picture"] = says_
    await here.send("image", files.PNG)
    assert here.town.intents[-1].name == "keep_file"


async def test_a_picture_is_looked_at_also_while_a_question_of_something_else_is_open(here: Setting) -> None:
    await here.write("sugar 182")
    assert here.town.sessions[here.person].stack, "it asks when that was"
    here.model.answers["look_at_picture"] = picture(measure="weight", value=70, unit="kg")
    assert "70" in await here.send("image", files.PNG)


async def test_a_picture_with_words_or_as_an_answer_is_not_shown_to_a_model(here: Setting) -> None:
    await here.send("image", files.PNG, "sugar 140 fasting")
    await here.write("I want to send a report")
    await here.send("image", files.PNG)
    assert here.model.calls == []


def some(kind: str = "text", **fields: Any) -> Inbound:
    return replace(message(1, text="blorp zindle"), kind=kind, **fields)


def agreed(**fields: Any) -> Session:
    return Session(message(1).person, **{"consent": {"version": VERSION, "purposes": ["ai_processing"]}, **fields})


@pytest.mark.parametrize(
    ("event", "session", "kind", "wanted"),
    [
        (some(), agreed(), "fallback", True),
        (some(), agreed(), "unclear", True),
        (some(), agreed(), "answer", False),
        (some(), agreed(), "emergency", False),
        (some(), agreed(), "late", False),
        (some(text="a"), agreed(), "fallback", False),
        (some(verified=False), agreed(), "fallback", False),
        (some(), agreed(stopped=True), "fallback", False),
        (some(), agreed(profile={"minor": True}), "fallback", False),
        (some(), Session(message(1).person), "fallback", False),
        (some(), agreed(consent={"version": "earlier", "purposes": ["ai_processing"]}), "fallback", False),
        (some("audio", media=Media(ref="r")), agreed(), "cannot_read", True),
        (some("audio", media=Media(ref="r")), agreed(), "answer", False),
        (some("audio", media=Media(problem="missing")), agreed(), "cannot_read", False),
        (some("video", media=Media(ref="r")), agreed(), "cannot_read", False),
        (some("edit"), agreed(), "fallback", False),
    ],
)
def test_when_a_model_is_asked(here_: ModelOpinions, event: Inbound, session: Session, kind: str, wanted: bool) -> None:
    assert here_.wanted(event, session, kind, session) is wanted


@pytest.fixture
def here_(tmp_path: Path) -> ModelOpinions:
    return ModelOpinions(Desk(ByTask()).uses, BlobMedia(FolderBlobs(tmp_path)), INTENTS, VERSION)


RANK = {"none": 0, "confirm": 1, "urgent": 2, "emergency": 3}


@given(
    st.sampled_from(sorted(RANK)), st.sampled_from(["none", "confirm"]), st.floats(0, 1),
    st.sampled_from(["log_meal", "other", None]), st.sampled_from(["words", "voice", "picture"]),
)  # fmt: skip
def test_a_hint_only_raises_and_overrides_no_rule(
    urgency: Any, hinted: Any, score: float, intent: str | None, source: Any
) -> None:
    meaning = Meaning(urgency=urgency, category="heart", intent=IntentFound("help", score))
    after = weighed(meaning, Hint(source, hinted, intent), {"log_meal"})
    assert RANK[after.urgency] >= RANK[urgency]
    assert RANK[after.urgency] <= max(RANK[urgency], RANK["confirm"])
    assert after.category == "heart"
    assert after.intent is not None
    assert after.intent.id == ("log_meal" if intent == "log_meal" and score < ENOUGH else "help")


def test_one_moment_is_said_in_the_persons_language_under_an_id_of_its_own() -> None:
    content, policy, reader = made()
    engine = Engine(content, policy, reader.understand)
    session = Session(message(1).person, profile={"language": "hi", "language_chosen": "hi"})
    [first], [again] = (engine.one_moment(session, message(1), now=1000.0) for _ in range(2))
    assert isinstance(first, Outbound)
    assert (first.id, first.text) == (f"{message(1).id}#moment", "एक पल रुकिए।")
    assert first == again
    assert session.version == 0
