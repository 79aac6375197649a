"""Nothing that we ship is known to be broken, and its licences are listed and are no AGPL."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

from packaging.version import Version
from pip_audit._service.interface import ResolvedDependency
from pip_audit._service.osv import OsvService

from tests.supply import advisories, licences
from tests.supply.packages import ROOT, RUNTIME, Package, locked


def test_nothing_of_the_runtime_is_known_to_be_broken(tmp_path: Path) -> None:
    """pip-audit itself, asking the record: a package with a hole fails here until it is raised."""
    recorded = json.loads(advisories.FILE.read_text(encoding="utf-8"))
    unasked = {package.name for package in locked(RUNTIME)} - set(recorded["asked"])
    assert not unasked, "the record was never asked for these: renew it, as docs/security.md says"
    with advisories.served(recorded) as address:
        service = OsvService(cache_dir=tmp_path, timeout=60, osv_url=address)

        def found(package: Package) -> list[str]:
            return [one.id for one in service.query(ResolvedDependency(package.name, Version(package.version)))[1]]

        assert "PYSEC-2021-66" in found(Package("jinja2", "2.11.2"))
        assert "PYSEC-2021-66" not in found(Package("jinja2", "2.11.3"))
        assert {package.name: ids for package in locked(RUNTIME) if (ids := found(package))} == {}


def test_the_licences_are_listed_as_they_are_and_none_is_the_agpl() -> None:
    listed = licences.FILE.read_text(encoding="utf-8").splitlines()
    for package in locked(RUNTIME):
        row = licences.row(package)
        assert row in listed or licences.ELSEWHERE in row, f"run `make licences`: {row}"
    assert len(listed) - len(licences.HEAD.splitlines()) == len(locked(RUNTIME))
    assert not [row for row in listed[len(licences.HEAD.splitlines()) :] if re.search(r"AGPL|Affero|(?<!L)GPL|unknown", row)]


def test_the_bill_of_materials_names_each_package_with_its_hashes_and_no_address(tmp_path: Path) -> None:
    """What ``make sbom`` writes, with the words of its recipe."""
    recipe = re.search(r"cyclonedx-py (.*) -o ", (ROOT / "Makefile").read_text(encoding="utf-8"))
    assert recipe is not None
    written = tmp_path / "sbom.json"
    command = [sys.executable, "-m", "cyclonedx_py", *recipe[1].split(), "-o", str(written)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True, timeout=60)
    bill = json.loads(written.read_text(encoding="utf-8"))
    assert bill["metadata"]["component"]["name"] == "procare"
    parts = {Package(one["name"], one["version"]): one for one in bill["components"]}
    assert set(parts) == set(locked(RUNTIME))
    hashes = RUNTIME.read_text(encoding="utf-8").count("--hash=sha256:")
    assert sum(len(one["externalReferences"][0]["hashes"]) for one in parts.values()) == hashes
