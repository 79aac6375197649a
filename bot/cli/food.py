"""``procare food``: what the authors of the food table need."""

from __future__ import annotations

import json
from pathlib import Path

import click
import msgspec

from agents.lifestyle_coach.content import load_food, read_food
from agents.lifestyle_coach.estimate import of_item, rounded, total
from agents.lifestyle_coach.meal import MealReader
from bot.cli.content import CONTENT
from config.lifestyle import load_lifestyle


@click.group()
def food() -> None:
    """Check the food table and try what is read of a meal."""


@food.command()
@CONTENT
def lint(content: Path) -> None:
    """Find words of two foods, missing names and portions, and numbers that cannot be true. Exit status 1 if there are any."""
    table, mistakes = read_food(content / "food")
    for mistake in mistakes:
        click.echo(str(mistake))
    click.echo(f"{len(mistakes)} mistakes" if mistakes else f"nothing found in {len(table.foods)} foods")
    if mistakes:
        raise click.exceptions.Exit(1)


@food.command()
@CONTENT
@click.option("--language", help="Of the person; without it, words of all languages count alike.")
@click.argument("text")
def read(content: Path, language: str | None, text: str) -> None:
    """What is read of a meal, and our estimate of its carbohydrate in grams, as JSON."""
    table, numbers = load_food(content / "food"), load_lifestyle().carbohydrate
    meal = MealReader(table).read(text, language)
    estimate = total(of_item(item, table, numbers) for item in meal.items)
    low, high = rounded(estimate, numbers)
    shown = {**msgspec.to_builtins(meal), "carbohydrate": [low, high], "assumed": estimate.assumed}
    click.echo(json.dumps(shown, ensure_ascii=False, indent=2))
