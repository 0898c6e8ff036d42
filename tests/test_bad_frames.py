"""Whatever a frame says is answered with an error or the named close code, and nobody else notices (protocol §6, §7)."""

import json
import uuid

import pytest

from tests.conftest import Open
from tests.support.people import Cast
from tests.support.raw import RawSocket
from tests.support.servers import Server

NESTED = '{"type":"ping","x":' + "[" * 30_000 + "]" * 30_000 + "}"

BAD = [
    ("", "bad_json"),
    ("{", "bad_json"),
    ("hello", "bad_json"),
    ('{"type":"ping"} trailing', "bad_json"),
    ('{"type":"ping","x":NaN}', "bad_json"),
    ('{"type":"chat","data":{"toUserId":1,"content":"a\nb"}}', "bad_json"),
    ("[]", "bad_frame"),
    ("null", "bad_frame"),
    ("7", "bad_frame"),
    ("{}", "bad_frame"),
    ('{"type":5}', "bad_frame"),
    ('{"type":"nonsense"}', "unknown_type"),
    ('{"type":"CHAT","data":{}}', "unknown_type"),
    ('{"type":"chat"}', "bad_frame"),
    ('{"type":"chat","data":null}', "bad_frame"),
    ('{"type":"chat","data":[]}', "bad_frame"),
    ('{"type":"chat","data":{"content":"no address"}}', "bad_frame"),
    ('{"type":"chat","data":{"toUserId":1,"conversationId":1,"content":"two addresses"}}', "bad_frame"),
    ('{"type":"chat","data":{"toUserId":"1","content":"x"}}', "bad_frame"),
    ('{"type":"chat","data":{"toUserId":1.5,"content":"x"}}', "bad_frame"),
    ('{"type":"chat","data":{"toUserId":0,"content":"x"}}', "bad_frame"),
    ('{"type":"chat","data":{"toUserId":-1,"content":"x"}}', "bad_frame"),
    ('{"type":"chat","data":{"toUserId":9223372036854775808,"content":"x"}}', "bad_frame"),
    ('{"type":"chat","data":{"toUserId":99999999999999999999999999,"content":"x"}}', "bad_frame"),
    ('{"type":"chat","data":{"toUserId":true,"content":"x"}}', "bad_frame"),
    ('{"type":"chat","data":{"toUserId":1,"content":7}}', "bad_frame"),
    ('{"type":"chat","data":{"toUserId":1,"content":"x","contentType":5}}', "bad_frame"),
    ('{"type":"chat","data":{"toUserId":1,"content":"x","contentType":99}}', "bad_frame"),
    ('{"type":"chat","data":{"toUserId":1,"content":"x","contentType":2}}', "bad_attachment"),
    ('{"type":"chat","data":{"toUserId":1,"content":"x","msgId":"not-a-uuid"}}', "bad_frame"),
    ('{"type":"chat","data":{"toUserId":1,"content":""}}', "content_empty"),
    ('{"type":"chat","data":{"toUserId":1,"content":" \u2003\\n\u3000"}}', "content_empty"),
    ('{"type":"chat","data":{"toUserId":9223372036854775807,"content":"x"}}', "not_found"),
    ('{"type":"chat","data":{"conversationId":9223372036854775807,"content":"x"}}', "not_found"),
    ('{"type":"chat","data":{"toUserId":1,"content":"a\\u0000b"}}', "bad_frame"),
    ('{"type":"ping","data":null,"extra":["\\u0000"]}', "bad_frame"),
    ('{"type":"chat","data":{"toUserId":1,"content":"\\ud800"}}', "bad_frame"),
    ('{"type":"chat","data":{"toUserId":1,"content":"\\udc00 x"}}', "bad_frame"),
    ('{"type":"ping\\u0000"}', "bad_frame"),
    ('{"type":"nonsense","data":"\\u0000"}', "bad_frame"),
    ('{"type":"nonsense","data":"\\udfff"}', "bad_frame"),
    ('{"type":"ping","data":null,"extra":["\\uD800"]}', "bad_frame"),
    ('{"type":"ping","id":"' + "x" * 65 + '"}', "bad_frame"),
    ('{"type":"ping","id":7}', "bad_frame"),
    ('{"type":"read","data":{}}', "bad_frame"),
    ('{"type":"read","data":{"peerId":9223372036854775807}}', "not_found"),
    ('{"type":"read","data":{"conversationId":9223372036854775807,"seq":1}}', "not_found"),
    ('{"type":"read","data":{"peerId":1,"msgIds":["x"]}}', "bad_frame"),
    ('{"type":"read","data":{"peerId":1,"seq":-1}}', "bad_frame"),
    ('{"type":"received","data":{"conversationId":9223372036854775807,"seq":1}}', "not_found"),
    ('{"type":"received","data":{"conversationId":1}}', "bad_frame"),
    ('{"type":"typing","data":{"toUserId":9223372036854775807,"typing":true}}', "not_found"),
    ('{"type":"typing","data":{"toUserId":1,"typing":"yes"}}', "bad_frame"),
    ('{"type":"sync","data":{"cursors":[]}}', "bad_frame"),
    ('{"type":"sync","data":{"cursors":{"x":1}}}', "bad_frame"),
    ('{"type":"sync","data":{"cursors":{"1":-1}}}', "bad_frame"),
    ('{"type":"sync","data":{"cursors":{"9223372036854775808":1}}}', "bad_frame"),
    ('{"type":"auth","data":{"token":"nonsense"}}', "unauthorized"),
    ('{"type":"auth","data":{}}', "bad_frame"),
    (NESTED, "bad_frame"),
]


