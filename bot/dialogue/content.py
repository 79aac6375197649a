"""Everything that can be said: flows, emergency texts and their translations, loaded and checked once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bot.dialogue.bundle import Bundle, flows_of, ref_of
from bot.dialogue.catalogue import SOURCE_LANGUAGE
from bot.dialogue.declared import listed
from bot.dialogue.draft import Draft, EmergencyTexts, draft_of, read_draft
from bot.dialogue.file_texts import Written
from bot.dialogue.flow import Flow
from bot.dialogue.folding import fold
from bot.dialogue.official.choosing import Standing, by_step
from bot.dialogue.text import Text
from bot.dialogue.tongue import Tongue
from bot.handwritten.finding import Finding, Unreadable

RISKS = ("clinical", "none")
BREAKING = frozenset({"file", "yaml", "encoding", "form", "target", "flow", "expression", "template", "po"})
"""Findings with which published content cannot be run."""

BESIDE = frozenset({"translation"})
"""Blockers of a publication that do not stop a start: what a language lacks is said in another one, and counted."""


@dataclass(frozen=True, slots=True)
class Content:
    """``version`` names exactly these bytes; ``keys`` are all texts by their key; ``findings`` are those that do not stop us."""

    version: str
    languages: tuple[str, ...]
    flows: Mapping[str, Flow]
    emergency: EmergencyTexts
    by_command: Mapping[str, str]
    by_intent: Mapping[str, str]
    by_phrase: Mapping[str, str]  # a whole message, folded
    by_reading: Mapping[str, str]
    by_media: Mapping[str, str]
    by_event: Mapping[str, str]  # "agent.name" of what an agent tells unasked
    after_emergency: str | None  # the flow that starts when an emergency was answered
    from_care_team: str | None  # the flow that takes what people of the care team write
    texts: Mapping[str, Text]  # of the flow ``system``
    keys: Mapping[str, Written]
    findings: tuple[Finding, ...]
    media: Mapping[str, bytes] = field(default_factory=dict)  # reference -> the bytes of a file that flows send
    renamed: Mapping[str, str] = field(default_factory=dict)  # earlier names of flows
    templates: Mapping[str, Standing] = field(default_factory=dict)  # by the step for which they stand
    tongues: Mapping[str, Tongue] = field(default_factory=dict)  # how each language is written
    lacking: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # keys of texts -> the languages without them

    @property
    def untranslated(self) -> dict[tuple[str, str], int]:
        """How many texts each language lacks, clinical ones and others."""
        lacks = {(language, risk): 0 for language in self.languages if language != SOURCE_LANGUAGE for risk in RISKS}
        for key, written in self.keys.items():
            for language in self.lacking.get(key, ()):
                lacks[language, RISKS[0] if written.clinical else RISKS[1]] += 1
        return lacks

    def flow_named(self, name: str) -> str | None:
        """The flow that has this name, or had it earlier."""
        return name if name in self.flows else self.renamed.get(name)


def load_content(dialogs: Path, locales: Path, *, languages: Sequence[str]) -> Content:
    """Read, compile and check everything. Raises ConfigError (Unreadable) that lists every finding as file:line:column."""
    draft = read_draft(dialogs, locales, languages=languages)
    if blockers := [one for one in _blockers(draft) if one.code not in BESIDE]:
        raise Unreadable(blockers)
    return _content(draft, tuple(languages))


def content_of(bundle: Bundle, languages: Sequence[str], *, current: bool = True) -> Content:
    """Compile what was published, in those of ``languages`` that it has.

    It was checked when it was published. What a newer release would find in it does not take it from the people who stand on
    it; only content that would break off in the middle is refused, and as current content also such that lacks what this
    release needs. Raises Unreadable.
    """
    draft = draft_of(bundle, languages)
    refused = BREAKING | {"needed"} if current else BREAKING
    broken = [one for one in _blockers(draft) if one.code in refused]
    if broken or len(draft.flows) < len(flows_of(bundle)) or draft.emergency is None:
        raise Unreadable(broken or _blockers(draft))
    return _content(draft, tuple(language for language in languages if language in bundle.languages))


def _blockers(draft: Draft) -> list[Finding]:
    found = [finding for finding in draft.findings if finding.level == "blocker"]
    return sorted(found, key=lambda finding: (finding.file, finding.line, finding.column))


def _by_phrase(draft: Draft) -> dict[str, str]:
    """What flows themselves list comes before what a language says for the phrase of another."""
    own = {fold(phrase): name for name, file in draft.files.items() for phrase in file.starts_on.phrases}
    return {word: name for name, file in draft.files.items() for word in draft.answers.of(file.starts_on.phrases)} | own


def _content(draft: Draft, languages: tuple[str, ...]) -> Content:
    if draft.emergency is None:  # a blocker, always
        raise Unreadable(draft.findings)
    files = draft.files
    return Content(
        version=draft.version,
        languages=languages,
        flows=draft.flows,
        emergency=draft.emergency,
        by_command={file.starts_on.command: name for name, file in files.items() if file.starts_on.command},
        by_intent={intent: name for name, file in files.items() for intent in listed(file.starts_on.intent)},
        by_phrase=_by_phrase(draft),
        by_reading={kind: name for name, file in files.items() for kind in listed(file.starts_on.readings)},
        by_media={kind: name for name, file in files.items() for kind in listed(file.starts_on.media)},
        by_event={event: name for name, file in files.items() for event in listed(file.starts_on.event)},
        after_emergency=next((name for name, file in files.items() if file.starts_on.emergency), None),
        from_care_team=next((name for name, file in files.items() if file.starts_on.from_), None),
        texts=draft.flows["system"].texts if "system" in draft.flows else {},
        keys=draft.keys,
        findings=draft.findings,
        media={ref_of(raw): raw for raw in draft.media.values()},
        renamed={old: name for name, file in files.items() for old in file.was},
        templates=by_step(one.template for one in draft.templates.values()),
        tongues={language: draft.tongues[language] for language in languages},
        lacking={key: tuple(lacks) for one in draft.all_compilers for key, lacks in one.lacking.items()},
    )
