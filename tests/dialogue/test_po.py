"""The quick reader of catalogues reads what Babel reads, or leaves it to Babel."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.dialogue.catalogue import LIMIT, read_book, read_bytes, translations_of
from bot.dialogue.po import Entry, read_plain
from bot.handwritten.finding import Unreadable
from tests.dialogue.talk import ROOT

HEAD = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n"Plural-Forms: nplurals=2; plural=(n > 1);\\n"\n\n'
texts = st.text(st.sampled_from("ab \"\\\n\t#क{}😀'"), min_size=1, max_size=12)
messages = st.lists(st.tuples(st.sampled_from("klmn"), texts, st.one_of(st.just(""), texts), st.booleans()), max_size=6)


def by_babel(raw: bytes) -> list[Entry]:
    catalog = read_po(BytesIO(raw), locale="hi", abort_invalid=True)
    return [
        Entry(one.context, one.id, str(one.string), one.fuzzy, one.lineno or 0)
        for one in catalog
        if one.context and isinstance(one.id, str)
    ]


@settings(max_examples=300, deadline=None)
@given(messages, st.sampled_from((0, 20, 76)))
def test_what_is_written_is_read_as_babel_reads_it(rows: list[tuple[str, str, str, bool]], width: int) -> None:
    catalog = Catalog(locale="hi")
    for key, source, text, fuzzy in rows:
        catalog.add(source, text, context=key, flags=["fuzzy"] if fuzzy else [], auto_comments=["a note"], locations=[("f", 1)])
    out = BytesIO()
    write_po(out, catalog, width=width)
    plain = read_plain(out.getvalue().decode())
    assert plain is not None
    assert plain.entries == by_babel(out.getvalue())


def test_our_own_catalogue_is_read_as_babel_reads_it() -> None:
    raw = read_bytes(ROOT / "locales", "hi")
    plain = read_plain(raw.decode())
    assert plain is not None
    assert plain.entries == by_babel(raw)
    assert plain.plural_forms == "nplurals=2; plural=(n > 1);"


@pytest.mark.parametrize(
    "odd",
    [
        'msgctxt "k"\nmsgid "a"\nmsgid_plural "b"\nmsgstr[0] "c"\nmsgstr[1] "d"\n',
        'msgctxt "k"\nmsgid "a"\nmsgstr "b"\n\nmsgctxt "k"\nmsgid "a"\nmsgstr "c"\n',
        'msgctxt "k"\n  msgid "a"\nmsgstr "b"\n',
        'msgctxt "k"\nmsgid "a"\nmsgstr "b"\nmsgctxt "l"\nmsgid "c"\nmsgstr "d"\n',
    ],
    ids=["plural", "twice", "indented", "without a line between"],
)
def test_what_is_odd_is_left_to_babel(odd: str) -> None:
    assert read_plain(HEAD + odd) is None
    raw = (HEAD + odd).encode()
    assert read_book(raw, "hi").entries == by_babel(raw)


def test_what_is_wrong_is_told_by_babel() -> None:
    with pytest.raises(Unreadable, match="cannot be parsed"):
        read_book((HEAD + "msgid unquoted\n").encode(), "hi")


def test_obsolete_messages_and_comments_are_no_texts() -> None:
    raw = HEAD + '# a word\n\n#~ msgctxt "old"\n#~ msgid "a"\n#~ msgstr "b"\n\nmsgctxt "k"\nmsgid "a"\nmsgstr "b"\n'
    book = read_book(raw.encode(), "hi")
    assert translations_of(book) == {"k": ("a", "b")}
    assert book.entries == by_babel(raw.encode())


def test_more_empty_lines_than_usual_shift_the_others() -> None:
    raw = "\n\n" + HEAD + '\n\n# a word\nmsgctxt "k"\nmsgid "a"\nmsgstr "b"\n\n\n#: f\nmsgctxt "l"\nmsgid "c"\nmsgstr "d"\n\n\n'
    plain = read_plain(raw)
    assert plain is not None
    assert plain.entries == by_babel(raw.encode())


def test_another_character_set_is_read_as_its_header_says() -> None:
    raw = (HEAD.replace("utf-8", "iso-8859-1") + 'msgctxt "k"\nmsgid "a"\nmsgstr "é"\n').encode("latin-1")
    assert translations_of(read_book(raw, "hi")) == {"k": ("a", "é")}


def test_a_catalogue_without_end_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "hi/LC_MESSAGES/procare.po"
    path.parent.mkdir(parents=True)
    with path.open("wb") as file:
        file.truncate(LIMIT + 1)
    with pytest.raises(Unreadable, match="larger than 20 MB"):
        read_bytes(tmp_path, "hi")
