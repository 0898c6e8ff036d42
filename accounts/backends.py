"""Who a name or an e-mail address and a password belong to."""

from typing import Any

from allauth.account.models import EmailAddress
from django.contrib.auth.backends import ModelBackend
from django.db.models.functions import Lower
from django.http import HttpRequest

from accounts.models import User


def find(login: str) -> User | None:
    """The person of a user name, else of an e-mail address: the one who has confirmed it, else the only one who gave it.

    New names hold no `@`, so nobody can take another's address as a name."""
    login = login.strip()
    if not login:
        return None
    person = User.objects.annotate(_name=Lower("username")).filter(_name=login.lower()).first()
    if person is not None or "@" not in login:
        return person
    confirmed = EmailAddress.objects.filter(email=login.lower(), verified=True).select_related("user").first()
    if confirmed is not None:
        assert isinstance(confirmed.user, User)
        return confirmed.user
    found = list(User.objects.annotate(_email=Lower("email")).filter(_email=login.lower())[:2])
    return found[0] if len(found) == 1 else None


class NameOrEmail(ModelBackend):
    """Django's own, by name or address. It hashes the password once whatever it finds, so that a name that exists takes as long
    as one that does not."""

    def authenticate(
        self, request: HttpRequest | None, username: str | None = None, password: str | None = None, **kwargs: Any
    ) -> User | None:
        if username is None or password is None:
            return None
        user = find(username)
        if user is None or not user.has_usable_password():
            User().set_password(password)
            return None
        return user if user.check_password(password) and self.user_can_authenticate(user) else None
