"""Who is in a group and as what: adding, roles, silence, removing, leaving, handing over."""

from dataclasses import dataclass
from typing import Any

from django.db import transaction

from accounts.friends import refuse_blocked
from accounts.people import access_person
from audit import log
from chat import rights
from chat.entries import Batch, Member, Row
from chat.groups import GroupAct, addable, admit, count, named, people_added, perform
from chat.models import Conversation, GroupInvite, JoinRequest, Membership
from realtime.clock import now_ms
from realtime.errors import BadFrame, Code, Refused, not_found

Role = Membership.Role


@dataclass(slots=True)
class Target:
    """The member whom an act is about, as stored. `name`: what they are called."""

    user_id: int
    role: str
    silenced_until: int | None
    name: str


def _target(batch: Batch, row: Row, user_id: int) -> Target:
    """Raises Refused: not_found."""
    found = Membership.objects.filter(conversation_id=row.id, user_id=user_id).select_related("user").first()
    if found is None:
        raise not_found("There is no such member.")
    return Target(user_id, found.role, found.silenced_until, found.user.name)


def _set(batch: Batch, row: Row, user_id: int, **values: object) -> None:
    """Store columns of a membership, and let what follows in this batch know them."""
    Membership.objects.filter(conversation_id=row.id, user_id=user_id).update(**values)
    member = batch.members.get((row.id, user_id))
    if member is not None:
        for name, value in values.items():
            setattr(member, name, value)


# ---- adding --------------------------------------------------------------------------------------------------------------


class Add(GroupAct):
    """People become members. After the commit `added` and `skipped` say who did."""

    __slots__ = ("added", "skipped", "user_ids")

    def __init__(self, *, actor_id: int, conversation_id: int, user_ids: list[int]) -> None:
        super().__init__(actor_id=actor_id, conversation_id=conversation_id)
        self.user_ids = list(dict.fromkeys(user_ids))
        self.added: list[int] = []
        self.skipped: list[int] = []

    def store(self, batch: Batch) -> None:
        row, me = self.mine(batch)
        group = Conversation.objects.only("access", "history").get(pk=row.id)
        if me.role == Role.MEMBER and group.access != Conversation.Access.OPEN:
            raise Refused(Code.FORBIDDEN, "Only admins of the group may do this.")
        here = Membership.objects.filter(conversation_id=row.id, user_id__in=self.user_ids)
        known = set(here.values_list("user_id", flat=True))
        self.added = [user_id for user_id in addable(self.actor, self.user_ids) if user_id not in known]
        self.skipped = [user_id for user_id in self.user_ids if user_id not in set(self.added)]
        if self.added:
            admit(self, batch, row, self.added, history=group.history)
            text = people_added(self.added, named(self.added[:2]))
            said = {"userIds": self.added[:50], "count": len(self.added)}
            batch.say(self, row, self.actor, text, action="added", **said)


def add(*, user_id: int, conversation_id: int, user_ids: list[int]) -> Add:
    """Add people: admins may, in open groups every member. Raises Refused: not_found, forbidden, too_many."""
    act = Add(actor_id=user_id, conversation_id=conversation_id, user_ids=user_ids)
    perform(act)
    return act


# ---- roles and silence ---------------------------------------------------------------------------------------------------


