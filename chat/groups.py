"""Groups: what all acts on one have in common, beginning one, and changing what it is called and how it works.

Everything here goes through the journal: it takes its place in the order of the group, and a system message says it."""

from typing import Any

from django.conf import settings

from accounts.friends import blocked_either_way
from accounts.models import User
from chat import journal, rights
from chat.entries import Act, Batch, Member, Row
from chat.models import Conversation, Membership
from realtime.errors import BadFrame, Code, Refused, not_found
from realtime.hub import Message, hub

AT_ONCE = 200  # people that one act adds
NAMED = 50  # of them that the system message names
MANAGERS = (Membership.Role.OWNER, Membership.Role.ADMIN)
SETTINGS = ("access", "posting", "history")


class GroupAct(Act):
    """An act on a group. `came` and `went`: whom it makes a member and whose membership it ends, as (user ids, rev, seq)."""

    __slots__ = ("came", "went")

    def __init__(self, *, actor_id: int, conversation_id: int | None = None) -> None:
        super().__init__(actor_id=actor_id, conversation_id=conversation_id)
        self.came: tuple[list[int], int, int] = ([], 0, 0)
        self.went: tuple[list[int], int] = ([], 0)

    @property
    def actor(self) -> int:
        assert self.actor_id is not None
        return self.actor_id

    def group(self, batch: Batch) -> Row:
        """The group's row. Raises Refused: not_found. What was said of an attempt before is forgotten."""
        self.came, self.went = ([], 0, 0), ([], 0)
        row = batch.rows.get(self.conversation_id or 0)
        if row is None or row.kind != Conversation.Kind.GROUP:
            raise not_found("There is no such group.")
        return row

    def mine(self, batch: Batch) -> tuple[Row, Member]:
        """The group's row and the actor's membership. Raises Refused: not_found for who is no member."""
        row = self.group(batch)
        me = batch.members.get((row.id, self.actor))
        if me is None:
            raise not_found("There is no such group.")
        return row, me

    def managed(self, batch: Batch) -> tuple[Row, Member]:
        """The same for what owner and admins do. Raises Refused: not_found, forbidden."""
        row, me = self.mine(batch)
        if me.role not in MANAGERS:
            raise Refused(Code.FORBIDDEN, "Only admins of the group may do this.")
        return row, me

    def published(self) -> list[Message]:
        """Whoever came hears what follows, and whoever went hears nothing more, before the system message is told."""
        assert self.conversation_id is not None
        came, joined_rev, joined_seq = self.came
        gone, left_rev = self.went
        return [
            *rights.admitted(conversation_id=self.conversation_id, user_ids=came, joined_rev=joined_rev, joined_seq=joined_seq),
            *rights.dismissed(conversation_id=self.conversation_id, user_ids=gone, rev=left_rev),
        ]


def perform(act: Act) -> None:
    """Let the journal store an act, and wait for it. Raises Refused."""
    journal.lane.write_blocking(act, hub.loop)


def named(user_ids: list[int]) -> dict[int, str]:
    """What these people are called."""
    return {person.pk: person.name for person in User.objects.filter(pk__in=user_ids)}


def addable(actor_id: int, user_ids: list[int]) -> list[int]:
    """Those of these people, in their order, whom somebody may add: active, and no block stands in between."""
    blocked = blocked_either_way(actor_id)
    active = set(User.objects.filter(pk__in=user_ids, is_active=True).values_list("pk", flat=True))
    return [user_id for user_id in dict.fromkeys(user_ids) if user_id in active and user_id not in blocked]


def refuse_full(count: int) -> None:
    """Raises Refused: too_many for a group that would have more members than IM_GROUP_MEMBERS."""
    if count > settings.IM_GROUP_MEMBERS:
        raise Refused(Code.TOO_MANY, f"A group has at most {settings.IM_GROUP_MEMBERS:,} members.", field="userIds")


def admit(
    act: GroupAct, batch: Batch, row: Row, user_ids: list[int], roles: dict[int, str] | None = None, history: str = ""
) -> None:
    """Make people members, who are none, before the system message that says so is added. Raises Refused: too_many."""
    refuse_full(row.member_count + len(user_ids))
    if not history:
        history = Conversation.objects.values_list("history", flat=True).get(pk=row.id)
    joined_seq = 0 if history == Conversation.History.ALL else row.last_seq
    Membership.objects.bulk_create(
        Membership(
            conversation_id=row.id,
            user_id=user_id,
            role=(roles or {}).get(user_id, Membership.Role.MEMBER),
            joined_rev=row.last_rev,
            joined_seq=joined_seq,
            joined_at=batch.now,
            read_seq=row.last_seq,
            delivered_seq=row.last_seq,
        )
        for user_id in user_ids
    )
    count(row, len(user_ids))
    rights.record(rights.Kind.JOINED, conversation_id=row.id, user_ids=user_ids)
    act.came = (user_ids, row.last_rev, joined_seq)


