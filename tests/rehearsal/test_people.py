"""Who the made-up people are, and what they would write: the same in every run and release."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from bot.app.rehearsing import MIDNIGHT, Stage
from bot.errors import ConfigError
from bot.rehearsal.chance import DAY, chances, misspelled
from bot.rehearsal.life import LOWEST, life
from bot.rehearsal.people import patient
from bot.understanding.meaning import Context
from config.personas import FILE, Personas, load_personas


def test_the_first_people_of_seed_one_are_who_they_always_were(personas: Personas) -> None:
    found = [patient(personas, 1, number) for number in range(len(GOLDEN))]
    assert [f"{one.persona} {one.language} {one.known['name']} {one.known['year']}" for one in found] == GOLDEN


def test_a_person_does_not_depend_on_how_many_there_are(personas: Personas) -> None:
    one, again = patient(personas, 1, 3), patient(personas, 1, 3)
    assert life(one, personas, MIDNIGHT, 10) == life(again, personas, MIDNIGHT, 10)
    assert life(one, personas, MIDNIGHT, 10) != life(patient(personas, 2, 3), personas, MIDNIGHT, 10)


@pytest.mark.parametrize("seed", range(3))
def test_a_life_begins_with_a_greeting_and_ends_with_stop(personas: Personas, seed: int) -> None:
    ends, silences = 0, 0
    for number in range(150):
        one = patient(personas, seed, number)
        acts = life(one, personas, MIDNIGHT, 30)
        assert acts[0].what == "greet"
        assert acts == sorted(acts, key=lambda act: act.at)
        assert acts[-1].at < MIDNIGHT + 31 * DAY
        stop = next((act.at for act in acts if act.what == "stop"), None)
        ends += stop is not None
        after = [act.what for act in acts if stop is not None and act.at > stop]
        assert set(after) <= {"emergency"}
        left, back = one.away
        silences += left > 0
        assert {act.what for act in acts if left <= act.at < back} <= {"emergency", "stop", "greet"}
        assert not any("{" in act.text for act in acts)
    assert ends
    assert silences


def test_readings_are_numbers_that_a_meter_shows(personas: Personas) -> None:
    persona = personas.personas["insulin"].model_copy(update={"typos": 0.0})
    one = patient(personas, 1, 0)
    one.ways = persona
    for act in life(one, personas, MIDNIGHT, 30):
        if act.what == "reading":
            assert LOWEST <= int("".join(char for char in act.text if char.isdigit())) <= 560


def test_a_slip_of_the_thumb_changes_one_word_and_no_number() -> None:
    for number in range(200):
        slipped = misspelled(chances(number), "sugar 182 fasting today")
        assert slipped.split()[1] == "182"
        assert sum(old != new for old, new in zip(["sugar", "182", "fasting", "today"], slipped.split(), strict=True)) <= 1
    assert misspelled(chances(1), "182") == "182"


def test_every_emergency_of_the_personas_is_understood_as_one(stage: Stage, personas: Personas) -> None:
    for wordings in personas.phrases.emergencies.values():
        for language, texts in wordings.items():
            for text in texts:
                meaning = stage.understand(text, Context(language=language, now=MIDNIGHT))
                assert meaning.urgency == "emergency", text


def test_what_is_remembered_of_a_text_is_what_would_be_read_anew(stage: Stage, personas: Personas) -> None:
    reader, later = stage.reader, MIDNIGHT + 3 * DAY + 11 * 3600
    for wordings in (*personas.phrases.says.values(), *personas.phrases.reading.values()):
        for language, texts in wordings.items():
            for text in texts:
                said = text.format_map({"value": "120", "systolic": "130", "diastolic": "80", "weight": "70", "code": "123456"})
                stage.understand(said, Context(language=language, now=MIDNIGHT))
                context = Context(language=language, now=later)
                assert stage.understand(said, context) == reader.understand(said, context), said


@pytest.mark.parametrize(
    ("where", "value", "told"),
    [
        (("personas", "steady", "says"), {"singing": 0.5}, "there are no phrases for singing"),
        (("personas", "steady", "answers", "seconds"), [60, 5], "the least comes first"),
        (("personas", "steady", "shares"), 3, "personas.steady.shares"),
        (("phrases", "says", "stop"), None, "phrases.says.stop"),
        (("answers", "profile/ask_name"), ["{nickname}"], "answers to profile/ask_name: there is no {nickname}"),
    ],
)
def test_a_mistake_of_an_author_is_told_with_its_place(tmp_path: Path, where: tuple[str, ...], value: object, told: str) -> None:
    data = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    place = data
    for name in where[:-1]:
        place = place[name]
    place[where[-1]] = value
    path = tmp_path / "personas.yaml"
    path.write_text(yaml.safe_dump(data, allow_unicode=True), encoding="utf-8")
    with pytest.raises(ConfigError, match=told):
        load_personas(path)


GOLDEN = [
    "quiet hi फरीदा 1941",
    "steady hi मीना 1964",
    "chatty en Farida 1993",
    "steady en Latha 1975",
    "steady en Ravi 1956",
    "steady hi राम 1968",
]
