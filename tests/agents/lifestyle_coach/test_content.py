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


def test_the_table_is_large_and_named_in_every_language(table: FoodTable) -> None:
    assert len(table.foods) >= 220
    for language in LANGUAGES:
        assert sum(language in food.names for food in table.foods.values()) >= 50, language
    assert all("hi" in food.names for food in table.foods.values())  # what is shown in a language that we speak


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


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("  dal_two: {names: {en: dal}, portions: {katori: [150, 10, 20]}}", "'dal' is in"),
        ("  thing: {names: {en: thing}}", "'thing' has no portion"),
        ("  thing: {names: {hi: चीज़नई}, portions: {piece: [10, 1, 2]}}", "'thing' has no English name"),
        ("  thing: {names: {en: thing}, portions: {piece: [10, 20, 5]}}", "is impossible"),
        ("  thing: {names: {en: thing}, portions: {piece: [10, 1, 12]}}", "is impossible"),
        ("  thing: {names: {en: thing}, portions: {piece: [10, 1]}}", "a portion is three numbers"),
        ("  thing: {names: {en: thing}, portions: {bucket: [10, 1, 2]}}", "the measure 'bucket' is not known"),
        ("  thing: {names: {en: thing}, portions: {piece: [10, 1, 2]}, swaps: [nowhere]}", "there is no food 'nowhere'"),
        ("  thing: {names: {en: thing}, portions: {piece: [10, 1, 2]}, swaps: [thing]}", "is offered instead of itself"),
        ("  thing: {names: {en: thing}, portions: {piece: [10, 1, 2]}, absorbed_by: [nobody]}", "no food and no group"),
        ("  thing: {names: {en: thing}, portions: {piece: [10, 1, 2]}, uncounted: [3, 1]}", "is no range"),
        ("  thing: {names: {en: thing}, portions: {piece: [10, 1, 2]}, carbs: 4}", "'carbs' is not known"),
        ('  thing: {names: {en: "thing, , other"}, portions: {piece: [10, 1, 2]}}', "an empty word"),
        ("  roti: {names: {en: flat thing}, portions: {piece: [10, 1, 2]}}", "the food 'roti' is in"),
    ],
)
def test_a_mistake_is_told_with_file_line_reason_and_remedy(tmp_path: Path, written: str, reason: str) -> None:
    folder = tmp_path / "food"
    shutil.copytree(ROOT / "dialogs/food", folder)
    (folder / "zz.yaml").write_text(f"reviewer: null\nfoods:\n{written}\n", encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load_food(folder)
    assert str(caught.value).startswith("food/zz.yaml:3: ")
    assert reason in str(caught.value)
    assert "; " in str(caught.value)


def test_a_file_that_is_no_yaml_is_named(tmp_path: Path) -> None:
    (tmp_path / "words.yaml").write_text("measures: [", encoding="utf-8")
    with pytest.raises(ConfigError, match=r"words.yaml:\d+: cannot be parsed"):
        read_food(tmp_path)


def test_a_key_that_stands_twice_is_found(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "dialogs/food", tmp_path / "food")
    (tmp_path / "food/zz.yaml").write_text("reviewer: null\nreviewer: null\n", encoding="utf-8")
    with pytest.raises(ConfigError, match=r"zz.yaml:2: 'reviewer' stands here twice"):
        load_food(tmp_path / "food")


def test_authors_check_the_table_and_try_a_meal_from_the_command_line(tmp_path: Path) -> None:
    run = CliRunner().invoke
    assert "nothing found in" in run(commands.food, ["lint", "--content", str(ROOT / "dialogs")]).output
    shown = json.loads(run(commands.food, ["read", "--content", str(ROOT / "dialogs"), "2 roti"]).output)
    assert shown["items"][0]["food"] == "roti"
    assert shown["carbohydrate"][0] < shown["carbohydrate"][1]
    shutil.copytree(ROOT / "dialogs/food", tmp_path / "food")
    (tmp_path / "food/zz.yaml").write_text("foods:\n  thing: {names: {en: thing}}\n", encoding="utf-8")
    found = run(commands.food, ["lint", "--content", str(tmp_path)])
    assert found.exit_code == 1
    assert found.output.startswith("food/zz.yaml:2: 'thing' has no portion")
