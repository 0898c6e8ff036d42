"""Where the endpoints of chat are, under /api/v1/."""

from django.urls import path

from chat.api import common, conversations, messages

urlpatterns = [
    path("users/<id:user_id>/groups", common.GroupsInCommon.as_view()),
    path("conversations", conversations.Conversations.as_view()),
    path("conversations/<id:conversation_id>", conversations.OneConversation.as_view()),
    path("conversations/<id:conversation_id>/messages", conversations.Messages.as_view()),
    path("conversations/<id:conversation_id>/read", conversations.ReadMark.as_view()),
    path("conversations/<id:conversation_id>/state", conversations.State.as_view()),
    path("messages/<uuid:msg_id>", messages.OneMessage.as_view()),
    path("messages/<uuid:msg_id>/edits", messages.Editions.as_view()),
    path("messages/<uuid:msg_id>/reactions", messages.Reactions.as_view()),
    path("messages/<uuid:msg_id>/reactions/<str:emoji>", messages.OneReaction.as_view()),
    path("messages/<uuid:msg_id>/forward", messages.Forward.as_view()),
    path("messages/<uuid:msg_id>/pin", messages.Pin.as_view()),
    path("messages/<uuid:msg_id>/star", messages.Star.as_view()),
    path("conversations/<id:conversation_id>/pins", messages.Pins.as_view()),
    path("stars", messages.Stars.as_view()),
]
