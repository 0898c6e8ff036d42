"""Groups by REST: beginning one, changing it, its members and their roles."""

from typing import Any

import pytest

from accounts import friends
from accounts.models import AccessChange, User
from chat.models import Conversation
from realtime.clock import now_ms
from tests.support.groups import make_group, roles, said
from tests.support.people import Cast, Person, make_person
from tests.support.rest import API, ok, refused

GROUPS = f"{API}conversations"


def at(group: int, *rest: object) -> str:
    return "/".join([f"{GROUPS}/{group}", *map(str, rest)])


def seen(who: Person, group: int) -> Any:
    return ok(who.api.get(at(group)))


# ---- beginning and changing ----------------------------------------------------------------------------------------------


def test_a_group_begins_with_its_people(cast: Cast) -> None:
    friends.block(user_id=(foe := make_person("foe")).id, other_id=cast.alice.id)
    gone = make_person("gone", is_active=False)
    ids = [cast.bob.id, cast.carol.id, cast.bob.id, cast.alice.id, foe.id, gone.id, 999_999]
    body = {"kind": "group", "title": "  Book   club ", "memberIds": ids, "description": "Thursdays", "posting": "admins"}
    made = ok(cast.alice.api.post(GROUPS, body), 201)
    assert (made["kind"], made["title"], made["description"], made["posting"]) == ("group", "Book club", "Thursdays", "admins")
    assert (made["access"], made["history"], made["role"], made["memberCount"]) == ("private", "joined", "owner", 3)
    assert made["skipped"] == [foe.id, gone.id, 999_999]
    assert made["peer"] is None
    assert made["lastMessage"]["contentType"] == 5
    assert made["lastMessage"]["system"] == {"action": "created", "title": "Book club", "actorId": cast.alice.id}
    for who, role in ((cast.alice, "owner"), (cast.bob, "member")):
        mine = seen(who, made["id"])
        assert (mine["role"], mine["unread"], mine["joinedSeq"], mine["silencedUntil"]) == (role, 0, 0, None)
        assert [m["seq"] for m in ok(who.api.get(at(made["id"], "messages")))["results"]] == [1]
    refused(foe.api.get(at(made["id"])), 404, "not_found")
    assert AccessChange.objects.filter(kind="joined", detail__startswith=f"{made['id']} ").count() == 3


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"title": ""}, "title"),
        ({"title": " \u2003"}, "title"),
        ({"title": "x" * 121}, "title"),
        ({}, "title"),
        ({"title": "x", "memberIds": ["1"]}, "memberIds"),
        ({"title": "x", "memberIds": list(range(1, 202))}, "memberIds"),
        ({"title": "x", "description": "x" * 1001}, "description"),
        ({"title": "x", "access": "nobody"}, "access"),
    ],
)
def test_what_makes_no_group(cast: Cast, body: dict[str, Any], field: str) -> None:
    answer = refused(cast.alice.api.post(GROUPS, {"kind": "group", **body}), 400, "bad_frame")
    assert answer["field"].startswith(field)
    assert not Conversation.objects.filter(kind="group").exists()


def test_admins_change_what_a_group_is(cast: Cast) -> None:
    group = make_group(cast.alice, cast.carol, admins=(cast.bob,))
    changed = ok(cast.bob.api.patch(at(group), {"title": "Chess", "description": "Mondays", "access": "open"}))
    assert (changed["title"], changed["description"], changed["access"], changed["role"]) == (
        "Chess", "Mondays", "open", "admin",
    )  # fmt: skip
    assert seen(cast.carol, group)["title"] == "Chess"
    assert [one["action"] for one in said(group)][-3:] == ["renamed", "described", "settings"]
    assert said(group)[-1] == {"action": "settings", "access": "open", "actorId": cast.bob.id}
    ok(cast.bob.api.patch(at(group), {"title": "Chess"}))
    assert len(said(group)) == 5
    refused(cast.carol.api.patch(at(group), {"title": "Mine"}), 403, "forbidden")
    refused(make_person("dave").api.patch(at(group), {"title": "Mine"}), 404, "not_found")
    refused(cast.alice.api.patch(at(group), {"title": " "}), 400, "bad_frame")
    refused(cast.alice.api.patch(at(group), {"posting": "none"}), 400, "bad_frame")
    assert [one["unread"] for one in (seen(cast.carol, group), seen(cast.alice, group))] == [0, 0]


