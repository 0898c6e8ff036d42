"""The members of a group, in pages: owner, admins, members, each by name."""

from typing import Any, NamedTuple

from django.db.models import Case, F, IntegerField, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce, Lower, NullIf

from accounts.models import User
from chat.access import access_group
from chat.models import Membership
from realtime.errors import BadFrame, Code, not_found

RANKS = {Membership.Role.OWNER: 0, Membership.Role.ADMIN: 1, Membership.Role.MEMBER: 2}


class Roster(NamedTuple):
    """A page of members with their people. `next`: for the page after, None on the last; `total`: on all pages."""

    members: list[Membership]
    next: str | None
    total: int


def _ranked(conversation_id: int) -> QuerySet[Any]:
    """The members of a group with what they are ordered by. A group's members are read by index, and no others."""
    rank = Case(*(When(role=role, then=Value(number)) for role, number in RANKS.items()), output_field=IntegerField())
    shown = Lower(Coalesce(NullIf("user__display_name", Value("")), F("user__username")))
    found = Membership.objects.filter(conversation_id=conversation_id).select_related("user")
    return found.annotate(rank=rank, shown=shown)


def read_members(
    *, user_id: int, conversation_id: int, search: str = "", role: str = "", after: str = "", limit: int = 50
) -> Roster:
    """A page of a group's members, for a member. `after`: the `next` of the page before.

    Raises Refused: not_found, bad_frame."""
    membership = access_group(user_id=user_id, conversation_id=conversation_id)
    found = _ranked(conversation_id)
    text = search.strip()
    if text:
        found = found.filter(Q(user__username__icontains=text) | Q(user__display_name__icontains=text))
    if role:
        found = found.filter(role=role)
    total = found.count() if text or role else membership.conversation.member_count
    if after:
        found = found.filter(_behind(conversation_id, after))
    page = list(found.order_by("rank", "shown", "user_id")[: limit + 1])
    last = page[limit - 1] if len(page) > limit else None
    return Roster(page[:limit], f"{RANKS[last.role]}-{last.user_id}" if last else None, total)


def _behind(conversation_id: int, after: str) -> Q:
    """What comes behind a place. It is named by the person there, whose name stays the server's."""
    rank, _, user_id = after.partition("-")
    name = _ranked_name(int(user_id))
    if name is None:
        raise BadFrame(Code.BAD_FRAME, "after: There is no such place in the list.", field="after")
    number = int(rank)
    return Q(rank__gt=number) | Q(rank=number, shown__gt=name) | Q(rank=number, shown=name, user_id__gt=int(user_id))


def _ranked_name(user_id: int) -> str | None:
    """A person's name as it is ordered by: lowered by the database, not by us."""
    shown = Lower(Coalesce(NullIf("display_name", Value("")), F("username")))
    return User.objects.filter(pk=user_id).annotate(shown=shown).values_list("shown", flat=True).first()


def read_member(*, user_id: int, conversation_id: int, member_id: int) -> Membership:
    """One member, for another. Raises Refused: not_found."""
    access_group(user_id=user_id, conversation_id=conversation_id)
    found = Membership.objects.filter(conversation_id=conversation_id, user_id=member_id).select_related("user").first()
    if found is None:
        raise not_found("There is no such member.")
    return found
