"""The versions of the content that conversations stand on: the current one, and older ones that some have not left yet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from bot.dialogue.content import Content
from bot.model.effects import TemplateOffer
from bot.model.session import Session

MOST = 12  # versions held at once, the current one included


@dataclass(frozen=True, slots=True)
class Contents:
    """``older`` by version, the one that was needed last at the end. Never changed: a turn sees one of these from end to end."""

    current: Content
    older: Mapping[str, Content] = field(default_factory=dict)
    ended: frozenset[str] = frozenset()  # experiments that enough people have taken part in
    approved: frozenset[tuple[str, str, str]] | None = None  # templates of the channel: name, language, form; None: nobody knows

    def of(self, version: str) -> Content | None:
        """The content of exactly this version, where we hold it."""
        return self.current if version == self.current.version else self.older.get(version)

    def may_stand(self, offer: TemplateOffer) -> bool:
        """One of its wordings is approved, in the person's language or in one that they are likely to read."""
        if self.approved is None:
            return True
        return any((offer.name, one.language, one.form) in self.approved for one in offer.wordings)

    def missing(self, session: Session) -> set[str]:
        """Versions that this person's conversations stand on and that we do not hold."""
        aside = (frame for bookmark in session.bookmarks for frame in bookmark.frames)
        frames = (*session.stack, *session.overdue.values(), *aside)
        return {frame.content for frame in frames if self.of(frame.content) is None}

    def published(self, content: Content) -> Contents:
        """With a new current version; the one before it stays for those who are in the middle of something."""
        if content.version == self.current.version:
            return self
        return replace(self, current=content)._with(self.current)

    def beside(self, content: Content) -> Contents:
        """With one more older version."""
        return self if content.version == self.current.version else self._with(content)

    def _with(self, content: Content) -> Contents:
        kept = {version: one for version, one in self.older.items() if version not in (content.version, self.current.version)}
        newest = list(kept.items())[-(MOST - 2) :]
        return replace(self, older={**dict(newest), content.version: content})
