"""Where the endpoints of chat are, under /api/v1/."""

from django.urls import path

from chat.api import common, conversations, emoji, groups, highlight, joining, members, messages

urlpatterns = [
    path("users/<id:user_id>/groups", common.GroupsInCommon.as_view()),
    path("emoji", emoji.Emoji.as_view()),
    path("highlight", highlight.Highlight.as_view()),
    path("conversations", conversations.Conversations.as_view()),
    path("conversations/<id:conversation_id>", conversations.OneConversation.as_view()),
    path("conversations/<id:conversation_id>/messages", conversations.Messages.as_view()),
    path("conversations/<id:conversation_id>/read", conversations.ReadMark.as_view()),
    path("conversations/<id:conversation_id>/state", conversations.State.as_view()),
    path("messages/<uuid:msg_id>", messages.OneMessage.as_view()),
    path("messages/<uuid:msg_id>/edits", messages.Editions.as_view()),
    path("messages/<uuid:msg_id>/reactions", messages.Reactions.as_view()),
    path("messages/<uuid:msg_id>/reactions/<str:emoji>", messages.OneReaction.as_view()),
    path("messages/<uuid:msg_id>/readers", messages.Readers.as_view()),
    path("messages/<uuid:msg_id>/forward", messages.Forward.as_view()),
    path("messages/<uuid:msg_id>/pin", messages.Pin.as_view()),
    path("messages/<uuid:msg_id>/star", messages.Star.as_view()),
    path("conversations/<id:conversation_id>/pins", messages.Pins.as_view()),
    path("stars", messages.Stars.as_view()),
    path("conversations/<id:conversation_id>/picture", groups.GroupPicture.as_view()),
    path("conversations/<id:conversation_id>/picture/<slug:digest>", groups.GroupPictureFile.as_view()),
    path("conversations/<id:conversation_id>/members", members.Members.as_view()),
    path("conversations/<id:conversation_id>/members/<id:user_id>", members.OneMember.as_view()),
    path("conversations/<id:conversation_id>/join", joining.Join.as_view()),
    path("conversations/<id:conversation_id>/requests", joining.JoinRequests.as_view()),
    path("conversations/<id:conversation_id>/requests/mine", joining.MyJoinRequest.as_view()),
    path("conversations/<id:conversation_id>/requests/<id:user_id>", joining.OneJoinRequest.as_view()),
    path("conversations/<id:conversation_id>/invites", joining.Invites.as_view()),
    path("conversations/<id:conversation_id>/invites/<id:invite_id>", joining.OneInvite.as_view()),
    path("groups", groups.FindGroups.as_view()),
    path("invites/<slug:code>", joining.InviteByCode.as_view()),
    path("invites/<slug:code>/picture/<slug:digest>", groups.InvitePictureFile.as_view()),
]
