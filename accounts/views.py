"""The pages for signing in and out, and for signing up."""

from typing import Any

from allauth.account.internal.flows.login import perform_password_login
from allauth.account.internal.flows.signup import complete_signup
from allauth.account.models import Login
from allauth.account.utils import get_next_redirect_url
from allauth.account.views import PasswordResetView, SignupView
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.webauthn.internal.flows import perform_passwordless_login
from allauth.mfa.webauthn.views import LoginWebAuthnView
from django.conf import settings
from django.contrib.auth.views import LoginView
from django.db import IntegrityError, transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts import invites, mail, sessions
from accounts.forms import SignInForm
from accounts.models import Invite, User
from realtime.errors import Code
from realtime.rest import refusal


class SignIn(LoginView):
    """The sign-in page; the admin uses it too. A confirmed address and the second factor are asked for after the password."""

    template_name = "account/sign_in.html"
    form_class = SignInForm
    redirect_authenticated_user = True

    def form_valid(self, form: Any) -> HttpResponse:
        user = form.get_user()
        assert isinstance(user, User)
        self.request.session.set_expiry(None if form.cleaned_data["stay"] else 0)
        login = Login(user=user, redirect_url=self.get_success_url())
        return perform_password_login(self.request, {"username": user.username}, login)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            **kwargs,
            host=self.request.get_host(),
            can_reset=mail.is_configured(),
            can_sign_up=settings.IM_SIGN_UP == "open",
        )


class PasskeySignIn(LoginWebAuthnView):
    """Signing in with a passkey, which is both factors in one, and going where one was going."""

    def form_valid(self, form: Any) -> HttpResponse:
        authenticator = form.cleaned_data["credential"]
        login = Login(user=authenticator.user, redirect_url=get_next_redirect_url(self.request))
        return perform_passwordless_login(self.request, authenticator, login)


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Sign out, and close the sockets of this browser. A page whose cookie is somebody else's by now signs out nobody."""
    if request.POST.get("user") in (None, str(request.user.pk)):
        sessions.sign_out(request=request)
    return redirect("sign-in")


class SignUp(SignupView):
    """A new account, while IM_SIGN_UP=open."""

    template_name = "account/sign_up.html"
    template_name_signup_closed = "account/sign_up_closed.html"
    invite: Invite | None = None

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs, host=self.request.get_host(), invite=self.invite)

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            with transaction.atomic():
                if self.invite is not None and not invites.use(self.invite):
                    raise _Gone
                # For an address that has an account already nobody is made, and the invitation is used all the same: what is
                # seen here tells nothing about addresses.
                user, answer = form.try_save(self.request)
        except _Gone:
            return self.closed()
        except IntegrityError:  # somebody took the name at the same moment
            form.add_error("username", _("Somebody has this name already."))
            return self.form_invalid(form)
        if answer is not None:
            return answer
        try:
            return complete_signup(self.request, user=user, redirect_url=self.get_success_url())
        except ImmediateHttpResponse as immediate:
            return immediate.response

    def closed(self) -> HttpResponse:
        return render(self.request, self.template_name_signup_closed, {"invited": self.invite is not None}, status=403)


class Join(SignUp):
    """A new account by invitation."""

    def is_open(self) -> bool:
        self.invite = invites.find(self.kwargs["token"])
        return self.invite is not None

    def get_form(self, form_class: Any = None) -> Any:
        """An invitation for an address makes an account with that address."""
        form = super().get_form(form_class)
        if self.invite is not None and self.invite.email:
            form.fields["email"].initial = self.invite.email
            form.fields["email"].disabled = True
        return form

    def closed(self) -> HttpResponse:
        return render(self.request, self.template_name_signup_closed, {"invited": True}, status=404)


class _Gone(Exception):
    """Somebody else took the last use of the invitation."""


class ForgotPassword(PasswordResetView):
    """A link to choose a new password, by mail; where there is no mail, there is no such page."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not mail.is_configured():
            raise Http404
        return super().dispatch(request, *args, **kwargs)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form or call without its CSRF token: most often a page that was open while its session ended."""
    if request.path.startswith("/api/"):
        return refusal(request, Code.FORBIDDEN, "The CSRF token is missing or wrong.")
    context = {"title": _("This page has expired"), "text": _("Go back, reload it, and try again.")}
    return render(request, "error.html", context, status=403)
