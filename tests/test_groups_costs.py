"""What groups of a thousand cost: statements and publishes, and that their lists are read by index."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from chat import groups, joining, journal, members, publication, roster
from chat.entries import Draft
from chat.models import Conversation, Membership
from realtime.hub import Message, stream_group, user_group
from tests.support.groups import make_group
from tests.support.people import Cast
from tests.test_costs import _is_full_scan, _plan


def crowd(number: int) -> list[int]:
    """So many people, made in one go."""
    users = [User(username=f"crowd-{uuid.uuid4().hex}", display_name=f"Person {n}", password="!") for n in range(number)]
    return [user.pk for user in User.objects.bulk_create(users)]


def large(cast: Cast, number: int = 1000) -> int:
    """A group of this many members, of whom Alice is the owner and Bob one."""
    group = make_group(cast.alice, cast.bob, access="open")
    people = crowd(number - 2)
    Membership.objects.bulk_create(Membership(conversation_id=group, user_id=user_id) for user_id in people)
    Conversation.objects.filter(pk=group).update(member_count=number)
    return group


@contextmanager
def published(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Message]]:
    found: list[Message] = []
    with monkeypatch.context() as patch:
        patch.setattr(publication.hub, "publish", found.extend)
        yield found


def statements(call: Any) -> int:
    with CaptureQueriesContext(connection) as captured:
        call()
    return len([q for q in captured if "SAVEPOINT" not in q["sql"]])


def test_a_message_to_a_thousand_is_one_publish(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    counts = []
    for group in (make_group(cast.alice, cast.bob), large(cast)):

        def send(group: int = group) -> None:
            draft = Draft(sender_id=cast.alice.id, conversation_id=group, content="x", msg_id=uuid.uuid4())
            journal.lane.write_blocking(draft, None)

        with published(monkeypatch) as told:
            counts.append(statements(send))
        assert [names for names, _ in told] == [(stream_group(group),)]
    assert counts[0] == counts[1] <= 7


def test_an_act_on_a_thousand_is_one_publish(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    group = large(cast)
    with published(monkeypatch) as told:
        groups.describe(user_id=cast.alice.id, conversation_id=group, changes={"title": "New"})
    assert [names for names, _ in told] == [(stream_group(group),)]
    with published(monkeypatch) as told:
        members.remove(user_id=cast.alice.id, conversation_id=group, member_id=cast.bob.id)
    assert [names for names, _ in told] == [(user_group(cast.bob.id),), (stream_group(group),)]


def test_adding_two_hundred_costs_what_adding_one_does(cast: Cast) -> None:
    group = make_group(cast.alice)
    people = crowd(201)
    counts = []
    for some in (people[:1], people[1:]):
        counts.append(statements(lambda some=some: members.add(user_id=cast.alice.id, conversation_id=group, user_ids=some)))
    # SQLite takes a thousand values in a statement; rows have some twenty.
    assert counts[1] <= counts[0] + (0 if connection.vendor == "postgresql" else 8)
    assert counts[0] <= 20
    assert Conversation.objects.get(pk=group).member_count == 202


def test_a_group_of_two_hundred_begins_in_few_statements(cast: Cast) -> None:
    people = crowd(200)
    count = statements(lambda: groups.create(user_id=cast.alice.id, title="x", member_ids=people))
    assert count <= 20 + (0 if connection.vendor == "postgresql" else 8)


READS = {
    "a page of members": lambda user, group: roster.read_members(user_id=user, conversation_id=group, limit=50),
    "the next page": lambda user, group: roster.read_members(user_id=user, conversation_id=group, after=f"2-{user}"),
    "a search": lambda user, group: roster.read_members(user_id=user, conversation_id=group, search="person 7"),
    "a role": lambda user, group: roster.read_members(user_id=user, conversation_id=group, role="admin"),
    "groups to find": lambda user, group: joining.find(user_id=user, limit=50),
    "more groups to find": lambda user, group: joining.find(user_id=user, after="500-9", limit=50),
}


@pytest.mark.parametrize("name", READS)
def test_lists_of_groups_are_read_by_index(cast: Cast, name: str) -> None:
    group = large(cast, 300)
    seen: list[tuple[str, Any]] = []

    def note(execute: Any, sql: str, parameters: Any, many: bool, context: Any) -> Any:
        seen.append((sql, parameters))
        return execute(sql, parameters, many, context)

    with connection.execute_wrapper(note):
        READS[name](cast.bob.id, group)
    assert seen
    for sql, parameters in seen:
        for line in _plan(sql, parameters):
            assert not _is_full_scan(line), f"{line}\n{sql}"
            assert "SCAN" not in line or "USING" in line, f"{line}\n{sql}"


def test_the_members_of_a_thousand_cost_three_statements(cast: Cast) -> None:
    group = large(cast)
    read = lambda: roster.read_members(user_id=cast.bob.id, conversation_id=group, limit=100)  # noqa: E731
    assert statements(read) <= 3
    assert len(read().members) == 100
    assert read().total == 1000
