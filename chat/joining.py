"""Coming into a group of one's own accord: finding it, joining an open one, asking to be let into another."""

from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import User
from chat.access import access_group
from chat.entries import Batch, Row
from chat.groups import GroupAct, admit, perform
from chat.models import Conversation, JoinRequest, Membership
from realtime.errors import Code, Refused, not_found

MAX_REQUESTS = 100  # that one person may have open at once
MAX_NOTE = JoinRequest.NOTE

Access = Conversation.Access


class Join(GroupAct):
    """Somebody comes in by themselves. `via`: open, invite or request. Twice changes nothing.

    After the commit `new` says whether they were no member before."""

    __slots__ = ("new", "via")

    def __init__(self, *, actor_id: int, conversation_id: int | None, via: str) -> None:
        super().__init__(actor_id=actor_id, conversation_id=conversation_id)
        self.via = via
        self.new = False

    def store(self, batch: Batch) -> None:
        self.new = False
        row = self.group(batch)
        if (row.id, self.actor) in batch.members or self._is_member(row):
            return
        person = User.objects.filter(pk=self.actor, is_active=True).first()
        if person is None:
            raise Refused(Code.UNAUTHORIZED, "This account is disabled.")
        self.refuse(batch, row)
        admit(self, batch, row, [self.actor])
        JoinRequest.objects.filter(conversation_id=row.id, user_id=self.actor).delete()
        batch.say(self, row, self.actor, f"{person.name} joined.", action="joined", via=self.via)
        self.new = True

    def _is_member(self, row: Row) -> bool:
        """Whether an act before this one in the batch has let them in already."""
        return Membership.objects.filter(conversation_id=row.id, user_id=self.actor).exists()

    def refuse(self, batch: Batch, row: Row) -> None:
        """Refuse who may not come in this way. Raises Refused."""
        access = Conversation.objects.values_list("access", flat=True).get(pk=row.id)
        if access == Access.PRIVATE:
            raise not_found("There is no such group.")
        if access == Access.REQUEST:
            raise Refused(Code.FORBIDDEN, "This group wants to be asked.")


def joining(*, user_id: int, conversation_id: int) -> Join:
    """The act of joining an open group, for the journal, which refuses it with not_found, with forbidden where the group wants
    to be asked, and with too_many where it is full."""
    return Join(actor_id=user_id, conversation_id=conversation_id, via="open")


def join(*, user_id: int, conversation_id: int, note: str = "") -> bool:
    """Join an open group, or ask to be let in where the group wants that. True: I am a member.

    Raises Refused: not_found, too_many."""
    found = Conversation.objects.filter(pk=conversation_id, kind=Conversation.Kind.GROUP)
    access = found.values_list("access", flat=True).first()
    member = Membership.objects.filter(conversation_id=conversation_id, user_id=user_id).exists()
    if access == Access.REQUEST and not member:
        _ask(user_id=user_id, conversation_id=conversation_id, note=note)
        return False
    perform(joining(user_id=user_id, conversation_id=conversation_id))
    return True


# ---- asking --------------------------------------------------------------------------------------------------------------


def _ask(*, user_id: int, conversation_id: int, note: str) -> None:
    """Asking again is the same request, with the newer note."""
    mine = JoinRequest.objects.filter(user_id=user_id)
    if mine.exclude(conversation_id=conversation_id).count() >= MAX_REQUESTS:
        raise Refused(Code.TOO_MANY, "You have too many open requests.")
    note = note.strip()
    request, new = JoinRequest.objects.get_or_create(conversation_id=conversation_id, user_id=user_id, defaults={"note": note})
    if not new and note and request.note != note:
        request.note = note
        request.save(update_fields=["note"])


def requests(*, user_id: int, conversation_id: int) -> QuerySet[JoinRequest]:
    """Who asks to be let in, the oldest first, for owner and admins. Raises Refused: not_found, forbidden."""
    access_group(user_id=user_id, conversation_id=conversation_id, manage=True)
    open_ = JoinRequest.objects.filter(conversation_id=conversation_id, user__is_active=True)
    return open_.select_related("user").order_by("created_at", "pk")


class LetIn(Join):
    """Somebody who has asked is let in by an admin, `admin_id`."""

    __slots__ = ("admin_id",)

    def __init__(self, *, admin_id: int, conversation_id: int, user_id: int) -> None:
        super().__init__(actor_id=user_id, conversation_id=conversation_id, via="request")
        self.admin_id = admin_id

    def refuse(self, batch: Batch, row: Row) -> None:
        access_group(user_id=self.admin_id, conversation_id=row.id, manage=True)
        if not JoinRequest.objects.filter(conversation_id=row.id, user_id=self.actor).exists():
            raise not_found("There is no such request.")


def answer(*, user_id: int, conversation_id: int, asker_id: int, accept: bool) -> None:
    """Let somebody in who has asked, or decline; they are not told. Raises Refused: not_found, forbidden, too_many."""
    access_group(user_id=user_id, conversation_id=conversation_id, manage=True)
    asked = JoinRequest.objects.filter(conversation_id=conversation_id, user_id=asker_id)
    if not asked.exists():
        raise not_found("There is no such request.")
    if accept:
        perform(LetIn(admin_id=user_id, conversation_id=conversation_id, user_id=asker_id))
    else:
        asked.delete()


@transaction.atomic
def take_back(*, user_id: int, conversation_id: int) -> None:
    """Take my request back. Raises Refused: not_found."""
    if not JoinRequest.objects.filter(conversation_id=conversation_id, user_id=user_id).delete()[0]:
        raise not_found("There is no such request.")


# ---- finding -------------------------------------------------------------------------------------------------------------


class Found(NamedTuple):
    """Groups that anybody may find. `next`: for the page after, None on the last."""

    groups: list[Any]
    next: str | None


def find(*, user_id: int, search: str = "", after: str = "", limit: int = 50) -> Found:
    """Open groups and those that can be asked, the largest first, each with `is_member` and `requested`."""
    members = Membership.objects.filter(conversation_id=OuterRef("pk"), user_id=user_id)
    asked = JoinRequest.objects.filter(conversation_id=OuterRef("pk"), user_id=user_id)
    found = Conversation.objects.filter(~Q(access=Access.PRIVATE), member_count__gt=0)
    text = search.strip()
    if text:
        found = found.filter(Q(title__icontains=text) | Q(description__icontains=text))
    if after:
        count, _, pk = after.partition("-")
        found = found.filter(Q(member_count__lt=int(count)) | Q(member_count=int(count), pk__lt=int(pk)))
    found = found.annotate(is_member=Exists(members), requested=Exists(asked)).order_by("-member_count", "-pk")
    page = list(found[: limit + 1])
    last = page[limit - 1] if len(page) > limit else None
    return Found(page[:limit], f"{last.member_count}-{last.pk}" if last else None)
