"""The compiled words of all languages as plain data: what can be looked up, and nothing about how it was made or is used."""

from __future__ import annotations

from msgspec import Struct

Meaning = tuple[tuple[str, str], ...]  # (concept, language), what a word or a phrase says


class Node(Struct, array_like=True, gc=False):
    """A step in the tree of phrases: the number of the meaning of the words so far (0: none), and what may follow."""

    meaning: int = 0
    next: dict[str, Node] | None = None


class Index(Struct, array_like=True):
    """``meanings[0]`` is empty. ``words``: element of a word to the number of its meaning (0: only phrases use it).
    ``slips``: words that may be misspelt; ``near``: the number of a word, or of a word with one letter dropped, to the places of
    the words in ``slips``."""

    languages: list[str]
    meanings: list[Meaning]
    words: dict[str, int]
    root: Node
    slips: list[str]
    near: dict[int, int | tuple[int, ...]]
    scripts: dict[str, list[str]]
    danger: list[str]
