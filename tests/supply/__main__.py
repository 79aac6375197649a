"""``audit``: ask pip-audit, live or from the record; ``record CLONE``: renew the record; ``licences``: write docs/licences.md."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from tests.supply import advisories, licences
from tests.supply.packages import DEVELOPMENT, locked

AUDIT = [sys.executable, "-m", "pip_audit", "-r", str(DEVELOPMENT), "--disable-pip", "-s", "osv", "--timeout", "10"]


def audit() -> int:
    """The live service, where it can be reached; else the record, with its date."""
    live = subprocess.run([*AUDIT, "-f", "json"], capture_output=True, text=True)
    if live.stdout.startswith("{"):
        print(live.stderr.strip())
        return live.returncode
    recorded = json.loads(advisories.FILE.read_text(encoding="utf-8"))
    print(f"the live service cannot be reached: asking the record of {recorded['taken']}; what is newer is NOT looked at")
    if new := sorted({package.name for package in locked(DEVELOPMENT)} - set(recorded["asked"])):
        print(f"not in the record, renew it: {', '.join(new)}")
    with advisories.served(recorded) as address:
        return subprocess.run([*AUDIT, "--osv-url", address]).returncode


def main() -> int:
    match sys.argv[1:]:
        case ["audit"]:
            return audit()
        case ["record", clone]:
            recorded = advisories.record(Path(clone))
            advisories.FILE.write_text(advisories.written(recorded), encoding="utf-8")
            print(f"{sum(map(len, recorded['packages'].values()))} advisories of {recorded['taken']} recorded")
        case ["licences"]:
            licences.FILE.write_text(licences.page(), encoding="utf-8")
        case _:
            print(__doc__)
            return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
