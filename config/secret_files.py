"""Secrets in files of their own, as container platforms hand them over: a variable names the file."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, get_args

from pydantic import SecretStr
from pydantic_settings import BaseSettings

from bot.errors import ConfigError


def secrets_of(kind: type[BaseSettings]) -> list[str]:
    """Those that may stand in a file. The master key has a setting of its own for that: its file may hold several lines."""
    fields = kind.model_fields
    return [name for name, field in fields.items() if SecretStr in get_args(field.annotation) and f"{name}_file" not in fields]


def secret_files(kind: type[BaseSettings]) -> dict[str, Any]:
    """The secrets that stand in files. Raises ConfigError for one that cannot be read or is given twice."""
    found: dict[str, Any] = {}
    prefix = kind.model_config.get("env_prefix", "")
    for name in secrets_of(kind):
        variable = f"{prefix}{name.upper()}"
        path = os.environ.get(f"{variable}_FILE")
        if not path:
            continue
        if os.environ.get(variable):
            raise ConfigError(f"{variable}_FILE: {variable} is set as well; give one of the two")
        try:
            found[name] = Path(path).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise ConfigError(f"{variable}_FILE: cannot read {path}: {type(error).__name__}") from error
    return found
