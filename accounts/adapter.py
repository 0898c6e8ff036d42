"""What allauth's account pages do here: our sessions, our throttle, our words."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from allauth.account.stages import EmailVerificationStage
from allauth.core import context
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.sites.shortcuts import get_current_site
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.shortcuts import resolve_url
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts import mail, sessions, throttle
from accounts.models import User
from realtime.errors import RateLimited

# What is said after a deed; allauth's other remarks (signed in, signed out) go without saying.
REMARKS = {
    "account/messages/password_changed.txt": _("Your password has changed."),
    "account/messages/email_confirmation_sent.txt": _("A link is on its way to %(email)s."),
    "account/messages/email_confirmed.txt": _("%(email)s is confirmed."),
    "account/messages/email_deleted.txt": _("%(email)s is removed."),
    "account/messages/email_confirmation_failed.txt": _("%(email)s cannot be confirmed."),
    "account/messages/cannot_delete_primary_email.txt": _("Your only address cannot be removed."),
    "mfa/messages/totp_activated.txt": _("The authenticator app is set up."),
    "mfa/messages/totp_deactivated.txt": _("The authenticator app is no longer asked for."),
    "mfa/messages/webauthn_added.txt": _("The passkey is added."),
    "mfa/messages/webauthn_removed.txt": _("The passkey is removed."),
    "mfa/messages/recovery_codes_generated.txt": _("These are your recovery codes."),
}


def too_fast(limited: RateLimited) -> ValidationError:
    """What a form says when somebody has guessed too often."""
    seconds = max(1, (limited.retry_after_ms or 0) // 1000)
    words = gettext("Too many attempts. Try again in %(seconds)s s.")
    return ValidationError(words % {"seconds": seconds}, "too_fast")


def must_confirm(user: AbstractBaseUser) -> bool:
    """Whether somebody has to confirm their address before they are let in. Those whom an administrator made without an address
    are not asked."""
    if settings.IM_EMAIL_VERIFICATION != "mandatory":
        return False
    addresses = EmailAddress.objects.filter(user_id=user.pk)
    if addresses.filter(verified=True).exists():
        return False
    return addresses.exists() or bool(getattr(user, "email", ""))


class Confirmation(EmailVerificationStage):
    """The confirmed address that IM_EMAIL_VERIFICATION=mandatory asks for."""

    def handle(self) -> Any:
        user = self.login.user
        if settings.IM_EMAIL_VERIFICATION == "mandatory" and user is not None and not must_confirm(user):
            return None, True
        return super().handle()


class AccountAdapter(DefaultAccountAdapter):
    """See the module."""

    error_messages = {  # noqa: RUF012  (as in the base class)
        **DefaultAccountAdapter.error_messages,
        "enter_current_password": _("That is not your password."),
        "incorrect_password": _("That is not your password."),
        "username_taken": _("Somebody has this name already."),
        "username_blacklisted": _("This name cannot be used."),
        "duplicate_email": _("This is your address already."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return bool(settings.IM_SIGN_UP == "open")

    def get_client_ip(self, request: HttpRequest) -> str:
        return str(request.META.get("REMOTE_ADDR", ""))

    def get_login_stages(self) -> list[str]:
        stock = "allauth.account.stages.EmailVerificationStage"
        return ["accounts.adapter.Confirmation" if stage == stock else stage for stage in super().get_login_stages()]

    # ---- passwords: one budget of guesses with every other door ----------------------------------------------------------

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        try:
            throttle.check(name=self._name(credentials), address=self.get_client_ip(request))
        except RateLimited as limited:
            raise too_fast(limited) from limited

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        throttle.failed(name=self._name(credentials), address=self.get_client_ip(request))

    def _name(self, credentials: dict[str, Any]) -> str:
        return str(credentials.get("username") or credentials.get("email") or "")

    def set_password(self, user: AbstractBaseUser, password: str) -> None:
        """A changed password ends every session; the browser that changed it goes on with a new one."""
        super().set_password(user, password)
        request = context.request
        if isinstance(user, User) and request is not None and request.user.pk == user.pk:
            sessions.begin_again(request=request, user=user)

    # ---- sessions --------------------------------------------------------------------------------------------------------

    def login(self, request: HttpRequest, user: AbstractBaseUser) -> None:
        assert isinstance(user, User)
        sessions.sign_in(request=request, user=user)

    def logout(self, request: HttpRequest) -> None:
        sessions.sign_out(request=request)

    # ---- new people ------------------------------------------------------------------------------------------------------

    def clean_username(self, username: str, shallow: bool = False) -> str:
        if "@" in username:
            raise ValidationError(gettext("A name holds no @."))
        return str(super().clean_username(username, shallow))

    def save_user(self, request: HttpRequest, user: Any, form: Any, commit: bool = True) -> Any:
        super().save_user(request, user, form, commit=False)
        user.display_name = form.cleaned_data.get("display_name", "")
        if commit:
            user.save()
        return user

    def can_delete_email(self, email_address: EmailAddress) -> bool:
        """The only address stays where one has to be confirmed."""
        others = EmailAddress.objects.filter(user_id=email_address.user_id, verified=True).exclude(pk=email_address.pk)
        return settings.IM_EMAIL_VERIFICATION != "mandatory" or others.exists()

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return resolve_url("account")

    def get_email_verification_redirect_url(self, email_address: EmailAddress) -> str:
        return resolve_url("account" if self.request.user.is_authenticated else "sign-in")

    # ---- words -----------------------------------------------------------------------------------------------------------

    def get_from_email(self) -> str:
        return str(settings.IM_EMAIL_FROM)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Render now, in the language of the request, and send soon."""
        request = self.request
        known = {"request": request, "email": email, "current_site": get_current_site(request), **context}
        mail.send(self.render_mail(template_prefix, email, known))

    def add_message(
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,
        message_context: dict[str, Any] | None = None,
        extra_tags: str = "",
        message: str | None = None,
    ) -> None:
        if message is None:
            found = REMARKS.get(message_template or "")
            if found is None:
                return
            message = str(found) % (message_context or {})
        messages.add_message(request, level, message, extra_tags=extra_tags)
