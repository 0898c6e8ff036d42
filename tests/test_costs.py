"""What connecting, sending and opening cost in queries, and that none of them walks over history."""

import asyncio
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from channels.testing import WebsocketCommunicator
from django.db import connection
from django.db.backends.utils import CursorWrapper

from accounts import tokens
from accounts.models import Session
from chat import heads, history, journal
from chat.entries import Draft, Watermark
from chat.models import Conversation, Message
from chat.sending import send_message
from imsite import asgi
from realtime.database import in_database
from tests.support.people import Cast, Person, make_person


@contextmanager
def all_queries() -> Iterator[list[str]]:
    """Every statement of this process, whatever thread and connection it runs on."""
    statements: list[str] = []
    with pytest.MonkeyPatch.context() as patch:
        for name in ("execute", "executemany"):
            real = getattr(CursorWrapper, name)

            def note(self: Any, sql: str, parameters: Any = None, *, _real: Any = real) -> Any:
                statements.append(sql)
                return _real(self, sql, parameters)

            patch.setattr(CursorWrapper, name, note)
        yield statements


def of_requests(statements: list[str]) -> list[str]:
    """Without what the services of the process do in the background, and what is remembered for some seconds."""
    others = (
        "accesschange", "presence_lease", "GROUP BY conversation_id", "MAX(", 'gone_at" <=', "chat_epoch", "SAVEPOINT",
        "wal_checkpoint", "clock_timestamp", "announcements_announcement",
        "c.kind, m.joined_rev",  # the sweep's, of conversations that nobody here listened to
    )  # fmt: skip
    return [sql for sql in statements if not any(word in sql for word in others)]


class InProcess:
    """The application within this process, as one socket sees it."""

    def __init__(self, who: Person) -> None:
        headers = [(b"host", b"localhost")]
        self.communicator = WebsocketCommunicator(asgi.application, f"/ws?token={who.access}", headers=headers)

    async def connect(self) -> list[Any]:
        """Connect; returns the frames up to `connected`."""
        accepted, _ = await self.communicator.connect(timeout=10)
        assert accepted
        frames = []
        while not frames or frames[-1]["type"] != "connected":
            frames.append(await self.communicator.receive_json_from(timeout=10))
        return frames

    async def chat(self, to: int, content: str) -> None:
        await self.communicator.send_json_to({"type": "chat", "data": {"toUserId": to, "content": content}})
        assert (await self.communicator.receive_json_from(timeout=10))["type"] == "ack"

    async def close(self) -> None:
        await self.communicator.disconnect()


async def test_connecting_and_sending_cost_the_same_whatever_came_before(people: Cast, settings: Any) -> None:
    settings.IM_OFFLINE_GRACE = 600.0  # nobody is announced anew in between
    bob = people.bob
    costs: dict[str, list[list[str]]] = {"connect": [], "send": []}
    try:
        first = InProcess(bob)  # makes what is made once: the lease, the person's presence, what the process remembers
        await first.connect()
        await first.close()
        await in_database(send_message, sender_id=people.alice.id, to_user_id=bob.id, content="one unread")
        for _ in range(2):
            await asyncio.sleep(1.1)  # the count of people is asked for again
            with all_queries() as statements:
                socket = InProcess(bob)
                frames = await socket.connect()
                await asyncio.sleep(0.3)  # the delivery mark of the backlog belongs to it
                costs["connect"].append(of_requests(statements))
            with all_queries() as statements:
                await socket.chat(people.alice.id, "hello")
                await asyncio.sleep(0.3)
                costs["send"].append(of_requests(statements))
            await socket.close()
            assert frames[-1]["data"]["backlog"] == []
            await in_database(_much_history, people)
            socket = InProcess(bob)  # takes the backlog away
            assert len(await socket.connect()) > 50
            await socket.close()
            await in_database(_read_all, bob)
            await in_database(send_message, sender_id=people.alice.id, to_user_id=bob.id, content="one unread")
    finally:
        await asgi.process.stop()
    for (before, after), most in ((costs["connect"], 20), (costs["send"], 12)):
        assert len(before) == len(after) <= most, "\n".join(sql[:300] for sql in [*before, "---", *after])


def _much_history(people: Cast) -> None:
    for number in range(60):
        send_message(sender_id=people.alice.id, to_user_id=people.bob.id, content=str(number))
    for _ in range(5):
        send_message(sender_id=make_person("friend").id, to_user_id=people.bob.id, content="hi")


def _read_all(who: Person) -> None:
    for position in heads.positions([who.id])[who.id]:
        journal.lane._commit([Watermark(user_id=who.id, conversation_id=position.conversation_id, read=position.seq)])


