"""The addresses of push services, which browsers name and this server calls: https only, and never into our own network."""

import http.client
import ipaddress
import socket
import ssl
import time
from dataclasses import dataclass
from functools import cache
from urllib.parse import SplitResult, urlsplit

from django.conf import settings

from push import keys
from push.encryption import authorization

PATIENCE = 10  # seconds for a push service to take a message
LONGEST = 2_000  # characters of an address


class Forbidden(ValueError):
    """An address that this server does not call."""


@dataclass(slots=True)
class Answer:
    """What a push service said: an HTTP status (0: it could not be reached), and when to try again, in seconds."""

    status: int
    retry_after: float | None = None

    @property
    def taken(self) -> bool:
        return 200 <= self.status < 300

    @property
    def gone(self) -> bool:
        return self.status in (404, 410)

    @property
    def passes(self) -> bool:
        """Whether it may be different later."""
        return self.status in (0, 408, 429) or self.status >= 500


def parse(endpoint: str) -> SplitResult:
    """The parts of an address that may be called, as far as can be seen without a look-up. Raises Forbidden."""
    try:
        parts = urlsplit(endpoint)
        host, port = parts.hostname, parts.port
    except ValueError as error:
        raise Forbidden("The address cannot be read.") from error
    if parts.scheme != "https" or not host or parts.username is not None or port == 0 or len(endpoint) > LONGEST:
        raise Forbidden("The address must begin with https:// and name a host.")
    if not endpoint.isascii() or any(letter <= " " or letter == "\x7f" for letter in endpoint):
        raise Forbidden("The address holds letters that must be escaped.")
    if host in settings.IM_PUSH_PRIVATE_HOSTS:
        return parts
    try:
        literal = ipaddress.ip_address(host)
    except ValueError:
        if "." not in host.rstrip(".") or host.rstrip(".").endswith((".localhost", ".local", ".internal")):
            raise Forbidden("The address is one of a private network.") from None
    else:
        if not _public(literal):
            raise Forbidden("The address is one of a private network.")
    return parts


def _public(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour
        if inner is not None:
            return _public(inner)
        if address in _NAT64:  # leads to the IPv4 address in its last 32 bits
            return _public(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
    return address.is_global and not address.is_multicast


_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")


def resolve(host: str, port: int) -> tuple[str, int]:
    """The address to connect to: the one that was checked, so that a name cannot lead elsewhere a moment later. Raises
    Forbidden, OSError."""
    found = [info[4] for info in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    for name, number, *_ in found:
        if host in settings.IM_PUSH_PRIVATE_HOSTS or _public(ipaddress.ip_address(str(name).partition("%")[0])):
            return str(name), int(number)
    raise Forbidden("The name leads into a private network.")


@cache
def _tls() -> ssl.SSLContext:
    return ssl.create_default_context()


class _Connection(http.client.HTTPSConnection):
    """To an address that was checked, under the name that the certificate must have."""

    def connect(self) -> None:
        plain = socket.create_connection(resolve(self.host, self.port), self.timeout)
        try:
            self.sock = _tls().wrap_socket(plain, server_hostname=self.host)
        except BaseException:
            plain.close()
            raise


def post(*, endpoint: str, body: bytes, topic: str, ttl: float, urgency: str = "high") -> Answer:
    """Hand an encrypted message to a push service. Follows no redirect. Raises Forbidden."""
    parts = parse(endpoint)
    origin = f"https://{parts.netloc}"
    headers = {
        "Authorization": authorization(
            key=keys.current(), audience=origin, subject=keys.subject(), now=int(time.time())
        ),
        "Content-Encoding": "aes128gcm",
        "Content-Type": "application/octet-stream",
        "TTL": str(round(ttl)),
        "Topic": topic,
        "Urgency": urgency,
    }  # fmt: skip
    connection = _Connection(parts.hostname or "", parts.port or 443, timeout=PATIENCE)
    try:
        connection.request("POST", (parts.path or "/") + (f"?{parts.query}" if parts.query else ""), body, headers)
        answer = connection.getresponse()
        return Answer(answer.status, _seconds(answer.getheader("Retry-After")))
    except (OSError, http.client.HTTPException):
        return Answer(0)
    finally:
        connection.close()


def _seconds(text: str | None) -> float | None:
    return float(text) if text is not None and text.isascii() and text.isdecimal() and len(text) < 7 else None
