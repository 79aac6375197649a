"""All rules over all content, for authors. The service's own start looks at less."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from bot.dialogue.calm import without_collecting
from bot.dialogue.draft import Draft, read_draft
from bot.dialogue.lint.accept import without_accepted
from bot.dialogue.lint.answers import check_answers
from bot.dialogue.lint.channel import check_channel
from bot.dialogue.lint.notices import check_notices
from bot.dialogue.lint.phrases import Understand, check_phrases
from bot.dialogue.lint.signing import check_signing
from bot.dialogue.lint.texts import check_texts
from bot.dialogue.lint.translations import check_translations
from bot.dialogue.lint.variables import check_variables
from bot.dialogue.lint.ways import check_ways
from bot.handwritten.finding import Finding, Unreadable


@without_collecting()
def check_content(
    dialogs: Path, locales: Path, *, languages: Sequence[str], today: date, understand: Understand | None = None
) -> list[Finding]:
    """Every finding, in the order of files and lines. Never raises for what is wrong in the content."""
    try:
        draft = read_draft(dialogs, locales, languages=languages)
    except Unreadable as error:
        return list(error.findings)
    return check_draft(draft, today, understand)


def check_draft(draft: Draft, today: date, understand: Understand | None = None) -> list[Finding]:
    """The same of what has been read already. Without ``understand``, phrases are not compared with what they mean."""
    findings = [
        *draft.findings,
        *check_ways(draft),
        *check_notices(draft),
        *check_variables(draft),
        *check_texts(draft),
        *check_translations(draft),
        *check_answers(draft),
        *check_signing(draft, today),
        *check_channel(draft),
        *(check_phrases(draft, understand) if understand else ()),
    ]
    left = dict.fromkeys(without_accepted(draft, findings))
    return sorted(left, key=lambda finding: (finding.file, finding.line, finding.column, finding.code, finding.message))
