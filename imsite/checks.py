"""System checks: settings that contradict each other, and what must not be in production."""

import os
from typing import Any

from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage, Error, register
from django.core.management.base import SystemCheckError
from django.db import connection

from push.encryption import private_key

TAG = "skyeim"


def refuse_contradictions() -> None:
    """Raises SystemCheckError at the start of a server process, which no command has checked. Warnings are for `check`."""
    errors = [found for found in checks.run_checks(tags=[TAG]) if found.level >= checks.ERROR]
    if errors:
        raise SystemCheckError("\n".join(f"{error.id}: {error.msg} {error.hint or ''}".strip() for error in errors))


@register(TAG)
def presence_times(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """A lease must outlive two renewals, or a slow one looks dead."""
    if settings.IM_LEASE_LIFETIME < 2 * settings.IM_LEASE_RENEWAL:
        hint = "Raise IM_LEASE_LIFETIME or lower IM_LEASE_RENEWAL."
        return [Error("IM_LEASE_LIFETIME is shorter than two renewals.", hint=hint, id="skyeim.E001")]
    return []


@register(TAG)
def heartbeat_times(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    if settings.IM_HEARTBEAT_TIMEOUT <= settings.IM_HEARTBEAT_INTERVAL:
        return [Error("IM_HEARTBEAT_TIMEOUT must be longer than IM_HEARTBEAT_INTERVAL.", id="skyeim.E002")]
    return []


@register(TAG)
def processes_without_redis(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Several processes without Redis would not hear of each other's messages at once; on SQLite they would wait for each
    other's locks."""
    workers = os.environ.get("WEB_CONCURRENCY", "1")
    if not (workers.isdecimal() and int(workers) > 1):
        return []
    if not settings.REDIS_URL:
        return [Error("WEB_CONCURRENCY asks for several processes, but REDIS_URL is not set.", id="skyeim.E003")]
    if connection.vendor == "sqlite":
        return [Error("WEB_CONCURRENCY asks for several processes, but the database is SQLite.", id="skyeim.E007")]
    return []


@register(TAG)
def redis_with_sqlite(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    if settings.REDIS_URL and connection.vendor == "sqlite":
        hint = "Set DATABASE_URL to a PostgreSQL database when several processes share the work."
        return [checks.Warning("REDIS_URL is set, but the database is SQLite.", hint=hint, id="skyeim.W001")]
    return []


@register(TAG)
def who_may_write(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    if settings.IM_DIRECT_MESSAGES not in ("everyone", "friends"):
        return [Error("IM_DIRECT_MESSAGES must be `everyone` or `friends`.", id="skyeim.E004")]
    return []


@register(TAG)
def accounts(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Who may sign up, and the mail that a confirmed address takes."""
    found: list[CheckMessage] = []
    if settings.IM_SIGN_UP not in ("open", "invite", "closed"):
        found.append(Error("IM_SIGN_UP must be `open`, `invite` or `closed`.", id="skyeim.E020"))
    if settings.IM_EMAIL_VERIFICATION not in ("none", "optional", "mandatory"):
        found.append(Error("IM_EMAIL_VERIFICATION must be `none`, `optional` or `mandatory`.", id="skyeim.E021"))
    elif settings.IM_EMAIL_VERIFICATION != "none" and not settings.IM_EMAIL_URL:
        hint = "Set IM_EMAIL_URL, or IM_EMAIL_VERIFICATION=none."
        found.append(Error("IM_EMAIL_VERIFICATION takes mail, and none is configured.", hint=hint, id="skyeim.E022"))
    if settings.IM_EMAIL_URL and not settings.IM_EMAIL_FROM:
        found.append(Error("IM_EMAIL_URL is set, but IM_EMAIL_FROM is not.", id="skyeim.E023"))
    return found


@register(TAG)
def sizes(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """A frame must fit into the outbox, and a longest message (10,000 characters of up to 4 bytes) into a frame."""
    found: list[CheckMessage] = []
    if settings.IM_OUTBOX_BYTES < settings.IM_MAX_MESSAGE_SIZE:
        found.append(Error("IM_OUTBOX_BYTES is smaller than IM_MAX_MESSAGE_SIZE.", id="skyeim.E005"))
    if settings.IM_MAX_MESSAGE_SIZE < 41_000:
        found.append(checks.Warning("IM_MAX_MESSAGE_SIZE is too small for a message of 10,000 characters.", id="skyeim.W003"))
    return found


@register(TAG)
def jwt_secret(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    if len(settings.IM_JWT_SECRET.encode()) < 32:
        hint = "RFC 7518, section 3.2: a key for HS256 has at least 256 bits."
        return [checks.Warning("IM_JWT_SECRET has fewer than 32 bytes.", hint=hint, id="skyeim.W002")]
    return []


@register(TAG)
def push_settings(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    found: list[CheckMessage] = []
    if settings.IM_VAPID_PRIVATE_KEY:
        try:
            private_key(settings.IM_VAPID_PRIVATE_KEY)
        except ValueError:
            hint = "It is the private key's 32 bytes, base64url. Without it the server makes one of its own."
            found.append(Error("IM_VAPID_PRIVATE_KEY is no key.", hint=hint, id="skyeim.E008"))
    if settings.IM_VAPID_SUBJECT and not settings.IM_VAPID_SUBJECT.startswith(("mailto:", "https:")):
        found.append(Error("IM_VAPID_SUBJECT must begin with mailto: or https:.", id="skyeim.E009"))
    if settings.IM_PUSH_DELAY > 60:
        hint = "It is meant for the seconds in which a message is read on another device."
        found.append(Error("IM_PUSH_DELAY is longer than a minute.", hint=hint, id="skyeim.E010"))
    return found


@register(TAG)
def debug_in_production(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    if settings.IM_PRODUCTION and settings.DEBUG:
        return [Error("IM_DEBUG must be off with IM_PRODUCTION=1.", id="skyeim.E006")]
    return []
