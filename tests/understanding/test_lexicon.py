"""The content files hold together."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from bot.adapters.lexicon_copy import BUILT, build_copy, load_index
from bot.cli.lexicon import lexicon
from bot.errors import ConfigError
from bot.understanding.compiling import compile_index
from bot.understanding.language_file import LanguageFile, read_language, read_languages
from bot.understanding.lexicon import Lexicon
from bot.understanding.lint import collisions, contradictions, faults, hiding, missing, unknown_to_rules, unreachable
from bot.understanding.reader import Reader
from bot.understanding.rules import AlarmRule, Matcher, Rule, RuleSet, load_rules
from bot.understanding.text import tokenize

ROOT = Path(__file__).parent.parent.parent
LANGUAGES = ["as", "bn", "de", "en", "es", "fr", "gu", "hi", "kn", "ml", "mr", "or", "pa", "pt", "ta", "te", "ur"]


def test_every_language_of_the_issue_has_a_file(reader: Reader) -> None:
    assert sorted(reader.lexicon.languages) == LANGUAGES


def test_the_lexicon_has_no_fault(reader: Reader) -> None:
    assert faults(read_languages(ROOT / "dialogs" / "lexicon"), (reader.alarms, reader.intents)) == []


def _files(folder: Path, **concepts: str) -> list[LanguageFile]:
    said = ", ".join(f"{concept}: '{words}'" for concept, words in concepts.items())
    (folder / "xx.yaml").write_text(
        f"{{language: xx, name: X, scripts: [Latn], confidence: L, reviewer: null, date: 2026-11-24, concepts: {{{said}}}}}"
    )
    return read_languages(folder)


def test_a_contradiction_is_found(tmp_path: Path) -> None:
    (file,) = _files(tmp_path, yes_word="ja, eh", no_word="eh")
    assert [fault.message for fault in contradictions(file)] == ["'eh' says both yes_word and no_word"]


def test_a_collision_is_found(tmp_path: Path) -> None:
    (tmp_path / "yy.yaml").write_text(
        "{language: yy, name: Y, scripts: [Latn], confidence: L, reviewer: null, date: 2026-11-24,"
        " concepts: {seizure: 'fit, mirgi'}}"
    )
    files = _files(tmp_path, marker="fit, the")
    assert [(fault.language, fault.message) for fault in collisions(files)] == [("yy", "'fit' says seizure, and is marker in xx")]


def test_what_a_language_lacks_is_found(tmp_path: Path) -> None:
    (file,) = _files(tmp_path, marker="the", t_kal="kal")
    messages = {fault.message for fault in missing(file)}
    assert {"no word for chest", "no word for numbers", "no word for ago or ago_before"} <= messages
    assert "no word for t_tomorrow or t_kal" not in messages


def test_a_rule_that_asks_for_an_unknown_concept_is_found(tmp_path: Path) -> None:
    rules = RuleSet([AlarmRule(all=["chest", "pain"])])
    assert [fault.concept for fault in unknown_to_rules(_files(tmp_path, chest="chest"), rules)] == ["pain"]


def test_a_phrase_that_hides_what_denies_it_or_where_it_is_is_found(tmp_path: Path) -> None:
    files = _files(tmp_path, neg="nai", want="mon, mon nai", stay="rest nai", arm="haat", lift="haat utha", not_move="nore nai")
    found = [(fault.concept, fault.message) for fault in hiding(Lexicon(compile_index(files)), files[0])]
    assert found == [
        ("want", "'mon nai' says want, and no rule hears the neg in it"),
        ("lift", "'haat utha' says lift, and no rule hears the arm in it"),
    ]  # "stay" leaves its words to the rules, and a sign like "does not move" holds its negation


def test_a_fault_is_shown_with_its_line(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "dialogs" / "lexicon", tmp_path / "lexicon")
    path = tmp_path / "lexicon" / "de.yaml"
    lines = path.read_text(encoding="utf-8").splitlines()
    number = next(number for number, line in enumerate(lines, 1) if line.startswith("  yes_word:"))
    lines[number - 1] += ", nein"
    path.write_text("\n".join(lines), encoding="utf-8")
    result = CliRunner().invoke(lexicon, ["lint", "--content", str(tmp_path)])
    assert result.exit_code == 1
    assert f"de.yaml:{number}: 'nein' says both yes_word and no_word; take it out of one" in result.output


def test_a_rule_that_is_wrong_is_named_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "alarms.yaml"
    path.write_text("# Sources\nrules:\n- {id: a, all: [pain], kind: felt}\n- {id: b, all: [pain], kind: namd}\n")
    with pytest.raises(ConfigError, match=r"alarms\.yaml:4:24: .*'namd'"):
        load_rules(path, AlarmRule)


def test_a_malformed_file_is_named(tmp_path: Path) -> None:
    path = tmp_path / "xx.yaml"
    path.write_text("{language: xx}")
    with pytest.raises(ConfigError, match=r"xx\.yaml"):
        read_language(path)


def test_the_compiled_copy_is_the_same_index(tmp_path: Path) -> None:
    folder, cache = tmp_path / "lexicon", tmp_path / "cache"
    folder.mkdir()
    _files(folder, chest="chest, seena", pain="pain, dard ho raha", marker="the")
    made = load_index(folder, cache)
    (copy,) = cache.iterdir()
    assert load_index(folder, cache) == made == compile_index(read_languages(folder))
    assert list(cache.iterdir()) == [copy]


def test_a_change_of_a_word_makes_a_new_copy_and_drops_the_old(tmp_path: Path) -> None:
    folder, cache = tmp_path / "lexicon", tmp_path / "cache"
    folder.mkdir()
    _files(folder, chest="chest")
    load_index(folder, cache)
    (old,) = cache.iterdir()
    _files(folder, chest="chest, seena")
    assert "=seena" in load_index(folder, cache).words
    (new,) = cache.iterdir()
    assert new != old


@pytest.mark.parametrize("damage", [b"", b"\xc1", b"\x91\x00"])
def test_a_damaged_copy_is_made_anew(tmp_path: Path, damage: bytes) -> None:
    folder, cache = tmp_path / "lexicon", tmp_path / "cache"
    folder.mkdir()
    _files(folder, chest="chest")
    made = load_index(folder, cache)
    (copy,) = cache.iterdir()
    copy.write_bytes(damage)
    assert load_index(folder, cache) == made
    assert copy.read_bytes() != damage


def test_a_cache_that_cannot_be_written_is_done_without(tmp_path: Path) -> None:
    folder = tmp_path / "lexicon"
    folder.mkdir()
    _files(folder, chest="chest")
    blocked = tmp_path / "file"
    blocked.write_text("no folder")
    assert "=chest" in load_index(folder, blocked / "cache").words


def test_a_concept_that_stands_twice_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "xx.yaml"
    path.write_text(
        "{language: xx, name: X, scripts: [Latn], confidence: L, reviewer: null, date: 2026-11-24, concepts: {put: a, put: b}}"
    )
    with pytest.raises(ConfigError, match="'put' stands here twice"):
        read_language(path)


def test_a_stem_of_one_letter_is_found(tmp_path: Path) -> None:
    files = _files(tmp_path, go="j*, going")
    assert [fault.message for fault in unreachable(Lexicon(compile_index(files)), files[0])] == [
        "'j*' is a stem of one letter, which half of all words begin with"
    ]


def test_a_number_that_would_be_a_word_is_found(tmp_path: Path) -> None:
    files = _files(tmp_path, ambulance="ambulance, 108")
    assert [fault.code for fault in unreachable(Lexicon(compile_index(files)), files[0])] == ["number"]


def test_a_start_takes_the_copy_that_was_made_at_installation(tmp_path: Path) -> None:
    folder, cache = tmp_path / "lexicon", tmp_path / "cache"
    folder.mkdir()
    _files(folder, chest="chest")
    made = build_copy(folder)
    before = made.stat().st_mtime_ns
    assert build_copy(folder) == made
    assert made.stat().st_mtime_ns == before
    assert load_index(folder, cache) == compile_index(read_languages(folder))
    assert not cache.exists()
    _files(folder, chest="chest, seena")  # a word was changed since
    assert "=seena" in load_index(folder, cache).words
    assert cache.exists()


def test_words_that_cannot_be_compiled_to_their_place_are_an_operators_matter(tmp_path: Path) -> None:
    folder = tmp_path / "lexicon"
    folder.mkdir()
    _files(folder, chest="chest")
    (folder / BUILT).write_text("no folder")
    with pytest.raises(ConfigError, match="cannot be written"):
        build_copy(folder)


def test_only_so_many_words_of_a_message_are_looked_into_for_slips(tmp_path: Path) -> None:
    lexicon = Lexicon(compile_index(_files(tmp_path, chest_pain="brustschmerzen")))

    def heard(strangers: int) -> bool:
        text = " ".join(f"{'abcdefghij'[n // 10]}{'klmnopqrst'[n % 10]}xqwzv" for n in range(strangers)) + " brustschmersen"
        return any(tag.concept == "chest_pain" for tag in lexicon.hear(tokenize(text)).tags())

    assert heard(5)
    assert not heard(40)
    assert heard(5)  # what was looked up before changes nothing


@pytest.mark.parametrize(
    ("text", "urgency", "category"),
    [
        ("husband hit me again and grabbed my throat", "emergency", "general"),
        ("mein mann hat mich gewürgt", "emergency", "general"),
        ("மாமியார் அடிக்கிறாங்க", "confirm", "general"),
        ("mein mann hat mich geschlagen", "confirm", "general"),
        ("husband beat me at chess", "none", None),
        ("garam tel bachi ke chehre par gir gaya, chamdi utar rahi", "emergency", "general"),
        ("ગરમ પાણીથી નહાયો", "none", None),
        ("मशीन पर पैंतीस आया है और वो काँप रहे हैं", "emergency", "severe_hypoglycaemia"),
        ("machine forty five rupees ki hai", "none", None),
        ("cylinder ke paas khet wali dawa pi li bhai ne", "emergency", "poisoning_overdose"),
        ("dont look for me, forgive me everyone", "emergency", "self_harm"),
        ("passbook update karwane bank gaya tha", "none", None),
        ("bahu ne pankhe se dupatta baandha tha", "emergency", "self_harm"),
        ("fan saaf kiya kapde se", "none", None),
        ("chuhe marne wali dawai biscuit samajh kar kha li bacche ne", "emergency", "poisoning_overdose"),
        ("acid splashed in his eye", "emergency", "general"),
        ("acid reflux, eye drops over", "none", None),
        ("papa ka zakhm sad gaya aur bukhar me badbada rahe", "emergency", "general"),
        ("my wound is better, confused which dressing to buy", "none", None),
        ("insulin ke baad khana bhool gayi ab pasina", "emergency", "severe_hypoglycaemia"),
        ("papa had fits as a child, never again after that", "none", None),
        ("paid off all dues, goodbye everyone", "emergency", "self_harm"),
        ("paid off all dues at the shop", "none", None),
    ],
)
def test_harm_at_home_burns_and_signs_of_leaving_are_heard(reader: Reader, text: str, urgency: str, category: str | None) -> None:
    meaning = reader.understand(text)
    assert (meaning.urgency, meaning.category) == (urgency, category)


def test_signs_that_stand_apart_are_two_and_one_word_that_says_both_is_one(reader: Reader) -> None:
    matcher = Matcher(Rule(all=["farewell", "goodbye"], apart=True))
    assert matcher.match(reader.said("alvida")[0]) == []
    assert matcher.match(reader.said("alvida, mujhe maaf karna")[0])


def test_no_meaning_is_kept_that_nothing_says(tmp_path: Path) -> None:
    index = compile_index(_files(tmp_path, chest="seena", pain="seena", tight="seena, seena jam"))
    nodes = [index.root]
    for node in nodes:
        nodes += (node.next or {}).values()
    assert {*index.words.values(), *(node.meaning for node in nodes), 0} == set(range(len(index.meanings)))
    assert [tag.concept for tag in Lexicon(index).hear(tokenize("seena")).tags()] == ["chest", "pain", "tight"]
