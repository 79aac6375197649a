"""Texts for translators: from the content to PO catalogues that any tool opens. Keys (``msgctxt``) outlast other changes."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import write_po

from bot.dialogue.catalogue import DOMAIN, catalogue_path, read_catalogue
from bot.dialogue.content import Content
from bot.dialogue.plurals import plural_header

CLINICAL = "needs native clinical review"
HEADER = "# ProCare translations. Edit with any PO tool; keys (msgctxt) and {{ placeholders }} stay as they are.\n#"


def extract(content: Content, language: str) -> Catalog:
    """All texts in the order of their keys, untranslated."""
    catalog = Catalog(locale=language, domain=DOMAIN, project="procare", header_comment=HEADER, fuzzy=False)
    for key in sorted(content.keys):
        written = content.keys[key]
        comments = [note for note in (written.note, CLINICAL if written.clinical else None) if note]
        catalog.add(written.source, context=key, locations=[(written.file, 0)], auto_comments=comments)
    return catalog


def update(content: Content, locales: Path, language: str) -> str:
    """The catalogue of a language brought up to date, as PO text: same source keeps its translation, a changed one gets fuzzy."""
    fresh = extract(content, language)
    if catalogue_path(locales, language).exists():
        for old in read_catalogue(locales, language):
            written = content.keys.get(old.context or "")
            new = fresh.get(written.source, old.context) if written else None
            if new is not None and old.string:
                new.string = old.string
                new.user_comments = old.user_comments
                if old.id != new.id or old.fuzzy:
                    new.flags.add("fuzzy")
    return render(fresh, language)


def render(catalog: Catalog, language: str) -> str:
    """PO text without dates or line numbers, so that it changes only when a text does."""
    out = BytesIO()
    write_po(out, catalog, width=0, omit_header=True, include_lineno=False)
    header = "\n".join(
        (
            HEADER,
            'msgid ""',
            'msgstr ""',
            '"Project-Id-Version: procare\\n"',
            f'"Language: {language}\\n"',
            '"MIME-Version: 1.0\\n"',
            '"Content-Type: text/plain; charset=utf-8\\n"',
            '"Content-Transfer-Encoding: 8bit\\n"',
            f'"Plural-Forms: {plural_header(language)}\\n"',
        )
    )
    return f"{header}\n\n{out.getvalue().decode()}"