class Change(GroupAct):
    """What a member is and whether they may write. `changes`: role, silenced_until."""

    __slots__ = ("changes", "user_id")

    def __init__(self, *, actor_id: int, conversation_id: int, user_id: int, changes: dict[str, object]) -> None:
        super().__init__(actor_id=actor_id, conversation_id=conversation_id)
        self.user_id = user_id
        self.changes = changes

    def store(self, batch: Batch) -> None:
        row, me = self.mine(batch)
        target = _target(batch, row, self.user_id)
        role = self.changes.get("role", target.role)
        silenced = "silenced_until" in self.changes
        if role != target.role:
            self._refuse_role(me, target, str(role))
        if silenced:
            _refuse_over(me, target)
        if role != target.role:
            self._become(batch, row, target, str(role))
        if silenced and role == Role.MEMBER:
            self._silence(batch, row, target)

    def _refuse_role(self, me: Member, target: Target, role: str) -> None:
        steps_down = target.user_id == self.actor and me.role == Role.ADMIN and role == Role.MEMBER
        if me.role != Role.OWNER and not steps_down:
            raise Refused(Code.FORBIDDEN, "Only the owner of the group may do this.")
        if target.role == Role.OWNER:
            raise Refused(Code.FORBIDDEN, "Hand the group over first.", field="role")

    def _become(self, batch: Batch, row: Row, target: Target, role: str) -> None:
        if role == Role.OWNER:
            hand_over(self, batch, row, self.actor, target.user_id, target.name)
            _set(batch, row, self.actor, role=Role.ADMIN)
            return
        _set(batch, row, target.user_id, role=role, **({"silenced_until": None} if role == Role.ADMIN else {}))
        what = "is now an admin" if role == Role.ADMIN else "is no longer an admin"
        batch.say(self, row, self.actor, f"{target.name} {what}.", action="role", userId=target.user_id, role=role)

    def _silence(self, batch: Batch, row: Row, target: Target) -> None:
        until = self.changes["silenced_until"]
        if not isinstance(until, int) or until <= batch.now:
            until = None
        if until == target.silenced_until:
            return
        _set(batch, row, target.user_id, silenced_until=until)
        if until is None:
            batch.say(self, row, self.actor, f"{target.name} may write again.", action="unsilenced", userId=target.user_id)
        else:
            text = f"{target.name} was muted."
            batch.say(self, row, self.actor, text, action="silenced", userId=target.user_id, until=until)


def _refuse_over(me: Member, target: Target) -> None:
    """Admins are above members, the owner is above everybody. Raises Refused: forbidden."""
    if me.role == Role.MEMBER or target.user_id == me.user_id:
        raise Refused(Code.FORBIDDEN, "You may not do this to this member.")
    if me.role == Role.ADMIN and target.role != Role.MEMBER:
        raise Refused(Code.FORBIDDEN, "Only the owner of the group may do this to an admin.")


class Appoint(GroupAct):
    """An administrator of the site makes a member the owner of a group that has lost its own; the old one stays as admin."""

    __slots__ = ("event", "user_id")

    def __init__(self, *, actor_id: int, conversation_id: int, user_id: int, event: dict[str, Any]) -> None:
        super().__init__(actor_id=actor_id, conversation_id=conversation_id)
        self.user_id = user_id
        self.event = event

    def store(self, batch: Batch) -> None:
        row = self.group(batch)
        target = _target(batch, row, self.user_id)
        record_operator(self.event, row, target)
        owners = Membership.objects.filter(conversation_id=row.id, role=Role.OWNER)
        for user_id in list(owners.values_list("user_id", flat=True)):
            _set(batch, row, user_id, role=Role.ADMIN)
        hand_over(self, batch, row, self.actor, target.user_id, target.name)


def record_operator(event: dict[str, Any], row: Row, target: Target) -> None:
    """Tell the audit log what an administrator of the site does to a member of a group."""
    detail = {"conversation": row.id, "user": target.user_id, "role": target.role}
    log.record(**event, target_id=row.id, target=f"{row.id}: {target.name}", detail=detail)


def hand_over(act: GroupAct, batch: Batch, row: Row, actor_id: int, user_id: int, name: str) -> None:
    """Make a member the owner; what becomes of the old one is the caller's affair."""
    _set(batch, row, user_id, role=Role.OWNER, silenced_until=None)
    batch.say(act, row, actor_id, f"{name} is now the owner.", action="owner", userId=user_id)


def change(*, user_id: int, conversation_id: int, member_id: int, changes: dict[str, object]) -> None:
    """Change what a member is. Who is none is added first. Raises Refused: not_found, forbidden, blocked, too_many."""
    until = changes.get("silenced_until")
    if isinstance(until, int) and changes.get("role") in (Role.OWNER, Role.ADMIN) and until > now_ms():
        raise BadFrame(Code.BAD_FRAME, "silencedUntil: Admins are not muted.", field="silencedUntil")
    if not Membership.objects.filter(conversation_id=conversation_id, user_id=member_id).exists():
        added = add(user_id=user_id, conversation_id=conversation_id, user_ids=[member_id]).added
        if not added and not Membership.objects.filter(conversation_id=conversation_id, user_id=member_id).exists():
            access_person(viewer_id=user_id, person_id=member_id)
            refuse_blocked(user_id=user_id, other_id=member_id)
    if changes:
        perform(Change(actor_id=user_id, conversation_id=conversation_id, user_id=member_id, changes=changes))


