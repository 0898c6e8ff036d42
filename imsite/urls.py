"""The pages and the REST interface."""

from typing import Any

from django.contrib import admin
from django.urls import include, path, re_path
from django.views.generic import RedirectView
from django.views.i18n import JavaScriptCatalog, set_language
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

import realtime.converters  # noqa: F401  (registers <id:…>)
from chat import invites
from imsite import install, views

api: list[Any] = [
    path("", include("accounts.urls")),
    path("", include("preferences.urls")),
    path("", include("presence.urls")),
    path("", include("chat.urls")),
    path("", include("push.urls")),
    path("schema", SpectacularAPIView.as_view(authentication_classes=()), name="schema"),
    path("docs", SpectacularSwaggerSplitView.as_view(url_name="schema", authentication_classes=()), name="docs"),
    re_path(r"", views.no_endpoint),
]

urlpatterns = [
    path("", views.app, name="app"),
    path("chat/<id:conversation_id>", views.app),
    path("chat/<id:conversation_id>/m/<id:seq>", views.app),
    path("people", views.app, name="people"),
    path("people/<id:user_id>", views.app),
    re_path(rf"^join/(?P<code>[-\w]{{{invites.LENGTH}}})$", views.app, name="join-group"),
    path("settings", views.app, name="settings"),
    path("settings/<slug:page>", views.app),
    path("", include("accounts.pages")),
    path("language", set_language, name="language"),
    path("strings.js", JavaScriptCatalog.as_view(), name="strings"),
    path("favicon.ico", views.favicon),
    path("manifest.webmanifest", install.manifest, name="manifest"),
    path("sw.js", install.worker, name="worker"),
    path("offline", install.offline, name="offline"),
    path("api/v1/", include(api)),
    # The one page that throttles guesses, and keeps this browser signed in.
    path("admin/password_change/", RedirectView.as_view(pattern_name="account_change_password")),
    path("admin/", admin.site.urls),
]

handler400 = "imsite.views.bad_request"
handler403 = "imsite.views.forbidden"
handler404 = "imsite.views.not_found"
handler429 = "imsite.views.too_many"
handler500 = "imsite.views.server_error"
