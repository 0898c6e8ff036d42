"""Where the endpoints of accounts are, under /api/v1/."""

from django.urls import path

from accounts.api import auth, me, people, pictures, sessions

urlpatterns = [
    path("auth/token", auth.Token.as_view()),
    path("auth/token/refresh", auth.TokenRefresh.as_view()),
    path("auth/token/blacklist", auth.TokenBlacklist.as_view()),
    path("auth/logout-all", auth.LogoutAll.as_view()),
    path("sessions", sessions.Sessions.as_view()),
    path("sessions/end-others", sessions.EndOthers.as_view()),
    path("sessions/<uuid:session>", sessions.OneSession.as_view()),
    path("me", me.DeleteMe.as_view()),
    path("ws-tickets", auth.WsTickets.as_view()),
    path("users/me", people.Me.as_view()),
    path("users", people.Users.as_view()),
    path("users/<id:user_id>", people.Person.as_view()),
    path("users/<id:user_id>/avatar/<slug:digest>", pictures.Picture.as_view()),
    path("me/avatar", pictures.MyPicture.as_view()),
    path("friends", people.Friends.as_view()),
    path("friends/<id:user_id>", people.Friend.as_view()),
    path("friend-requests", people.FriendRequests.as_view()),
    path("friend-requests/<id:request_id>", people.OneFriendRequest.as_view()),
    path("friend-requests/<id:request_id>/accept", people.Accept.as_view()),
    path("friend-requests/<id:request_id>/decline", people.Decline.as_view()),
    path("blocks", people.Blocks.as_view()),
    path("blocks/<id:user_id>", people.OneBlock.as_view()),
]
