"""Groups as the product makes them."""

import json
from typing import Any

from chat import groups, members
from chat.models import Membership, Message
from tests.support.people import Person


def make_group(
    owner: Person, *others: Person, admins: tuple[Person, ...] = (), title: str = "Everybody", **settings: Any
) -> int:
    """A new group with its owner, admins and members; `settings`: description, access, posting, history. Returns its id."""
    people = [*admins, *others]
    act = groups.create(user_id=owner.id, title=title, member_ids=[person.id for person in people], **settings)
    assert act.conversation_id is not None
    for admin in admins:
        members.change(user_id=owner.id, conversation_id=act.conversation_id, member_id=admin.id, changes={"role": "admin"})
    return act.conversation_id


def roles(group: int) -> dict[int, str]:
    """What everybody in a group is."""
    return dict(Membership.objects.filter(conversation_id=group).values_list("user_id", "role"))


def said(group: int) -> list[dict[str, Any]]:
    """What the server has said in a group: `system` of each message, in order."""
    found = Message.objects.filter(conversation_id=group, content_type=5).order_by("seq")
    return [json.loads(extras or "{}")["system"] for extras in found.values_list("extras", flat=True)]
