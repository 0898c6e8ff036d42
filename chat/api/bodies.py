"""The bodies of the chat endpoints, in and out."""

from typing import Any

from rest_framework import serializers

from accounts.api.bodies import PersonBody
from realtime.fields import Text, Truth, Uuid, Whole
from realtime.rest import ErrorBody

MAX_ID = 2**63 - 1


class UserIds(serializers.ListField):
    """Up to 50 people."""

    child = Whole(min_value=1, max_value=MAX_ID)

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=50, **options)


class ReactionSum(serializers.Serializer[Any]):
    count = serializers.IntegerField()
    userIds = serializers.ListField(child=serializers.IntegerField(), help_text="The first 50.")


class MessageBody(serializers.Serializer[Any]):
    """A message as it is now: the `data` of a `chat` frame (protocol §3)."""

    msgId = serializers.UUIDField()
    conversationId = serializers.IntegerField()
    seq = serializers.IntegerField()
    rev = serializers.IntegerField()
    fromUserId = serializers.IntegerField()
    toUserId = serializers.IntegerField(required=False, help_text="Direct chats only.")
    content = serializers.CharField(allow_blank=True)
    contentType = serializers.IntegerField()
    createdAt = serializers.IntegerField(help_text="Unix milliseconds.")
    recalledAt = serializers.IntegerField(required=False, help_text="Unix milliseconds: its content is gone.")
    moderated = serializers.BooleanField(required=False, help_text="An administrator took it back.")
    recalledBy = serializers.IntegerField(required=False, help_text="An admin of the group, who took it back.")
    editedAt = serializers.IntegerField(required=False, help_text="Unix milliseconds.")
    replyTo = serializers.UUIDField(required=False)
    mentions = serializers.ListField(child=serializers.IntegerField(), required=False)
    mentionAll = serializers.BooleanField(required=False)
    forwardedFrom = serializers.IntegerField(required=False, help_text="Who wrote it first.")
    reactions = serializers.DictField(child=ReactionSum(), required=False, help_text="By emoji.")
    system = serializers.DictField(required=False, help_text="{action, actorId, …} of a system message.")


