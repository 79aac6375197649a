"""What a check of the content found: where, what, and how to mend it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from msgspec import Struct

from bot.errors import ConfigError

Level = Literal["blocker", "warning", "hint"]
SHOWN = 40


class Finding(Struct, frozen=True):
    """One finding. ``line`` and ``column`` count from 1; ``code`` is stable, so that it can be looked up and accepted."""

    code: str
    file: str
    line: int
    column: int
    message: str
    remedy: str
    level: Level = "blocker"

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}: {self.message}; {self.remedy} [{self.code}]"


class Unreadable(ConfigError):
    """A content file cannot be used. ``findings`` says where and why."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings = tuple(findings)
        lines = [str(finding) for finding in self.findings[:SHOWN]]
        if len(self.findings) > SHOWN:
            lines.append(f"... and {len(self.findings) - SHOWN} more")
        super().__init__("\n".join(lines))
