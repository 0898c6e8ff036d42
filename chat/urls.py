"""Where the endpoints of chat are, under /api/v1/."""

from django.urls import path

from chat.api import common, conversations, emoji, highlight

urlpatterns = [
    path("users/<id:user_id>/groups", common.GroupsInCommon.as_view()),
    path("emoji", emoji.Emoji.as_view()),
    path("highlight", highlight.Highlight.as_view()),
    path("conversations", conversations.Conversations.as_view()),
    path("conversations/<id:conversation_id>", conversations.OneConversation.as_view()),
    path("conversations/<id:conversation_id>/messages", conversations.Messages.as_view()),
    path("conversations/<id:conversation_id>/read", conversations.ReadMark.as_view()),
    path("conversations/<id:conversation_id>/state", conversations.State.as_view()),
]
