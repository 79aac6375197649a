"""The threat model names what is there: every control's file, every test."""

from __future__ import annotations

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
PAGE = ROOT / "docs" / "security.md"


def test_every_control_and_every_test_of_the_threat_model_exists() -> None:
    rows = [line.split(" | ") for line in PAGE.read_text(encoding="utf-8").splitlines() if re.match(r"\| [STRIDE]", line)]
    assert len(rows) > 40
    assert {letter for row in rows for letter in re.findall("[A-Z]", row[0])} == set("STRIDE")
    for row in rows:
        _, threat, control, test = row
        files, tests = re.findall(r"`([^`]+)`", control), re.findall(r"`([^`]+)`", test)
        assert files, f"no control: {threat}"
        assert tests, f"no test: {threat}"
        assert not [name for name in files if not (ROOT / name).exists()], threat
        for named in tests:
            path, _, function = named.partition("::")
            tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
            assert function in {getattr(node, "name", None) for node in tree.body}, named
