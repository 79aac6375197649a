"""Settings that do not go together, each in a line that says what to set."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from pydantic import SecretStr

if TYPE_CHECKING:
    from config.settings import Settings


def contradictions(settings: Settings) -> Iterator[str]:
    """What an operator has to mend before anything starts. Never the value of a secret."""
    if settings.evolution_url and settings.evolution_api_key is None:
        yield "PROCARE_EVOLUTION_API_KEY is needed together with PROCARE_EVOLUTION_URL"
    if settings.meta_numbers and not (settings.meta_token and settings.meta_app_secret and settings.meta_verify_token):
        yield ("PROCARE_META_TOKEN, PROCARE_META_APP_SECRET and PROCARE_META_VERIFY_TOKEN are needed with PROCARE_META_NUMBERS")
    if settings.evolution_instance in settings.meta:
        yield "PROCARE_META_NUMBERS: a number needs another name than PROCARE_EVOLUTION_INSTANCE"
    if settings.master_key and settings.master_key_file:
        yield "PROCARE_MASTER_KEY and PROCARE_MASTER_KEY_FILE are both set: keep one"
    if settings.kms_token and settings.kms_token_file:
        yield "PROCARE_KMS_TOKEN and PROCARE_KMS_TOKEN_FILE are both set: keep one"
    if settings.kms_url and settings.kms_token is None and settings.kms_token_file is None:
        yield "PROCARE_KMS_TOKEN (or PROCARE_KMS_TOKEN_FILE) is needed together with PROCARE_KMS_URL"
    if settings.kms_opens_only and not (settings.kms_url and (settings.master_key or settings.master_key_file)):
        yield "PROCARE_KMS_OPENS_ONLY: needs PROCARE_KMS_URL and a master key that wraps instead"
    if settings.s3_url and (settings.s3_access_key is None or settings.s3_secret_key is None):
        yield "PROCARE_S3_ACCESS_KEY and PROCARE_S3_SECRET_KEY are needed together with PROCARE_S3_URL"
    if settings.redis_url and "+sentinel://" in settings.redis_url.get_secret_value() and settings.rabbitmq_url is None:
        yield "PROCARE_RABBITMQ_URL is needed with Redis Sentinel: streams as the bus follow no failover"
    razorpay = (settings.razorpay_key_id, settings.razorpay_key_secret, settings.razorpay_webhook_secret)
    if any(razorpay) and not all(razorpay):
        yield ("PROCARE_RAZORPAY_KEY_ID, PROCARE_RAZORPAY_KEY_SECRET and PROCARE_RAZORPAY_WEBHOOK_SECRET are needed together")
    if settings.lab_url and (settings.lab_key is None or settings.lab_webhook_secret is None):
        yield "PROCARE_LAB_KEY and PROCARE_LAB_WEBHOOK_SECRET are needed together with PROCARE_LAB_URL"
    oidc = (settings.staff_oidc_issuer, settings.staff_oidc_client_id, settings.staff_oidc_client_secret)
    if any(oidc) and not (all(oidc) and settings.staff_url):
        yield (
            "PROCARE_STAFF_OIDC_ISSUER, PROCARE_STAFF_OIDC_CLIENT_ID, PROCARE_STAFF_OIDC_CLIENT_SECRET and PROCARE_STAFF_URL "
            "are needed together"
        )
    if not settings.loopback and not settings.meta and settings.webhook_token is None and settings.webhook_jwt_key is None:
        yield ("PROCARE_HOST is a public address: set PROCARE_WEBHOOK_TOKEN or PROCARE_WEBHOOK_JWT_KEY, or listen on 127.0.0.1")
    elif not settings.loopback and settings.evolution_url is None and not settings.meta:
        yield "the chat page is for this machine only: set PROCARE_EVOLUTION_URL, or listen on 127.0.0.1"
    # RFC 7518 section 3.2 asks for 32 bytes for HS256.
    for name, shortest in (("webhook_token", 16), ("webhook_jwt_key", 32), ("staff_key", 32)):
        secret: SecretStr | None = getattr(settings, name)
        if secret is not None and len(secret.get_secret_value().encode()) < shortest:
            yield f"PROCARE_{name.upper()} must have at least {shortest} characters"