async def test_every_bad_frame_gets_its_error_and_the_socket_lives(people: Cast, device: Open) -> None:
    alice, bystander = await device(people.alice), await device(people.bob)
    for text, code in BAD:
        alice.clear()
        await alice.raw(text)
        frame = await alice.get("error")
        assert frame["data"]["code"] == code, (text[:80], frame)
        assert frame["data"]["message"]
        await alice.settled()  # a good frame in between: these are not twenty in a row
        assert len(alice.all("error")) == 1, text[:80]
    await bystander.settled()
    assert bystander.all("error") == []


async def test_a_bad_frame_names_its_field_and_echoes_its_id(people: Cast, device: Open) -> None:
    alice = await device(people.alice)
    msg_id = str(uuid.uuid4())
    await alice.send("chat", {"toUserId": "x", "content": "hi", "msgId": msg_id}, id="mine")
    frame = await alice.get("error")
    assert frame["id"] == "mine"
    assert frame["data"]["msgId"] == msg_id
    assert frame["data"]["field"] == "data.toUserId"
    assert "data.toUserId" in frame["data"]["message"]


@pytest.mark.parametrize("content", ["a \\ud83d b", "\\udc00", "a\\u0000b"])
async def test_a_string_that_is_refused_still_names_its_message(people: Cast, device: Open, content: str) -> None:
    """Otherwise its sender would wait for an answer for ever."""
    alice = await device(people.alice)
    msg_id = str(uuid.uuid4())
    await alice.raw(f'{{"type":"chat","id":"mine","data":{{"toUserId":1,"content":"{content}","msgId":"{msg_id}"}}}}')
    frame = await alice.get("error")
    assert (frame["id"], frame["data"]["code"], frame["data"]["msgId"]) == ("mine", "bad_frame", msg_id)


@pytest.mark.parametrize("name", ["x", "-1", "2 ", "\u0662", str(2**70)])
async def test_a_sync_with_a_bad_name_echoes_its_id(people: Cast, device: Open, name: str) -> None:
    alice = await device(people.alice)
    await alice.send("sync", {"cursors": {name: 1}}, id="mine")
    frame = await alice.get("error")
    assert (frame["id"], frame["data"]["code"], frame["data"]["field"]) == ("mine", "bad_frame", "data.cursors")


async def test_an_escaped_emoji_is_no_lone_surrogate(people: Cast, device: Open) -> None:
    alice, bob = await device(people.alice), await device(people.bob)
    await alice.raw(f'{{"type":"chat","data":{{"toUserId":{people.bob.id},"content":"\\ud83d\\ude00 \\\\ud800"}}}}')
    assert (await bob.get("chat"))["data"]["content"] == "\U0001f600 \\ud800"


async def test_a_missing_field_is_named(people: Cast, device: Open) -> None:
    alice = await device(people.alice)
    await alice.send("chat", {"toUserId": people.bob.id})
    assert (await alice.get("error"))["data"]["field"] == "data.content"


