"""The admin's site: Django's own, signed in through our page, where every act is audited."""

from typing import Any

from django.contrib.admin import AdminSite, ModelAdmin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from audit.acts import Audited


class Site(AdminSite):
    site_header = site_title = "SkyeIM"
    index_title = _("Administration")
    index_template = "admin/first.html"

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """The first page, with the figures that this person may know of."""
        from imsite import figures  # not at the top: the site is made before the models are loaded

        return super().index(request, {**(extra_context or {}), "figures": figures.of(request)})

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        """Whoever made an admin, Django's own included: what is added, changed and deleted there is audited."""
        wanted = admin_class or ModelAdmin
        if not issubclass(wanted, Audited):
            wanted = type(wanted.__name__, (Audited, wanted), {"__module__": wanted.__module__})
        super().register(model_or_iterable, wanted, **options)

    def logout(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """Sign out as the page does, which closes the sockets of this browser too."""
        from accounts import sessions  # not at the top, for the same reason

        if request.method == "POST":
            sessions.sign_out(request=request)
        return redirect("sign-in")

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Send people to the one sign-in page, which throttles; who may not see the admin goes to the page instead."""
        if request.user.is_authenticated:
            return redirect("app")
        query = urlencode({"next": request.GET.get("next", request.get_full_path())})
        return redirect(f"/sign-in?{query}")
