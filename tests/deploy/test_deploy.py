"""What can be said of the image and the compose file without a Docker engine."""

from __future__ import annotations

import importlib
import importlib.util
import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from agents.registry import NAMES
from bot.app.engines import split_problem
from bot.cli.main import COMMANDS
from config.settings import PREFIX, ROOT, Settings, read_settings
from tests.deploy.secured import accounts

COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "deploy/compose.yaml").read_text(encoding="utf-8"))
TEXT = (ROOT / "deploy/compose.yaml").read_text(encoding="utf-8")
EXAMPLE = (ROOT / "deploy/.env.example").read_text(encoding="utf-8")
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
ROLES = [
    name
    for name, service in COMPOSE["services"].items()
    if service.get("image") == "procare:latest" and "profiles" not in service
]
MIB = {"m": 1, "g": 1024}


def test_every_variable_has_a_place_in_the_example() -> None:
    wanted = set(re.findall(r"(?<!\$)\$\{([A-Z_]+)", TEXT))
    given = set(re.findall(r"^([A-Z_]+)=", EXAMPLE, re.MULTILINE))
    assert wanted == given


def test_every_role_runs_once() -> None:
    ran = {" ".join(COMPOSE["services"][name]["command"]) for name in ROLES}
    assert ran == {"ingress", "worker", "sender", "scheduler", *(f"agent {name}" for name in NAMES)}
    for command in ran:
        assert command.split()[0] in COMMANDS


