"""Wrong settings stop the start with one clear line each; ``check`` explains the right ones and hides the secrets."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.e2e.at_hand import run_here
from tests.e2e.service import run

SECRET = "secret-of-mine"
WRONG: dict[str, tuple[dict[str, object], list[str]]] = {
    "a word for a number": ({"port": "eighty"}, ["PROCARE_PORT"]),
    "two at once": ({"port": 99999, "log_level": "LOUD"}, ["PROCARE_PORT", "PROCARE_LOG_LEVEL"]),
    "a name that is none": ({"prot": 80}, ["PROCARE_PROT: there is no such setting"]),
    "a wrong scheme": ({"redis_url": f"http://{SECRET}@x"}, ["PROCARE_REDIS_URL: must start with redis://"]),
    "a public address": ({"host": "0.0.0.0"}, ["PROCARE_HOST is a public address"]),
    "no key": ({"evolution_url": "http://127.0.0.1:1"}, ["PROCARE_EVOLUTION_API_KEY is needed"]),
    "a short token": ({"webhook_token": SECRET}, ["PROCARE_WEBHOOK_TOKEN must have at least 16"]),
    "no such file": ({"config_file": "/nowhere.toml"}, ["PROCARE_CONFIG_FILE: no such file"]),
}
ROLES = (["worker"], ["sender"], ["scheduler"], ["ingress"], ["agent", "clinical_monitor"])


@pytest.mark.parametrize("case", WRONG)
def test_wrong_settings_stop_the_start_with_one_clear_line_each(case: str, folder: Path) -> None:
    settings, expected = WRONG[case]
    done = run_here(folder, {"port": 0, **settings}, "serve")
    lines = done.stderr.splitlines()
    assert done.returncode == 2
    assert len(lines) == len(expected)
    for words, line in zip(sorted(expected), sorted(lines), strict=True):
        assert line.startswith(f"procare: {words}")
    assert SECRET not in "".join(lines)


@pytest.mark.parametrize("words", ROLES, ids=lambda words: words[0])
def test_a_role_alone_does_not_start_without_engines_to_share(words: list[str], folder: Path) -> None:
    done = run_here(folder, {"port": 0}, *words)
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1
    assert "set PROCARE_REDIS_URL and PROCARE_MONGODB_URL" in done.stderr


def test_a_data_folder_that_cannot_be_made_is_one_line(folder: Path) -> None:
    done = run_here(folder, {"port": 0, "data_dir": "/dev/null/data"}, "serve")
    assert done.returncode == 2
    assert done.stderr.startswith("procare: PROCARE_DATA_DIR: cannot make /dev/null/data")
    assert len(done.stderr.splitlines()) == 1


def test_content_that_cannot_be_used_stops_the_start_with_a_line_for_each_thing_to_mend(folder: Path) -> None:
    done = run_here(folder, {"port": 0, "dialogs_dir": "/nowhere"}, "serve")
    assert done.returncode == 2
    assert all(line.startswith("procare: dialogs/") for line in done.stderr.splitlines())
    assert "dialogs/emergency.yaml:1:1: the file cannot be read" in done.stderr


def test_check_explains_the_embedded_form_and_finds_it_good(folder: Path) -> None:
    done = run(folder, {"webhook_token": f"{SECRET}-0123456789"}, "check")
    assert done.returncode == 0, done.stdout + done.stderr
    assert SECRET not in done.stdout + done.stderr
    for words in ("PROCARE_WEBHOOK_TOKEN", "embedded Valkey", "embedded SQLite", "local look-alike", "flows, version"):
        assert words in done.stdout


def test_check_names_what_does_not_answer_and_masks_every_secret(folder: Path) -> None:
    settings = {
        "redis_url": f"redis://user:{SECRET}@127.0.0.1:1/0",
        "rabbitmq_url": f"amqp://user:{SECRET}@127.0.0.1:1/",
        "mongodb_url": f"mongodb://user:{SECRET}@127.0.0.1:1/?serverSelectionTimeoutMS=500",
        "evolution_url": "http://127.0.0.1:1",
        "evolution_api_key": SECRET,
        "webhook_token": f"{SECRET}-0123456789",
        "publish_seconds": 1,
    }
    done = run_here(folder, settings, "check")
    assert done.returncode == 1, done.stdout + done.stderr
    assert SECRET not in done.stdout + done.stderr
    assert done.stdout.count("PROBLEM") == 4
    assert done.stderr == ""
