"""Every part of a flow in the authors' guide is read as it stands there."""

from __future__ import annotations

import re

import pytest

from bot.dialogue.authored import FlowFile
from bot.dialogue.compiler import Compiler
from bot.dialogue.lint import lint_flow
from bot.handwritten.source import parse_source
from tests.transcripts.stage import ROOT

PARTS = re.findall(r"```yaml part\n(.*?)```", (ROOT / "docs/authoring.md").read_text(encoding="utf-8"), re.DOTALL)


@pytest.mark.parametrize("part", PARTS)
def test_a_part_is_sound(part: str) -> None:
    compiler = Compiler(parse_source(f"flow: part\ntitle: A part\n{part}".encode(), "authoring.md"), {})
    file = compiler.read(FlowFile)
    if file is not None:
        lint_flow(compiler, file)
        compiler.compile(file)
    assert not compiler.findings


def test_there_are_parts() -> None:
    assert len(PARTS) >= 6
