"""Wrong settings stop the start with one clear line each, and never show a secret."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.errors import ConfigError
from config.settings import read_settings


@pytest.fixture(autouse=True)
def _clean(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)


def test_no_settings_at_all_is_a_working_start() -> None:
    settings = read_settings()
    assert (settings.host, settings.port) == ("127.0.0.1", 8080)


@pytest.mark.parametrize(
    ("name", "value", "part"),
    [
        ("PROCARE_PORT", "eighty", "PROCARE_PORT"),
        ("PROCARE_PORT", "70000", "PROCARE_PORT"),
        ("PROCARE_REDIS_URL", "http://:hunter2hunter2@example", "redis://"),
        ("PROCARE_RABBITMQ_URL", "hunter2hunter2", "amqp://"),
        ("PROCARE_EVOLUTION_URL", "example", "http://"),
        ("PROCARE_EVOLUTION_URL", "http://example", "PROCARE_EVOLUTION_API_KEY"),
        ("PROCARE_WEBHOOK_TOKEN", "hunter2", "16 characters"),
        ("PROCARE_HOST", "0.0.0.0", "PROCARE_WEBHOOK_TOKEN"),
        ("PROCARE_S3_URL", "https://example", "bucket"),
        ("PROCARE_S3_URL", "https://user:hunter2hunter2@example/bucket", "bucket"),
        ("PROCARE_S3_URL", "https://example/bucket", "PROCARE_S3_ACCESS_KEY"),
        ("PROCARE_PROT", "8080", "no such setting"),
        ("PROCARE_CONFIG_FILE", "/nowhere.toml", "no such file"),
    ],
)
def test_a_mistake_is_named_in_one_line(monkeypatch: pytest.MonkeyPatch, name: str, value: str, part: str) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(ConfigError) as caught:
        read_settings()
    assert part in str(caught.value)
    assert len(str(caught.value).splitlines()) == 1
    assert "hunter2" not in str(caught.value)


def test_all_that_does_not_go_together_is_told_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PROCARE_EVOLUTION_URL", "http://example")
    monkeypatch.setenv("PROCARE_S3_URL", "https://example/bucket")
    with pytest.raises(ConfigError) as caught:
        read_settings()
    first, second = str(caught.value).splitlines()
    assert "PROCARE_EVOLUTION_API_KEY" in first
    assert "PROCARE_S3_ACCESS_KEY" in second


def test_the_environment_wins_over_the_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "procare.toml").write_text("port = 9000\nsend_rate = 5.0\n", encoding="utf-8")
    monkeypatch.setenv("PROCARE_PORT", "9001")
    settings = read_settings()
    assert (settings.port, settings.send_rate) == (9001, 5.0)


def test_an_unreadable_file_is_a_clear_line(tmp_path: Path) -> None:
    (tmp_path / "procare.toml").write_text("port = = 1", encoding="utf-8")
    with pytest.raises(ConfigError, match="settings file"):
        read_settings()


def test_secrets_do_not_show() -> None:
    settings = read_settings(redis_url="redis://:hunter2hunter2@localhost:1/0")
    assert "hunter2" not in repr(settings)


def test_numbers_on_metas_api_need_their_secrets_and_a_name_of_their_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PROCARE_META_NUMBERS", "clinic=106540352242922,second=106540352242923")
    with pytest.raises(ConfigError, match="PROCARE_META_TOKEN"):
        read_settings()
    for name in ("TOKEN", "APP_SECRET", "VERIFY_TOKEN"):
        monkeypatch.setenv(f"PROCARE_META_{name}", "a-long-secret-word")
    assert read_settings().meta == {"clinic": "106540352242922", "second": "106540352242923"}
    monkeypatch.setenv("PROCARE_EVOLUTION_INSTANCE", "clinic")
    with pytest.raises(ConfigError, match="another name"):
        read_settings()


def test_a_secret_may_stand_in_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("redis://worker:hunter2@host:6379/0\n", encoding="utf-8")
    monkeypatch.setenv("PROCARE_REDIS_URL_FILE", str(tmp_path / "secret"))
    settings = read_settings()
    assert settings.redis_url is not None
    assert settings.redis_url.get_secret_value() == "redis://worker:hunter2@host:6379/0"
    monkeypatch.setenv("PROCARE_REDIS_URL", "redis://other")
    with pytest.raises(ConfigError, match="one of the two"):
        read_settings()
    monkeypatch.delenv("PROCARE_REDIS_URL")
    monkeypatch.setenv("PROCARE_REDIS_URL_FILE", str(tmp_path / "nowhere"))
    with pytest.raises(ConfigError, match="PROCARE_REDIS_URL_FILE: cannot read"):
        read_settings()
