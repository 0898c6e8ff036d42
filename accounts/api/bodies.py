"""The bodies of the accounts endpoints, in and out."""

from typing import Any

from rest_framework import serializers

from accounts.models import FriendRequest, Session, User
from accounts.relations import KINDS
from realtime.fields import Text, Whole

MAX_ID = 2**63 - 1


class PersonBody(serializers.Serializer[Any]):
    """What anybody may know of a person."""

    id = serializers.IntegerField()
    username = serializers.CharField()
    displayName = serializers.CharField(source="name")
    avatar = serializers.CharField(source="avatar_url", allow_null=True, help_text="Where the picture is; `?size=` in pixels.")
    status = serializers.CharField(allow_blank=True, help_text="A line of their own.")


class MeBody(PersonBody):
    """What I may know of myself."""

    email = serializers.CharField()
    isStaff = serializers.BooleanField(source="is_staff")


class ProfileBody(serializers.Serializer[User]):
    displayName = Text(max_length=80, allow_blank=True, trim_whitespace=False, source="display_name")
    status = Text(max_length=80, allow_blank=True)


class UserIdBody(serializers.Serializer[Any]):
    userId = Whole(min_value=1, max_value=MAX_ID)


class AskBody(UserIdBody):
    note = Text(max_length=FriendRequest.NOTE, required=False, default="", allow_blank=True, help_text="A few words to them.")


class SearchQuery(serializers.Serializer[Any]):
    search = serializers.CharField(max_length=80, required=False, default="", allow_blank=True)
    limit = serializers.IntegerField(min_value=1, max_value=100, required=False, default=20)


class PeopleBody(serializers.Serializer[Any]):
    results = PersonBody(many=True)


class SeenBody(PersonBody):
    """A person as I see them."""

    relation = serializers.ChoiceField(
        choices=KINDS,
        help_text="What they are to me. asks: they have asked me, asked: I have asked them, blocked: I have blocked them.",
    )
    requestId = serializers.IntegerField(allow_null=True, help_text="The open request between us.")
    note = serializers.CharField(allow_blank=True, help_text="What was written with it.")
    friendsInCommon = serializers.IntegerField()


class SeenPeopleBody(serializers.Serializer[Any]):
    results = SeenBody(many=True)


class FriendBody(PersonBody):
    since = serializers.IntegerField(help_text="Unix milliseconds.")


class FriendsBody(serializers.Serializer[Any]):
    results = FriendBody(many=True)


class RequestedBody(serializers.Serializer[Any]):
    id = serializers.IntegerField(allow_null=True, help_text="null when you are friends already.")
    userId = serializers.IntegerField()
    status = serializers.ChoiceField(choices=["pending", "accepted"])


class RequestBody(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    user = PersonBody()
    note = serializers.CharField(allow_blank=True)
    friendsInCommon = serializers.IntegerField()
    createdAt = serializers.IntegerField(help_text="Unix milliseconds.")


class RequestsBody(serializers.Serializer[Any]):
    incoming = RequestBody(many=True)
    outgoing = RequestBody(many=True)


class CredentialsBody(serializers.Serializer[Any]):
    username = Text(max_length=254, help_text="Or the e-mail address.")
    password = Text(max_length=4096, trim_whitespace=False)
    code = Text(max_length=64, required=False, help_text="Of the authenticator app, or a recovery code.")


class RefreshBody(serializers.Serializer[Any]):
    refresh = Text(max_length=8192)


class TokensBody(serializers.Serializer[Any]):
    access = serializers.CharField()
    refresh = serializers.CharField()


class TicketBody(serializers.Serializer[Any]):
    ticket = serializers.CharField(help_text="For `?ticket=` of the socket; good once.")
    expiresAt = serializers.IntegerField(help_text="Unix milliseconds.")


class SessionBody(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    kind = serializers.ChoiceField(choices=Session.Kind.choices, help_text="`web`: the page; `token`: a program.")
    device = serializers.CharField(help_text="For people: `Firefox on Linux`, in the language of the request.")
    isPhone = serializers.BooleanField()
    address = serializers.CharField(help_text="Where it began.")
    createdAt = serializers.IntegerField(help_text="Unix milliseconds.")
    lastSeenAt = serializers.IntegerField(help_text="Unix milliseconds, to about five minutes.")
    isCurrent = serializers.BooleanField(help_text="Whether this request belongs to it.")


class SessionsBody(serializers.Serializer[Any]):
    results = SessionBody(many=True)


class EndedBody(serializers.Serializer[Any]):
    ended = serializers.IntegerField(help_text="How many.")


class DeleteMeBody(serializers.Serializer[Any]):
    password = Text(max_length=4096, trim_whitespace=False, required=False)
