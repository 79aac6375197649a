"""Clock times and lists in texts, as each language says them."""

from __future__ import annotations

import pytest

from bot.dialogue.display import TONGUES, clock, listed, people
from bot.dialogue.expression import compile_template
from tests.dialogue.talk import content

SAID = {
    "en": ("8:05 am", "12:30 pm", "8:00 am, 2:00 pm and 8:00 pm"),
    "hi": ("सुबह 8:05", "दोपहर 12:30", "सुबह 8:00, दोपहर 2:00 और रात 8:00"),
    "hi_Latn": ("subah 8:05", "dopahar 12:30", "subah 8:00, dopahar 2:00 aur raat 8:00"),
    "bn": ("সকাল 8:05", "দুপুর 12:30", None),
    "ta": ("காலை 8:05", "மதியம் 12:30", None),
    "de": ("8:05 Uhr", "12:30 Uhr", None),
    "ml": (None, None, "രാവിലെ 8:00, ഉച്ചയ്ക്ക് 2:00, രാത്രി 8:00 എന്നിവ"),
    "ur": ("صبح 8:05", None, "صبح 8:00، دوپہر 2:00 اور رات 8:00"),
}


@pytest.mark.parametrize("language", SAID)
def test_a_clock_time_and_a_list_of_them(language: str) -> None:
    values = {TONGUES: content().tongues}
    for written, wanted in zip(("08:05", "12:30", "08:00, 14:00, 20:00"), SAID[language], strict=True):
        assert wanted is None or clock(values, written, language) == wanted
    for other in ("", "soon", "25:00", "08:00, later", "1:2"):
        assert clock(values, other, language) == other
    assert clock(values, None, language) == ""


LISTED = {
    "en": ("roti, dal and rice", "Meera and Dr Rao"), "hi": ("roti, dal और rice", "Meera और Dr Rao"),
    "ml": ("roti, dal, rice എന്നിവ", "Meera, Dr Rao എന്നിവർ"), "ur": ("roti، dal اور rice", "Meera اور Dr Rao"),
}  # fmt: skip


@pytest.mark.parametrize("language", LISTED)
def test_several_things_and_people_are_listed_as_the_language_does(language: str) -> None:
    values = {TONGUES: content().tongues, "things": "roti\ndal\nrice", "who": "Meera\nDr Rao", "person": {"language": language}}
    things, who = LISTED[language]
    assert (listed(values, values["things"], language), people(values, values["who"], language)) == (things, who)
    said = compile_template("{{ things | listed(person.language) }}: {% if who %}{{ who | people(person.language) }}{% endif %}")
    assert said(values) == f"{things}: {who}"
    assert [listed(values, one, language) for one in ("dal", "I had roti, dal", "", None)] == ["dal", "I had roti, dal", "", ""]


def test_no_text_shows_a_time_bare() -> None:
    """Whoever writes a text with a time lets the language say it. The question whether it is morning cannot know."""
    times = ("slot.time }}", "visit.time }}", " time }}", "answer_time }}", "now_there }}", " hour }}")
    asks = {"courses", "digest_settings", "reminders"}
    found = [
        key
        for key, written in content().keys.items()
        if any(one in written.source for one in times) and not (key.split(".")[0] in asks and "morning" in written.source)
    ]
    assert [key for key in found if not key.startswith("engagement_words.")] == []
