"""The food table and the mistakes of its authors."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from agents.lifestyle_coach.content import load_food, read_food
from agents.lifestyle_coach.food import FoodTable
from bot.cli import food as commands
from bot.errors import ConfigError
from tests.agents.town import ROOT

LANGUAGES = ("en", "hi", "bn", "mr", "te", "ta", "gu", "ur", "kn", "or", "ml", "pa", "as", "de")


def test_every_food_and_every_word_of_portions_has_a_name_in_every_language(table: FoodTable) -> None:
    assert len(table.foods) >= 240
    for language in LANGUAGES:
        assert all(language in food.names for food in table.foods.values()), language
        assert all(language in names for names in table.measure_names.values()), language
    assert table.foods["rice"].name("hi") == "चावल"
    assert table.foods["rice"].name("hi_Latn") == "chawal"  # who reads Hindi in Latin letters
    assert table.foods["rice"].name("xx") == "rice"


def test_only_foods_with_estimates_that_can_be_true_are_in_it(table: FoodTable) -> None:
    for food in table.foods.values():
        for portion in food.portions.values():
            assert 0 <= portion.low <= portion.high <= portion.grams


def test_a_swap_never_brings_more(table: FoodTable) -> None:
    """By the middle of the usual portions, or it is nothing to offer."""
    for food in table.foods.values():
        mine = food.portions[food.usual]
        for id in food.swaps:
            other = table.foods[id].portions[table.foods[id].usual]
            assert other.low + other.high <= (mine.low + mine.high) * max(food.uncounted) + 1, (food.id, id)


PIECE = "portions: {piece: [10, 1, 2]}"


WRONG = {
    "one: {}": "'one' has no portion",
    "two: {portions: {piece: [10, 20, 5]}}": "is impossible",
    "three: {portions: {piece: [10, 1, 12]}}": "is impossible",
    "four: {portions: {piece: [10, 1]}}": "a portion is three numbers",
    "five: {portions: {bucket: [10, 1, 2]}}": "the measure 'bucket' is not known",
    f"six: {{{PIECE}, swaps: [nowhere]}}": "there is no food 'nowhere'",
    f"seven: {{{PIECE}, swaps: [seven]}}": "is offered instead of itself",
    f"eight: {{{PIECE}, absorbed_by: [nobody]}}": "no food and no group",
    f"nine: {{{PIECE}, made_of: {{nobody: roti}}}}": "no food and no group",
    f"ten: {{{PIECE}, made_of: {{roti: nowhere}}}}": "there is no food 'nowhere'",
    f"eleven: {{{PIECE}, uncounted: [3, 1]}}": "is no range",
    f"twelve: {{{PIECE}, carbs: 4}}": "'carbs' is not known",
    f"roti: {{{PIECE}}}": "the food 'roti' is in",
}


def test_a_mistake_is_told_with_file_line_reason_and_remedy(tmp_path: Path) -> None:
    folder = tmp_path / "food"
    shutil.copytree(ROOT / "dialogs/food", folder)
    (folder / "zz.yaml").write_text("foods:\n" + "".join(f"  {line}\n" for line in WRONG), encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load_food(folder)
    told = str(caught.value).splitlines()
    for line, reason in enumerate(WRONG.values(), 2):
        assert any(one.startswith(f"food/zz.yaml:{line}:") and reason in one and "; " in one for one in told), reason


def test_mistakes_in_the_names_are_told(tmp_path: Path) -> None:
    folder = tmp_path / "food"
    shutil.copytree(ROOT / "dialogs/food", folder)
    _rewrite(folder / "zz.yaml", "", f"foods:\n  thing: {{{PIECE}}}\n")
    _rewrite(folder / "names/te.yaml", '  dal: "పప్పు', '  dal: "dal, , వంకాయ')
    _rewrite(folder / "names/te.yaml", "  oats:", "  oatss:")
    _rewrite(folder / "names/te.yaml", "  cup:", "  mug:")
    _rewrite(folder / "names/ta.yaml", "script: Taml", "script: Taml\nfruits: {}")
    _rewrite(folder / "names/ta.yaml", '  dal: "', '  dal: "varan, ')
    _rewrite(folder / "words.yaml", "homonyms: # ", 'homonyms: "chikoo" # ', rest=True)
    _, mistakes = read_food(folder)
    told = "\n".join(str(one) for one in mistakes)
    for reason in (
        "'thing' has no English name; add thing: ... to foods", "'dal' is shown first and not in the script Telu",
        "an empty word between two commas", "'వంకాయ' is in names/te.yaml (dal) already", "there is no 'oatss' among the foods",
        "'oats' has no word in this language; add oats: ... to foods", "'cup' has no word in this language",
        "'fruits' is not known", "'chikoo' means one thing only; take it out of the list", "'vellam' is in names/ml.yaml",
        "'varan' is shown first",
    ):  # fmt: skip
        assert reason in told, reason
    assert all(one.file.startswith(("names/", "food/")) and one.line > 0 for one in mistakes)


def _rewrite(path: Path, old: str, new: str, *, rest: bool = False) -> None:
    """Put ``new`` for ``old``, or at the end; ``rest``: and drop the two lines below."""
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    assert old in text
    head, _, tail = text.partition(old) if old else (text, "", "")
    if rest:
        tail = "\n" + tail.split("\n", 3)[3]
    path.write_text(head + new + tail, encoding="utf-8")


def test_a_file_that_is_no_yaml_is_named(tmp_path: Path) -> None:
    (tmp_path / "words.yaml").write_text("measures: [", encoding="utf-8")
    with pytest.raises(ConfigError, match=r"words.yaml:\d+:\d+: the file cannot be parsed"):
        read_food(tmp_path)


def test_a_key_that_stands_twice_is_found(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "dialogs/food", tmp_path / "food")
    (tmp_path / "food/zz.yaml").write_text("reviewer: null\nreviewer: null\n", encoding="utf-8")
    with pytest.raises(ConfigError, match=r"zz.yaml:2:1: 'reviewer' stands here twice"):
        load_food(tmp_path / "food")


def test_authors_check_the_table_and_try_a_meal_from_the_command_line(tmp_path: Path) -> None:
    run = CliRunner().invoke
    assert "nothing found in" in run(commands.food, ["lint", "--content", str(ROOT / "dialogs")]).output
    shown = json.loads(run(commands.food, ["read", "--content", str(ROOT / "dialogs"), "2 roti"]).output)
    assert shown["items"][0]["food"] == "roti"
    assert shown["carbohydrate"][0] < shown["carbohydrate"][1]
    shutil.copytree(ROOT / "dialogs/food", tmp_path / "food")
    (tmp_path / "food/zz.yaml").write_text("foods:\n  thing: {}\n", encoding="utf-8")
    found = run(commands.food, ["lint", "--content", str(tmp_path)])
    assert found.exit_code == 1
    assert "food/zz.yaml:2:3: 'thing' has no portion" in found.output
