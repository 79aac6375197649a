"""``docs/licences.md``: what comes with an installation, under which terms."""

from __future__ import annotations

from tests.supply.packages import ROOT, RUNTIME, Package, licence, locked

FILE = ROOT / "docs" / "licences.md"
HEAD = """# Licences

What is installed with ProCare (`requirements.lock`), as the packages say themselves. Made by `make licences`; a test holds that
it is current and that nothing under the AGPL is among it. ProCare itself: Apache-2.0. The fonts of pictures: OFL-1.1
(`agents/health_insights/picture/fonts/OFL.txt`). Development packages (`requirements-dev.lock`) are not shipped.

| package | version | licence |
| --- | --- | --- |
"""
ELSEWHERE = "installed on other platforms only"


def row(package: Package) -> str:
    return f"| {package.name} | {package.version} | {licence(package.name) or ELSEWHERE} |"


def page() -> str:
    return HEAD + "\n".join(row(package) for package in sorted(locked(RUNTIME))) + "\n"
