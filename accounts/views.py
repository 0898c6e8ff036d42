"""The pages for signing in and out."""

from typing import Any

from django.contrib.auth.views import LoginView
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts import sessions
from accounts.forms import SignInForm
from accounts.models import User
from realtime.errors import Code
from realtime.rest import refusal


class SignIn(LoginView):
    """The sign-in page; the admin uses it too."""

    template_name = "accounts/sign_in.html"
    form_class = SignInForm
    redirect_authenticated_user = True

    def form_valid(self, form: Any) -> HttpResponse:
        user = form.get_user()
        assert isinstance(user, User)
        sessions.sign_in(request=self.request, user=user)
        if not form.cleaned_data["stay"]:
            self.request.session.set_expiry(0)
        return HttpResponseRedirect(self.get_success_url())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs, host=self.request.get_host())


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Sign out, and close the sockets of this browser."""
    sessions.sign_out(request=request)
    return redirect("sign-in")


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form or call without its CSRF token: most often a page that was open while its session ended."""
    if request.path.startswith("/api/"):
        return refusal(request, Code.FORBIDDEN, "The CSRF token is missing or wrong.")
    context = {"title": _("This page has expired"), "text": _("Go back, reload it, and try again.")}
    return render(request, "error.html", context, status=403)
