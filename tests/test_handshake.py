"""Who gets a socket, and with which answer the others are turned away (protocol §1, §7)."""

import asyncio
import time
from typing import Any

import jwt
import pytest
from django.conf import settings
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from accounts import sessions
from realtime import clock
from realtime.database import in_database
from realtime.process import new_connection_id
from tests.conftest import Open
from tests.support.client import Device, until
from tests.support.http import post, sign_in
from tests.support.people import Cast
from tests.support.raw import RawSocket
from tests.support.servers import Server, running


def token_for(user_id: int, **claims: Any) -> str:
    """A token as another service with the secret would issue it."""
    payload = {"user_id": user_id, "exp": int(time.time()) + 600, **claims}
    return jwt.encode({k: v for k, v in payload.items() if v is not None}, settings.IM_JWT_SECRET, algorithm="HS256")


async def close_code(server: Server, query: str = "", **headers: str) -> int:
    """The close code of a socket that is upgraded and closed at once."""
    async with connect(f"{server.ws_url}{query}", additional_headers=headers, compression=None) as socket:
        await asyncio.wait_for(socket.wait_closed(), 10)
        return socket.close_code or 0


async def status(server: Server, query: str = "", **headers: str) -> int:
    """The HTTP status of a handshake that is not upgraded."""
    with pytest.raises(InvalidStatus) as caught:
        await connect(f"{server.ws_url}{query}", additional_headers=headers, compression=None)
    return caught.value.response.status_code


# ---- credentials ---------------------------------------------------------------------------------------------------------


async def test_a_token_in_the_query_or_the_header_opens(people: Cast, servers: list[Server], device: Open) -> None:
    await device(people.alice)
    headers = {"Authorization": f"Bearer {people.bob.access}"}
    by_header = await Device.open(servers[0].ws_url, headers=headers)
    assert by_header.all("connected")[0]["userId"] == people.bob.id
    await by_header.close()


async def test_the_address_may_end_with_a_slash(people: Cast, servers: list[Server]) -> None:
    made = await Device.open(servers[0].ws_url + "/", people.alice.access)
    await made.close()


async def test_another_service_may_issue_tokens(people: Cast, device: Open) -> None:
    alice = people.alice.id
    for token in (
        token_for(alice),
        token_for(alice, token_type="access", jti="x", iat=int(time.time())),
        token_for(str(alice)),  # type: ignore[arg-type]
    ):
        assert (await device(token)).all("connected")[0]["userId"] == alice


async def test_a_token_from_a_machine_whose_clock_is_ahead_opens(people: Cast, servers: list[Server], device: Open) -> None:
    """Its session vouches for it. Without one, nothing tells whether it is older than the end of its person's rights."""
    ahead = int(time.time()) + 600
    alice = people.alice
    assert (await device(token_for(alice.id, sid=str(alice.session.pk), iat=ahead))).all("connected")
    assert await close_code(servers[0], f"?token={token_for(alice.id, iat=ahead)}") == 4500


def test_connection_ids_sort_by_time_when_the_clock_is_put_back(monkeypatch: pytest.MonkeyPatch) -> None:
    before = new_connection_id()
    monkeypatch.setattr(clock, "_ahead", clock._ahead - 3_600_000)
    monkeypatch.setattr(time, "time_ns", lambda: 0)
    assert before < new_connection_id()


async def test_missing_and_forged_credentials_are_unauthenticated(people: Cast, servers: list[Server]) -> None:
    good, server = people.alice.access, servers[0]
    claims = {"user_id": people.alice.id, "exp": 2**33}
    for query in (
        "", "?token=", "?token=nonsense", f"?token={good}x", f"?token={good}&token={good}", "?ticket=", "?ticket=forged",
        f"?token=&ticket={good}", "?device=a",
        f"?token={people.alice.refresh}",
        f"?token={jwt.encode(claims, 'another secret, as long as it should be', algorithm='HS256')}",
        f"?token={jwt.encode(claims, None, algorithm='none')}",
        f"?token={token_for(people.alice.id, exp=None)}",
        f"?token={token_for(None)}", f"?token={token_for('x')}", f"?token={token_for(2**70)}", f"?token={token_for(0)}",
        f"?token={token_for(True)}", f"?token={token_for(987_654_321)}", f"?token={token_for(people.alice.id, sid='x')}",
    ):  # fmt: skip
        assert await close_code(server, query) == 4500, query
    assert await close_code(server, Authorization="Basic YTpi") == 4500
    assert await close_code(server, Authorization="Bearer") == 4500
    # The first kind that is present decides alone, even when a later one would do.
    assert await close_code(server, "?token=", Authorization=f"Bearer {good}") == 4500


