"""The cast. Alice and Bob are friends; Carol is a stranger to both."""

import itertools
import os
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from rest_framework.test import APIClient

from accounts import friends, sessions, tokens
from accounts.models import Session, User

PASSWORD = "correct horse battery"
_number = itertools.count(1)


@dataclass
class Person:
    """Somebody with an account, a session and its tokens."""

    user: User
    session: Session
    access: str
    refresh: str

    @property
    def id(self) -> int:
        return self.user.pk

    @property
    def api(self) -> APIClient:
        """A client of the REST interface, signed in as this person."""
        client = APIClient()
        client.credentials(HTTP_AUTHORIZATION=f"Bearer {self.access}")
        return client

    def sign_in_a_browser(self, user_agent: str = "") -> str:
        """What signing in through the page leaves behind: a session of this person's. Returns the value of its cookie."""
        store = SessionStore()
        store[SESSION_KEY] = str(self.user.pk)
        store[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
        store[HASH_SESSION_KEY] = self.user.get_session_auth_hash()
        store[sessions.KEY] = str(sessions.begin(user=self.user, kind=Session.Kind.WEB, user_agent=user_agent).pk)
        store.save()
        return str(store.session_key)


def make_person(name: str, **fields: Any) -> Person:
    """A new person whose user name begins with `name`. The password is PASSWORD, hashed cheaply."""
    username = f"{name}-{os.getpid()}-{next(_number)}"
    fields.setdefault("display_name", name.capitalize())
    user = User(username=username, **fields)
    user.password = _hash()
    user.save()
    session = sessions.begin(user=user, kind=Session.Kind.TOKEN)
    issued = tokens.issue(user=user, session=session)
    return Person(user, session, issued["access"], issued["refresh"])


_hashed = ""


def _hash() -> str:
    """One argon2 hash serves the whole cast: making one takes as long as it should."""
    global _hashed
    if not _hashed:
        from django.contrib.auth.hashers import make_password

        _hashed = make_password(PASSWORD)
    return _hashed


@dataclass
class Cast:
    alice: Person
    bob: Person
    carol: Person


def make_cast() -> Cast:
    cast = Cast(make_person("alice"), make_person("bob"), make_person("carol"))
    friends.make_friends(one=cast.alice.id, other=cast.bob.id)
    return cast
