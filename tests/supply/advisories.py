"""The recorded database of known vulnerabilities, and a server here that answers pip-audit from it as OSV's own does."""

from __future__ import annotations

import json
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import yaml
from packaging.version import InvalidVersion, Version

from tests.supply.packages import DEVELOPMENT, locked

FILE = Path(__file__).parent / "advisories.json"
_KEPT = ("id", "aliases", "details", "published", "withdrawn")


def record(repository: Path) -> dict[str, Any]:
    """From a clone of the Python Packaging Advisory Database: what it says of the packages of our locks, whatever the version."""
    wanted = {package.name for package in locked(DEVELOPMENT)}
    taken = _git(repository, "log", "-1", "--format=%cs", "HEAD").strip()
    found: dict[str, list[Any]] = {}
    for path in _git(repository, "ls-tree", "-r", "--name-only", "HEAD", "vulns/").splitlines():
        name = path.split("/")[1]
        if name in wanted:
            whole = yaml.safe_load(_git(repository, "show", f"HEAD:{path}"))
            found.setdefault(name, []).append(_compact(whole, name))
    return {"source": "pypa/advisory-database", "taken": taken, "asked": sorted(wanted), "packages": dict(sorted(found.items()))}


def written(recorded: dict[str, Any]) -> str:
    """One advisory a line, so that a renewal shows what is new."""
    packages = [
        f' "{name}": [\n  ' + ",\n  ".join(json.dumps(one, ensure_ascii=False) for one in found) + "\n ]"
        for name, found in recorded["packages"].items()
    ]
    head = {key: value for key, value in recorded.items() if key != "packages"}
    return json.dumps(head)[:-1] + ', "packages": {\n' + ",\n".join(packages) + "\n}}\n"


def _compact(whole: dict[str, Any], name: str) -> dict[str, Any]:
    kept = {key: " ".join(str(whole[key]).split())[:100] if key != "aliases" else whole[key] for key in _KEPT if key in whole}
    affected = [one for one in whole.get("affected", []) if one["package"]["name"] == name]
    ranges = [range_ for one in affected for range_ in one.get("ranges", []) if range_["type"] == "ECOSYSTEM"]
    package = {"name": name, "ecosystem": "PyPI"}
    versions = [] if ranges else sorted({version for one in affected for version in one.get("versions", [])})
    return {**kept, "affected": [{"package": package, "ranges": ranges, "versions": versions}]}


def known_of(recorded: dict[str, Any], name: str, version: str) -> list[dict[str, Any]]:
    """What the record holds against one version of a package."""
    return [one for one in recorded["packages"].get(name, []) if any(_touches(part, version) for part in one["affected"])]


def _touches(affected: dict[str, Any], version: str) -> bool:
    if version in affected["versions"]:
        return True
    return any(_in_range(range_["events"], version) for range_ in affected["ranges"])


def _in_range(events: list[dict[str, str]], version: str) -> bool:
    inside = False
    try:
        here = Version(version)
        for event in events:
            (kind, at), *_ = event.items()
            reached = at == "0" or here >= Version(at)
            if kind == "introduced" and reached:
                inside = True
            elif (kind == "fixed" and reached) or (kind == "last_affected" and here > Version(at)):
                inside = False
    except InvalidVersion:
        return True  # rather too much than too little
    return inside


@contextmanager
def served(recorded: dict[str, Any]) -> Iterator[str]:
    """The address of a service that answers from the record."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            vulns = known_of(recorded, asked["package"]["name"], asked["version"])
            answer = json.dumps({"vulns": vulns} if vulns else {}).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_: object) -> None: ...

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/v1/query"
        finally:
            server.shutdown()
            thread.join()


def _git(repository: Path, *words: str) -> str:
    return subprocess.run(["git", "-C", str(repository), *words], check=True, capture_output=True, text=True).stdout