def test_a_direct_chat_is_no_group(cast: Cast) -> None:
    chat = ok(cast.alice.api.post(GROUPS, {"kind": "direct", "userId": cast.bob.id}), 201)
    assert (chat["role"], chat["memberCount"], chat["access"], chat["posting"]) == (None, 2, "private", "all")
    api, path = cast.alice.api, chat["id"]
    refused(api.patch(at(path), {"title": "x"}), 404, "not_found")
    refused(api.get(at(path, "members")), 404, "not_found")
    refused(api.post(at(path, "members"), {"userIds": [cast.carol.id]}), 404, "not_found")
    refused(api.put(at(path, "members", cast.bob.id), {"role": "admin"}), 404, "not_found")
    refused(api.delete(at(path, "members", cast.alice.id)), 404, "not_found")
    refused(api.post(at(path, "invites"), {}), 404, "not_found")
    refused(api.post(at(path, "join"), {}), 404, "not_found")


# ---- members -------------------------------------------------------------------------------------------------------------


def test_members_are_added_and_see_what_is_said_from_then_on(cast: Cast) -> None:
    group = make_group(cast.alice, cast.bob)
    ok(cast.alice.api.post(at(group, "messages"), {"content": "before"}), 201)
    friends.block(user_id=cast.alice.id, other_id=(foe := make_person("foe")).id)
    answer = ok(cast.alice.api.post(at(group, "members"), {"userIds": [cast.carol.id, cast.bob.id, foe.id, 999_999]}))
    assert answer == {"added": [cast.carol.id], "skipped": [cast.bob.id, foe.id, 999_999]}
    ok(cast.bob.api.post(at(group, "messages"), {"content": "after"}), 201)
    page = ok(cast.carol.api.get(at(group, "messages")))["results"]
    assert [(m["seq"], m["content"]) for m in page] == [(3, "Carol was added."), (4, "after")]
    assert page[0]["system"] == {"action": "added", "userIds": [cast.carol.id], "count": 1, "actorId": cast.alice.id}
    mine = seen(cast.carol, group)
    assert (mine["joinedSeq"], mine["unread"], mine["memberCount"]) == (2, 1, 3)
    refused(cast.bob.api.post(at(group, "members"), {"userIds": [foe.id]}), 403, "forbidden")
    refused(foe.api.post(at(group, "members"), {"userIds": [foe.id]}), 404, "not_found")
    assert ok(cast.alice.api.post(at(group, "members"), {"userIds": [cast.bob.id]}))["added"] == []
    assert len(said(group)) == 2


def test_with_open_history_new_members_see_everything(cast: Cast) -> None:
    group = make_group(cast.alice, cast.bob, history="all")
    ok(cast.alice.api.post(at(group, "messages"), {"content": "before"}), 201)
    ok(cast.alice.api.put(at(group, "members", cast.carol.id), {}))
    assert [m["seq"] for m in ok(cast.carol.api.get(at(group, "messages")))["results"]] == [1, 2, 3]
    assert (seen(cast.carol, group)["unread"], seen(cast.carol, group)["joinedSeq"]) == (0, 0)


def test_a_group_has_a_limit(cast: Cast, settings: Any) -> None:
    settings.IM_GROUP_MEMBERS = 3
    group = make_group(cast.alice, cast.bob)
    dave, erin = make_person("dave"), make_person("erin")
    refused(cast.alice.api.post(at(group, "members"), {"userIds": [dave.id, erin.id]}), 409, "too_many")
    assert roles(group) == {cast.alice.id: "owner", cast.bob.id: "member"}
    ok(cast.alice.api.post(at(group, "members"), {"userIds": [dave.id]}))
    refused(cast.alice.api.post(at(group, "members"), {"userIds": [erin.id]}), 409, "too_many")
    body = {"kind": "group", "title": "x", "memberIds": [cast.bob.id, dave.id, erin.id]}
    refused(cast.alice.api.post(GROUPS, body), 409, "too_many")


