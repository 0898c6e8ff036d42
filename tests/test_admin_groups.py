"""Groups in the admin: who is in them as what, and the acts of an administrator of the site."""

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from audit.models import AuditEvent
from chat.models import Membership
from tests.support.groups import make_group, roles, said
from tests.support.people import Cast, make_person
from tests.support.rest import API, refused
from tests.test_admin_acts import confirm, enter

PATH = "chat/membership"


def test_the_members_of_a_group_are_listed_with_their_roles(cast: Cast, client: Client) -> None:
    admin = enter(client, cast.alice.id, is_superuser=True)
    group = make_group(cast.bob, cast.carol, title="Book club")
    page = admin.get(f"/admin/{PATH}/?conversation__id__exact={group}").content.decode()
    assert cast.bob.user.username in page
    assert cast.carol.user.username in page
    listed = admin.get("/admin/chat/conversation/").content.decode()
    assert f"/admin/{PATH}/?conversation__id__exact={group}" in listed
    assert "Book club" in admin.get(f"/admin/chat/conversation/{group}/change/").content.decode()


def test_the_page_of_a_group_costs_the_same_however_many_are_in_it(cast: Cast, client: Client) -> None:
    admin = enter(client, cast.alice.id, is_superuser=True)
    counts = []
    for number in (1, 30):
        group = make_group(cast.bob, *[make_person("member") for _ in range(number)])
        for path in (f"/admin/chat/conversation/{group}/change/", f"/admin/{PATH}/?conversation__id__exact={group}"):
            with CaptureQueriesContext(connection) as captured:
                assert admin.get(path).status_code == 200
            counts.append(len(captured))
    assert counts[:2] == counts[2:]


def test_an_administrator_appoints_an_owner_and_removes_members(cast: Cast, client: Client) -> None:
    admin = enter(client, cast.alice.id, is_superuser=True)
    group = make_group(cast.bob, cast.carol)
    carol = Membership.objects.get(conversation_id=group, user=cast.carol.user)
    confirm(admin, f"{PATH}/{carol.pk}/act/make_owner", reason="The owner is away")
    assert roles(group) == {cast.bob.id: "admin", cast.carol.id: "owner"}
    event = AuditEvent.objects.latest("pk")
    assert (event.action, event.reason, event.actor_id) == ("make_owner", "The owner is away", cast.alice.id)
    bob = Membership.objects.get(conversation_id=group, user=cast.bob.user)
    confirm(admin, f"{PATH}/{bob.pk}/act/remove_member", reason="Spam")
    assert roles(group) == {cast.carol.id: "owner"}
    assert [one["action"] for one in said(group)] == ["created", "owner", "removed"]
    assert AuditEvent.objects.latest("pk").action == "remove_member"
    refused(cast.bob.api.get(f"{API}conversations/{group}"), 404, "not_found")


def test_it_takes_the_right_to_moderate(cast: Cast, client: Client) -> None:
    staff = enter(client, cast.alice.id, "chat.view_membership", "chat.view_conversation")
    group = make_group(cast.bob, cast.carol)
    carol = Membership.objects.get(conversation_id=group, user=cast.carol.user)
    assert confirm(staff, f"{PATH}/{carol.pk}/act/remove_member").status_code == 403
    assert cast.carol.id in roles(group)
