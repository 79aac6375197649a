"""Wrong settings stop the start with one clear line each; ``check`` explains the right ones and hides the secrets."""

from __future__ import annotations

import subprocess
from pathlib import Path

from tests.e2e.service import PROCARE, environment, run

WRONG: dict[str, tuple[dict[str, object], list[str]]] = {
    "port": ({"port": "eighty"}, ["PROCARE_PORT"]),
    "two at once": ({"port": 99999, "log_level": "LOUD"}, ["PROCARE_PORT", "PROCARE_LOG_LEVEL"]),
    "unknown": ({"prot": 80}, ["PROCARE_PROT: there is no such setting"]),
    "scheme": ({"redis_url": "http://secret-of-mine@x"}, ["PROCARE_REDIS_URL: must start with redis://"]),
    "public": ({"host": "0.0.0.0"}, ["PROCARE_HOST is a public address"]),
    "no key": ({"evolution_url": "http://127.0.0.1:1"}, ["PROCARE_EVOLUTION_API_KEY is needed"]),
    "short token": ({"webhook_token": "secret-of-mine"}, ["PROCARE_WEBHOOK_TOKEN must have at least 16"]),
    "file": ({"config_file": "/nowhere.toml"}, ["PROCARE_CONFIG_FILE: no such file"]),
    "data": ({"data_dir": "/dev/null/data"}, ["PROCARE_DATA_DIR"]),
}
ROLES = (["worker"], ["sender"], ["scheduler"], ["ingress"], ["agent", "clinical_monitor"])


def start_all(folder: Path, cases: dict[str, tuple[dict[str, object], list[str]]]) -> dict[str, subprocess.Popen[str]]:
    """All at once: each start takes a second."""
    return {
        name: subprocess.Popen(
            [str(PROCARE), *words],
            cwd=folder,
            env=environment({"port": 0, **settings}),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for name, (settings, words) in cases.items()
    }


def test_wrong_settings_stop_the_start_with_one_clear_line_each(folder: Path) -> None:
    processes = start_all(folder, {name: (settings, ["serve"]) for name, (settings, _) in WRONG.items()})
    problems = []
    for name, process in processes.items():
        _, err = process.communicate(timeout=60)
        lines, expected = err.splitlines(), WRONG[name][1]
        clear = len(lines) == len(expected) and all(any(words in line for line in lines) for words in expected)
        if process.returncode != 2 or not clear or "secret-of-mine" in err or not all(x.startswith("procare: ") for x in lines):
            problems.append(f"{name}: status {process.returncode}\n{err}")
    assert not problems, "\n".join(problems)


def test_a_role_alone_does_not_start_without_engines_to_share(folder: Path) -> None:
    processes = start_all(folder, {words[0]: ({}, words) for words in ROLES})
    for name, process in processes.items():
        _, err = process.communicate(timeout=60)
        assert process.returncode == 2, f"{name}: {err}"
        assert "set PROCARE_REDIS_URL and PROCARE_MONGODB_URL" in err
        assert len(err.splitlines()) == 1


def test_check_explains_the_embedded_form_and_finds_it_good(folder: Path) -> None:
    done = run(folder, {"webhook_token": "secret-of-mine-0123456789"}, "check")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "secret-of-mine" not in done.stdout + done.stderr
    for words in ("PROCARE_WEBHOOK_TOKEN", "embedded Valkey", "embedded SQLite", "local look-alike", "flows, version"):
        assert words in done.stdout


def test_content_that_cannot_be_used_stops_the_start_with_a_line_for_each_thing_to_mend(folder: Path) -> None:
    done = run(folder, {"port": 0, "dialogs_dir": "/nowhere"}, "serve")
    assert done.returncode == 2
    assert all(line.startswith("procare: dialogs/") for line in done.stderr.splitlines())
    assert "dialogs/emergency.yaml:1:1: the file cannot be read" in done.stderr


def test_check_names_what_does_not_answer_and_masks_every_secret(folder: Path) -> None:
    secrets = {
        "redis_url": "redis://user:secret-of-mine@127.0.0.1:1/0",
        "rabbitmq_url": "amqp://user:secret-of-mine@127.0.0.1:1/",
        "mongodb_url": "mongodb://user:secret-of-mine@127.0.0.1:1/?serverSelectionTimeoutMS=500",
        "evolution_url": "http://127.0.0.1:1",
        "evolution_api_key": "secret-of-mine",
        "webhook_token": "secret-of-mine-0123456789",
    }
    done = run(folder, secrets, "check")
    assert done.returncode == 1, done.stdout + done.stderr
    assert "secret-of-mine" not in done.stdout + done.stderr
    assert done.stdout.count("PROBLEM") == 4
    assert done.stderr == ""