def test_members_come_in_pages_by_rank_and_name(cast: Cast) -> None:
    crowd = [make_person(name) for name in ("zoe", "Adam", "mia", "ben")]
    group = make_group(cast.bob, cast.alice, *crowd, admins=(cast.carol,))
    path = at(group, "members")
    whole = ok(cast.alice.api.get(path))
    names = ["Bob", "Carol", "Adam", "Alice", "Ben", "Mia", "Zoe"]
    assert [member["user"]["displayName"] for member in whole["results"]] == names
    assert [member["role"] for member in whole["results"]] == ["owner", "admin", *["member"] * 5]
    assert (whole["next"], whole["count"]) == (None, 7)
    found, after = [], ""
    while after is not None:
        page = ok(cast.alice.api.get(path, {"limit": 2, "after": after}))
        found += [member["user"]["displayName"] for member in page["results"]]
        after = page["next"]
    assert found == names
    searched = ok(cast.alice.api.get(path, {"search": "a", "role": "member"}))
    assert [member["user"]["displayName"] for member in searched["results"]][:2] == ["Adam", "Alice"]
    assert searched["count"] == len(searched["results"])
    assert ok(cast.alice.api.get(path, {"search": "Carol"}))["count"] == 1
    assert ok(cast.alice.api.get(path, {"limit": 1}))["results"][0]["user"]["id"] == cast.bob.id
    one = ok(cast.alice.api.get(at(group, "members", cast.carol.id)))
    assert (one["role"], one["silencedUntil"], one["user"]["id"]) == ("admin", None, cast.carol.id)
    for bad in ({"after": "x"}, {"after": "2-99999999"}, {"role": "king"}, {"limit": 101}):
        refused(cast.alice.api.get(path, bad), 400, "bad_frame")


def test_roles(cast: Cast) -> None:
    dave = make_person("dave")
    group = make_group(cast.alice, cast.carol, dave, admins=(cast.bob,))

    def put(who: Person, whom: Person, **body: Any) -> Any:
        return who.api.put(at(group, "members", whom.id), body)

    refused(put(cast.bob, cast.carol, role="admin"), 403, "forbidden")
    refused(put(cast.carol, cast.carol, role="admin"), 403, "forbidden")
    refused(put(cast.bob, cast.alice, role="member"), 403, "forbidden")
    refused(put(cast.alice, cast.alice, role="admin"), 403, "forbidden")
    refused(put(cast.bob, cast.bob, role="owner"), 403, "forbidden")
    assert ok(put(cast.alice, cast.carol, role="admin"))["role"] == "admin"
    assert said(group)[-1] == {"action": "role", "userId": cast.carol.id, "role": "admin", "actorId": cast.alice.id}
    assert ok(put(cast.carol, cast.carol, role="member"))["role"] == "member"  # an admin may step down
    assert ok(put(cast.alice, cast.bob, role="owner"))["role"] == "owner"
    assert roles(group) == {cast.alice.id: "admin", cast.bob.id: "owner", cast.carol.id: "member", dave.id: "member"}
    assert said(group)[-1] == {"action": "owner", "userId": cast.bob.id, "actorId": cast.alice.id}
    refused(put(cast.alice, cast.bob, role="member"), 403, "forbidden")
    refused(put(cast.bob, dave, role="king"), 400, "bad_frame")


def test_silence(cast: Cast) -> None:
    group = make_group(cast.alice, cast.carol, admins=(cast.bob,))
    until = now_ms() + 60_000

    def silence(who: Person, whom: Person, until: int | None) -> Any:
        return who.api.put(at(group, "members", whom.id), {"silencedUntil": until})

    refused(silence(cast.carol, cast.bob, until), 403, "forbidden")
    refused(silence(cast.bob, cast.alice, until), 403, "forbidden")
    refused(silence(cast.bob, cast.bob, until), 403, "forbidden")
    assert ok(silence(cast.bob, cast.carol, until))["silencedUntil"] == until
    assert said(group)[-1] == {"action": "silenced", "userId": cast.carol.id, "until": until, "actorId": cast.bob.id}
    assert seen(cast.carol, group)["silencedUntil"] == until
    body = refused(cast.carol.api.post(at(group, "messages"), {"content": "x"}), 403, "forbidden")
    assert 0 < body["retryAfterMs"] <= 60_000
    assert ok(silence(cast.alice, cast.carol, None))["silencedUntil"] is None
    assert said(group)[-1]["action"] == "unsilenced"
    ok(cast.carol.api.post(at(group, "messages"), {"content": "x"}), 201)