def count(row: Row, by: int) -> None:
    """Keep how many members a group has."""
    row.member_count += by
    Conversation.objects.filter(pk=row.id).update(member_count=row.member_count)


def people_added(user_ids: list[int], names: dict[int, str]) -> str:
    """The sentence of the system message."""
    first, more = names[user_ids[0]], len(user_ids) - 1
    if not more:
        return f"{first} was added."
    return f"{first} and {more} more were added." if more > 1 else f"{first} and {names[user_ids[1]]} were added."


# ---- beginning a group ---------------------------------------------------------------------------------------------------


class Create(GroupAct):
    """A new group; `fields` are columns of its row. After the commit `skipped` are those who could not be added."""

    __slots__ = ("fields", "member_ids", "skipped")

    def __init__(self, *, actor_id: int, member_ids: list[int], fields: dict[str, Any]) -> None:
        super().__init__(actor_id=actor_id)
        self.fields = fields
        self.member_ids = [user_id for user_id in dict.fromkeys(member_ids) if user_id != actor_id]
        self.skipped: list[int] = []

    def find(self) -> None:
        """Make the row, which nobody sees while it has no members: the storing transaction locks it like any other."""
        refuse_full(1 + len(self.member_ids))
        if self.conversation_id is None or not Conversation.objects.filter(pk=self.conversation_id).exists():
            self.conversation_id = Conversation.objects.create(kind=Conversation.Kind.GROUP, **self.fields).pk

    def store(self, batch: Batch) -> None:
        row = self.group(batch)
        wanted = addable(self.actor, [self.actor, *self.member_ids])
        if self.actor not in wanted:
            raise Refused(Code.UNAUTHORIZED, "This account is disabled.")
        chosen = set(wanted)
        self.skipped = [user_id for user_id in self.member_ids if user_id not in chosen]
        admit(self, batch, row, wanted, {self.actor: Membership.Role.OWNER}, self.fields.get("history", "joined"))
        title = self.fields["title"]
        said = batch.say(self, row, self.actor, f"The group “{title}” was created.", action="created", title=title)
        Membership.objects.filter(conversation_id=row.id, user_id=self.actor).update(read_seq=said.seq, delivered_seq=said.seq)


def create(
    *, user_id: int, title: str, member_ids: list[int], description: str = "", access: str = "private", posting: str = "all",
    history: str = "joined",
) -> Create:  # fmt: skip
    """Begin a group with its creator as owner and others as members. Whoever blocks the creator or is blocked, is inactive or
    unknown is left out. Raises Refused: bad_frame for a blank title, too_many."""
    fields = {"description": description.strip(), "access": access, "posting": posting, "history": history}
    act = Create(actor_id=user_id, member_ids=member_ids, fields={"title": _title(title), **fields})
    perform(act)
    return act


def _title(text: str) -> str:
    title = " ".join(text.split())
    if not title:
        raise BadFrame(Code.BAD_FRAME, "title: A group needs a name.", field="title")
    return title


# ---- changing what it is -------------------------------------------------------------------------------------------------


class Describe(GroupAct):
    """New values of a group's columns; what is the same already is left out and said of nobody."""

    __slots__ = ("fields", "replaced")

    def __init__(self, *, actor_id: int, conversation_id: int, fields: dict[str, str]) -> None:
        super().__init__(actor_id=actor_id, conversation_id=conversation_id)
        self.fields = fields
        self.replaced: dict[str, str] = {}

    def store(self, batch: Batch) -> None:
        row, _ = self.managed(batch)
        known = Conversation.objects.filter(pk=row.id).values(*self.fields).get()
        changes = {name: value for name, value in self.fields.items() if known[name] != value}
        self.replaced = {name: known[name] for name in changes}
        if not changes:
            return
        Conversation.objects.filter(pk=row.id).update(**changes)
        row.posting = changes.get("posting", row.posting)
        if "title" in changes:
            title = changes["title"]
            batch.say(self, row, self.actor, f"The group is now called “{title}”.", action="renamed", title=title)
        if "description" in changes:
            batch.say(self, row, self.actor, "The description of the group was changed.", action="described")
        if "avatar" in changes:
            batch.say(self, row, self.actor, "The picture of the group was changed.", action="picture")
        if chosen := {name: changes[name] for name in SETTINGS if name in changes}:
            batch.say(self, row, self.actor, "The settings of the group were changed.", action="settings", **chosen)


def describe(*, user_id: int, conversation_id: int, changes: dict[str, str]) -> None:
    """Change title, description and settings of a group. Raises Refused: not_found, forbidden, bad_frame."""
    if "title" in changes:
        changes = {**changes, "title": _title(changes["title"])}
    if "description" in changes:
        changes = {**changes, "description": changes["description"].strip()}
    perform(Describe(actor_id=user_id, conversation_id=conversation_id, fields=changes))
