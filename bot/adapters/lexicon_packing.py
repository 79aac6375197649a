"""The compiled lexicon as it lies on disk: every string once, everything else as numbers of four bytes.

Decoded in the form in which it is used, each of its half a million strings would be an object of its own: 89 MB instead of 50.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator
from typing import TypeVar

import msgspec
from msgspec import Struct

from bot.understanding.index import Index, Meaning, Node

T = TypeVar("T")
FOUR = array("I").itemsize  # bytes of a number


class Packed(Struct, array_like=True):
    """Numbers as ``array("I")`` in bytes. ``meanings``: how many pairs, then concept and language by turns. ``words``: string and
    meaning by turns. ``tree``: the nodes from the root on, children right behind their node: its meaning, how many may follow,
    and before each child the number of its string. ``near``: form, how many numbers (0: one, and no tuple), the numbers."""

    languages: list[str]
    strings: list[str]
    meanings: bytes
    words: bytes
    tree: bytes
    slips: bytes
    near: bytes
    scripts: dict[str, list[str]]
    danger: list[str]


def pack(index: Index) -> bytes:
    numbers: dict[str, int] = {}

    def number(text: str) -> int:
        return numbers.setdefault(text, len(numbers))

    def nodes(node: Node) -> Iterator[int]:
        yield node.meaning
        yield len(node.next or {})
        for text, child in (node.next or {}).items():
            yield number(text)
            yield from nodes(child)

    def meanings() -> Iterator[int]:
        for meaning in index.meanings:
            yield len(meaning)
            yield from (number(part) for pair in meaning for part in pair)

    def near() -> Iterator[int]:
        for form, value in index.near.items():
            yield form
            yield from (len(value), *value) if isinstance(value, tuple) else (0, value)

    packed = Packed(
        languages=index.languages,
        strings=[],
        meanings=_bytes(meanings()),
        words=_bytes(part for text, meaning in index.words.items() for part in (number(text), meaning)),
        tree=_bytes(nodes(index.root)),
        slips=_bytes(number(text) for text in index.slips),
        near=_bytes(near()),
        scripts=index.scripts,
        danger=index.danger,
    )
    packed.strings = list(numbers)
    return msgspec.msgpack.encode(packed)


def unpack(data: bytes) -> Index:
    """Raises msgspec.DecodeError, IndexError, ValueError or RuntimeError for bytes that no ``pack`` made."""
    packed = msgspec.msgpack.decode(data, type=Packed)
    strings = packed.strings
    meanings = list(_meanings(_numbers(packed.meanings), strings))
    once = list(range(max(len(meanings), len(packed.slips) // FOUR)))  # the same number is one object wherever it stands
    return Index(
        languages=packed.languages,
        meanings=meanings,
        words={strings[text]: once[meaning] for text, meaning in _pairs(_numbers(packed.words))},
        root=_tree(_numbers(packed.tree), strings, {}),
        slips=[strings[text] for text in _numbers(packed.slips)],
        near=dict(_near(_numbers(packed.near), once)),
        scripts=packed.scripts,
        danger=packed.danger,
    )


def _meanings(numbers: Iterator[int], strings: list[str]) -> Iterator[Meaning]:
    pairs: dict[tuple[str, str], tuple[str, str]] = {}
    for count in numbers:
        found = ((strings[next(numbers)], strings[next(numbers)]) for _ in range(count))
        yield tuple([pairs.setdefault(pair, pair) for pair in found])


def _tree(numbers: Iterator[int], strings: list[str], leaves: dict[int, Node]) -> Node:
    """Nodes behind which nothing follows are the same node wherever their meaning is the same: nobody changes an index."""
    meaning, count = next(numbers), next(numbers)
    if not count:
        return leaves.setdefault(meaning, Node(meaning))
    return Node(meaning, {strings[next(numbers)]: _tree(numbers, strings, leaves) for _ in range(count)})


def _near(numbers: Iterator[int], once: list[int]) -> Iterator[tuple[int, int | tuple[int, ...]]]:
    shared: dict[tuple[int, ...], tuple[int, ...]] = {}
    for form in numbers:
        if count := next(numbers):
            value = tuple([once[next(numbers)] for _ in range(count)])
            yield form, shared.setdefault(value, value)
        else:
            yield form, once[next(numbers)]


def _pairs(flat: Iterable[T]) -> Iterator[tuple[T, T]]:
    each = iter(flat)
    return zip(each, each, strict=True)


def _bytes(numbers: Iterable[int]) -> bytes:
    return array("I", numbers).tobytes()


def _numbers(data: bytes) -> Iterator[int]:
    found = array("I")
    found.frombytes(data)
    return iter(found)
