"""The person's language: offered in pages, named in any language, and never silently another one."""

from __future__ import annotations

import pytest
from babel import Locale

from bot.dialogue.folding import fold
from bot.dialogue.messages import BUTTON_LABEL
from bot.dialogue.speaking import MORE_LABEL, named, pages
from bot.model.effects import Outbound
from bot.understanding.meaning import Context
from tests.dialogue.speakers import ALL, content, engine
from tests.dialogue.talk import ADDRESS, Talk, policy
from tests.reading import our_reader

ROW, ROWS = 24, 10


class Speaker(Talk):
    """The same with all languages and the real reader."""

    def __init__(self, language: str = "en", **profile: str) -> None:
        super().__init__(language)
        self.engine = engine()
        if language != "new":
            self.session.profile = {"language": language, "language_chosen": language, **profile}
            self.session.consent = {
                "version": policy().behaviour.consent_version,
                "purposes": ["care_messages"],
                "at": self.now,
                "language": language,
            }

    def offered(self) -> list[str]:
        return [one.id.partition(":")[2] for one in self.last.options]

    @property
    def last(self) -> Outbound:
        return self.said()[-1]


def test_a_page_of_languages_fits_a_list_and_every_language_is_on_one() -> None:
    talk = Speaker()
    talk.say("language")
    first = talk.offered()
    talk.choose("more")
    second = talk.offered()
    assert max(len(first), len(second)) <= ROWS
    assert {*first, *second} == {*ALL, "more"}
    assert {*first} & {*second} == {"en", "more"}
    talk.choose("more")
    assert talk.offered() == first
    assert all(len(one.label) <= ROW for one in talk.last.options)
    assert len(MORE_LABEL) <= ROW


def test_ten_languages_need_no_second_page_and_the_own_one_comes_first() -> None:
    few = {code: content().tongues[code] for code in ALL[:10]}
    others = [code for code in few if code != "en"]
    assert [one["id"] for one in pages(few)["languages"]] == others
    assert [one["id"] for one in pages(few, "gu")["languages"]] == ["gu", *(code for code in others if code != "gu")]


@pytest.mark.parametrize(
    ("text", "address", "first"), [("వందనం", ADDRESS, "te"), ("ਸਤ ਸ੍ਰੀ ਅਕਾਲ", ADDRESS, "pa"), ("hello", "4915112345678", "de")]
)
def test_a_new_person_finds_the_language_of_their_words_or_country_first(text: str, address: str, first: str) -> None:
    talk = Speaker("new")
    talk.say(text, address=address)
    assert talk.offered()[0] == first
    assert {"en", "more"} <= set(talk.offered())
    talk.say("1")
    assert talk.session.profile["language_chosen"] == first


