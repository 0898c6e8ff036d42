"""The bodies of the group endpoints, in and out."""

from typing import Any

from rest_framework import serializers

from accounts.api.bodies import PersonBody
from chat.api.bodies import MAX_ID
from chat.groups import AT_ONCE
from chat.invites import MAX_USES
from chat.joining import MAX_NOTE
from chat.models import Conversation, Membership
from realtime.fields import Text, Truth, Whole

YEAR = 366 * 86_400_000  # milliseconds


class CreateBody(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(choices=["group"])
    title = Text(max_length=120)
    memberIds = serializers.ListField(
        child=Whole(min_value=1, max_value=MAX_ID), max_length=AT_ONCE, required=False, default=list, source="member_ids"
    )
    description = Text(max_length=1000, required=False, allow_blank=True)
    access = serializers.ChoiceField(choices=Conversation.Access.values, required=False)
    posting = serializers.ChoiceField(choices=Conversation.Posting.values, required=False)
    history = serializers.ChoiceField(choices=Conversation.History.values, required=False)


class DescribeBody(serializers.Serializer[Any]):
    """What is given is changed."""

    title = Text(max_length=120)
    description = Text(max_length=1000, allow_blank=True)
    access = serializers.ChoiceField(choices=Conversation.Access.values)
    posting = serializers.ChoiceField(choices=Conversation.Posting.values, help_text="Who may write.")
    history = serializers.ChoiceField(choices=Conversation.History.values, help_text="What new members see.")


class MemberBody(serializers.Serializer[Any]):
    user = PersonBody()
    role = serializers.ChoiceField(choices=Membership.Role.values)
    joinedAt = serializers.IntegerField(source="joined_at", help_text="Unix milliseconds.")
    silencedUntil = serializers.IntegerField(
        source="silenced_until", allow_null=True, help_text="May not write until then; Unix milliseconds."
    )


class MembersBody(serializers.Serializer[Any]):
    results = MemberBody(many=True)
    next = serializers.CharField(allow_null=True, help_text="`after` of the next page; null on the last one.")
    count = serializers.IntegerField(help_text="Of all that were asked for, on whatever page.")


class MembersQuery(serializers.Serializer[Any]):
    search = serializers.CharField(max_length=80, required=False, default="", allow_blank=True)
    role = serializers.ChoiceField(choices=Membership.Role.values, required=False, default="")
    after = serializers.RegexField(r"^[012]-\d{1,18}$", required=False, default="")
    limit = serializers.IntegerField(min_value=1, max_value=100, required=False, default=50)


class AddBody(serializers.Serializer[Any]):
    userIds = serializers.ListField(child=Whole(min_value=1, max_value=MAX_ID), min_length=1, max_length=AT_ONCE)


class AddedBody(serializers.Serializer[Any]):
    added = serializers.ListField(child=serializers.IntegerField())
    skipped = serializers.ListField(
        child=serializers.IntegerField(), help_text="Members already, unknown, or a block stands in between."
    )


class MemberChangeBody(serializers.Serializer[Any]):
    """What is given is changed. `role: owner` hands the group over."""

    role = serializers.ChoiceField(choices=Membership.Role.values, required=False)
    silencedUntil = Whole(
        min_value=0, max_value=MAX_ID, allow_null=True, required=False, source="silenced_until", help_text="Unix milliseconds."
    )


class JoinBody(serializers.Serializer[Any]):
    note = Text(max_length=MAX_NOTE, required=False, default="", allow_blank=True, help_text="A few words to the admins.")


class RequestedGroupBody(serializers.Serializer[Any]):
    status = serializers.ChoiceField(choices=["requested"])


class JoinRequestBody(serializers.Serializer[Any]):
    user = PersonBody()
    note = serializers.CharField(allow_blank=True)
    createdAt = serializers.IntegerField(source="created_at", help_text="Unix milliseconds.")


class JoinRequestsBody(serializers.Serializer[Any]):
    results = JoinRequestBody(many=True)


class AnswerBody(serializers.Serializer[Any]):
    accept = Truth()


class PreviewBody(serializers.Serializer[Any]):
    """What somebody may know of a group before they join."""

    conversationId = serializers.IntegerField()
    title = serializers.CharField()
    description = serializers.CharField(allow_blank=True)
    avatar = serializers.CharField(allow_null=True, help_text="Where the picture is; `?size=` in pixels.")
    memberCount = serializers.IntegerField()
    access = serializers.ChoiceField(choices=Conversation.Access.values)
    isMember = serializers.BooleanField()


class FoundGroupBody(PreviewBody):
    requested = serializers.BooleanField(help_text="I have asked to be let in.")


class FoundGroupsBody(serializers.Serializer[Any]):
    results = FoundGroupBody(many=True)
    next = serializers.CharField(allow_null=True, help_text="`after` of the next page; null on the last one.")


class FindQuery(serializers.Serializer[Any]):
    search = serializers.CharField(max_length=80, required=False, default="", allow_blank=True)
    after = serializers.RegexField(r"^\d{1,9}-\d{1,18}$", required=False, default="")
    limit = serializers.IntegerField(min_value=1, max_value=100, required=False, default=50)


class MakeInviteBody(serializers.Serializer[Any]):
    expiresInMs = Whole(min_value=1000, max_value=YEAR, allow_null=True, required=False, source="expires_in")
    maxUses = Whole(min_value=1, max_value=MAX_USES, allow_null=True, required=False, source="max_uses")


class GroupInviteBody(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    code = serializers.CharField()
    url = serializers.SerializerMethodField(help_text="The page that asks whether to join.")
    expiresAt = serializers.IntegerField(source="expires_at", allow_null=True, help_text="Unix milliseconds.")
    maxUses = serializers.IntegerField(source="max_uses", allow_null=True)
    uses = serializers.IntegerField()
    createdBy = PersonBody(source="created_by")
    createdAt = serializers.IntegerField(source="created_at", help_text="Unix milliseconds.")

    def get_url(self, invite: Any) -> str:
        return f"/join/{invite.code}"


class GroupInvitesBody(serializers.Serializer[Any]):
    results = GroupInviteBody(many=True)
