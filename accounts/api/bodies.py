"""The bodies of the accounts endpoints, in and out."""

from typing import Any

from rest_framework import serializers

from accounts.models import User

MAX_ID = 2**63 - 1


class PersonBody(serializers.Serializer[Any]):
    """What anybody may know of a person."""

    id = serializers.IntegerField()
    username = serializers.CharField()
    displayName = serializers.CharField(source="name")


class MeBody(PersonBody):
    """What I may know of myself."""

    email = serializers.CharField()
    isStaff = serializers.BooleanField(source="is_staff")


class RenameBody(serializers.Serializer[User]):
    displayName = serializers.CharField(max_length=80, allow_blank=True, trim_whitespace=False)


class UserIdBody(serializers.Serializer[Any]):
    userId = serializers.IntegerField(min_value=1, max_value=MAX_ID)


class SearchQuery(serializers.Serializer[Any]):
    search = serializers.CharField(max_length=80, required=False, default="", allow_blank=True)
    limit = serializers.IntegerField(min_value=1, max_value=100, required=False, default=20)


class PeopleBody(serializers.Serializer[Any]):
    results = PersonBody(many=True)


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
    createdAt = serializers.IntegerField()


class RequestsBody(serializers.Serializer[Any]):
    incoming = RequestBody(many=True)
    outgoing = RequestBody(many=True)


class CredentialsBody(serializers.Serializer[Any]):
    username = serializers.CharField(max_length=254)
    password = serializers.CharField(max_length=4096, trim_whitespace=False)


class RefreshBody(serializers.Serializer[Any]):
    refresh = serializers.CharField(max_length=8192)


class TokensBody(serializers.Serializer[Any]):
    access = serializers.CharField()
    refresh = serializers.CharField()


class TicketBody(serializers.Serializer[Any]):
    ticket = serializers.CharField(help_text="For `?ticket=` of the socket; good once.")
    expiresAt = serializers.IntegerField(help_text="Unix milliseconds.")
