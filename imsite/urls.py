"""The pages and the REST interface."""

from typing import Any

from django.contrib import admin
from django.urls import include, path, re_path
from django.views.i18n import JavaScriptCatalog, set_language
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

import realtime.converters  # noqa: F401  (registers <id:…>)
from accounts.views import SignIn, sign_out
from imsite import views

api: list[Any] = [
    path("", include("accounts.urls")),
    path("", include("presence.urls")),
    path("", include("chat.urls")),
    path("schema", SpectacularAPIView.as_view(authentication_classes=()), name="schema"),
    path("docs", SpectacularSwaggerSplitView.as_view(url_name="schema", authentication_classes=()), name="docs"),
    re_path(r"", views.no_endpoint),
]

urlpatterns = [
    path("", views.app, name="app"),
    path("chat/<id:conversation_id>", views.app),
    path("sign-in", SignIn.as_view(), name="sign-in"),
    path("sign-out", sign_out, name="sign-out"),
    path("language", set_language, name="language"),
    path("strings.js", JavaScriptCatalog.as_view(), name="strings"),
    path("favicon.ico", views.favicon),
    path("api/v1/", include(api)),
    path("admin/", admin.site.urls),
]

handler400 = "imsite.views.bad_request"
handler403 = "imsite.views.forbidden"
handler404 = "imsite.views.not_found"
handler500 = "imsite.views.server_error"
