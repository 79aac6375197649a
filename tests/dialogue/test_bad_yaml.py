"""A file that is no content gets one plain sentence with its place, and costs us nothing."""

from __future__ import annotations

import re
import time
import tracemalloc
from pathlib import Path

import pytest

from bot.dialogue.authored import FlowFile
from bot.dialogue.compiler import Compiler
from bot.handwritten.finding import Unreadable
from bot.handwritten.source import LIMIT, parse_source, read_source

BOMB = b"a: &a [x, x, x, x, x, x, x, x, x]\n" + b"".join(
    b"%c: &%c [%s]\n" % (letter, letter, b", ".join([b"*%c" % (letter - 1)] * 9)) for letter in range(ord("b"), ord("z"))
)


@pytest.mark.parametrize(
    ("raw", "place", "words"),
    [
        (b"a: 1\nb: \xff", (2, 1), "not UTF-8"),
        ("a: é".encode("latin-1"), (1, 1), "not UTF-8"),
        ("a: é".encode("utf-16"), (1, 1), "UTF-16, not UTF-8"),
        (b"a: 1\nb: \0", (2, 1), "zero bytes"),
        (b"a: x\nb: a\x01b", (2, 5), "control character"),
        (b"a: [1", (2, 1), "cannot be parsed"),
        (b"x" * (LIMIT + 1), (1, 1), "larger than 1 MB"),
        (b"a: " + b"[" * 60 + b"]" * 60, (1, 23), "nested too deeply"),
        (b"a: " + b"[" * 400_000, (1, 23), "nested too deeply"),
        (b"a: &x [1]\nb: *x", (1, 4), "anchors"),
        (BOMB, (1, 4), "anchors"),
        (b"a: &a {b: *a}", (1, 4), "anchors"),
        (b"&k a: 1", (1, 1), "anchors"),
        (b"a:\n  &k b: 1", (2, 3), "anchors"),
        (b"say: *x", (1, 6), "anchors.*quotes"),
        (b"say: *bold* words", (1, 11), "anchors.*quotes"),
        (b"a: !!python/name:os.system x", (1, 4), "tag !!python/name:os.system"),
        (b"a: !!str 1", (1, 4), "tag !!str"),
        (b"!!str a: 1", (1, 1), "tag !!str"),
        (b"? [a]\n: b", (1, 3), "plain word"),
        (b"a: {b: 1, b: 2}", (1, 11), "'b' stands here twice"),
        (b"a: 1\nb: 2\na: 3", (3, 1), "'a' stands here twice"),
        (b"\ta: 1", (1, 1), "tab.*spaces"),
        (b"a:\n\tb: 1", (2, 1), "tab.*spaces"),
        (b"a: 1\n---\nb: 2", (2, 1), "second document"),
        (b"say: Note: this", (1, 10), "colon.*quotes"),
        (b"say: @home", (1, 6), "begins with @.*quotes"),
    ],
)
def test_a_file_that_is_no_content_gets_a_plain_sentence(raw: bytes, place: tuple[int, int], words: str) -> None:
    began = time.process_time()
    with pytest.raises(Unreadable, match=words) as caught:
        parse_source(raw, "f.yaml")
    assert time.process_time() - began < 2.0
    [finding] = caught.value.findings
    assert (finding.line, finding.column) == place


def test_of_a_huge_file_no_more_is_read_than_tells_that_it_is_huge(tmp_path: Path) -> None:
    path = tmp_path / "huge.yaml"
    with path.open("wb") as file:
        file.truncate(50_000_000)
    tracemalloc.start()
    try:
        with pytest.raises(Unreadable, match="larger than 1 MB"):
            read_source(path, "huge.yaml")
        assert tracemalloc.get_traced_memory()[1] < 3 * LIMIT
    finally:
        tracemalloc.stop()


def test_a_byte_order_mark_is_no_letter_of_the_first_key() -> None:
    source = parse_source(b"\xef\xbb\xbfa: 1\nb: \xf0\x9f\x98\x80", "f.yaml")
    assert source.data == {"a": 1, "b": "😀"}
    assert source.places[("b",)] == (2, 1)


def test_keys_and_items_have_their_places() -> None:
    source = parse_source("é: [a, {b: c}]\nd:\n  - e\n  - f: g\n".encode(), "f.yaml")
    assert dict(source.places) == {
        (): (1, 1), ("é",): (1, 1), ("é", 0): (1, 5), ("é", 1): (1, 8), ("é", 1, "b"): (1, 9),
        ("d",): (2, 1), ("d", 0): (3, 5), ("d", 1): (4, 5), ("d", 1, "f"): (4, 5),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("leave: no", "leave: this must be true or false; .*yes, no, on and off are words"),
        ("insist: on", "insist: this must be true or false"),
        ("title: 126", 'title: this must be text; put it in quotes, like "126"'),
        ("owner: true", "owner: this must be text"),
        ("colour: red", "colour: there is no such key"),
        ("risk: high", "risk: 'high' cannot stand here; use 'none' or 'clinical'"),
        ("vars: [Name]", "vars.*: 'Name' is no name; a name has small letters"),
        ("needs: consent", "needs: this must be a list"),
        ("steps: [a]", "steps: this must be keys with values"),
        ("steps: {a: {unclear: {tries: some}}}", "steps.a.unclear.tries: this must be a whole number"),
        ("steps: {a: {say: {when: x}}}", "steps.a.say.*text: this is missing"),
        ("steps: {a: {say: ''}}", "steps.a.say.*: there are no words"),
        ("holds: {into: x, say: 5}", "holds.say: this must be"),
    ],
)
def test_a_wrong_form_is_told_in_plain_words(line: str, words: str) -> None:
    compiler = Compiler(parse_source(f"flow: x\n{'title: X' if 'title' not in line else ''}\n{line}".encode(), "f.yaml"), {})
    assert compiler.read(FlowFile) is None
    told = [str(one) for one in compiler.findings]
    assert any(re.search(words, one) for one in told), told
    assert all(one.startswith("f.yaml:3:") for one in told)
