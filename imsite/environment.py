"""Reads settings from the environment: durations, rates, lists, and secrets that are made on the first start."""

import os
import re
import secrets
from pathlib import Path
from typing import Any

import environ
from django.core.exceptions import ImproperlyConfigured

env = environ.Env()

_UNITS = {"ms": 0.001, "": 1, "s": 1, "m": 60, "h": 3600, "d": 86400}
_DURATION = re.compile(r"(\d+(?:\.\d+)?)\s*(ms|s|m|h|d|)")
_RATE = re.compile(r"(\d+(?:\.\d+)?)/(s|m|h):(\d+)")


def duration(name: str, default: str) -> float:
    """Seconds, written as `5`, `5s`, `250ms`, `15m`, `12h` or `7d`."""
    text = env.str(name, default=default).strip()
    match = _DURATION.fullmatch(text)
    if match is None:
        raise ImproperlyConfigured(f"{name}={text!r} is not a duration such as 5s, 250ms, 15m, 12h or 7d.")
    return float(match[1]) * _UNITS[match[2]]


def rate(name: str, default: str) -> tuple[float, int]:
    """(events per second, burst), written as `50/s:400` (protocol §6)."""
    text = env.str(name, default=default).strip()
    match = _RATE.fullmatch(text)
    if match is None or float(match[1]) <= 0 or int(match[3]) < 1:
        raise ImproperlyConfigured(f"{name}={text!r} is not a rate such as 50/s:400.")
    return float(match[1]) / _UNITS[match[2]], int(match[3])


def words(name: str, default: str = "") -> list[str]:
    """A list separated by commas or white space."""
    return [word for word in re.split(r"[,\s]+", env.str(name, default=default)) if word]


def mail(name: str) -> dict[str, Any]:
    """Django's settings for sending mail, from `smtp+tls://user:password@host:587` or the like; without one, none is sent.

    Raises ImproperlyConfigured, which does not repeat the address: it holds a password."""
    address = env.str(name, default="")
    if not address:
        return {"EMAIL_BACKEND": "accounts.mail.Nowhere"}
    try:
        return dict(env.email_url_config(address))
    except (ImproperlyConfigured, ValueError) as error:
        raise ImproperlyConfigured(f"{name} is not an address such as smtp+tls://user:password@host:587.") from error


def secret(name: str, folder: Path, production: bool) -> str:
    """The secret `name`; without one in the environment, a random one kept in `folder`, so that no secret has a default.

    Raises ImproperlyConfigured in production, where every process and machine must be given the same one."""
    value = str(env.str(name, default=""))
    if value:
        return value
    if production:
        raise ImproperlyConfigured(f"{name} is not set. With IM_PRODUCTION=1 every secret must be given.")
    path = folder / name.removeprefix("IM_").lower()
    folder.mkdir(parents=True, exist_ok=True)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        pass
    else:
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(48))
    kept = path.read_text().strip()
    if len(kept) < 32:
        raise ImproperlyConfigured(f"{path} holds no usable secret. Delete it, and the next start makes a new one.")
    return kept


def connect_again(pool: Any) -> None:
    """What PostgreSQL's pool does when it has failed to connect for a second: try on. By itself it would wait twice as long
    after every failure, and stay away for minutes after the database is back."""
    pool.check()  # grows the pool where it is empty
