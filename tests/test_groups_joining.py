"""Coming into groups: finding, joining, asking, links."""

from typing import Any

import pytest

from chat import invites, joining
from chat.models import GroupInvite, JoinRequest
from realtime.clock import now_ms
from realtime.errors import Refused
from tests.support.groups import make_group, roles, said
from tests.support.people import Cast, make_person
from tests.support.rest import API, ok, refused
from tests.test_groups_rest import at

pytestmark = pytest.mark.django_db


def test_open_groups_are_found_and_joined(cast: Cast) -> None:
    tea = make_group(cast.alice, cast.bob, title="Tea lovers", access="open", description="Green and black")
    make_group(cast.alice, title="Tea, in private")
    ask = make_group(cast.bob, title="Tea masters", access="request")
    found = ok(cast.carol.api.get(API + "groups", {"search": "tea"}))
    assert [(g["conversationId"], g["memberCount"], g["isMember"], g["requested"]) for g in found["results"]] == [
        (tea, 2, False, False), (ask, 1, False, False),
    ]  # fmt: skip
    assert found["results"][0]["description"] == "Green and black"
    assert [g["conversationId"] for g in ok(cast.carol.api.get(API + "groups", {"search": "BLACK"}))["results"]] == [tea]
    joined = ok(cast.carol.api.post(at(tea, "join"), {}))
    assert (joined["id"], joined["role"], joined["memberCount"]) == (tea, "member", 3)
    assert said(tea)[-1] == {"action": "joined", "via": "open", "actorId": cast.carol.id}
    ok(cast.carol.api.post(at(tea, "join"), {}))
    assert len(said(tea)) == 2
    dave = make_person("dave")
    assert ok(cast.carol.api.post(at(tea, "members"), {"userIds": [dave.id]}))["added"] == [dave.id]
    assert ok(cast.carol.api.get(API + "groups"))["results"][0]["isMember"] is True


def test_groups_are_found_in_pages_the_largest_first(cast: Cast) -> None:
    ids = [make_group(cast.alice, *others, access="open") for others in ((), (cast.bob,), (cast.bob, cast.carol), ())]
    found, after = [], ""
    while after is not None:
        page = ok(cast.bob.api.get(API + "groups", {"limit": 1, "after": after}))
        found += [group["conversationId"] for group in page["results"]]
        after = page["next"]
    assert found == [ids[2], ids[1], ids[3], ids[0]]
    refused(cast.bob.api.get(API + "groups", {"after": "x"}), 400, "bad_frame")


def test_private_groups_cannot_be_joined(cast: Cast) -> None:
    group = make_group(cast.alice)
    for number in (group, 999_999):
        refused(cast.carol.api.post(at(number, "join"), {}), 404, "not_found")
    assert ok(cast.alice.api.post(at(group, "join"), {}))["id"] == group


def test_asking_to_be_let_in(cast: Cast) -> None:
    dave, erin = make_person("dave"), make_person("erin")
    group = make_group(cast.alice, dave, admins=(cast.bob,), access="request")
    assert ok(cast.carol.api.post(at(group, "join"), {"note": " please "}), 202) == {"status": "requested"}
    assert ok(erin.api.post(at(group, "join"), {}), 202)
    assert ok(cast.carol.api.get(API + "groups"))["results"][0]["requested"] is True
    refused(cast.carol.api.get(at(group)), 404, "not_found")
    refused(dave.api.get(at(group, "requests")), 403, "forbidden")
    refused(cast.carol.api.get(at(group, "requests")), 404, "not_found")
    waiting = ok(cast.bob.api.get(at(group, "requests")))["results"]
    assert [(one["user"]["id"], one["note"]) for one in waiting] == [(cast.carol.id, "please"), (erin.id, "")]
    refused(dave.api.post(at(group, "requests", cast.carol.id), {"accept": True}), 403, "forbidden")
    ok(cast.bob.api.post(at(group, "requests", cast.carol.id), {"accept": True}), 204)
    assert roles(group)[cast.carol.id] == "member"
    assert said(group)[-1] == {"action": "joined", "via": "request", "actorId": cast.carol.id}
    ok(cast.bob.api.post(at(group, "requests", erin.id), {"accept": False}), 204)
    assert erin.id not in roles(group)
    refused(cast.bob.api.post(at(group, "requests", erin.id), {"accept": True}), 404, "not_found")
    ok(erin.api.post(at(group, "join"), {"note": "again"}), 202)
    ok(erin.api.delete(at(group, "requests", "mine")), 204)
    refused(erin.api.delete(at(group, "requests", "mine")), 404, "not_found")
    refused(cast.alice.api.post(at(group, "join"), {"note": "x" * 201}), 400, "bad_frame")
    assert not JoinRequest.objects.filter(conversation_id=group).exists()


