"""A push service and the browsers behind it, on loopback: it speaks HTTPS, and decrypts what it gets as a browser would."""

import json
import ssl
import struct
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import jwt
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from push.encryption import CURVE, public_bytes, to_bytes, to_text


def decrypt(body: bytes, *, key: ec.EllipticCurvePrivateKey, auth: bytes) -> bytes:
    """What a browser does with the body of a push (RFC 8291, section 4)."""
    salt, record, length = body[:16], *struct.unpack(">IB", body[16:21])
    theirs = body[21 : 21 + length]
    cipher = body[21 + length :]
    assert len(cipher) <= record
    shared = key.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(CURVE, theirs))
    info = b"WebPush: info\0" + public_bytes(key.public_key()) + theirs
    secret = HKDF(hashes.SHA256(), 32, auth, info).derive(shared)
    content = HKDF(hashes.SHA256(), 16, salt, b"Content-Encoding: aes128gcm\0").derive(secret)
    nonce = HKDF(hashes.SHA256(), 12, salt, b"Content-Encoding: nonce\0").derive(secret)
    text = AESGCM(content).decrypt(nonce, cipher, None).rstrip(b"\0")
    assert text.endswith(b"\x02")
    return text[:-1]


@dataclass
class Push:
    """One that arrived."""

    browser: str
    headers: dict[str, str]
    body: dict[str, Any]
    size: int


@dataclass
class Browser:
    """A subscription as a browser has it."""

    name: str
    url: str
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(CURVE))
    auth: bytes = b"0123456789abcdef"

    @property
    def subscription(self) -> dict[str, Any]:
        keys = {"p256dh": to_text(public_bytes(self.key.public_key())), "auth": to_text(self.auth)}
        return {"endpoint": self.url, "expirationTime": None, "keys": keys}


class PushService:
    """Answers 201, or what `answers` says of a browser, once each."""

    def __init__(self, port: int) -> None:
        self.origin = f"https://localhost:{port}"
        self.browsers: dict[str, Browser] = {}
        self.arrived: list[Push] = []
        self.answers: dict[str, list[tuple[int, dict[str, str]]]] = {}
        self.lock = threading.Lock()
        self.problems: list[str] = []

    def browser(self, name: str) -> Browser:
        made = self.browsers[name] = Browser(name, f"{self.origin}/push/{name}")
        return made

    def of(self, browser: Browser) -> list[Push]:
        with self.lock:
            return [push for push in self.arrived if push.browser == browser.name]

    def wait(self, browser: Browser, count: int = 1, timeout: float = 20) -> list[Push]:
        """The pushes of a browser, when there are so many."""
        until(lambda: len(self.of(browser)) >= count, timeout, lambda: self.of(browser))
        return self.of(browser)

    def take(self, path: str, headers: dict[str, str], body: bytes) -> tuple[int, dict[str, str]]:
        """One request: its signature and its encryption are checked, as a push service and a browser would."""
        browser = self.browsers[path.rpartition("/")[2]]
        scheme, _, fields = headers["authorization"].partition(" ")
        assert scheme == "vapid"
        token, key = (part.strip().partition("=")[2] for part in fields.split(","))
        public = ec.EllipticCurvePublicKey.from_encoded_point(CURVE, to_bytes(key))
        claims = jwt.decode(token, public, algorithms=["ES256"], audience=self.origin)
        assert claims["sub"].startswith(("mailto:", "https:"))
        assert claims["exp"] < time.time() + 24 * 3600
        assert (headers["content-encoding"], int(headers["ttl"]) > 0) == ("aes128gcm", True)
        with self.lock:
            text = decrypt(body, key=browser.key, auth=browser.auth)
            self.arrived.append(Push(browser.name, {**headers, "k": key}, json.loads(text), len(body)))
            queued = self.answers.get(browser.name)
            return queued.pop(0) if queued else (201, {})


def until(check: Callable[[], bool], timeout: float = 20, said: Callable[[], Any] = lambda: "") -> None:
    deadline = time.monotonic() + timeout
    while not check():
        assert time.monotonic() < deadline, said()
        time.sleep(0.05)


def certificate(folder: Path) -> tuple[Path, Path]:
    """(certificate, key) for localhost, signed by itself."""
    key = ec.generate_private_key(CURVE)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    names = x509.SubjectAlternativeName([x509.DNSName("localhost"), x509.IPAddress(ip_address("127.0.0.1"))])
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(x509.random_serial_number()).not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1)).add_extension(names, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True).sign(key, hashes.SHA256())
    )  # fmt: skip
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )  # fmt: skip
    files = folder / "push.crt", folder / "push.key"
    files[0].write_bytes(made.public_bytes(serialization.Encoding.PEM))
    files[1].write_bytes(private)
    return files


@contextmanager
def push_service(folder: Path) -> Iterator[PushService]:
    """A push service that runs; its certificate is `folder / "push.crt"`."""
    file, key = certificate(folder)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            headers = {name.lower(): value for name, value in self.headers.items()}
            try:
                status, extra = service.take(self.path, headers, body)
            except Exception as error:
                service.problems.append(repr(error))
                status, extra = 400, {}
            self.send_response(status)
            for name, value in extra.items():
                self.send_header(name, value)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *args: Any) -> None:
            pass

    listening = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file, key)
    listening.socket = context.wrap_socket(listening.socket, server_side=True)
    service = PushService(listening.server_port)
    thread = threading.Thread(target=listening.serve_forever, kwargs={"poll_interval": 0.1}, daemon=True)
    thread.start()
    try:
        yield service
        assert service.problems == []
    finally:
        listening.shutdown()
        listening.server_close()
        thread.join()


# A subscription that is good (with the keys of RFC 8291, appendix A) and leads nowhere.
GOOD: dict[str, Any] = {
    "endpoint": "https://push.example.org/one",
    "keys": {
        "p256dh": "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
        "auth": "BTBZMqHH6r4Tts7J_aSIgg",
    },
}