def test_where_only_admins_write(cast: Cast) -> None:
    group = make_group(cast.alice, cast.carol, admins=(cast.bob,), posting="admins")
    for who in (cast.alice, cast.bob):
        ok(who.api.post(at(group, "messages"), {"content": "x"}), 201)
    refused(cast.carol.api.post(at(group, "messages"), {"content": "x"}), 403, "forbidden")
    ok(cast.bob.api.patch(at(group), {"posting": "all"}))
    ok(cast.carol.api.post(at(group, "messages"), {"content": "x"}), 201)


# ---- going ---------------------------------------------------------------------------------------------------------------


def test_removing(cast: Cast) -> None:
    dave = make_person("dave")
    group = make_group(cast.alice, cast.carol, dave, admins=(cast.bob,))
    mine = ok(
        cast.carol.api.post(at(group, "messages"), {"content": "mine", "msgId": "00000000-0000-4000-8000-000000000001"}), 201
    )

    def remove(who: Person, whom: Person) -> Any:
        return who.api.delete(at(group, "members", whom.id))

    refused(remove(cast.carol, dave), 403, "forbidden")
    refused(remove(cast.bob, cast.alice), 403, "forbidden")
    ok(remove(cast.bob, cast.carol), 204)
    assert said(group)[-1] == {"action": "removed", "userId": cast.carol.id, "actorId": cast.bob.id}
    refused(cast.carol.api.get(at(group)), 404, "not_found")
    refused(cast.carol.api.get(at(group, "messages")), 404, "not_found")
    refused(cast.carol.api.post(at(group, "messages"), {"content": "x"}), 404, "not_found")
    refused(remove(cast.bob, cast.carol), 404, "not_found")
    assert group not in [c["id"] for c in ok(cast.carol.api.get(GROUPS))["results"]]
    # The same message again gets its old answer all the same.
    again = ok(cast.carol.api.post(at(group, "messages"), {"content": "mine", "msgId": mine["msgId"]}))
    assert (again["seq"], again["createdAt"]) == (mine["seq"], mine["createdAt"])
    ok(remove(cast.alice, cast.bob), 204)
    assert (seen(cast.alice, group)["memberCount"], roles(group)) == (2, {cast.alice.id: "owner", dave.id: "member"})


def test_when_the_owner_leaves_somebody_else_owns(cast: Cast) -> None:
    dave = make_person("dave")
    group = make_group(cast.alice, cast.bob, dave, admins=(cast.carol,))
    ok(cast.alice.api.delete(at(group, "members", cast.alice.id)), 204)
    assert roles(group) == {cast.carol.id: "owner", cast.bob.id: "member", dave.id: "member"}
    assert [one["action"] for one in said(group)][-2:] == ["owner", "left"]
    ok(cast.carol.api.delete(at(group, "members", cast.carol.id)), 204)
    assert roles(group)[cast.bob.id] == "owner"
    for who in (cast.bob, dave):
        ok(who.api.delete(at(group, "members", who.id)), 204)
    assert roles(group) == {}
    assert Conversation.objects.get(pk=group).member_count == 0
    assert AccessChange.objects.filter(kind="left", detail__startswith=f"{group} ").count() == 4


def test_whoever_comes_back_begins_anew(cast: Cast) -> None:
    group = make_group(cast.alice, cast.bob)
    ok(cast.bob.api.delete(at(group, "members", cast.bob.id)), 204)
    ok(cast.alice.api.post(at(group, "messages"), {"content": "behind your back"}), 201)
    ok(cast.alice.api.put(at(group, "members", cast.bob.id), {"role": "admin"}))
    assert roles(group)[cast.bob.id] == "admin"
    assert [m["seq"] for m in ok(cast.bob.api.get(at(group, "messages")))["results"]] == [4, 5]


def test_a_deleted_account_leaves_its_groups(live_database: None) -> None:
    owner, other, asked = make_person("owner"), make_person("other"), make_person("asked")
    group = make_group(owner, other)
    wants = make_group(asked, access="request")
    ok(owner.api.post(at(wants, "join"), {}), 202)
    ok(owner.api.delete(API + "me", {"password": "correct horse battery"}), 204)
    assert roles(group) == {other.id: "owner"}
    assert ok(asked.api.get(at(wants, "requests")))["results"] == []
    assert [one["action"] for one in said(group)] == ["created", "owner", "left"]
    assert User.objects.get(pk=owner.id).deleted_at
