"""The report before publishing: who stands where, and what the new version means to them."""

from __future__ import annotations

from bot.dialogue.bundle import Bundle, read_bundle
from bot.dialogue.content import content_of
from bot.dialogue.crowd import Crowd, Report, Row, report, tell
from bot.dialogue.draft import draft_of
from bot.model.codec import decode_standing, encode
from bot.model.ids import EffectId, person_of
from bot.model.session import Frame, Session, Wait
from tests.dialogue.talk import ROOT

OLD = read_bundle(ROOT / "dialogs", ROOT / "locales", languages=["en"])


def changed(name: str, *replacements: tuple[str, str]) -> Bundle:
    text = OLD.files[name].decode()
    for old, new in replacements:
        assert old in text
        text = text.replace(old, new)
    return Bundle({**OLD.files, name: text.encode()})


NEW = changed(
    "dialogs/flows/profile.yaml",
    ("ask_eighteen", "ask_adult"),  # gone, for those who stand there
    ("  ask_zone:", "  ask_place:\n    was: ask_zone"),
    ("then: ask_zone", "then: ask_place"),
    ("skip: ask_zone", "skip: ask_place"),
    ("next: ask_zone", "next: ask_place"),
    ("What may I call you?", "Your name?"),
)


def stand(crowd: Crowd, *frames: Frame, times: int = 1, overdue: Frame | None = None) -> None:
    for _ in range(times):
        late = {EffectId("i"): overdue} if overdue else {}
        crowd.add(decode_standing(encode(Session(person_of("phone:1"), stack=list(frames), overdue=late))))


def at(step: str, version: str | None = None, flow: str = "profile") -> Frame:
    return Frame(flow, version or OLD.version, step, wait=Wait(step))


def told(crowd: Crowd, *, old: Bundle | None = OLD) -> Report:
    drafts = {old.version: draft_of(old, ["en"])} if old else {}
    return report(crowd, drafts, draft_of(NEW, ["en"]), content_of(NEW, ["en"]))


def test_everybody_is_counted_by_what_becomes_of_their_step() -> None:
    crowd = Crowd()
    stand(crowd, at("ask_name"), times=214)
    stand(crowd, at("ask_eighteen"), times=3)
    stand(crowd, at("ask_zone"), times=12)
    stand(crowd, at("ask_unit"), times=5)
    stand(crowd, times=1000)
    found = told(crowd)
    assert (found.known, found.busy) == (1234, 234)
    assert found.fates == {"changed": 214, "removed": 3, "renamed": 12, "same": 5}
    assert found.rows == (
        Row("changed", "profile.ask_name", "profile.ask_name", 214),
        Row("removed", "profile.ask_eighteen", "menu.choose", 3),
        Row("renamed", "profile.ask_zone", "profile.ask_place", 12),
    )
    assert list(tell(found)) == [
        "234 of 1234 people are in the middle of something and finish on the version that they began on",
        "  214 on steps that changed",
        "       214  profile.ask_name",
        "  12 on steps that are called otherwise",
        "        12  profile.ask_zone -> profile.ask_place",
        "  3 on steps that are gone; should their version ever be lost, they land at",
        "         3  profile.ask_eighteen -> menu.choose",
    ]


def test_a_person_with_two_conversations_is_one_person() -> None:
    crowd = Crowd()
    stand(crowd, at("ask_name"), at("ask_name"), at("ask_eighteen"), times=2)
    found = told(crowd)
    assert (found.known, found.busy, found.fates) == (2, 2, {"changed": 2, "removed": 2})


def test_those_who_are_on_the_new_version_already_are_not_touched() -> None:
    crowd = Crowd()
    stand(crowd, at("ask_name", NEW.version), times=4)
    assert told(crowd).fates == {"same": 4}


def test_of_a_version_that_is_gone_nobody_can_tell_what_changed() -> None:
    crowd = Crowd()
    stand(crowd, at("ask_name", "0123456789ab"))
    stand(crowd, at("ask_eighteen", "0123456789ab"))
    assert told(crowd).fates == {"unknown": 1, "removed": 1}


def test_who_only_waits_for_a_late_answer_holds_a_version_but_stands_nowhere() -> None:
    crowd = Crowd()
    stand(crowd, overdue=Frame("log_glucose", "0123456789ab", "save", wait=Wait("save", None, EffectId("i"))))
    found = told(crowd)
    assert (found.known, found.busy, found.fates) == (1, 0, {})
    assert crowd.versions == {"0123456789ab": 1}
    assert list(tell(found)) == ["none of 1 people is in the middle of something"]