async def test_an_expired_token_is_told_apart(people: Cast, servers: list[Server]) -> None:
    assert await close_code(servers[0], f"?token={token_for(people.alice.id, exp=int(time.time()) - 5)}") == 4501


async def test_a_disabled_account_is_told_apart(people: Cast, servers: list[Server]) -> None:
    people.alice.user.is_active = False
    await in_database(people.alice.user.save)
    assert await close_code(servers[0], f"?token={people.alice.access}") == 4502


async def test_an_ended_session_is_told_apart(people: Cast, servers: list[Server]) -> None:
    await in_database(sessions.end, session_id=str(people.alice.session.pk), user_id=people.alice.id)
    assert await close_code(servers[0], f"?token={people.alice.access}") == 4504


async def test_a_ticket_opens_one_socket(people: Cast, servers: list[Server], device: Open) -> None:
    ticket = (await in_database(people.alice.api.post, "/api/v1/ws-tickets")).json()["ticket"]
    first = await Device.open(servers[0].ws_url, ticket=ticket)
    assert first.all("connected")[0]["tokenExpiresAt"] is None
    assert await close_code(servers[-1], f"?ticket={ticket}") == 4003
    await first.close()


async def test_a_ticket_is_redeemed_once_however_many_try(people: Cast, servers: list[Server]) -> None:
    ticket = (await in_database(people.alice.api.post, "/api/v1/ws-tickets")).json()["ticket"]
    made = await asyncio.gather(*(Device.open(servers[n % len(servers)].ws_url, ticket=ticket, wait=False) for n in range(8)))
    await asyncio.sleep(1)
    opened = [one for one in made if one.all("connected")]
    assert len(opened) == 1
    assert {one.close_code for one in made if one not in opened} == {4003}
    await asyncio.gather(*(one.close() for one in made))


async def test_a_ticket_dies_after_its_time(people: Cast) -> None:
    with running(IM_TICKET_LIFETIME="1s") as (server,):
        ticket = (await post(server, "/api/v1/ws-tickets", people.alice.access))["ticket"]
        await asyncio.sleep(1.3)
        assert await close_code(server, f"?ticket={ticket}") == 4003


# ---- host and origin -----------------------------------------------------------------------------------------------------


async def test_only_this_server_is_an_allowed_origin(people: Cast, servers: list[Server]) -> None:
    server = servers[0]
    query = f"?token={people.alice.access}"
    here = f"http://127.0.0.1:{server.port}"
    for origin in (
        "", "null", "https://evil.example", f"https://127.0.0.1:{server.port}", "http://127.0.0.1", "http://127.0.0.1:1",
        f"{here}/", f"{here}@evil.example", f"http://localhost:{server.port}", f"{here}.evil.example",
    ):  # fmt: skip
        assert await status(server, query, Origin=origin) == 403, origin
    made = await Device.open(server.ws_url, people.alice.access, headers={"Origin": here})
    await made.close()


async def test_other_origins_can_be_listed(people: Cast) -> None:
    with running(IM_ALLOWED_ORIGINS="https://chat.example") as (server,):
        made = await Device.open(server.ws_url, people.alice.access, headers={"Origin": "https://chat.example"})
        await made.close()
        assert await status(server, f"?token={people.alice.access}", Origin="https://other.example") == 403


async def test_only_known_hosts_are_served(people: Cast, servers: list[Server]) -> None:
    query = f"token={people.alice.access}"
    for host, expected in (("localhost:1234", 101), ("[::1]:99", 101), ("evil.example", 403), ("127.0.0.1.evil.example", 403)):
        raw = await RawSocket.open(servers[0].ws_url, query, host=host)
        assert raw.status == expected, host
        raw.drop()


async def test_forwarded_headers_count_only_from_trusted_proxies(people: Cast, servers: list[Server]) -> None:
    server = servers[0]
    secure = {"Origin": f"https://127.0.0.1:{server.port}", "X-Forwarded-Proto": "https", "X-Forwarded-For": "203.0.113.9"}
    assert await status(server, f"?token={people.alice.access}", **secure) == 403
    with running(IM_TRUSTED_PROXIES="127.0.0.1") as (trusting,):
        secure["Origin"] = f"https://127.0.0.1:{trusting.port}"
        made = await Device.open(trusting.ws_url, people.alice.access, headers=secure)
        await made.close()


# ---- how many ------------------------------------------------------------------------------------------------------------


async def test_a_full_server_says_503(people: Cast) -> None:
    with running(IM_MAX_CONNECTIONS="1") as (server,):
        first = await Device.open(server.ws_url, people.alice.access)
        assert await status(server, f"?token={people.bob.access}") == 503
        await first.close()


