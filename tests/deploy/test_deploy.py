"""What can be said of the image and the compose file without a Docker engine."""

from __future__ import annotations

import re
from typing import Any

import pytest
import yaml

from agents.registry import NAMES
from bot.app.engines import split_problem
from bot.cli.main import commands
from config.settings import PREFIX, ROOT, Settings

COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "deploy/compose.yaml").read_text(encoding="utf-8"))
TEXT = (ROOT / "deploy/compose.yaml").read_text(encoding="utf-8")
EXAMPLE = (ROOT / "deploy/.env.example").read_text(encoding="utf-8")
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
ROLES = [name for name, service in COMPOSE["services"].items() if service.get("image") == "procare:latest"]


def test_every_variable_has_a_place_in_the_example() -> None:
    wanted = set(re.findall(r"(?<!\$)\$\{([A-Z_]+)", TEXT))
    given = set(re.findall(r"^([A-Z_]+)=", EXAMPLE, re.MULTILINE))
    assert wanted == given


def test_every_role_runs_once() -> None:
    ran = {" ".join(COMPOSE["services"][name]["command"]) for name in ROLES}
    assert ran == {"ingress", "worker", "sender", "scheduler", *(f"agent {name}" for name in NAMES)}
    for command in ran:
        assert command.split()[0] in commands.commands


def test_the_environment_is_accepted_and_lets_a_role_run_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PROCARE_HOST", "0.0.0.0")  # as the image sets it
    values: dict[str, str] = COMPOSE["services"]["worker"]["environment"]
    for name, value in values.items():
        assert name.removeprefix(PREFIX).lower() in Settings.model_fields
        filled = re.sub(
            r"\$\{[A-Z_]+(?::-([^}]*)|:\?[^}]*)?\}", lambda found: "0123456789abcdef" if found[1] is None else found[1], value
        )
        monkeypatch.setenv(name, filled)
    assert split_problem(Settings()) is None


def test_services_depend_on_healthy_engines_that_have_a_health_check() -> None:
    for name, service in COMPOSE["services"].items():
        for engine, how in service.get("depends_on", {}).items():
            assert how["condition"] == "service_healthy", name
            assert "healthcheck" in COMPOSE["services"][engine]


def test_every_role_shares_the_folder_of_files() -> None:
    [folder] = re.findall(r"PROCARE_DATA_DIR=(\S+)", DOCKERFILE)
    shared = {tuple(COMPOSE["services"][name]["volumes"]) for name in ROLES}
    assert len(ROLES) >= 5
    assert shared == {(f"media:{folder}",)}
    assert "media" in COMPOSE["volumes"]


def test_no_engine_is_reachable_from_outside_the_machine() -> None:
    for service in COMPOSE["services"].values():
        for port in service.get("ports", []):
            assert port.startswith("127.0.0.1:")


def test_the_image_holds_what_the_package_needs_and_runs_as_nobody_special() -> None:
    copied = set(re.findall(r"^COPY (?!--from)(.+) \S+$", DOCKERFILE, re.MULTILINE))
    names = {name for group in copied for name in group.split()}
    assert {"bot", "agents", "webhooks", "config", "dialogs", "locales", "pyproject.toml", "requirements.lock"} <= names
    for name in names:
        assert (ROOT / name).exists(), name
    ignored = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    assert {f"!{name}" for name in names} <= set(ignored)
    assert re.search(r"^USER procare$", DOCKERFILE, re.MULTILINE)
    assert "HEALTHCHECK" in DOCKERFILE
    assert "--require-hashes" in DOCKERFILE


def test_the_locks_hold_hashes_and_no_addresses() -> None:
    for lock in ("requirements.lock", "requirements-dev.lock"):
        text = (ROOT / lock).read_text(encoding="utf-8")
        assert "://" not in text
        assert "--index-url" not in text
        for block in re.split(r"\n(?=\S)", text.strip()):
            assert "--hash=sha256:" in block, block.splitlines()[0]
