"""Where the endpoints of push are, under /api/v1/."""

from django.urls import path

from push import api

urlpatterns = [
    path("push-subscriptions", api.PushSubscriptions.as_view()),
    path("push-subscriptions/key", api.PushKey.as_view()),
    path("push-subscriptions/test", api.PushTest.as_view()),
    path("push-subscriptions/<id:subscription_id>", api.OnePushSubscription.as_view()),
    path("push-settings", api.PushSettings.as_view()),
]
