"""The VAPID key of this installation: from the settings, else made on first use and kept in the database."""

from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import settings

from push.encryption import CURVE, private_key, public_bytes, to_text
from push.models import VapidKey


def current() -> ec.EllipticCurvePrivateKey:
    """The private key. Every process gets the same one, whoever asks first."""
    if settings.IM_VAPID_PRIVATE_KEY:
        return private_key(settings.IM_VAPID_PRIVATE_KEY)
    kept = VapidKey.objects.filter(pk=1).first()
    if kept is None:
        number = ec.generate_private_key(CURVE).private_numbers().private_value
        fresh = to_text(number.to_bytes(32, "big"))
        kept, _ = VapidKey.objects.get_or_create(pk=1, defaults={"private": fresh})
    return private_key(kept.private)


def public() -> str:
    """What a page needs to subscribe: the public key, base64url."""
    return to_text(public_bytes(current().public_key()))


def subject() -> str:
    """Whom a push service may write to when something is wrong here."""
    return settings.IM_VAPID_SUBJECT or f"mailto:postmaster@{settings.IM_ALLOWED_HOSTS[0].strip('[].*') or 'localhost'}"
