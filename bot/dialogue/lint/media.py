"""Files that a flow sends: there, of a kind that WhatsApp shows, and not larger than it takes."""

from __future__ import annotations

from collections.abc import Iterator

from bot.dialogue import authored
from bot.dialogue.compiler import Compiler
from bot.handwritten.source import Path_
from bot.model.effects import MIMES, mime_of

CAPTION = 1024  # characters
# Meta's Cloud API reference for media takes 5 MB of an image, 16 MB of sound and 100 MB of a document; the rest keeps what is
# published small.
LARGEST = 1_000_000


def lint_media(compiler: Compiler, file: authored.FlowFile) -> None:
    """Findings of one flow go to the compiler."""
    for path, message, remedy in _findings(compiler, file):
        compiler.find(path, "media", message, remedy)


def _findings(compiler: Compiler, file: authored.FlowFile) -> Iterator[tuple[Path_, str, str]]:
    for name, step in file.steps.items():
        if step.media is None:
            continue
        path: Path_ = ("steps", name, "media")
        kind, source = step.media.kind, step.media.source
        captioned = step.media.kind != "audio" and not (step.options or step.expect)
        for variant in step.say or [] if captioned else []:
            if len(variant.text) > CAPTION:
                yield ("steps", name, "say"), f"below a file there is room for {CAPTION} characters", "shorten it"
        if "{{" in source:
            continue
        raw = compiler.media.get(source)
        if raw is None:
            yield path, f"there is no file dialogs/media/{source}", "put it there, or mend the name"
        elif len(raw) > LARGEST:
            yield path, f"{source} has {len(raw)} bytes", f"make it smaller than {LARGEST}"
        elif mime_of(raw) not in MIMES[kind]:
            yield path, f"{source} is no {kind} that WhatsApp shows", f"use one of {', '.join(MIMES[kind])}"
