"""Links into a group: whoever has one and is signed in may look at the group's name, and join."""

import secrets
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from chat.access import access_group
from chat.entries import Batch, Row
from chat.groups import perform, refuse_full
from chat.joining import Join
from chat.models import Conversation, GroupInvite, Membership
from realtime.clock import now_ms
from realtime.errors import Code, Refused, not_found

MAX_OPEN = 100  # links of a group that are good at the same time
MAX_USES = 10_000
LENGTH = 22  # characters of a code: 128 bits


def _good() -> Q:
    unused = Q(max_uses=None) | Q(uses__lt=F("max_uses"))
    return unused & (Q(expires_at=None) | Q(expires_at__gt=now_ms())) & Q(revoked_at=None)


def _access(user_id: int, conversation_id: int) -> Membership:
    """My membership in a group whose links I may make: as admin, or where everybody may come in. Raises Refused."""
    found = access_group(user_id=user_id, conversation_id=conversation_id)
    if found.role == Membership.Role.MEMBER and found.conversation.access != Conversation.Access.OPEN:
        raise Refused(Code.FORBIDDEN, "Only admins of the group may do this.")
    return found


def of_group(*, user_id: int, conversation_id: int) -> QuerySet[GroupInvite]:
    """The links of a group that are good, newest first; members of an open group see those that they have made.

    Raises Refused: not_found, forbidden."""
    me = _access(user_id, conversation_id)
    found = GroupInvite.objects.filter(_good(), conversation_id=conversation_id)
    if me.role == Membership.Role.MEMBER:
        found = found.filter(created_by_id=user_id)
    return found.select_related("created_by").order_by("-pk")


def make(
    *, user_id: int, conversation_id: int, expires_in: int | None = None, max_uses: int | None = None
) -> GroupInvite:  # fmt: skip
    """A new link; `expires_in` in milliseconds. Raises Refused: not_found, forbidden, too_many."""
    _access(user_id, conversation_id)
    if GroupInvite.objects.filter(_good(), conversation_id=conversation_id).count() >= MAX_OPEN:
        raise Refused(Code.TOO_MANY, f"A group has at most {MAX_OPEN} links. Take one back first.")
    return GroupInvite.objects.create(
        conversation_id=conversation_id, code=secrets.token_urlsafe(16), created_by_id=user_id, max_uses=max_uses,
        expires_at=now_ms() + expires_in if expires_in is not None else None,
    )  # fmt: skip


def revoke(*, user_id: int, conversation_id: int, invite_id: int) -> None:
    """Make a link good for nothing: an admin any, others their own. Raises Refused: not_found, forbidden."""
    mine = of_group(user_id=user_id, conversation_id=conversation_id).filter(pk=invite_id).values("pk")
    if not GroupInvite.objects.filter(pk__in=mine).update(revoked_at=now_ms()):
        raise not_found("There is no such link.")


def find(code: str) -> GroupInvite:
    """The invitation of a code, while it is good. Raises Refused: not_found."""
    found = GroupInvite.objects.filter(_good(), code=code).first()
    if found is None:
        raise not_found("This link is not good, or not any more.")
    return found


def look(*, user_id: int, code: str) -> Any:
    """The group behind a link, with `is_member`. Raises Refused: not_found."""
    members = Membership.objects.filter(conversation_id=OuterRef("pk"), user_id=user_id)
    return Conversation.objects.annotate(is_member=Exists(members)).get(pk=find(code).conversation_id)


class Accept(Join):
    """Somebody comes in by a link. Of two that come for its last use, one gets it."""

    __slots__ = ("code",)

    def __init__(self, *, actor_id: int, code: str) -> None:
        super().__init__(actor_id=actor_id, conversation_id=None, via="invite")
        self.code = code

    def find(self) -> None:
        self.conversation_id = find(self.code).conversation_id

    def refuse(self, batch: Batch, row: Row) -> None:
        """Take one use, when nothing else speaks against it."""
        refuse_full(row.member_count + 1)
        taken = GroupInvite.objects.filter(_good(), code=self.code, conversation_id=row.id).update(uses=F("uses") + 1)
        if not taken:
            raise not_found("This link is not good, or not any more.")


def accept(*, user_id: int, code: str) -> int:
    """Join by a link; returns the conversation. Who is a member already takes no use. Raises Refused: not_found, too_many."""
    act = Accept(actor_id=user_id, code=code)
    perform(act)
    assert act.conversation_id is not None
    return act.conversation_id