# ---- going ---------------------------------------------------------------------------------------------------------------


class Remove(GroupAct):
    """A member leaves, or is removed. When the owner goes, the admin who has been there longest becomes owner, else the member
    who has. `event`: an administrator of the site does it, and the audit log is told so."""

    __slots__ = ("event", "user_id")

    def __init__(
        self, *, actor_id: int, conversation_id: int, user_id: int, event: dict[str, Any] | None = None
    ) -> None:  # fmt: skip
        super().__init__(actor_id=actor_id, conversation_id=conversation_id)
        self.user_id = user_id
        self.event = event

    def store(self, batch: Batch) -> None:
        leaves = self.user_id == self.actor and self.event is None
        if self.event is not None:
            row = self.group(batch)
            target = _target(batch, row, self.user_id)
            record_operator(self.event, row, target)
        else:
            row, me = self.mine(batch)
            target = _target(batch, row, self.user_id)
            if not leaves:
                _refuse_over(me, target)
        Membership.objects.filter(conversation_id=row.id, user_id=self.user_id).delete()
        count(row, -1)
        if target.role == Role.OWNER:
            self._find_owner(batch, row)
        if leaves:
            batch.say(self, row, self.actor, f"{target.name} left.", action="left")
        else:
            GroupInvite.objects.filter(conversation_id=row.id, created_by_id=self.user_id, revoked_at=None).update(
                revoked_at=batch.now
            )
            batch.say(self, row, self.actor, f"{target.name} was removed.", action="removed", userId=self.user_id)
        batch.members.pop((row.id, self.user_id), None)  # nothing of theirs that comes later in this batch is stored
        rights.record(rights.Kind.LEFT, conversation_id=row.id, user_ids=[self.user_id], rev=row.last_rev)
        self.went = ([self.user_id], row.last_rev)

    def _find_owner(self, batch: Batch, row: Row) -> None:
        left = Membership.objects.filter(conversation_id=row.id, user__is_active=True).select_related("user")
        heir = left.filter(role=Role.ADMIN).order_by("joined_at", "pk").first() or left.order_by("joined_at", "pk").first()
        if heir is not None:
            hand_over(self, batch, row, self.actor, heir.user_id, heir.user.name)


def leaving(*, user_id: int, conversation_id: int) -> Remove:
    """The act of leaving a group, for the journal, which refuses it with not_found."""
    return Remove(actor_id=user_id, conversation_id=conversation_id, user_id=user_id)


def remove(*, user_id: int, conversation_id: int, member_id: int) -> None:
    """Remove a member, or leave where it is oneself. Raises Refused: not_found, forbidden."""
    perform(Remove(actor_id=user_id, conversation_id=conversation_id, user_id=member_id))


def forget(user_id: int) -> None:
    """Somebody's account is being deleted: with that certain, they leave their groups, as if they did it themselves."""
    JoinRequest.objects.filter(user_id=user_id).delete()
    # Not within the deleting transaction: it holds the person's row, which the journal's messages refer to.
    transaction.on_commit(lambda: leave_all(user_id), robust=True)


def leave_all(user_id: int) -> None:
    """Somebody's account is gone: they leave their groups, as if they did it themselves."""
    groups = Membership.objects.filter(user_id=user_id, conversation__kind=Conversation.Kind.GROUP)
    for conversation_id in list(groups.values_list("conversation_id", flat=True)):
        try:
            remove(user_id=user_id, conversation_id=conversation_id, member_id=user_id)
        except Refused as refused:
            if refused.code is not Code.NOT_FOUND:  # removed meanwhile: nothing is left to do
                raise
