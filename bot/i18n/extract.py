"""Texts for translators: from the content to PO catalogues that any tool opens. Keys (``msgctxt``) outlast other changes."""

from __future__ import annotations

from io import BytesIO

from babel.messages.catalog import Catalog
from babel.messages.pofile import write_po

from bot.dialogue.catalogue import DOMAIN
from bot.dialogue.content import Content
from bot.dialogue.plurals import plural_header
from bot.i18n.notes import notes

ONE_LINE = 1_000_000  # a width in which no comment is broken: each is read again as a line of its own
HEADER = "# ProCare translations. Edit with any PO tool; keys (msgctxt) and {{ placeholders }} stay as they are.\n#"


def extract(content: Content, language: str) -> Catalog:
    """All texts in the order of their keys, untranslated."""
    catalog = Catalog(locale=language, domain=DOMAIN, project="procare", header_comment=HEADER, fuzzy=False)
    for key in sorted(content.keys):
        written = content.keys[key]
        comments = notes(key, content.keys, content.flows)
        catalog.add(written.source, context=key, locations=[(written.file, 0)], auto_comments=comments)
    return catalog


def render(catalog: Catalog, language: str) -> str:
    """PO text without dates or line numbers, so that it changes only when a text does."""
    out = BytesIO()
    write_po(out, catalog, width=ONE_LINE, omit_header=True, include_lineno=False)
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
