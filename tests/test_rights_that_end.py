"""A right that ends, ends on live sockets within two seconds, whichever way it ended (protocol §8)."""

import asyncio
import time
from collections.abc import Callable
from typing import Any

import jwt
import pytest
from django.conf import settings
from django.db import connection

from accounts import friends, sessions, tickets, tokens
from accounts.models import AccessChange, Session, User
from realtime.database import in_database
from tests.conftest import Open
from tests.support.client import Device
from tests.support.http import call, post, sign_in
from tests.support.people import Cast, Person
from tests.support.servers import Server

SOON = 2.0  # seconds: what the protocol promises


async def cut(device: Device, expected: int) -> None:
    """The socket is closed with this code, in time."""
    began = time.monotonic()
    assert await device.closed() == expected
    assert time.monotonic() - began < SOON


def token(user_id: int, seconds: float, **claims: Any) -> str:
    payload = {"user_id": user_id, "exp": time.time() + seconds, "iat": int(time.time()), **claims}
    return jwt.encode(payload, settings.IM_JWT_SECRET, algorithm="HS256")


# ---- sessions ------------------------------------------------------------------------------------------------------------


async def test_logout_all_cuts_every_socket_and_refuses_every_token(people: Cast, servers: list[Server], device: Open) -> None:
    one, other = await device(people.alice, on=servers[0]), await device(people.alice, on=servers[-1])
    foreign = await device(token(people.alice.id, 600))
    bob = await device(people.bob)
    await post(servers[0], "/api/v1/auth/logout-all", people.alice.access)
    for socket in (one, other, foreign):
        await cut(socket, 4504)
    assert (await call(servers[0], "GET", "/api/v1/users/me", people.alice.access))[0] == 401
    assert (await call(servers[0], "POST", "/api/v1/auth/token/refresh", body={"refresh": people.alice.refresh}))[0] == 401
    again = await device(people.alice, wait=False)
    assert await again.closed() == 4504
    await bob.settled()


async def test_blacklisting_a_refresh_token_ends_its_session_alone(people: Cast, servers: list[Server], device: Open) -> None:
    session = await in_database(sessions.begin, user=people.alice.user, kind=Session.Kind.TOKEN)
    issued = await in_database(tokens.issue, user=people.alice.user, session=session)
    cut_off, stays = await device(issued["access"]), await device(people.alice)
    await post(servers[0], "/api/v1/auth/token/blacklist", body={"refresh": issued["refresh"]})
    await cut(cut_off, 4504)
    await stays.settled()
    assert (await call(servers[0], "GET", "/api/v1/users/me", issued["access"]))[0] == 401
    assert (await call(servers[0], "POST", "/api/v1/auth/token/blacklist", body={"refresh": issued["refresh"]}))[0] == 401


async def test_signing_out_of_the_page_cuts_the_sockets_of_its_tickets(people: Cast, servers: list[Server]) -> None:
    server = servers[0]
    cookies = await sign_in(server, people.alice)
    csrf = next(part.split("=")[1] for part in cookies.split("; ") if part.startswith("skyeim_csrf"))
    headers = {"Cookie": cookies, "X-CSRFToken": csrf, "Referer": server.url}
    status, body = await call(server, "POST", "/api/v1/ws-tickets", **headers)
    assert status == 201
    socket = await Device.open(server.ws_url, ticket=body["ticket"])
    await call(server, "POST", "/sign-out", **headers)
    await cut(socket, 4504)
    assert (await call(server, "GET", "/api/v1/users/me", Cookie=cookies))[0] == 401


async def test_a_changed_password_cuts_every_socket(people: Cast, servers: list[Server], device: Open) -> None:
    alice, foreign = await device(people.alice), await device(token(people.alice.id, 600))
    people.alice.user.set_password("something else entirely")
    await in_database(people.alice.user.save)
    await cut(alice, 4504)
    await cut(foreign, 4504)
    assert (await call(servers[0], "POST", "/api/v1/auth/token/refresh", body={"refresh": people.alice.refresh}))[0] == 401
    assert (await call(servers[0], "GET", "/api/v1/users/me", people.alice.access))[0] == 401


async def test_a_deactivated_account_is_cut_off_whatever_path_did_it(people: Cast, device: Open) -> None:
    alice, bob, carol = await device(people.alice), await device(people.bob), await device(people.carol)
    people.alice.user.is_active = False
    await in_database(people.alice.user.save)
    await cut(alice, 4502)
    await in_database(User.objects.filter(pk=people.bob.id).update, is_active=False)
    await cut(bob, 4502)
    await carol.settled()
    again = await device(people.alice, wait=False)
    assert await again.closed() == 4502


async def test_a_reactivated_account_may_come_back(people: Cast, device: Open) -> None:
    await in_database(User.objects.filter(pk=people.alice.id).update, is_active=False)
    await in_database(User.objects.filter(pk=people.alice.id).update, is_active=True)
    await device(people.alice)


async def test_a_deleted_person_is_cut_off(servers: list[Server], device: Open, person: Callable[..., Person]) -> None:
    gone = await in_database(person, "gone")
    socket = await device(gone)
    await in_database(gone.user.delete)
    assert await socket.closed() in (4502, 4504)


# ---- expiry --------------------------------------------------------------------------------------------------------------


