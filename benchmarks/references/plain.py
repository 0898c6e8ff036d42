"""The plain design, made correct: what a careful reader of the Channels tutorial writes. One transaction and several hops
for every message, a layer channel and a consumer's dispatch for every delivery. A Django project in one file.

`python -m benchmarks.references.plain USERS` makes its tables and people; PLAIN_DATABASE and REDIS_URL choose the rest."""

import os
import sys
from typing import Any

import environ
from django.conf import settings

env = environ.Env()
_database = env.db_url("PLAIN_DATABASE", default="sqlite:///plain.sqlite3")
if "sqlite3" in _database["ENGINE"]:
    _database["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
    }
_database["CONN_MAX_AGE"] = None  # the default would connect anew for every message
_redis = os.environ.get("REDIS_URL")
_layer: dict[str, Any] = {"BACKEND": "channels.layers.InMemoryChannelLayer"}
if _redis:
    _layer = {
        "BACKEND": "channels_redis.core.RedisChannelLayer",
        "CONFIG": {"hosts": [{"address": _redis, "socket_timeout": None}], "prefix": "plain", "capacity": 10_000},
    }
if not settings.configured:
    settings.configure(
        SECRET_KEY="benchmark", DATABASES={"default": _database}, INSTALLED_APPS=["channels"], USE_TZ=True,
        CHANNEL_LAYERS={"default": _layer}, DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    )  # fmt: skip

import django

django.setup()

from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncJsonWebsocketConsumer
from django.db import connection, models, transaction


class Conversation(models.Model):
    last_seq = models.BigIntegerField(default=0)

    class Meta:
        app_label = "plain"


class Membership(models.Model):
    conversation = models.ForeignKey(Conversation, models.CASCADE)
    user_id = models.BigIntegerField()

    class Meta:
        app_label = "plain"


class Message(models.Model):
    conversation = models.ForeignKey(Conversation, models.CASCADE)
    seq = models.BigIntegerField()
    sender_id = models.BigIntegerField()
    msg_id = models.UUIDField(unique=True)
    content = models.TextField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        app_label = "plain"
        unique_together = (("conversation", "seq"),)


@database_sync_to_async
def store(conversation_id: int, sender_id: int, msg_id: str, content: str) -> tuple[Message, list[int]]:
    """One message in a transaction of its own; an id that is known is not stored again."""
    with transaction.atomic():
        conversation = Conversation.objects.select_for_update().get(pk=conversation_id)
        message = Message.objects.filter(msg_id=msg_id).first()
        if message is None:
            conversation.last_seq += 1
            conversation.save(update_fields=["last_seq"])
            message = Message.objects.create(
                conversation=conversation, seq=conversation.last_seq, sender_id=sender_id, msg_id=msg_id, content=content
            )
        others = Membership.objects.filter(conversation=conversation).exclude(user_id=sender_id)
        return message, list(others.values_list("user_id", flat=True))


class Chat(AsyncJsonWebsocketConsumer):  # type: ignore[misc]
    """The tutorial's consumer, with groups per user, storage, and acknowledgements."""

    async def connect(self) -> None:
        self.user_id = int(self.scope["query_string"].decode().removeprefix("token="))
        await self.channel_layer.group_add(f"user.{self.user_id}", self.channel_name)
        await self.accept()

    async def disconnect(self, code: int) -> None:
        await self.channel_layer.group_discard(f"user.{self.user_id}", self.channel_name)

    async def receive_json(self, content: Any, **kwargs: Any) -> None:
        data = content["data"]
        message, others = await store(data["conversationId"], self.user_id, data["msgId"], data["content"])
        ack = {"msgId": str(message.msg_id), "conversationId": message.conversation_id, "seq": message.seq}
        await self.send_json({"type": "ack", "data": {**ack, "status": "sent"}})
        body = {**ack, "fromUserId": self.user_id, "content": message.content, "createdAt": message.created_at.isoformat()}
        for user_id in others:
            event = {"type": "deliver", "sender": self.user_id, "ack": ack, "frame": {"type": "chat", "data": body}}
            await self.channel_layer.group_send(f"user.{user_id}", event)

    async def deliver(self, event: Any) -> None:
        await self.send_json(event["frame"])
        done = {"type": "ack", "data": {**event["ack"], "status": "delivered"}}
        await self.channel_layer.group_send(f"user.{event['sender']}", {"type": "acknowledge", "frame": done})

    async def acknowledge(self, event: Any) -> None:
        await self.send_json(event["frame"])


application = Chat.as_asgi()


def prepare(users: int) -> None:
    """Tables, and a conversation for each pair of users 1 … `users`."""
    with connection.schema_editor() as editor:
        for model in (Conversation, Membership, Message):
            editor.create_model(model)
    Conversation.objects.bulk_create([Conversation(pk=pair) for pair in range(1, users // 2 + 1)], batch_size=500)
    members = [Membership(conversation_id=(user + 1) // 2, user_id=user) for user in range(1, users + 1)]
    Membership.objects.bulk_create(members, batch_size=300)


if __name__ == "__main__":
    prepare(int(sys.argv[1]))
