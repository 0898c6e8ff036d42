"""The REST endpoints of push."""

from typing import Any

from django.conf import settings
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.authentication import caller, session_id
from accounts.models import Session
from accounts.sessions import KEY
from push import keys, outbox, payloads, subscriptions
from push.models import Subscription
from push.recipients import Delivery
from realtime.errors import Code, Refused
from realtime.fields import Text, Truth
from realtime.rest import ErrorBody

OFF = {404: ErrorBody}


class KeyBody(serializers.Serializer[Any]):
    publicKey = serializers.CharField(
        allow_null=True, help_text="VAPID, base64url: the applicationServerKey of a subscription. null: no pushes here."
    )


class KeysBody(serializers.Serializer[Any]):
    p256dh = Text(max_length=100)
    auth = Text(max_length=40)


class SubscribeBody(serializers.Serializer[Any]):
    """What `PushSubscription.toJSON()` gives; further fields are not read."""

    endpoint = Text(max_length=2000)
    keys = KeysBody()


class SubscriptionBody(serializers.Serializer[Any]):
    id = serializers.IntegerField(source="pk")
    createdAt = serializers.IntegerField(source="created_at", help_text="Unix milliseconds.")
    userAgent = serializers.CharField(source="session.user_agent")
    current = serializers.BooleanField(help_text="Whether it belongs to the session that asks.")


class SubscriptionsBody(serializers.Serializer[Any]):
    results = SubscriptionBody(many=True)


class TestedBody(serializers.Serializer[Any]):
    sent = serializers.IntegerField(help_text="Push services that took the test.")
    failed = serializers.IntegerField(help_text="Push services that did not.")


class SwitchesBody(serializers.Serializer[Any]):
    directs = Truth(required=False, help_text="Messages of direct chats are pushed.")
    groups = Truth(required=False, help_text="Messages of groups are pushed.")
    preview = Truth(required=False, help_text="A push holds the text of the message.")


def _told(subscription: Subscription, session: str) -> Any:
    subscription.current = str(subscription.session_id) == session  # type: ignore[attr-defined]
    return SubscriptionBody(subscription).data


class PushKey(APIView):
    """The key of this server."""

    @extend_schema(responses=KeyBody)
    def get(self, request: Request) -> Response:
        """The public key to subscribe with; null where this server sends no pushes."""
        return Response({"publicKey": keys.public() if settings.IM_PUSH else None})


class PushSubscriptions(APIView):
    """My browsers that are told of messages."""

    @extend_schema(operation_id="push_subscriptions_list", responses=SubscriptionsBody)
    def get(self, request: Request) -> Response:
        """All of mine. Their addresses and keys are not shown."""
        session = session_id(request)
        return Response({"results": [_told(one, session) for one in subscriptions.of_user(caller(request).pk)]})

    @extend_schema(
        request=SubscribeBody,
        responses={201: SubscriptionBody, 200: SubscriptionBody, 400: ErrorBody, 403: ErrorBody, 409: ErrorBody, **OFF},
    )
    def post(self, request: Request) -> Response:
        """Tell this browser of messages, as long as this session lasts. Again: the same subscription (200).

        `forbidden` for a session that ends with the browser's window: nobody could stop it afterwards."""
        body = SubscribeBody(data=request.data)
        body.is_valid(raise_exception=True)
        session = session_id(request)
        django = getattr(request._request, "session", None)
        if django is not None and django.get(KEY) == session and django.get_expire_at_browser_close():
            raise Refused(Code.FORBIDDEN, "This session ends with the browser. Sign in with “Stay signed in”.")
        given = body.validated_data
        found, is_new = subscriptions.subscribe(
            user_id=caller(request).pk, session_id=session, endpoint=given["endpoint"], p256dh=given["keys"]["p256dh"],
            auth=given["keys"]["auth"],
        )  # fmt: skip
        found.session = Session.objects.get(pk=session)
        return Response(_told(found, session), status=201 if is_new else 200)

    @extend_schema(operation_id="push_subscriptions_destroy_session", responses={204: None})
    def delete(self, request: Request) -> Response:
        """Tell this session's browser no more."""
        subscriptions.unsubscribe_session(user_id=caller(request).pk, session_id=session_id(request))
        return Response(status=204)


class OnePushSubscription(APIView):
    """One of my browsers."""

    @extend_schema(responses={204: None, **OFF})
    def delete(self, request: Request, subscription_id: int) -> Response:
        """Tell it no more."""
        subscriptions.unsubscribe(user_id=caller(request).pk, subscription_id=subscription_id)
        return Response(status=204)


class PushTest(APIView):
    """A test."""

    @extend_schema(request=None, responses={200: TestedBody, 429: ErrorBody, **OFF})
    def post(self, request: Request) -> Response:
        """Push a test to this session's browser, at most every 10 s."""
        found = subscriptions.for_test(user_id=caller(request).pk, session_id=session_id(request))
        sent = 0
        for browser in found:
            answer = outbox.send(Delivery(browser, "test", payloads.test(browser)))
            subscriptions.heard(browser, answer)
            sent += answer.taken
        return Response({"sent": sent, "failed": len(found) - sent})


class PushSettings(APIView):
    """What I want to be told of, on all my devices."""

    @extend_schema(responses=SwitchesBody)
    def get(self, request: Request) -> Response:
        """The switches."""
        return Response(subscriptions.switches(caller(request).pk)._asdict())

    @extend_schema(request=SwitchesBody, responses={200: SwitchesBody, 400: ErrorBody})
    def patch(self, request: Request) -> Response:
        """Change those that are named."""
        body = SwitchesBody(data=request.data, partial=True)
        body.is_valid(raise_exception=True)
        changed = subscriptions.change_switches(user_id=caller(request).pk, changes=dict(body.validated_data))
        return Response(changed._asdict())
