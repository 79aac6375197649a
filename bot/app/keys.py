"""The keyring that the settings name. A developer's own installation makes its master key itself; a real one must be given it."""

from __future__ import annotations

import logging
from functools import partial

from bot.adapters.kms.transit import TransitKey
from bot.errors import ConfigError
from bot.ports.keys import MasterKey
from bot.sealing.keyring import Keyring
from bot.sealing.master import InTurn, LocalMasterKey, made_master_key, read_master_keys
from config.settings import PREFIX, Settings

log = logging.getLogger(__name__)

FILE = "master.key"


def make_keyring(settings: Settings) -> Keyring:
    return Keyring(wrapping_key(settings), settings.tenant)


def wrapping_key(settings: Settings) -> MasterKey:
    """What wraps data keys: a key service, a master key, or one after the other while they are changed."""
    if settings.kms_url is None:
        return master_key(settings)
    service = TransitKey(
        settings.kms_url, settings.kms_key, partial(_token, settings),
        namespace=settings.kms_namespace, ca_file=settings.kms_ca_file,
    )  # fmt: skip
    if settings.master_key is None and settings.master_key_file is None:
        return service
    local = master_key(settings)
    return InTurn([local, service] if settings.kms_opens_only else [service, local])


def _token(settings: Settings) -> str:
    """As it is now: an agent beside us may put a new one into the file. Raises ConfigError where there is none."""
    if settings.kms_token is not None:
        return settings.kms_token.get_secret_value()
    path = settings.kms_token_file
    try:
        token = path.read_text(encoding="ascii").strip() if path is not None else ""
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{PREFIX}KMS_TOKEN_FILE: cannot read {path}: {getattr(error, 'strerror', 'not a token')}") from error
    if not token:
        raise ConfigError(f"{PREFIX}KMS_TOKEN_FILE: {path} is empty", code="kms_token_missing")
    return token


def master_key(settings: Settings) -> LocalMasterKey:
    """Raises ConfigError where there is none and none may be made."""
    if settings.master_key is not None:
        return read_master_keys(settings.master_key.get_secret_value(), f"{PREFIX}MASTER_KEY")
    where, path = f"{PREFIX}MASTER_KEY_FILE", settings.master_key_file
    if path is None:
        if not settings.developing:
            raise ConfigError(
                "PROCARE_MASTER_KEY (or PROCARE_MASTER_KEY_FILE) is needed: what is stored of people is encrypted with it. Make"
                " one with `procare keys new`, keep a copy away from this machine, and never lose it.",
                code="master_key_needed",
            )
        path = settings.data_dir / FILE
        where = str(path)
        if made_master_key(path):
            log.warning(
                "a master key was made: without this file nobody can read what is stored here",
                extra={"action": "master_key_made", "path": str(path)},
            )
    try:
        return read_master_keys(path.read_text(encoding="utf-8"), where)
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{where}: cannot read {path}: {getattr(error, 'strerror', 'not text')}") from error
