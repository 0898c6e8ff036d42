"""Message encryption for Web Push (RFC 8291, aes128gcm of RFC 8188), and who we are (VAPID, RFC 8292)."""

import os
import struct
from base64 import urlsafe_b64decode, urlsafe_b64encode

import jwt
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

RECORD = 4096  # bytes of a whole message: what every push service must take
MOST = RECORD - 86 - 16 - 1  # bytes of text in it, after the header, the tag and the delimiter
STEP = 512  # the length of a message tells nothing finer than this
LIFETIME = 12 * 3600  # seconds of a VAPID token; a day at most

CURVE = ec.SECP256R1()


def to_text(data: bytes) -> str:
    """base64url without padding."""
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def to_bytes(text: str) -> bytes:
    """From base64url, padded or not. Raises ValueError."""
    if not text.isascii() or any(letter not in _ALPHABET for letter in text.rstrip("=")):
        raise ValueError("not base64url")
    text = text.rstrip("=")
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


_ALPHABET = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")


def public_bytes(key: ec.EllipticCurvePublicKey) -> bytes:
    """65 bytes: the uncompressed point."""
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def private_key(text: str) -> ec.EllipticCurvePrivateKey:
    """A key from its 32 bytes in base64url. Raises ValueError."""
    data = to_bytes(text)
    if len(data) != 32:
        raise ValueError("a private key has 32 bytes")
    return ec.derive_private_key(int.from_bytes(data, "big"), CURVE)


def browser_key(text: str) -> ec.EllipticCurvePublicKey:
    """The `p256dh` of a subscription. Raises ValueError."""
    return ec.EllipticCurvePublicKey.from_encoded_point(CURVE, to_bytes(text))


def _derive(length: int, secret: bytes, salt: bytes, info: bytes) -> bytes:
    return HKDF(hashes.SHA256(), length, salt, info).derive(secret)


def encrypt(
    text: bytes, *, p256dh: str, auth: str, salt: bytes | None = None, own: ec.EllipticCurvePrivateKey | None = None,
    step: int = STEP,
) -> bytes:  # fmt: skip
    """The body of a push: one record of at most 4,096 bytes. `salt` and `own` are new for each message; only a test names
    them. Raises ValueError when the text is longer than MOST bytes or the keys are none."""
    if len(text) > MOST:
        raise ValueError("too long for one push")
    salt, own = salt or os.urandom(16), own or ec.generate_private_key(CURVE)
    browser = browser_key(p256dh)
    theirs, ours = public_bytes(browser), public_bytes(own.public_key())
    shared = own.exchange(ec.ECDH(), browser)
    secret = _derive(32, shared, to_bytes(auth), b"WebPush: info\0" + theirs + ours)
    key = _derive(16, secret, salt, b"Content-Encoding: aes128gcm\0")
    nonce = _derive(12, secret, salt, b"Content-Encoding: nonce\0")
    padded = text + b"\x02" + bytes(min(-len(text) % step, MOST - len(text)))
    header = salt + struct.pack(">IB", RECORD, len(ours)) + ours
    return header + AESGCM(key).encrypt(nonce, padded, None)


def authorization(*, key: ec.EllipticCurvePrivateKey, audience: str, subject: str, now: int) -> str:
    """The `Authorization` header for a push service. `audience`: its origin; `now`: Unix seconds."""
    token = jwt.encode({"aud": audience, "exp": now + LIFETIME, "sub": subject}, key, algorithm="ES256")
    return f"vapid t={token}, k={to_text(public_bytes(key.public_key()))}"