async def test_text_is_limited_by_characters_not_bytes(people: Cast, device: Open) -> None:
    alice, bob = await device(people.alice), await device(people.bob)
    longest = "界" * 10_000
    await alice.chat(longest, to=people.bob.id)
    assert (await bob.get("chat"))["data"]["content"] == longest
    await alice.send("chat", {"toUserId": people.bob.id, "content": "a" * 10_001})
    assert (await alice.get("error"))["data"]["code"] == "content_too_long"


VERBATIM = [
    "\u200b",
    "a\\u0000b with a backslash",
    "<script>alert(1)</script>",
    " leading and trailing \n",
    "\u202eabc",
    "\ufeffbom",
    "e\u0301",
]


@pytest.mark.parametrize("text", VERBATIM)
async def test_text_arrives_verbatim(people: Cast, device: Open, text: str) -> None:
    alice, bob = await device(people.alice), await device(people.bob)
    await alice.chat(text, to=people.bob.id)
    assert (await bob.get("chat"))["data"]["content"] == text


async def test_unknown_fields_are_ignored(people: Cast, device: Open) -> None:
    alice = await device(people.alice)
    await alice.send("ping", {"anything": [1]}, id="1", more={"a": None})
    assert (await alice.get("pong"))["id"] == "1"


async def test_twenty_bad_frames_in_a_row_end_the_connection(people: Cast, device: Open) -> None:
    alice = await device(people.alice)
    for _ in range(19):
        await alice.raw("{")
    await alice.settled()
    for _ in range(20):
        await alice.raw("{")
    assert await alice.closed() == 4505


async def test_a_frame_of_65_kib_is_too_big(people: Cast, device: Open) -> None:
    alice, bob = await device(people.alice), await device(people.bob)
    await alice.raw(json.dumps({"type": "ping", "x": "a" * 65 * 1024}))
    assert await alice.closed() == 1009
    await bob.settled()


async def test_a_frame_of_just_64_kib_is_not(people: Cast, device: Open) -> None:
    alice = await device(people.alice)
    empty = len(json.dumps({"type": "ping", "x": ""}))
    await alice.raw(json.dumps({"type": "ping", "x": "a" * (65_536 - empty)}))
    await alice.get("pong")


async def test_a_message_in_many_fragments_counts_as_one(people: Cast, servers: list[Server]) -> None:
    raw = await RawSocket.open(servers[0].ws_url, f"token={people.alice.access}")
    await raw.send(raw.frame(b'{"type":', fin=False))
    for _ in range(65):
        await raw.send(raw.frame(b" " * 1000, 0, fin=False))
    await raw.send(raw.frame(b" " * 600, 0, fin=False))  # with this one it is too big
    assert await raw.close_code() == 1009


async def test_binary_frames_are_refused(people: Cast, device: Open) -> None:
    alice = await device(people.alice)
    await alice.raw(b"\x00\x01")
    assert await alice.closed() == 1003


async def test_bad_utf8_is_refused(people: Cast, servers: list[Server]) -> None:
    raw = await RawSocket.open(servers[0].ws_url, f"token={people.alice.access}")
    await raw.send(raw.frame(b'{"type":"ping","x":"\xff"}'))
    assert await raw.close_code() == 1007


async def test_frames_against_the_websocket_protocol_end_with_1002(people: Cast, servers: list[Server]) -> None:
    unmasked = await RawSocket.open(servers[0].ws_url, f"token={people.alice.access}")
    await unmasked.send(unmasked.frame(b"{}", masked=False))
    assert await unmasked.close_code() == 1002
    reserved = await RawSocket.open(servers[0].ws_url, f"token={people.alice.access}")
    await reserved.send(reserved.frame(b"{}", opcode=3))
    assert await reserved.close_code() == 1002


async def test_a_client_that_vanishes_within_a_frame_bothers_nobody(people: Cast, device: Open, servers: list[Server]) -> None:
    bob = await device(people.bob)
    raw = await RawSocket.open(servers[0].ws_url, f"token={people.alice.access}")
    await raw.send(raw.frame(b'{"type":"ping"', length=5000)[:20])
    raw.drop()
    await bob.settled()


async def test_nothing_of_this_is_a_crash(servers: list[Server], people: Cast, device: Open) -> None:
    """Runs last in this file: no frame left a stack trace of ours, and no token stands in a log."""
    alice = await device(people.alice)
    await alice.settled()
    for server in servers:
        assert "could not be handled" not in server.log
        assert "Exception in ASGI" not in server.log
        assert people.alice.access not in server.log
        assert "token=[redacted]" in server.log
