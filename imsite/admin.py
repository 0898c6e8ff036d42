"""The admin's site: Django's own, signed in through our page."""

from typing import Any

from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _


class Site(AdminSite):
    site_header = site_title = "SkyeIM"
    index_title = _("Administration")

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Send people to the one sign-in page, which throttles; who may not see the admin goes to the page instead."""
        if request.user.is_authenticated:
            return redirect("app")
        query = urlencode({"next": request.GET.get("next", request.get_full_path())})
        return redirect(f"/sign-in?{query}")
