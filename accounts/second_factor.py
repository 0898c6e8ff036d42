"""The second factor: codes of an authenticator app, passkeys and recovery codes, kept by allauth.mfa."""

import base64
from hashlib import blake2b

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import generate_totp_secret
from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.cache import cache
from django.db import transaction
from django.utils.translation import gettext, gettext_lazy

from accounts.models import User

ASKED = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
LONGEST_CODE = 32
REMEMBERED = 150  # seconds for which a code that was used is known; it is good for 90


def has(user: User) -> bool:
    """Whether signing in takes more than this person's password."""
    return Authenticator.objects.filter(user_id=user.pk, type__in=ASKED).exists()


def find(*, user: User, code: str) -> Authenticator | None:
    """The authenticator app that shows `code`, or the recovery codes that it is one of, not used yet. It is good once."""
    code = "".join(code.split())
    if not code or len(code) > LONGEST_CODE or not code.isascii():
        return None
    for found in Authenticator.objects.filter(user_id=user.pk).exclude(type=Authenticator.Type.WEBAUTHN):
        if found.wrap().validate_code(code):
            return found if found.type != Authenticator.Type.TOTP or _first_use(user, code) else None
    return None


def _first_use(user: User, code: str) -> bool:
    """allauth forgets a used code after 30 seconds, and a code is good for longer, because clocks may differ."""
    return cache.add(f"accounts.second_factor.{user.pk}.{code}", 1, REMEMBERED)


def check(*, user: User, code: str) -> bool:
    """Whether `code` is a good second factor; it is used up."""
    found = find(user=user, code=code)
    if found is not None:
        found.record_usage()
    return found is not None


@transaction.atomic
def reset(user: User) -> int:
    """Take every second factor from somebody who has lost it; returns how many there were. They sign in with their password
    alone from then on; sessions stay."""
    return Authenticator.objects.filter(user_id=user.pk).delete()[0]


def _box() -> Fernet:
    key = blake2b(b"accounts.second_factor", key=settings.SECRET_KEY.encode()[:64], digest_size=32).digest()
    return Fernet(base64.urlsafe_b64encode(key))


class Adapter(DefaultMFAAdapter):
    """Secrets are encrypted in the database with IM_SECRET_KEY. After that has changed they fit no code: an administrator
    resets them."""

    error_messages = {  # noqa: RUF012  (as in the base class)
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": gettext_lazy("That code is not right."),
    }

    def encrypt(self, text: str) -> str:
        return _box().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        try:
            return _box().decrypt(encrypted_text.encode()).decode()
        except InvalidToken:
            return generate_totp_secret()  # never an empty one, whose codes anybody can work out

    def get_totp_issuer(self) -> str:
        return "SkyeIM"

    def get_totp_label(self, user: AbstractBaseUser) -> str:
        return user.get_username()

    def generate_authenticator_name(self, user: AbstractBaseUser, type: Authenticator.Type) -> str:
        count = Authenticator.objects.filter(user_id=user.pk, type=type).count()
        return gettext("Passkey %(number)s") % {"number": count + 1}