def test_a_batch_costs_the_same_whatever_its_size(cast: Cast, django_assert_max_num_queries: Any) -> None:
    def batch(size: int) -> list[Any]:
        return [Draft(sender_id=cast.alice.id, to_user_id=cast.bob.id, content="x", msg_id=uuid.uuid4()) for _ in range(size)]

    journal.lane._commit(batch(1))
    for size in (1, 50):
        entries = batch(size)
        with django_assert_max_num_queries(9):  # two of them begin and end the savepoint of this test
            journal.lane._commit(entries)


PLANS: dict[str, Callable[[int, int], Any]] = {
    "a page of history": lambda user, conversation: history.read_page(
        user_id=user, conversation_id=conversation, before=90, after=None, limit=50
    ),
    "the next page": lambda user, conversation: history.read_page(
        user_id=user, conversation_id=conversation, before=None, after=10, limit=50
    ),
    "changes after a rev": lambda user, conversation: history.read_changes(conversation, 50),
    "the unread of a backlog": lambda user, conversation: history.read_unread(user, [(conversation, 10, 60)]),
    "the newest unread": lambda user, conversation: history.newest_unread(user, conversation, 0, 100, 10),
    "the list": lambda user, conversation: heads.listed(user, before=None, limit=50),
    "the heads": lambda user, conversation: heads.of_user(user),
    "the positions": lambda user, conversation: heads.positions([user]),
    "a sent message": lambda user, conversation: journal.lane._commit([_draft(user, conversation)]),
    "a read mark": lambda user, conversation: journal.lane._commit(
        [Watermark(user_id=user, conversation_id=conversation, read=90)]
    ),
    "a delivery mark": lambda user, conversation: journal.lane._commit(
        [Watermark(user_id=user, conversation_id=conversation, delivered=95)]
    ),
}


def _draft(user: int, conversation: int) -> Draft:
    return Draft(sender_id=user, conversation_id=conversation, content="x", msg_id=uuid.uuid4())


@pytest.mark.parametrize("name", PLANS)
def test_hot_queries_use_an_index(cast: Cast, name: str) -> None:
    """No hot query reads a table of messages, memberships or conversations from end to end."""
    draft = send_message(sender_id=cast.bob.id, to_user_id=cast.alice.id, content="first")
    assert draft.conversation_id is not None
    common = {"conversation_id": draft.conversation_id, "sender_id": cast.bob.id, "created_at": draft.created_at}
    Message.objects.bulk_create(Message(seq=n, rev=n, created_rev=n, content="x", **common) for n in range(2, 101))
    Conversation.objects.filter(pk=draft.conversation_id).update(last_seq=100, last_rev=100)
    seen: list[tuple[str, Any]] = []

    def note(execute: Any, sql: str, parameters: Any, many: bool, context: Any) -> Any:
        if not many and sql.lstrip().upper().startswith(("SELECT", "UPDATE", "WITH")):
            seen.append((sql, parameters))
        return execute(sql, parameters, many, context)

    with connection.execute_wrapper(note):
        PLANS[name](cast.alice.id, draft.conversation_id)
    assert seen
    for sql, parameters in seen:
        for line in _plan(sql, parameters):
            assert not _is_full_scan(line), f"{line}\n{sql}"


def _plan(sql: str, parameters: Any) -> list[str]:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL enable_seqscan = off")  # so small a table would be read whole
            cursor.execute("EXPLAIN " + sql, parameters)
            return [row[0] for row in cursor.fetchall()]
        cursor.execute("EXPLAIN QUERY PLAN " + sql, parameters)
        return [row[3] for row in cursor.fetchall()]


def _is_full_scan(line: str) -> bool:
    if connection.vendor == "postgresql":
        return "Seq Scan on chat_" in line or "Seq Scan on accounts_block" in line
    scan = line.startswith("SCAN") and "USING" not in line
    return scan and any(line.startswith(f"SCAN {table}") for table in ("chat_", "m", "x", "o", "c", "b", "p", "u"))


def test_signing_in_again_is_no_query_of_the_token(cast: Cast) -> None:
    """Reading a token asks no database: forged ones cost nothing but their signature."""
    session = Session.objects.get(pk=cast.alice.session.pk)
    issued = tokens.issue(user=cast.alice.user, session=session)
    with connection.execute_wrapper(_forbid):
        assert tokens.read_access_token(issued["access"]).user_id == cast.alice.id


def _forbid(execute: Any, sql: str, parameters: Any, many: bool, context: Any) -> Any:
    raise AssertionError(sql)
