"""What people of the care team write: which message it quotes, how long it may be, and that it never is an alarm."""

from __future__ import annotations

from msgspec import structs

from bot.dialogue.engine import Engine, Turn
from bot.dialogue.kinds import WORDS
from bot.dialogue.transcript.conversation import Stage
from bot.model.effects import Intent, Outbound
from bot.model.events import Told
from bot.model.ids import EffectId, GatewayId, InputId, person_of
from bot.model.inbound import Inbound
from bot.model.session import Asked, Channel, Session
from bot.sending.question import question_of
from config.care_team import CareTeam

NOON = 1_764_050_400.0
PHONE = "919800000011"
DOCTOR = person_of(f"phone:{PHONE}")
TEAM = CareTeam.model_validate(
    {
        "clinics": {"main": {"name": "Our clinic", "zone": "Asia/Kolkata"}},
        "members": [
            {"id": "rao", "role": "doctor", "name": "Dr Rao", "phone": f"+{PHONE}", "languages": ["hi"], "clinic": "main"}
        ],
    }
)


def engine_of(stage: Stage) -> Engine:
    return Engine(stage.content, stage.policy.model_copy(update={"care_team": TEAM}), stage.understand)


def written(text: str, *, person: str = DOCTOR, quoted: str | None = None, verified: bool = True, kind: str = "text") -> Inbound:
    sender = DOCTOR if person == DOCTOR else person_of(person)
    return Inbound(
        InputId(f"in:{len(text)}:{quoted}:{kind}"), sender, "main", "cloud", PHONE, GatewayId("m1"), kind, NOON, NOON, text=text,  # type: ignore[arg-type]
        verified=verified,
        quoted_id=GatewayId(quoted) if quoted else None,
    )  # fmt: skip


def passed(turn: Turn) -> Intent:
    [intent] = [effect for effect in turn.effects if isinstance(effect, Intent)]
    return intent


def test_a_quoted_message_of_ours_is_named_and_any_other_is_unknown(stage: Stage) -> None:
    engine = engine_of(stage)
    asked = Asked(EffectId("doctor_bridge:12A:told#0"), "case", "tell")
    assert passed(engine.turn(Session(DOCTOR), written("ok", quoted="g1"), now=NOON, asked=asked)).data["quoted"] == asked.id
    assert passed(engine.turn(Session(DOCTOR), written("ok", quoted="g1"), now=NOON)).data["quoted"] == "unknown"


def test_what_we_write_to_them_can_be_quoted_afterwards(stage: Stage) -> None:
    told = Told(InputId("t1"), DOCTOR, "doctor_bridge", "case_opened", NOON, {"number": 1}, Channel("main", "cloud", PHONE))
    said = [one for one in engine_of(stage).turn(Session(DOCTOR), told, now=NOON).effects if isinstance(one, Outbound)]
    assert said
    assert all((kept := question_of(one)) and kept.id == one.id for one in said)
    patient = structs.replace(told, person=person_of("x"), channel=Channel("main", "baileys", PHONE))
    effects = engine_of(stage).turn(Session(patient.person), patient, now=NOON).effects
    [said_to_patient] = [one for one in effects if isinstance(one, Outbound)]
    assert question_of(said_to_patient) is None


def test_the_longest_message_goes_through_whole(stage: Stage) -> None:
    text = "".join(f"{number} बूँद, " for number in range(500))[:4096]
    turn = engine_of(stage).turn(Session(DOCTOR), written(text), now=NOON)
    data = passed(turn).data
    assert data["words"] + data["words_2"] == text[:1400]
    [frame] = turn.session.stack
    assert not any(name in frame.vars for name in WORDS)  # they end with the turn


def test_they_are_spoken_to_in_their_own_language(stage: Stage) -> None:
    assert engine_of(stage).turn(Session(DOCTOR), written("नमस्ते"), now=NOON).session.profile["language"] == "hi"


def test_their_words_are_no_alarm_and_whoever_only_claims_their_number_is_nobody_of_the_team(stage: Stage) -> None:
    engine, words = engine_of(stage), "My chest hurts badly"
    assert not [one for one in engine.turn(Session(DOCTOR), written(words), now=NOON).effects if isinstance(one, Outbound)]
    assert engine.emergency_only(written(words), now=NOON) == []
    other = engine.turn(Session(person_of("stranger")), written(words, person="stranger"), now=NOON)
    assert next(one.kind for one in other.effects if isinstance(one, Outbound)) == "emergency"
    forged = written(words, person="unverified:x", verified=False)
    assert engine.emergency_only(forged, now=NOON)
