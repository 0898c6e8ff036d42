"""Friend requests and blocks that meet at the same moment, and how both people hear of them."""

from collections.abc import Callable
from functools import partial
from threading import Thread
from typing import Any

from django.db import connection

from accounts import friends
from accounts.models import FriendRequest
from realtime.database import in_database
from realtime.errors import Refused
from tests.conftest import Open
from tests.support.people import Cast, Person
from tests.support.servers import Server

# ---- at the same moment ----------------------------------------------------------------------------------------------------


def _at_once(*deeds: Callable[[], Any]) -> None:
    """Do all of it in threads of their own, each with a connection, as processes would."""

    def run(deed: Callable[[], Any]) -> None:
        try:
            deed()
        except Refused:
            pass  # one of them may come too late
        finally:
            connection.close()

    threads = [Thread(target=run, args=(deed,)) for deed in deeds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _between(one: Person, other: Person) -> list[FriendRequest]:
    ids = [one.id, other.id]
    return list(FriendRequest.objects.filter(sender_id__in=ids, recipient_id__in=ids))


def test_requests_that_cross_become_a_friendship(person: Callable[..., Person]) -> None:
    for _ in range(5):
        one, other = person("one"), person("other")
        _at_once(
            partial(friends.ask, user_id=one.id, other_id=other.id), partial(friends.ask, user_id=other.id, other_id=one.id)
        )
        assert friends.are_friends(one.id, other.id)
        assert _between(one, other) == []


def test_a_request_does_not_slip_past_a_block(person: Callable[..., Person]) -> None:
    for _ in range(5):
        one, other = person("one"), person("other")
        _at_once(
            partial(friends.ask, user_id=one.id, other_id=other.id), partial(friends.block, user_id=other.id, other_id=one.id)
        )
        assert _between(one, other) == []


def test_an_answer_counts_once(person: Callable[..., Person]) -> None:
    for _ in range(5):
        one, other = person("one"), person("other")
        request_id, _ = friends.ask(user_id=one.id, other_id=other.id)
        _at_once(
            partial(friends.accept, user_id=other.id, request_id=request_id),
            partial(friends.take_back, user_id=one.id, request_id=request_id),
            partial(friends.accept, user_id=other.id, request_id=request_id),
        )
        assert _between(one, other) == []


# ---- live ------------------------------------------------------------------------------------------------------------------


async def test_both_hear_what_becomes_of_a_request(people: Cast, device: Open, servers: list[Server]) -> None:
    alice, second = await device(people.alice, people=1), await device(people.alice, people=1, on=servers[-1])
    carol, plain = await device(people.carol, people=1), await device(people.carol)

    async def told(relation: str, back: str) -> None:
        await alice.get("people", lambda d: d == {"userId": people.carol.id, "relation": relation})
        await second.get("people", lambda d: d == {"userId": people.carol.id, "relation": relation})
        await carol.get("people", lambda d: d == {"userId": people.alice.id, "relation": back})
        for heard in (alice, second, carol):
            heard.clear()

    ids = {"user_id": people.alice.id, "other_id": people.carol.id}
    request_id, _ = await in_database(partial(friends.ask, **ids))
    await told("asked", "asks")
    await in_database(partial(friends.take_back, user_id=people.alice.id, request_id=request_id))
    await told("none", "none")
    request_id, _ = await in_database(partial(friends.ask, **ids))
    await told("asked", "asks")
    await in_database(partial(friends.accept, user_id=people.carol.id, request_id=request_id))
    await told("friend", "friend")
    await in_database(partial(friends.end_friendship, user_id=people.carol.id, friend_id=people.alice.id))
    await told("none", "none")
    await plain.settled()
    assert plain.all("people") == []


async def test_who_is_blocked_is_not_told(people: Cast, device: Open) -> None:
    alice, bob = await device(people.alice, people=1), await device(people.bob, people=1)
    await alice.quiet(1.1)  # that they are friends is hardly older than their connections
    for heard in (alice, bob):
        heard.clear()
    await in_database(partial(friends.block, user_id=people.alice.id, other_id=people.bob.id))
    await alice.get("people", lambda d: d == {"userId": people.bob.id, "relation": "blocked"})
    await in_database(partial(friends.unblock, user_id=people.alice.id, other_id=people.bob.id))
    await alice.get("people", lambda d: d == {"userId": people.bob.id, "relation": "friend"})
    await bob.settled()
    assert bob.all("people") == []
