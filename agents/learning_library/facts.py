"""An article as facts of a result or of a lesson."""

from __future__ import annotations

from typing import Any, Final

from agents.learning_library.article import Article

HOLE: Final = "{numbers}"
ANYWHERE: Final = "112"  # where the flow does not say whom to call


def article_facts(article: Article, spoken: str, numbers: str | None, second: str = "") -> dict[str, Any]:
    """``translated``: in the language asked for, ``spoken``. ``numbers``: whom to call, in the reader's country."""
    wording = article.wording(spoken, second)
    return {
        "article": article.id,
        "title": wording.title,
        "text": wording.text.replace(HOLE, numbers or ANYWHERE),
        "source": article.source,
        "reviewed": wording.reviewed,
        "translated": wording.language == spoken,
    }