async def test_a_token_that_ends_is_announced_and_closes(people: Cast, device: Open) -> None:
    expires = time.time() + 3
    alice = await device(token(people.alice.id, 3))
    warned = (await alice.get("token_expiring"))["data"]
    assert abs(warned["expiresAt"] - expires * 1000) < 1500
    assert await alice.closed() == 4501
    assert -0.5 < time.time() - expires < SOON


async def test_a_new_token_keeps_the_connection(people: Cast, device: Open) -> None:
    alice = await device(token(people.alice.id, 3))
    new = token(people.alice.id, 600)
    answer = await alice.ask("auth", {"token": new})
    assert answer["type"] == "authenticated"
    assert answer["data"]["expiresAt"] > (time.time() + 500) * 1000
    await asyncio.sleep(4)
    await alice.settled()


async def test_somebody_elses_token_changes_nothing(people: Cast, device: Open) -> None:
    alice = await device(people.alice)
    answer = await alice.ask("auth", {"token": people.bob.access})
    assert answer["data"]["code"] == "forbidden"
    await alice.chat("still me", to=people.bob.id)
    bob = await device(people.bob)
    assert bob.all("chat")[0]["fromUserId"] == people.alice.id


async def test_a_revoked_or_expired_token_is_no_renewal(people: Cast, device: Open) -> None:
    alice = await device(people.alice)
    session = await in_database(sessions.begin, user=people.alice.user, kind=Session.Kind.TOKEN)
    issued = await in_database(tokens.issue, user=people.alice.user, session=session)
    await in_database(sessions.end, session_id=str(session.pk), user_id=people.alice.id)
    for text in (issued["access"], token(people.alice.id, -5), "nonsense", people.alice.refresh):
        assert (await alice.ask("auth", {"token": text}))["data"]["code"] == "unauthorized"
    await alice.settled()


# ---- blocks --------------------------------------------------------------------------------------------------------------


async def test_a_block_stops_frames_both_ways_and_closes_nothing(people: Cast, servers: list[Server], device: Open) -> None:
    alice, bob = await device(people.alice), await device(people.bob)
    ack = await alice.chat("before", to=people.bob.id)
    await bob.get("chat")
    await alice.get("ack", lambda d: d["status"] == "delivered")
    status, _ = await call(servers[0], "PUT", f"/api/v1/blocks/{people.alice.id}", people.bob.access)
    assert status == 204
    await asyncio.sleep(SOON)
    alice.clear(), bob.clear()  # type: ignore[func-returns-value]

    await alice.send("chat", {"toUserId": people.bob.id, "content": "after"})
    assert (await alice.get("error"))["data"]["code"] == "forbidden"
    await bob.send("chat", {"toUserId": people.alice.id, "content": "after"})
    assert (await bob.get("error"))["data"]["code"] == "blocked"
    await alice.send("typing", {"toUserId": people.bob.id, "typing": True})
    await bob.send("typing", {"toUserId": people.alice.id, "typing": True})
    await bob.send("read", {"conversationId": ack["conversationId"], "seq": 1})
    await alice.settled(), await bob.settled()
    await alice.quiet()
    assert not {"chat", "typing", "read", "ack", "online"} & {frame["type"] for frame in (*alice.frames, *bob.frames)}
    # The same message again gets its old answer all the same.
    repeated = await alice.chat("before", to=people.bob.id, msg_id=ack["msgId"])
    assert repeated == ack


async def test_a_blocked_friend_sees_one_go_and_come_back_when_unblocked(people: Cast, device: Open) -> None:
    alice, bob = await device(people.alice), await device(people.bob)
    await in_database(friends.block, user_id=people.bob.id, other_id=people.alice.id)
    assert (await alice.get("offline"))["data"]["userId"] == people.bob.id
    alice.clear()
    await in_database(friends.unblock, user_id=people.bob.id, other_id=people.alice.id)
    assert (await alice.get("online"))["data"]["userId"] == people.bob.id
    await bob.settled()


# ---- the log itself ------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_the_triggers_that_log_are_in_place(cast: Cast) -> None:
    """SQLite forgets a table's triggers when a migration remakes the table: `accounts.triggers` puts them back."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE accounts_user SET password = 'changed' WHERE id = %s", [cast.alice.id])
        cursor.execute("UPDATE accounts_user SET is_active = %s WHERE id = %s", [False, cast.bob.id])
        cursor.execute("UPDATE accounts_user SET last_name = 'x' WHERE id = %s", [cast.carol.id])
    logged = AccessChange.objects.filter(user_id__in=[cast.alice.id, cast.bob.id, cast.carol.id])
    found = set(logged.exclude(kind="friends").values_list("kind", "user_id"))
    assert found == {("password", cast.alice.id), ("disabled", cast.bob.id)}


@pytest.mark.django_db
def test_a_first_password_ends_nothing() -> None:
    user = User.objects.create(username="newcomer")
    user.set_password("the first one")
    user.save()
    assert not AccessChange.objects.filter(user_id=user.pk).exists()


@pytest.mark.django_db
def test_tickets_of_an_ended_session_open_nothing(cast: Cast) -> None:
    ticket, _ = tickets.make(session_id=str(cast.alice.session.pk))
    assert tickets.redeem(ticket) == (cast.alice.id, str(cast.alice.session.pk))
    with pytest.raises(tickets.UsedUp):
        tickets.redeem(ticket)
