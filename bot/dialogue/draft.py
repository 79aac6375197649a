"""The content as it was read: what could be understood of every file, and every finding so far. Nothing is refused here."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from msgspec.structs import replace

from bot.dialogue import authored
from bot.dialogue.answer_words import AnswerWords, read_answers
from bot.dialogue.bundle import EMERGENCY, LOCALES, Bundle, flows_of, media_of, read_bundle
from bot.dialogue.calm import without_collecting
from bot.dialogue.catalogue import Book, catalogue_path, read_book, translations_of
from bot.dialogue.compiler import Compiler
from bot.dialogue.file_texts import Written
from bot.dialogue.flow import Flow
from bot.dialogue.lint import lint_emergency, lint_experiments, lint_flow, lint_media, lint_together
from bot.dialogue.lint.renames import check_renames
from bot.dialogue.official.read import Drafted, read_templates
from bot.dialogue.text import Text
from bot.dialogue.tongue import Tongue
from bot.dialogue.tongues import read_tongues
from bot.handwritten.finding import Finding, Unreadable
from bot.handwritten.source import parse_source


@dataclass(frozen=True, slots=True)
class EmergencyTexts:
    """The fixed texts of the emergency lane."""

    emergency: Mapping[str, Text]
    urgent: Mapping[str, Text]
    number_line: Text
    late: Text

    def of(self, category: str | None, *, urgent: bool = False) -> tuple[str, Text]:
        """The category that has a text, and the text; an unknown one gets the general text."""
        texts = self.urgent if urgent else self.emergency
        known = category if category in texts else "general"
        return known or "general", texts[known or "general"]


@dataclass(frozen=True, slots=True)
class Draft:
    """``version`` names exactly these bytes. ``files`` are the flows that have the right form, ``flows`` those that compile."""

    version: str
    files: Mapping[str, authored.FlowFile]
    compilers: Mapping[str, Compiler]
    flows: Mapping[str, Flow]
    emergency: EmergencyTexts | None
    emergency_file: authored.EmergencyFile | None
    emergency_compiler: Compiler | None
    books: Mapping[str, Book]
    findings: tuple[Finding, ...]
    media: Mapping[str, bytes]
    templates: Mapping[str, Drafted]
    tongues: Mapping[str, Tongue]
    answers: AnswerWords

    @property
    def keys(self) -> dict[str, Written]:
        """All texts by their key."""
        return {key: text for one in self.all_compilers for key, text in one.keys.items()}

    @property
    def all_compilers(self) -> tuple[Compiler, ...]:
        return (*([self.emergency_compiler] if self.emergency_compiler else []), *self.compilers.values())


def read_draft(dialogs: Path, locales: Path, *, languages: Sequence[str]) -> Draft:
    """Read, compile and check two folders. What is wrong stands in ``findings``."""
    return draft_of(read_bundle(dialogs, locales, languages=languages), languages)


@without_collecting()
def draft_of(bundle: Bundle, languages: Sequence[str]) -> Draft:
    """Compile and check a bundle, in those of ``languages`` of which it has a catalogue."""
    findings = list(bundle.findings)
    tongues, wrong_pages = read_tongues(bundle.files, languages)
    answers, wrong_answers = read_answers(bundle.files, languages)
    answers = replace(answers, endings=frozenset(ending for one in tongues.values() for ending in one.file.endings))
    findings.extend((*wrong_pages, *wrong_answers))
    books = _books(bundle, languages, findings)
    translations = {language: translations_of(book) for language, book in books.items()}
    media = media_of(bundle)
    compilers: dict[str, Compiler] = {}
    files: dict[str, authored.FlowFile] = {}
    flows: dict[str, Flow] = {}
    for name, raw in flows_of(bundle).items():
        try:
            source = parse_source(raw, name)
        except Unreadable as error:
            findings.extend(error.findings)
            continue
        compiler = Compiler(source, translations, media=media, answers=answers)
        if (file := compiler.read(authored.FlowFile)) is not None:
            compiled = _compiled(compiler, file, PurePosixPath(name).stem, known=flows)
            if compiled is not None:
                flows[file.flow] = compiled
            files[file.flow] = file
            compilers[file.flow] = compiler
        findings.extend(compiler.findings)
    emergency, emergency_file, emergency_compiler = _emergency(bundle, translations, findings)
    templates, wrong = read_templates(bundle)
    findings.extend(wrong)
    findings.extend(lint_together(compilers, files))
    findings.extend(check_renames(compilers, files))
    return Draft(
        version=bundle.version,
        files=files,
        compilers=compilers,
        flows=flows,
        emergency=emergency,
        emergency_file=emergency_file,
        emergency_compiler=emergency_compiler,
        books=books,
        findings=tuple(findings),
        media=media,
        templates=templates,
        tongues=tongues,
        answers=answers,
    )


def _books(bundle: Bundle, languages: Sequence[str], findings: list[Finding]) -> dict[str, Book]:
    """The catalogues that can be read; what is wrong with the others goes to ``findings``."""
    books: dict[str, Book] = {}
    for language in languages:
        name = LOCALES + catalogue_path(Path(), language).as_posix()
        if name not in bundle.files:
            continue
        try:
            books[language] = read_book(bundle.files[name], language)
        except Unreadable as error:
            findings.extend(error.findings)
    return books


def _compiled(compiler: Compiler, file: authored.FlowFile, called: str, *, known: Container[str]) -> Flow | None:
    """The flow, or None where its steps lead nowhere. What is wrong with it goes to the compiler's findings."""
    if file.flow != called or file.flow in known:
        compiler.find(("flow",), "name", f"flow '{file.flow}' stands in {called}.yaml", f"name the file {file.flow}.yaml")
    lint_flow(compiler, file)
    compiled = compiler.compile(file)
    lint_experiments(compiler, file)
    lint_media(compiler, file)
    return compiled


def _emergency(
    bundle: Bundle, translations: Mapping[str, Mapping[str, tuple[str, str]]], findings: list[Finding]
) -> tuple[EmergencyTexts | None, authored.EmergencyFile | None, Compiler | None]:
    """The fixed texts, their file and what compiled it, as far as they can be read; what is wrong goes to ``findings``."""
    if EMERGENCY not in bundle.files:
        return None, None, None
    try:
        compiler = Compiler(parse_source(bundle.files[EMERGENCY], EMERGENCY), translations, clinical=True)
    except Unreadable as error:
        findings.extend(error.findings)
        return None, None, None
    file = compiler.read(authored.EmergencyFile)
    texts = emergency_of(compiler, file) if file is not None else None
    findings.extend(compiler.findings)
    return texts, file, compiler


def emergency_of(compiler: Compiler, file: authored.EmergencyFile) -> EmergencyTexts:
    """Compile the fixed texts; what is wrong with them goes to the compiler's findings."""
    texts = EmergencyTexts(
        emergency={name: compiler.text(("emergency", name), f"emergency.{name}", say) for name, say in file.emergency.items()},
        urgent={name: compiler.text(("urgent", name), f"emergency.urgent.{name}", say) for name, say in file.urgent.items()},
        number_line=compiler.text(("number_line",), "emergency.number_line", file.number_line),
        late=compiler.text(("late",), "emergency.late", file.late),
    )
    lint_emergency(compiler, file)
    return texts