class PeerBody(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    username = serializers.CharField()
    displayName = serializers.CharField()
    avatar = serializers.CharField(allow_null=True)
    status = serializers.CharField(allow_blank=True)


class ViewBody(serializers.Serializer[Any]):
    """My own view of a conversation: the `data` of a `state` frame."""

    conversationId = serializers.IntegerField()
    lastSeq = serializers.IntegerField()
    readSeq = serializers.IntegerField()
    unread = serializers.IntegerField(help_text="Counted to 1,000.")
    unreadFrom = serializers.IntegerField(allow_null=True)
    mutedUntil = serializers.IntegerField(allow_null=True, help_text="Unix milliseconds.")
    pinned = serializers.BooleanField()
    archived = serializers.BooleanField()
    draft = serializers.CharField(allow_blank=True)
    mentionSeq = serializers.IntegerField(help_text="The newest message that mentions me and that I have not read, else 0.")


class ConversationBody(ViewBody):
    """A conversation of mine: an item of a `heads` frame, with the other person and the last message."""

    id = serializers.IntegerField(help_text="The same as conversationId.")
    kind = serializers.ChoiceField(choices=["direct", "group"])
    title = serializers.CharField()
    peerId = serializers.IntegerField(allow_null=True)
    peer = PeerBody(allow_null=True)
    lastRev = serializers.IntegerField()
    lastAt = serializers.IntegerField(help_text="Unix milliseconds; 0 before the first message.")
    othersDeliveredSeq = serializers.IntegerField()
    othersReadSeq = serializers.IntegerField()
    lastMessage = MessageBody(allow_null=True)
    description = serializers.CharField(allow_blank=True, help_text="Groups only, like what follows.")
    avatar = serializers.CharField(allow_null=True, help_text="Where the group's picture is; `?size=` in pixels.")
    role = serializers.ChoiceField(choices=["owner", "admin", "member"], allow_null=True, help_text="What I am in it.")
    memberCount = serializers.IntegerField()
    access = serializers.ChoiceField(choices=["private", "request", "open"], help_text="Who may join.")
    posting = serializers.ChoiceField(choices=["all", "admins"], help_text="Who may write.")
    history = serializers.ChoiceField(choices=["joined", "all"], help_text="What new members see.")
    joinedSeq = serializers.IntegerField(help_text="I see messages with a higher seq.")
    silencedUntil = serializers.IntegerField(allow_null=True, help_text="I may not write until then; Unix milliseconds.")
    skipped = serializers.ListField(
        child=serializers.IntegerField(), required=False, help_text="Of a new group: who could not be added."
    )


class ConversationsBody(serializers.Serializer[Any]):
    results = ConversationBody(many=True)
    next = serializers.CharField(allow_null=True, help_text="`before` of the next page; null on the last one.")


class ConversationsQuery(serializers.Serializer[Any]):
    before = serializers.RegexField(r"^\d{1,15}-\d{1,18}$", required=False)
    limit = serializers.IntegerField(min_value=1, max_value=200, required=False, default=50)


class GroupBody(serializers.Serializer[Any]):
    conversationId = serializers.IntegerField(source="pk")
    title = serializers.CharField()
    members = serializers.IntegerField(help_text="How many people are in it.")


class GroupsBody(serializers.Serializer[Any]):
    results = GroupBody(many=True)


class StartBody(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(choices=["direct"])
    userId = Whole(min_value=1, max_value=MAX_ID)


class HistoryQuery(serializers.Serializer[Any]):
    before = serializers.IntegerField(min_value=0, max_value=MAX_ID, required=False, help_text="A seq.")
    after = serializers.IntegerField(min_value=0, max_value=MAX_ID, required=False, help_text="A seq.")
    around = serializers.IntegerField(
        min_value=0,
        max_value=MAX_ID,
        required=False,
        help_text="A seq in the middle of the page, instead of the two others.",
    )
    limit = serializers.IntegerField(min_value=1, max_value=200, required=False, default=50)


class HistoryBody(serializers.Serializer[Any]):
    """Messages in seq order. `rev` was read before them: it is the cursor for a `sync` of this conversation."""

    results = MessageBody(many=True)
    rev = serializers.IntegerField()
    epoch = serializers.CharField()


class SendBody(serializers.Serializer[Any]):
    content = Text(trim_whitespace=False, allow_blank=True)
    contentType = Whole(min_value=1, max_value=5, required=False, default=1)
    msgId = Uuid(required=False, help_text="The idempotency key; made by the server when absent.")
    replyTo = Uuid(required=False, help_text="A message of this conversation.")
    mentions = serializers.ListField(
        child=Whole(min_value=1, max_value=MAX_ID),
        max_length=50,
        required=False,
        help_text="User ids; who is no member is left out.",
    )
    mentionAll = Truth(required=False, help_text="Admins of a group only.")


class ReadBody(serializers.Serializer[Any]):
    """Up to the highest of these; with none of them, everything."""

    seq = Whole(min_value=0, max_value=MAX_ID, required=False)
    msgIds = serializers.ListField(child=Uuid(), max_length=1000, required=False)


class StateBody(serializers.Serializer[Any]):
    unreadFrom = Whole(min_value=1, max_value=MAX_ID, allow_null=True, source="unread_from")
    mutedUntil = Whole(min_value=0, max_value=MAX_ID, allow_null=True, source="muted_until")
    pinned = Truth()
    archived = Truth()
    draft = Text(max_length=10_000, allow_blank=True, trim_whitespace=False)


class EditBody(serializers.Serializer[Any]):
    content = Text(trim_whitespace=False, allow_blank=True)
    mentions = UserIds(required=False, help_text="Who is mentioned now; absent, those who were before.")


class EditionBody(serializers.Serializer[Any]):
    content = serializers.CharField()
    at = serializers.IntegerField(help_text="Unix milliseconds: since when it has said so.")


class EditionsBody(serializers.Serializer[Any]):
    results = EditionBody(many=True)


class ReactionBody(serializers.Serializer[Any]):
    emoji = serializers.CharField()
    user = PersonBody()
    at = serializers.IntegerField(help_text="Unix milliseconds.")


class ReactionsBody(serializers.Serializer[Any]):
    results = ReactionBody(many=True)


class PinnedBody(MessageBody):
    """A pinned message."""

    pinnedBy = serializers.IntegerField(help_text="A user id.")
    pinnedAt = serializers.IntegerField(help_text="Unix milliseconds.")


class PinsBody(serializers.Serializer[Any]):
    results = PinnedBody(many=True)


class StarsQuery(serializers.Serializer[Any]):
    before = serializers.IntegerField(min_value=1, max_value=MAX_ID, required=False, help_text="`next` of the page before.")
    limit = serializers.IntegerField(min_value=1, max_value=100, required=False, default=50)


class PlaceBody(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    title = serializers.CharField()
    kind = serializers.CharField(help_text="direct or group")


class StarredBody(serializers.Serializer[Any]):
    message = MessageBody()
    conversation = PlaceBody()
    starredAt = serializers.IntegerField(help_text="Unix milliseconds.")


class StarsBody(serializers.Serializer[Any]):
    results = StarredBody(many=True)
    next = serializers.CharField(allow_null=True, help_text="`before` of the next page; null on the last one.")


class TargetBody(serializers.Serializer[Any]):
    conversationId = Whole(min_value=1, max_value=MAX_ID, required=False)
    userId = Whole(min_value=1, max_value=MAX_ID, required=False)
    msgId = Uuid(required=False, help_text="The idempotency key; made by the server when absent.")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if ("conversationId" in attrs) == ("userId" in attrs):
            raise serializers.ValidationError("Give either conversationId or userId.")
        return attrs


class ForwardBody(serializers.Serializer[Any]):
    to = serializers.ListField(child=TargetBody(), min_length=1, max_length=20)


class ForwardedOneBody(serializers.Serializer[Any]):
    conversationId = serializers.IntegerField(required=False)
    msgId = serializers.UUIDField(required=False)
    seq = serializers.IntegerField(required=False)
    error = ErrorBody(required=False)


class ForwardedBody(serializers.Serializer[Any]):
    results = ForwardedOneBody(many=True)


class ReaderBody(serializers.Serializer[Any]):
    user = PersonBody()
    readAt = serializers.IntegerField(source="read_at", allow_null=True, help_text="Unix milliseconds; null: not known.")


class ReadersBody(serializers.Serializer[Any]):
    results = ReaderBody(many=True, source="read", help_text="Who has read it, the first of them first.")
    delivered = PersonBody(many=True, help_text="Who has been given it and has not read it.")
    count = serializers.IntegerField(source="total", help_text="How many others it was for.")