async def test_too_many_connections_of_one_person(people: Cast) -> None:
    with running(IM_MAX_CONNECTIONS_PER_USER="3") as (server,):
        three = [await Device.open(server.ws_url, people.alice.access) for _ in range(3)]
        fourth = await Device.open(server.ws_url, people.alice.access, wait=False)
        assert await fourth.closed() == 4029
        await three[0].settled()
        await three[0].close()
        await asyncio.sleep(0.3)
        again = await Device.open(server.ws_url, people.alice.access)
        for one in (*three, again):
            await one.close()


async def test_too_many_handshakes_from_one_address(people: Cast) -> None:
    with running(IM_RATE_HANDSHAKE="1/m:3") as (server,):
        codes = [await close_code(server) for _ in range(4)]
        assert codes == [4500, 4500, 4500, 4029]


async def test_the_newer_connection_of_a_device_takes_its_place(people: Cast, servers: list[Server], device: Open) -> None:
    first = await Device.open(servers[0].ws_url, people.alice.access, device="phone")
    other = await Device.open(servers[0].ws_url, people.alice.access, device="laptop")
    nameless = await Device.open(servers[0].ws_url, people.alice.access)
    second = await Device.open(servers[-1].ws_url, people.alice.access, device="phone")
    assert second.all("connected")[0]["device"] == "phone"
    assert await first.closed() == 4503
    for one in (other, nameless, second):
        await one.settled()
        await one.close()


async def test_of_many_at_once_the_latest_stays(people: Cast, servers: list[Server]) -> None:
    many = await asyncio.gather(
        *(Device.open(servers[n % len(servers)].ws_url, people.alice.access, device="phone", wait=False) for n in range(8))
    )
    await until(lambda: sum(one.close_code is None for one in many) == 1)
    left = [one for one in many if one.close_code is None]
    assert len(left) == 1
    assert {one.close_code for one in many if one not in left} == {4503}
    await left[0].get("connected")
    for one in many:
        await one.close()


async def test_one_connection_per_user_where_that_is_wanted(people: Cast) -> None:
    with running(IM_ONE_CONNECTION_PER_USER="1") as (server,):
        first = await Device.open(server.ws_url, people.alice.access)
        second = await Device.open(server.ws_url, people.alice.access, device="other")
        assert await first.closed() == 4503
        await second.close()


# ---- the rest ------------------------------------------------------------------------------------------------------------


async def test_no_compression_is_negotiated_unless_asked_for(people: Cast, servers: list[Server]) -> None:
    offer = "Sec-WebSocket-Extensions: permessage-deflate\r\n"
    raw = await RawSocket.open(servers[0].ws_url, f"token={people.alice.access}", offer)
    assert "extensions" not in raw.head.lower()
    raw.drop()
    with running(IM_COMPRESSION="1") as (server,):
        raw = await RawSocket.open(server.ws_url, f"token={people.alice.access}", offer)
        assert "permessage-deflate" in raw.head
        raw.drop()


async def test_connected_says_what_a_client_needs(people: Cast, device: Open) -> None:
    connected = (await device(people.alice, device="my.phone_1-a")).all("connected")[0]
    assert connected["userId"] == people.alice.id
    assert connected["device"] == "my.phone_1-a"
    assert connected["onlineCount"] >= 1
    assert abs(connected["serverTime"] - time.time() * 1000) < 5000
    assert connected["heartbeat"] == {"intervalMs": 30_000, "timeoutMs": 60_000}
    assert connected["maxMessageSize"] == 65_536
    assert connected["tokenExpiresAt"] > time.time() * 1000 + 6 * 86_400_000
    assert connected["backlog"] == []
    assert isinstance(connected["epoch"], str)
    assert isinstance(connected["connectionId"], str)


async def test_an_unusable_device_name_counts_as_none(people: Cast, device: Open) -> None:
    for name in ("", "a b", "x" * 65, "é"):
        assert (await device(people.alice, device=name)).all("connected")[0]["device"] is None


async def test_other_paths_are_no_sockets(people: Cast, servers: list[Server]) -> None:
    with pytest.raises(InvalidStatus) as caught:
        await connect(f"ws://127.0.0.1:{servers[0].port}/other?token={people.alice.access}")
    assert caught.value.response.status_code in (403, 404)


async def test_a_session_of_the_page_never_authenticates_a_socket(people: Cast, servers: list[Server], person: Any) -> None:

    cookies = await sign_in(servers[0], people.alice)
    assert await close_code(servers[0], Cookie=cookies) == 4500