def test_the_environment_is_accepted_and_lets_each_role_run_alone_under_its_account(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PROCARE_HOST", "0.0.0.0")  # as the image sets it
    monkeypatch.delenv("PROCARE_MASTER_KEY", raising=False)  # the tests' own
    made = accounts()
    made.write(tmp_path / "secrets", {"rabbitmq": "rabbitmq:5672", "redis": "redis:6379", "mongo": "mongo:27017"})
    for role in (*ROLES, "operator", "staff"):
        service = COMPOSE["services"][role]
        seen = {one if isinstance(one, str) else one["target"]: one if isinstance(one, str) else one["source"]
                for one in service["secrets"]}  # fmt: skip
        for name, value in service["environment"].items():
            if name.endswith("_FILE") and name.removesuffix("_FILE").removeprefix(PREFIX).lower() in Settings.model_fields:
                value = str(tmp_path / COMPOSE["secrets"][seen[Path(value).name]]["file"])
            monkeypatch.setenv(name, re.sub(r"\$\{[A-Z_]+:-([^}]*)\}", r"\1", value))
        settings = read_settings()
        assert split_problem(settings, "ingress") is None
        account = "eraser" if role == "engagement-engine" else "agent" if service["command"][0] == "agent" else role
        account = "operator" if role == "staff" else account
        assert settings.redis_url is not None
        assert f"//{account}:" in settings.redis_url.get_secret_value()


def test_backups_need_no_key_to_what_they_copy_and_a_restore_has_one(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("PROCARE_MASTER_KEY", raising=False)
    monkeypatch.setenv("PROCARE_HOST", "0.0.0.0")  # as the image sets it
    accounts().write(tmp_path / "secrets", {"rabbitmq": "r:1", "redis": "s:2", "mongo": "m:3"})
    for name in ("backup", "restore"):
        service = COMPOSE["services"][name]
        assert (service["image"], service["build"]["target"]) == ("procare-backup:latest", "backup")
        assert service["command"][0] in COMMANDS
        seen = {one if isinstance(one, str) else one["target"]: one if isinstance(one, str) else one["source"]
                for one in service["secrets"]}  # fmt: skip
        for setting, value in service["environment"].items():
            if setting.startswith(PREFIX):
                file = tmp_path / COMPOSE["secrets"][seen[Path(value).name]]["file"] if setting.endswith("_FILE") else value
                monkeypatch.setenv(setting, str(file))
        settings = read_settings()
        for address in (settings.redis_url, settings.mongodb_url, settings.rabbitmq_url):
            assert address is not None
            assert f"//{name}:" in address.get_secret_value()
        assert (settings.master_key_file is None) == (name == "backup") == ("master_key" not in seen)
        assert "/backup" in service["environment"]["RESTIC_REPOSITORY"]
        assert service["environment"]["RESTIC_PASSWORD_FILE"].removeprefix("/run/secrets/") in seen
        assert {one.partition(":")[2] for one in service["volumes"]} == {"/data", "/backup"}
    stages = dict(re.findall(r"^FROM \S+ AS (\w+)\n(.*?)(?=^FROM |\Z)", DOCKERFILE, re.MULTILINE | re.DOTALL))
    assert "install -y --no-install-recommends restic" in stages["backup"]
    assert stages["backup"].index("USER root") < stages["backup"].index("restic") < stages["backup"].index("USER procare")
    assert DOCKERFILE.rstrip().endswith("\nFROM role"), "who names no target gets the roles' image"


def test_every_secret_of_the_compose_file_is_made_by_the_script(tmp_path: Path) -> None:
    accounts().write(tmp_path, {"rabbitmq": "r", "redis": "s", "mongo": "m"})
    for name, secret in COMPOSE["secrets"].items():
        assert secret["file"] == f"secrets/{name}"
        assert (tmp_path / name).is_file(), name
    assert not re.search(r"(?i)(password|secret|token|key)[^\n:]*: *\$\{[A-Z_]+:\?", TEXT)
    for service in COMPOSE["services"].values():  # what stands in a command line stands in the process list
        words = json.dumps([service.get("command"), service.get("entrypoint"), service.get("healthcheck", {}).get("test")])
        assert not re.search(r"(?i)passw|\$\{", words)


def test_every_other_setting_has_a_file_that_the_script_makes_once(tmp_path: Path) -> None:
    """Who sets PROCARE_SEND_RATE for Baileys in `.env` would be heard by nobody: compose only fills in what its file names."""
    own, hosts = tmp_path / "procare.env", {"rabbitmq": "r", "redis": "s", "mongo": "m"}
    accounts().write(tmp_path, hosts)
    assert own.stat().st_mode & 0o077 == 0
    assert all(line.startswith("#") for line in own.read_text(encoding="utf-8").splitlines())
    own.write_text("PROCARE_SEND_RATE=1\n", encoding="utf-8")
    accounts().write(tmp_path, hosts)
    assert own.read_text(encoding="utf-8") == "PROCARE_SEND_RATE=1\n"
    for name, service in COMPOSE["services"].items():
        if service["image"].startswith("procare"):
            assert service["env_file"] == ([] if name == "backup" else ["secrets/procare.env"]), name


def test_it_fits_into_eight_gigabytes() -> None:
    limits = {name: one["mem_limit"] for name, one in COMPOSE["services"].items() if "profiles" not in one}
    assert sum(int(limit[:-1]) * MIB[limit[-1]] for limit in limits.values()) <= 7.25 * 1024


def test_our_containers_have_no_rights_and_a_file_system_that_they_cannot_write() -> None:
    for name in (*ROLES, "backup", "restore", "operator", "staff"):
        service = COMPOSE["services"][name]
        assert (service["read_only"], service["cap_drop"], service["security_opt"]) == (True, ["ALL"], ["no-new-privileges:true"])


def test_compose_itself_takes_the_file(tmp_path: Path) -> None:
    tool = next((words for words in (["docker", "compose"], ["docker-compose"]) if reads_the_specification(*words)), None)
    if tool is None:
        pytest.skip("no Docker Compose of version 2 or later is installed")
    folder = tmp_path / "deploy"
    shutil.copytree(ROOT / "deploy", folder, ignore=shutil.ignore_patterns("secrets", ".env"))
    accounts().write(folder / "secrets", {"rabbitmq": "rabbitmq:5672", "redis": "redis:6379", "mongo": "mongo:27017"})
    words = [*tool, "-f", str(folder / "compose.yaml"), "--env-file", str(folder / ".env.example"), "--profile", "*", "config"]
    done = subprocess.run([*words, "--quiet"], capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stderr) == (0, "")


def test_the_compose_specification_takes_the_file() -> None:
    """Without Docker: the names and values of all fields. Templates (``<<``) are put in first; it does not know them."""
    if importlib.util.find_spec("compose_spec") is None:
        pytest.skip("compose-spec is not installed (on Linux x86_64 it comes with: pip install '.[dev]')")
    read = importlib.import_module("compose_spec").PyCompose.from_yaml
    assert set(read(yaml.safe_dump(COMPOSE)).service_names()) == set(COMPOSE["services"])
    slip = yaml.safe_dump(COMPOSE).replace("mem_limit:", "mem_limits:", 1)
    with pytest.raises(ValueError, match="mem_limits"):
        read(slip)


def test_a_restore_by_the_page_removes_our_engines_volumes_and_nobody_elses() -> None:
    page = (ROOT / "docs/operations.md").read_text(encoding="utf-8")
    [removed] = re.findall(r"docker volume rm ([^\n`]+)", page)
    assert removed.split() == [f"{COMPOSE['name']}_{name}" for name in COMPOSE["volumes"] if re.match("redis|mongo", name)]


def reads_the_specification(*words: str) -> bool:
    """Version 1, which Debian 12 has as docker-compose, knows no ``name``."""
    if shutil.which(words[0]) is None:
        return False
    told = subprocess.run([*words, "version"], capture_output=True, text=True)
    return told.returncode == 0 and re.search(r"version v?(?!1\.)\d", told.stdout) is not None


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
