"""Settings: read once from the environment and one optional TOML file, typed, frozen. Nobody else reads the environment.

A secret can also stand in a file of its own, which the variable of its name with ``_FILE`` behind names: PROCARE_REDIS_URL_FILE.

The environment wins over the file. The file is ``procare.toml`` in the working directory, or the one PROCARE_CONFIG_FILE names;
its keys are the names below without the prefix, in lower case.
"""

from __future__ import annotations

import os
import re
from ipaddress import ip_address
from pathlib import Path
from typing import Any, Self

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import (
    BaseSettings,
    InitSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from bot.errors import ConfigError
from config.contradictions import contradictions
from config.secret_files import secret_files, secrets_of

ROOT = Path(__file__).resolve().parent.parent
PREFIX = "PROCARE_"


class Settings(BaseSettings):
    """Every setting with its default and help text; the README's table is made from here."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="forbid", env_ignore_empty=True)

    host: str = Field("127.0.0.1", description="Address to listen on. A public one needs a webhook token or key.")
    port: int = Field(8080, ge=0, le=65535, description="Port of the webhook, the operations pages and (embedded) the chat page.")
    data_dir: Path = Field(Path("data"), description="Folder of the embedded engines and of received media.")
    dialogs_dir: Path = Field(ROOT / "dialogs", description="Folder of the dialogues, the lexicon and the fixed texts.")
    locales_dir: Path = Field(ROOT / "locales", description="Folder of the translations.")
    languages: str = Field(
        "",
        pattern=r"^([a-zA-Z_]+(\s*,\s*[a-zA-Z_]+)*)?$",
        description="To try some out: languages to offer instead of those in `config/policy.yaml`, with commas.",
    )
    log_level: str = Field("INFO", pattern="^(DEBUG|INFO|WARNING|ERROR)$", description="Lowest level that is logged.")

    evolution_url: str | None = Field(None, description="Evolution API's address. Unset: a local look-alike with a chat page.")
    evolution_api_key: SecretStr | None = Field(None, description="Evolution's global key, or the token of the instance.")
    evolution_instance: str = Field("procare", min_length=1, max_length=100, description="Name of the WhatsApp instance.")
    official_channel: bool = Field(
        False, description="The instance is WhatsApp's official API: publishing then waits for the templates' approval."
    )
    reviewed_only: bool = Field(
        False,
        description="Publishing waits until a native clinical reader has agreed with every clinical text of every language.",
    )
    evolution_rabbitmq_url: SecretStr | None = Field(
        None, description="Switch: also take Evolution's events from its own RabbitMQ exchange at this address."
    )
    meta_numbers: str = Field(
        "", description="Numbers on Meta's Cloud API without Evolution: `name=phone number id`, several with commas. Empty: none."
    )
    meta_token: SecretStr | None = Field(None, description="Access token of the Cloud API (a system user's, that does not end).")
    meta_app_secret: SecretStr | None = Field(
        None, description="Secret of the Meta app, which signs `/webhooks/meta`; after a change: `new,old` for a week."
    )
    meta_verify_token: SecretStr | None = Field(None, description="The verify token that was typed into Meta's webhook form.")
    meta_url: str = Field("https://graph.facebook.com/v23.0", description="The Graph API; another address for a look-alike.")
    webhook_token: SecretStr | None = Field(None, description="Shared token that Evolution sends with each webhook.")
    webhook_jwt_key: SecretStr | None = Field(None, description="Key of Evolution's `jwt_key` header option (HS256).")
    trust_unverified_senders: bool = Field(
        False, description="Treat a Cloud message whose id does not prove its sender as if it did. Leave it off."
    )
    baileys_interactive: bool = Field(False, description="Send real buttons and lists on Baileys too (phones may not show them).")

    rabbitmq_url: SecretStr | None = Field(
        None, description="RabbitMQ (amqp:// or amqps://; nodes of a cluster with commas). Unset: streams on the session engine."
    )
    redis_url: SecretStr | None = Field(
        None, description="Redis 7+ (redis://, rediss://, redis+sentinel://). Unset: an embedded Valkey."
    )
    redis_replicas: int | None = Field(
        None, ge=0, le=5, description="Replicas of Redis that must hold a write before it counts. Unset: 1 with Sentinel, else 0."
    )
    mongodb_url: SecretStr | None = Field(None, description="MongoDB replica set (mongodb://). Unset: an embedded SQLite file.")
    mongodb_database: str = Field("procare", min_length=1, max_length=60, description="Name of the MongoDB database.")

    master_key: SecretStr | None = Field(
        None, description="Master key of what is stored (`procare keys new` prints one); while you change it: `new,old`."
    )
    master_key_file: Path | None = Field(None, description="File with the master key instead, a line each while you change it.")
    kms_url: str | None = Field(
        None,
        description="Key service that wraps the data keys instead: the mount of a transit engine (Vault, OpenBao), like"
        " `https://vault.example:8200/v1/transit`. With a master key beside it: that one only opens what it wrapped before.",
    )
    kms_key: str = Field("procare", pattern=r"^[A-Za-z0-9_.-]{1,100}$", description="Name of our key there.")
    kms_token: SecretStr | None = Field(None, description="Token that may encrypt and decrypt with this key, and nothing else.")
    kms_token_file: Path | None = Field(
        None, description="File with that token instead; it is read anew for each call, so an agent may put a new one there."
    )
    kms_namespace: str | None = Field(None, min_length=1, max_length=200, description="Namespace there. Unset: none.")
    kms_ca_file: Path | None = Field(None, description="Certificate authority of the key service. Unset: the system's.")
    kms_opens_only: bool = Field(
        False, description="On the way back from a key service: it opens, and the master key wraps (`procare keys rewrap`)."
    )
    tenant: str = Field(
        "procare",
        pattern="^[a-z0-9][a-z0-9_-]{0,39}$",
        description="Whose data keys these are. Never change it with data stored.",
    )

    s3_url: str | None = Field(
        None, description="Bucket for files, with its service: `https://host:9000/bucket`. Unset: a folder in the data folder."
    )
    s3_access_key: SecretStr | None = Field(None, description="Access key of the bucket.")
    s3_secret_key: SecretStr | None = Field(None, description="Secret key of the bucket.")
    s3_region: str = Field("us-east-1", min_length=1, max_length=60, description="Region of the bucket (MinIO: as it is).")
    media_days: float = Field(7.0, gt=0, le=3650, description="Days that a file stays that nobody asked to keep longer.")

    whatsapp_number: str | None = Field(
        None,
        pattern=r"^[1-9]\d{7,14}$",
        description="Our WhatsApp number, digits with the country code: for invitation links.",
    )
    operator_number: str | None = Field(
        None,
        pattern=r"^[1-9]\d{7,14}$",
        description="An operator's WhatsApp number, digits with the country code: told by another instance when one is broken.",
    )
    razorpay_key_id: str | None = Field(None, min_length=1, description="Razorpay's key id. Unset: nothing is paid beforehand.")
    razorpay_key_secret: SecretStr | None = Field(None, description="Razorpay's key secret.")
    razorpay_webhook_secret: SecretStr | None = Field(
        None, description="Secret of Razorpay's webhook `/webhooks/razorpay`; after a change: `new,old` for a day."
    )
    razorpay_url: str = Field("https://api.razorpay.com", description="Razorpay's address; another one for a look-alike.")
    lab_url: str | None = Field(None, description="Address of the partner laboratory (`docs/lab-partner.md`). Unset: none.")
    lab_key: SecretStr | None = Field(None, description="Our key at the partner laboratory.")
    lab_webhook_secret: SecretStr | None = Field(None, description="Secret of the laboratory's webhook `/webhooks/lab`.")
    channel_daily_cost: float | None = Field(
        None,
        ge=0,
        description="Most that the official channel may cost in a day (UTC), in the currency of `config/costs.yaml`: then notices"
        " are withheld; answers and emergencies always go. Unset: only counted.",
    )
    staff_port: int | None = Field(None, ge=0, le=65535, description="Port of the staff's pages. Unset: none.")
    staff_host: str = Field("127.0.0.1", description="Address that they listen on. Put a proxy with TLS before a public one.")
    staff_key: SecretStr | None = Field(
        None, description="Seals the sessions of the staff, 32 characters or more. Unset: made anew at each start."
    )
    staff_url: str | None = Field(None, description="The pages' own address as browsers see it: for the identity provider.")
    staff_oidc_issuer: str | None = Field(
        None, description="OpenID Connect provider that vouches for the staff (its issuer). Unset: local accounts only."
    )
    staff_oidc_client_id: str | None = Field(None, min_length=1, description="Our client id there.")
    staff_oidc_client_secret: SecretStr | None = Field(None, description="Our client secret there.")
    staff_oidc_claim: str = Field(
        "roles", min_length=1, description="The claim that lists their roles, as values like `procare-clinician`."
    )
    llm_tasks: str = Field(
        "", description="Tasks that a language model may be asked, with commas, or `all`. Empty: no model is asked anything."
    )
    llm_api_key: SecretStr | None = Field(None, description="OpenRouter's key.")
    llm_file: Path = Field(ROOT / "config/llm.yaml", description="Which task is given to which model, and the budgets.")

    otlp_url: str | None = Field(
        None, description="Collector for traces, OTLP over HTTP: `http://collector:4318`. Unset: no tracing."
    )
    trace_share: float = Field(0.1, ge=0, le=1, description="Of how many turns the trace is kept, 0 to 1.")

    partitions: int = Field(8, ge=1, le=256, description="Partitions of turns and sends. Change it only with empty queues.")
    worker_slots: int = Field(64, ge=1, le=2000, description="Turns that one partition may have in hand at once.")
    send_rate: float = Field(20.0, gt=0, le=10000, description="Messages a second to one instance, over all senders.")
    flood_file: Path = Field(
        ROOT / "config/flood.yaml", description="How many messages a person, an instance and all together may send."
    )
    max_body_mib: int = Field(64, ge=1, le=512, description="Largest webhook body taken, in MiB.")
    large_bodies_mib: int = Field(
        192, ge=1, le=4096, description="Memory for large webhook bodies that are in hand at once, in MiB."
    )
    publish_seconds: float = Field(5.0, gt=0, le=25, description="How long a publish may wait for the bus's confirm.")
    stop_seconds: float = Field(20.0, gt=0, le=600, description="How long a stop may drain what is in hand.")

    @field_validator("evolution_url", "meta_url", "razorpay_url", "lab_url", "otlp_url", "staff_url")
    @classmethod
    def _http(cls, value: str | None) -> str | None:
        if value is not None and not value.startswith(("http://", "https://")):
            raise ValueError("must start with http:// or https://")
        return value.rstrip("/") if value else value

    @field_validator("staff_oidc_issuer", "kms_url")
    @classmethod
    def _secure(cls, value: str | None) -> str | None:
        if value is not None and not value.startswith(("https://", "http://127.0.0.1:", "http://localhost:")):
            raise ValueError("must start with https://")
        return value

    @field_validator("meta_numbers")
    @classmethod
    def _numbers(cls, value: str) -> str:
        if value and not re.fullmatch(r"[A-Za-z0-9_.-]{1,100}=\d{5,20}(,[A-Za-z0-9_.-]{1,100}=\d{5,20})*", value):
            raise ValueError("must be like clinic=106540352242922, several with commas")
        return value

    @field_validator("s3_url")
    @classmethod
    def _bucket(cls, value: str | None) -> str | None:
        if value is not None and not re.fullmatch(r"https?://[^/\s?#@]+/[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]/?", value):
            raise ValueError("must be http:// or https://, a host and a bucket, like https://host:9000/bucket")
        return value

    @field_validator("rabbitmq_url", "evolution_rabbitmq_url")
    @classmethod
    def _amqp(cls, value: SecretStr | None) -> SecretStr | None:
        return _scheme(value, ("amqp://", "amqps://"))

    @field_validator("redis_url")
    @classmethod
    def _redis(cls, value: SecretStr | None) -> SecretStr | None:
        return _scheme(value, ("redis://", "rediss://", "unix://", "redis+sentinel://", "rediss+sentinel://"))

    @field_validator("mongodb_url")
    @classmethod
    def _mongodb(cls, value: SecretStr | None) -> SecretStr | None:
        return _scheme(value, ("mongodb://", "mongodb+srv://"))

    @model_validator(mode="after")
    def _together(self) -> Self:
        if found := "\n".join(contradictions(self)):
            raise ValueError(found)
        return self

    @property
    def meta(self) -> dict[str, str]:
        """Our name of each number on the Cloud API -> Meta's id of it."""
        return dict(pair.split("=", 1) for pair in self.meta_numbers.split(",") if pair)

    @property
    def replicas_to_hold(self) -> int:
        """A master that Sentinels replace takes with it what no replica had."""
        if self.redis_replicas is not None:
            return self.redis_replicas
        return 1 if self.redis_url and "+sentinel://" in self.redis_url.get_secret_value() else 0

    @property
    def developing(self) -> bool:
        """True for the form in which everything is embedded and nobody's real messages come."""
        engines = (self.rabbitmq_url, self.redis_url, self.mongodb_url, self.s3_url)
        return self.loopback and not self.evolution_url and not self.meta and not any(engines)

    @property
    def loopback(self) -> bool:
        """True when only this machine can reach us."""
        if self.host == "localhost":
            return True
        try:
            return ip_address(self.host).is_loopback
        except ValueError:
            return False

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        file = Path(os.environ.get(f"{PREFIX}CONFIG_FILE") or "procare.toml")
        secret = InitSettingsSource(settings_cls, secret_files(settings_cls))
        return (init_settings, env_settings, secret, TomlConfigSettingsSource(settings_cls, file))


def read_settings(**overrides: Any) -> Settings:
    """Read the settings. Raises ConfigError with one line for each thing to mend, never showing a secret."""
    named = os.environ.get(f"{PREFIX}CONFIG_FILE")
    if named and not Path(named).is_file():
        raise ConfigError(f"{PREFIX}CONFIG_FILE: no such file: {named}")
    known = {f"{PREFIX}{name.upper()}" for name in Settings.model_fields} | {f"{PREFIX}CONFIG_FILE"}
    known |= {f"{PREFIX}{name.upper()}_FILE" for name in secrets_of(Settings)}
    unknown = sorted(n for n in os.environ if n.startswith(PREFIX) and n not in known and not n.startswith(f"{PREFIX}TEST_"))
    if unknown:
        raise ConfigError("\n".join(f"{name}: there is no such setting" for name in unknown))
    try:
        return Settings(**overrides)
    except ValidationError as error:
        lines = []
        for problem in error.errors(include_input=False, include_url=False):
            where = f"{PREFIX}{str(problem['loc'][0]).upper()}: " if problem["loc"] else ""
            lines.append(where + problem["msg"].removeprefix("Value error, "))
        raise ConfigError("\n".join(lines)) from None
    except ConfigError:
        raise
    except ValueError as error:  # a TOML file that cannot be read
        raise ConfigError(f"settings file: {error}") from None


def _scheme(value: SecretStr | None, schemes: tuple[str, ...]) -> SecretStr | None:
    if value is not None and not value.get_secret_value().startswith(schemes):
        raise ValueError("must start with " + " or ".join(schemes))
    return value
