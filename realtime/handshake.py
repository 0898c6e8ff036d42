"""Who may knock (protocol §1.1): the Host, the Origin and the address of a WebSocket handshake, before any credentials."""

import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

from django.conf import settings
from django.http.request import split_domain_port, validate_host

from realtime.limits import Buckets

DEVICE = re.compile(r"[A-Za-z0-9._-]{1,64}")
OPTION = re.compile(r"[a-z]{1,32}")
_PORTS = {"http": 80, "https": 443}

Scope = dict[str, Any]


def headers(scope: Scope, name: bytes) -> list[str]:
    """Every value of a header, in order."""
    return [value.decode("latin-1") for key, value in scope["headers"] if key == name]


def query(scope: Scope) -> dict[str, list[str]]:
    """The query's parameters; an empty value counts as present."""
    return parse_qs(scope["query_string"].decode("latin-1"), keep_blank_values=True, max_num_fields=50)


def address(scope: Scope) -> str:
    """The client's address; behind a trusted proxy the one that the proxy names."""
    client = scope.get("client")
    return str(client[0]) if client else ""


def host_allowed(scope: Scope) -> bool:
    """The Host must be one of IM_ALLOWED_HOSTS, on any port."""
    values = headers(scope, b"host")
    if len(values) != 1:
        return False
    domain, _port = split_domain_port(values[0])
    return bool(domain) and validate_host(domain, settings.IM_ALLOWED_HOSTS)


def origin_allowed(scope: Scope) -> bool:
    """A present Origin, even an empty one, must be this server or listed. A client without one is not a browser."""
    values = headers(scope, b"origin")
    if not values:
        return True
    if len(values) != 1:
        return False
    origin = values[0]
    if origin in settings.IM_ALLOWED_ORIGINS:
        return True
    scheme = {"ws": "http", "wss": "https"}.get(scope.get("scheme", "ws"), "http")
    here = _parts(f"{scheme}://{headers(scope, b'host')[0]}")
    return here is not None and _parts(origin) == here


def _parts(origin: str) -> tuple[str, str, int] | None:
    """(scheme, host, port) of an origin that is nothing but an origin."""
    try:
        parts = urlsplit(origin)
        port = parts.port
    except ValueError:
        return None
    if parts.scheme not in _PORTS or not parts.hostname or parts.path or parts.query or parts.fragment or "@" in parts.netloc:
        return None
    return parts.scheme, parts.hostname, port or _PORTS[parts.scheme]


_buckets: Buckets | None = None


def too_fast(scope: Scope) -> bool:
    """More handshakes from this address than IM_RATE_HANDSHAKE allows."""
    global _buckets
    if _buckets is None or _buckets.limit != settings.IM_RATE_HANDSHAKE:
        _buckets = Buckets(settings.IM_RATE_HANDSHAKE)
    return _buckets.wait(address(scope)) > 0
