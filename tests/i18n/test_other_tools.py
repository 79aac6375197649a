"""Any Babel tool can take our texts out, and any gettext program can read what we compile."""

from __future__ import annotations

import gettext
import io
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po

from bot.handwritten.finding import Unreadable
from bot.i18n.extractor import extract_flow
from tests.i18n.desk import ROOT, Desk, entry

GREET = "hello.greet.say"


def test_babel_finds_every_text_that_we_find_with_its_place_and_notes(desk: Desk) -> None:
    mapping = io.StringIO((ROOT / "locales/babel.cfg").read_text(encoding="utf-8"))
    method_map, options = parse_mapping_cfg(mapping)  # type: ignore[no-untyped-call]  # Babel's
    found = {
        context: (source, comments, file, line)
        for file, line, source, comments, context in extract_from_dir(desk.folder, method_map, options)
    }
    assert desk.run("extract").exit_code == 0
    with (desk.locales / "procare.pot").open("rb") as file:
        ours = {message.context: message for message in read_po(file) if message.context}
    assert {key: source for key, (source, *_) in found.items()} == {key: message.id for key, message in ours.items()}
    assert all(found[key][1] == message.auto_comments for key, message in ours.items())
    lines = (desk.folder / found[GREET][2]).read_text(encoding="utf-8").splitlines()
    assert str(found[GREET][0])[:10] in lines[found[GREET][3] - 1]


def test_a_file_that_cannot_be_read_is_told_with_its_place() -> None:
    with pytest.raises(Unreadable, match="there is no such step"):
        list(extract_flow(io.BytesIO(b"flow: x\ntitle: X\nsteps: {a: {say: Hi, next: b}}"), (), (), {}))


def test_a_compiled_catalogue_is_read_by_gettext(desk: Desk) -> None:
    result = desk.run("compile")
    assert result.exit_code == 0, result.output
    with (desk.locales / "hi/LC_MESSAGES/procare.mo").open("rb") as file:
        catalogue = gettext.GNUTranslations(file)
    source = entry(desk.po(), GREET).split('msgid "')[1].split('"')[0]
    assert catalogue.pgettext(GREET, source) != source


def test_what_is_fuzzy_is_not_compiled(desk: Desk) -> None:
    source = entry(desk.po(), GREET).split('msgid "')[1].split('"')[0]
    desk.edit_po(entry(desk.po(), GREET), "#, fuzzy\n" + entry(desk.po(), GREET))
    assert desk.run("compile").exit_code == 0
    with (desk.locales / "hi/LC_MESSAGES/procare.mo").open("rb") as file:
        assert gettext.GNUTranslations(file).pgettext(GREET, source) == source


def test_a_clinical_text_that_is_fuzzy_stops_the_compilation(desk: Desk) -> None:
    old = entry(desk.po(), "log_glucose.praise.say")
    desk.edit_po(old, "#, fuzzy\n" + old)
    result = desk.run("compile")
    assert result.exit_code == 1
    assert "blocker: " in result.output
    assert not Path(desk.locales / "hi/LC_MESSAGES/procare.mo").exists()
