"""The page on which translators see each text as a phone shows it."""

from __future__ import annotations

import re

from tests.i18n.desk import Desk


def card(page: str, key: str) -> str:
    return page.split(f'<article id="{key}">')[1].split("</article>")[0]


def test_each_text_is_shown_with_examples_its_length_and_its_notes_and_nothing_is_loaded(desk: Desk) -> None:
    run = desk.run("preview", "hi", "--to", str(desk.folder / "hi.html"))
    assert run.exit_code == 0, run.output
    page = (desk.folder / "hi.html").read_text(encoding="utf-8")
    assert re.search(r"<h1><bdi>हिन्दी</bdi>: \d+ texts</h1>", page)  # a name from right to left leaves the number in its place
    praise = card(page, "log_glucose.praise.say")
    assert '<div class="bubble" dir="auto" lang="hi">' in praise
    assert "112 mg/dL" in praise.split("</div>")[0]
    assert "{{" not in praise.split("</div>")[0]
    assert "needs native clinical review" in praise
    assert re.search(r"<p><b>\d+</b> of 4,096 characters: a message</p>", praise)
    assert '<div class="row"' in card(page, "menu.choose.option.log")
    assert "<b>126 " in card(page, "menu.choose.say")  # what is to be typed stands in bold
    assert not re.search(r"(src|href)=\"(?!#)|url\(|<script", page)
    assert page.count("<article") == len(set(re.findall(r'<article id="([^"]+)"', page))) > 1000


def test_one_flow_can_be_shown_and_markup_in_a_translation_is_text(desk: Desk) -> None:
    before = desk.po()
    old = before.split('msgctxt "hello.greet.say"')[1].split('msgstr "')[1].split('"')[0]
    desk.edit_po(f'msgstr "{old}"', 'msgstr "<script>x</script> *नमस्ते*"')
    assert desk.run("preview", "hi", "hello", "--to", str(desk.folder / "one.html")).exit_code == 0
    page = (desk.folder / "one.html").read_text(encoding="utf-8")
    assert page.count("<article") == 1
    assert "&lt;script&gt;x&lt;/script&gt; <b>नमस्ते</b>" in page
    assert desk.run("preview", "hi", "nowhere").exit_code == 2
