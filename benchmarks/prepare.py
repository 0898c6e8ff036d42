"""People for SkyeIM's benchmarks: `python -m benchmarks.prepare USERS GROUP` makes the tables and the people in the database
that DATABASE_URL names, a direct chat for each pair and a group of the first GROUP, and writes JSON to standard output:
`{"tokens": [one per user], "pairs": [conversation of each pair], "group": conversation or null}`."""

import json
import os
import sys
import time

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "imsite.settings")

import django

django.setup()

from django.core.management import call_command

from accounts.models import Session, User
from accounts.sessions import fingerprint
from accounts.tokens import AccessToken
from chat.models import Conversation, Membership

SOME = 500  # rows in one statement


def people(count: int) -> list[User]:
    call_command("migrate", verbosity=0)
    User.objects.bulk_create([User(username=f"user{number}", password="!") for number in range(count)], batch_size=SOME)
    return list(User.objects.order_by("pk"))


def tokens(users: list[User]) -> list[str]:
    sessions = [Session(user=user, kind=Session.Kind.TOKEN, fingerprint=fingerprint(user.password)) for user in users]
    Session.objects.bulk_create(sessions, batch_size=SOME)
    made = []
    for session in sessions:
        token = AccessToken()
        token["user_id"], token["sid"], token["iat"] = str(session.user_id), str(session.pk), int(time.time())
        made.append(str(token))
    return made


def conversations(users: list[User], group: int) -> tuple[list[int], int | None]:
    pairs = [Conversation(low=low, high=high, kind="direct") for low, high in zip(users[0::2], users[1::2], strict=False)]
    Conversation.objects.bulk_create(pairs, batch_size=SOME)
    members = [Membership(conversation=pair, user=user) for pair in pairs for user in (pair.low, pair.high)]
    room = None
    if group:
        room = Conversation.objects.create(kind="group", title="Everybody", member_count=group)
        members += [Membership(conversation=room, user=user) for user in users[:group]]
    Membership.objects.bulk_create(members, batch_size=SOME)
    return [pair.pk for pair in pairs], room.pk if room else None


if __name__ == "__main__":
    found = people(int(sys.argv[1]))
    pairs, room = conversations(found, int(sys.argv[2]))
    json.dump({"tokens": tokens(found), "pairs": pairs, "group": room}, sys.stdout)