def test_a_new_person_finds_a_language_of_the_second_page() -> None:
    talk = Speaker("new")
    talk.say("hello")
    talk.choose("more")
    code = talk.offered()[0]
    talk.choose(code)
    assert talk.session.profile["language_chosen"] == code
    assert talk.session.stack[-1].step == "ask_consent"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("தமிழ்", "ta"), ("tamil", "ta"), ("Bangla", "bn"), ("odia", "or"), ("hinglish", "hi_Latn"), ("deutsch", "de"),
        ("اردو", "ur"), ("ಕನ್ನಡ", "kn"), ("tamil mein likho", "ta"), ("please write in Telugu", "te"), ("हिंदी", "hi"),
        ("I want to talk in marathi", "mr"), ("english please", "en"), ("telgu", "te"), ("gujraati mein baat karo", "gu"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("language", ["en", "hi"])
def test_a_language_is_switched_by_its_name_at_any_time(text: str, code: str, language: str) -> None:
    talk = Speaker(language)
    talk.say("sugar 140")
    talk.say(text)
    assert talk.session.profile["language"] == talk.session.profile["language_chosen"] == code
    assert talk.session.stack[-1].step == "ask_context"  # and the open question comes again


@pytest.mark.parametrize(
    ("language", "text", "offered"),
    [
        ("te", "english raadu", None), ("en", "naaku english raadu", "te"), ("en", "english raadu", None),
        ("ta", "enaku english theriyathu", None), ("en", "enaku english theriyathu", "ta"), ("bn", "english bujhi na", None),
        ("en", "ami english jani na", "bn"), ("or", "mu english jani nahi", None), ("en", "moi english najanu", "as"),
        ("kn", "english baralla", None), ("mr", "mala english yet nahi", None), ("hi", "mujhe english nahi aati", "hi_Latn"),
        ("hi", "mujhe hindi nahi aati", None), ("en", "I can't read english, please write in tamil", None),
        ("en", "english zubba", None),
    ],
)  # fmt: skip
def test_a_language_that_somebody_cannot_read_is_never_taken_for_a_wish(language: str, text: str, offered: str | None) -> None:
    talk = Speaker(language)
    talk.say(text)
    assert talk.session.profile["language"] == language
    frame = talk.session.stack[-1]
    assert (frame.flow, frame.vars.get("offered")) == (("offer_language", offered) if offered else ("language", None))


def test_a_new_person_may_write_the_name_of_a_language_instead_of_tapping_it() -> None:
    for word, code in (("हिन्दी", "hi"), ("punjabi", "pa"), ("mujhe assamese mein baat karni hai", "as")):
        talk = Speaker("new")
        talk.say("hello")
        talk.say(word)
        assert talk.session.profile["language_chosen"] == code
        assert talk.session.stack[-1].step == "ask_consent"


@pytest.mark.parametrize("text", ["tamil nadu", "my tamil doctor says sugar 140", "hindi film", "punjabi dhaba mein khana khaya"])
def test_a_word_that_is_also_a_language_switches_nothing(text: str) -> None:
    talk = Speaker()
    talk.say(text)
    assert talk.session.profile["language"] == "en"


def test_where_a_name_is_asked_for_the_name_of_a_language_switches_nothing() -> None:
    talk = Speaker("new")
    talk.say("hello")
    talk.choose("en")
    talk.choose("agree")
    assert talk.session.stack[-1].step == "ask_name"
    talk.say("Tamil")
    assert talk.session.profile["language"] == "en"


def test_names_mean_one_language_each() -> None:
    seen: dict[str, str] = {}
    for code, tongue in content().tongues.items():
        assert len(tongue.name) <= BUTTON_LABEL
        for name in tongue.names:
            assert fold(name) == name
            assert seen.setdefault(name, code) == code
            assert named(content().tongues.values(), name) == code


def test_every_language_is_known_by_its_name_in_every_other() -> None:
    tongues, wrong = content().tongues, []
    for reader in tongues:
        called = Locale.parse(reader).languages
        wrong += [(reader, called[code]) for code in tongues if code in called and named(tongues.values(), called[code]) != code]
    assert wrong == []


def test_what_a_language_lacks_is_said_in_the_second_one_and_then_in_english_and_is_noted() -> None:
    talk = Speaker("ta", second_language="hi")
    turn = talk.say("sugar 140")
    assert "जाँची" in talk.said()[0].text
    [line] = [line for line in turn.trace if line["action"] == "untranslated"]
    assert line["language"] == "ta"
    assert "log_glucose.ask_context.option.fasting" in line["keys"]
    talk = Speaker("ta")
    talk.say("sugar 140")
    assert "When did you measure it?" in talk.said()[0].text


def test_an_emergency_text_that_a_language_lacks_comes_in_the_second_one() -> None:
    talk = Speaker("ta", second_language="hi")
    turn = talk.say("seene mein dard ho raha hai")
    assert talk.said()[0].text.splitlines()[0] == alarm_in("hi")
    assert any(line["action"] == "untranslated" for line in turn.trace)


def alarm_in(language: str) -> str:
    talk = Speaker(language)
    talk.say("seene mein dard ho raha hai")
    return talk.said()[0].text.splitlines()[0]


def test_the_language_before_the_last_change_is_the_second_one() -> None:
    talk = Speaker("hi")
    talk.say("tamil")
    assert talk.session.profile["second_language"] == "hi"
    talk.say("tamil")
    assert talk.session.profile["second_language"] == "hi"


def test_nothing_is_noted_where_the_language_has_the_text() -> None:
    turn = Speaker("hi").say("sugar 140")
    assert not any(line["action"] == "untranslated" for line in turn.trace)
    assert not any(line["action"] == "untranslated" for line in Speaker("en").say("sugar 140").trace)


def test_every_configured_language_has_its_page() -> None:
    assert set(policy().behaviour.languages) <= set(ALL)


@pytest.mark.parametrize("language", ALL)
def test_the_english_command_words_work_in_every_language(language: str) -> None:
    words = ("menu", "help", "stop", "start", "language", "human", "cancel", "back", "repeat", "skip", "what", "continue")
    known = Context(language=content().tongues[language].base)
    assert [word for word in words if our_reader().understand(word, known).command != word] == []


WORDS = [
    ("hba1c 7.2", "en"), ("ketones 0.6", "en"), ("hi", "en"), ("namaste doctor", "en"), ("வணக்கம்", "ta"), ("নমস্কার", "bn"),
    ("namaste, meri sugar badh gayi hai", "hi_Latn"), ("ich habe heute hohen Zucker gemessen", "de"),
    ("hello I am Asha Patel from Pune", "en"), ("good morning doctor, my sugar was 182", "en"), ("I want to book a test", "en"),
    ("my name is Sunita Devi", "en"), ("sugar 182 fasting and BP 130/80", "en"), ("hi this is for my mother", "en"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "language"), WORDS)
def test_a_new_person_is_greeted_in_the_script_that_they_write_and_a_few_latin_letters_tell_little(
    text: str, language: str
) -> None:
    talk = Speaker("new")
    talk.say(text)
    assert talk.session.profile["language"] == language


def test_danger_in_romanised_hindi_is_answered_in_it() -> None:
    talk = Speaker("new")
    talk.say("mujhe seene mein dard ho raha hai")
    assert talk.session.profile["language"] == "hi_Latn"


def test_two_languages_of_one_script_are_not_changed_for_one_another() -> None:
    talk = Speaker("new")
    talk.session.profile = {"language": "hi"}
    talk.say("ठीक आहे, मला मदत हवी आहे")
    assert talk.session.profile["language"] == "hi"