def test_open_requests_have_a_limit(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(joining, "MAX_REQUESTS", 1)
    one, other = make_group(cast.alice, access="request"), make_group(cast.alice, access="request")
    ok(cast.bob.api.post(at(one, "join"), {}), 202)
    ok(cast.bob.api.post(at(one, "join"), {"note": "still"}), 202)
    refused(cast.bob.api.post(at(other, "join"), {}), 409, "too_many")


# ---- links ---------------------------------------------------------------------------------------------------------------


def test_a_link_shows_the_group_and_lets_in(cast: Cast) -> None:
    group = make_group(cast.alice, cast.bob, title="Book club")
    link = ok(cast.alice.api.post(at(group, "invites"), {}), 201)
    assert (link["expiresAt"], link["maxUses"], link["uses"]) == (None, None, 0)
    assert (link["url"], link["createdBy"]["id"], len(link["code"])) == (f"/join/{link['code']}", cast.alice.id, 22)
    path = f"{API}invites/{link['code']}"
    shown = ok(cast.carol.api.get(path))
    assert (shown["conversationId"], shown["title"], shown["memberCount"], shown["isMember"]) == (group, "Book club", 2, False)
    assert ok(cast.carol.api.post(path))["role"] == "member"
    assert said(group)[-1] == {"action": "joined", "via": "invite", "actorId": cast.carol.id}
    assert ok(cast.carol.api.get(path))["isMember"] is True
    assert ok(cast.carol.api.post(path))["id"] == group
    assert [one["uses"] for one in ok(cast.alice.api.get(at(group, "invites")))["results"]] == [1]
    refused(cast.bob.api.post(at(group, "invites"), {}), 403, "forbidden")
    refused(cast.bob.api.get(at(group, "invites")), 403, "forbidden")
    refused(cast.bob.api.delete(at(group, "invites", link["id"])), 403, "forbidden")
    ok(cast.alice.api.delete(at(group, "invites", link["id"])), 204)
    for call in (cast.carol.api.get, cast.carol.api.post):
        refused(call(path), 404, "not_found")
    refused(cast.alice.api.delete(at(group, "invites", link["id"])), 404, "not_found")
    assert ok(cast.alice.api.get(at(group, "invites")))["results"] == []
    refused(cast.carol.api.get(f"{API}invites/{'x' * 22}"), 404, "not_found")


def test_a_link_ends(cast: Cast) -> None:
    group = make_group(cast.alice)
    link = ok(cast.alice.api.post(at(group, "invites"), {"expiresInMs": 60_000, "maxUses": 1}), 201)
    assert 50_000 < link["expiresAt"] - now_ms() <= 60_000
    assert invites.accept(user_id=cast.bob.id, code=link["code"]) == group
    with pytest.raises(Refused, match="not_found"):
        invites.accept(user_id=cast.carol.id, code=link["code"])
    late = ok(cast.alice.api.post(at(group, "invites"), {"expiresInMs": 60_000}), 201)
    GroupInvite.objects.filter(pk=late["id"]).update(expires_at=now_ms() - 1)
    refused(cast.carol.api.post(f"{API}invites/{late['code']}"), 404, "not_found")
    for bad in ({"expiresInMs": 0}, {"maxUses": 0}, {"maxUses": "1"}, {"expiresInMs": 10**15}):
        refused(cast.alice.api.post(at(group, "invites"), bad), 400, "bad_frame")


def test_a_full_group_costs_a_link_nothing(cast: Cast, settings: Any) -> None:
    group = make_group(cast.alice)
    link = ok(cast.alice.api.post(at(group, "invites"), {"maxUses": 1}), 201)
    settings.IM_GROUP_MEMBERS = 1
    refused(cast.bob.api.post(f"{API}invites/{link['code']}"), 409, "too_many")
    settings.IM_GROUP_MEMBERS = 2
    ok(cast.bob.api.post(f"{API}invites/{link['code']}"))


def test_a_removed_member_takes_their_links_with_them(cast: Cast) -> None:
    group = make_group(cast.alice, admins=(cast.bob,))
    link = ok(cast.bob.api.post(at(group, "invites"), {}), 201)
    ok(cast.alice.api.delete(at(group, "members", cast.bob.id)), 204)
    refused(cast.bob.api.post(f"{API}invites/{link['code']}"), 404, "not_found")


def test_members_of_an_open_group_manage_their_own_links(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    group = make_group(cast.alice, cast.bob, cast.carol, access="open")
    mine = ok(cast.bob.api.post(at(group, "invites"), {}), 201)
    other = ok(cast.carol.api.post(at(group, "invites"), {}), 201)
    assert [one["id"] for one in ok(cast.bob.api.get(at(group, "invites")))["results"]] == [mine["id"]]
    assert len(ok(cast.alice.api.get(at(group, "invites")))["results"]) == 2
    refused(cast.bob.api.delete(at(group, "invites", other["id"])), 404, "not_found")
    ok(cast.bob.api.delete(at(group, "invites", mine["id"])), 204)
    monkeypatch.setattr(invites, "MAX_OPEN", 1)
    refused(cast.bob.api.post(at(group, "invites"), {}), 409, "too_many")
