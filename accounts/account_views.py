"""The pages on which people look after their own account."""

from typing import Any

from allauth.account.internal.flows.reauthentication import raise_if_reauthentication_required
from allauth.account.models import EmailAddress
from allauth.account.views import EmailView
from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.generic import FormView, TemplateView

from accounts import deletion, mail, sessions
from accounts.forms import DeleteForm
from accounts.models import User
from realtime.errors import Refused

DEVICES = "/settings/devices"  # of the page, which lists and ends them
GONE = "gone"  # in Django's session: whose account this browser has just deleted


class Overview(LoginRequiredMixin, TemplateView):
    """Everything about the account, and the way to each page of it."""

    template_name = "account/overview.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = self.request.user
        assert isinstance(user, User)
        found = dict.fromkeys(Authenticator.Type.values, 0)
        recovery: int | None = None
        for authenticator in Authenticator.objects.filter(user=user):
            found[authenticator.type] += 1
            if authenticator.type == Authenticator.Type.RECOVERY_CODES:
                recovery = len(authenticator.wrap().get_unused_codes())
        return super().get_context_data(
            **kwargs,
            app=bool(found[Authenticator.Type.TOTP]),
            passkeys=found[Authenticator.Type.WEBAUTHN],
            recovery=recovery,
            has_mail=mail.is_configured(),
            confirmed=EmailAddress.objects.filter(user=user, verified=True, email=user.email.lower()).exists(),
            devices_page=DEVICES,
            devices=len(sessions.living(user)),
        )


class Email(EmailView):
    """My address. Where mail can be sent, a new one counts once it is confirmed; else at once."""

    template_name = "account/email.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs, has_mail=mail.is_configured())

    def form_valid(self, form: Any) -> HttpResponse:
        if mail.is_configured():
            return super().form_valid(form)
        raise_if_reauthentication_required(self.request, app="allauth.account")
        user = self.request.user
        assert isinstance(user, User)
        with transaction.atomic():
            EmailAddress.objects.filter(user=user).delete()
            EmailAddress.objects.create(user=user, email=form.cleaned_data["email"], primary=True, verified=False)
            user.email = form.cleaned_data["email"]
            user.save(update_fields=["email"])
        messages.success(self.request, _("Your address has changed."))
        return redirect(self.get_success_url())


class Delete(LoginRequiredMixin, FormView):
    """The end of an account, for somebody who knows its password."""

    template_name = "account/delete.html"
    form_class = DeleteForm

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "user": self.request.user}

    def form_valid(self, form: Any) -> HttpResponse:
        user = self.request.user
        assert isinstance(user, User)
        try:
            deletion.delete_account(user=user)
        except Refused:
            form.add_error(None, _("You are the only administrator. Make somebody else one first."))
            return self.form_invalid(form)
        sessions.sign_out(request=self.request)
        self.request.session[GONE] = user.pk
        return redirect("account-deleted")


@never_cache
def deleted(request: HttpRequest) -> HttpResponse:
    """The last page of an account; the browser forgets what it kept of the person."""
    return render(request, "account/deleted.html", {"gone": request.session.pop(GONE, None)})
