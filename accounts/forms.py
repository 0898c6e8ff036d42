"""The forms of the account pages."""

from typing import Any

from allauth.account import forms as account
from allauth.core import context
from allauth.mfa.base.internal.flows import post_authentication
from django import forms
from django.contrib.auth import authenticate
from django.contrib.auth.forms import AuthenticationForm
from django.utils.translation import gettext_lazy as _

from accounts import second_factor, throttle
from accounts.adapter import too_fast
from accounts.models import User
from realtime.errors import RateLimited


class FriendshipForm(forms.ModelForm):
    """Two people in any order: the table keeps the smaller id first."""

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        low, high = cleaned.get("low"), cleaned.get("high")
        if low is not None and high is not None:
            if low == high:
                raise forms.ValidationError(_("These are the same person."))
            cleaned["low"], cleaned["high"] = sorted((low, high), key=lambda user: user.pk)
        return cleaned


class BlockForm(forms.ModelForm):
    """Who blocks whom."""

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        blocker, blocked = cleaned.get("blocker"), cleaned.get("blocked")
        if blocker is not None and blocker == blocked:
            raise forms.ValidationError(_("These are the same person."))
        if blocked is not None and not blocked.is_active:
            self.add_error("blocked", _("This account is deactivated."))
        return cleaned


class SignInForm(AuthenticationForm):
    """A name or an address and the password, throttled; one answer for every wrong pair, whether the name exists or not."""

    stay = forms.BooleanField(label=_("Stay signed in"), required=False, initial=True)
    error_messages = {  # noqa: RUF012  (as in the base class)
        "wrong": _("That username and password don’t match."),
    }

    def clean(self) -> dict[str, Any]:
        name, password = self.cleaned_data.get("username"), self.cleaned_data.get("password")
        address = self.request.META.get("REMOTE_ADDR", "") if self.request else ""
        if not name or not password:
            return self.cleaned_data
        try:
            throttle.check(name=name, address=address)
        except RateLimited as limited:
            raise too_fast(limited) from limited
        self.user_cache = authenticate(self.request, username=name, password=password)
        if self.user_cache is None:
            throttle.failed(name=name, address=address)
            raise forms.ValidationError(self.error_messages["wrong"], "wrong")
        return self.cleaned_data


class SignUpForm(account.SignupForm):
    """A new person: the name that others see, the one to sign in with, an address, a password."""

    display_name = forms.CharField(label=_("Your name"), max_length=80)
    field_order = ("display_name", "username", "email", "password1")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["display_name"].widget.attrs.update(autocomplete="name", autofocus=True, dir="auto")
        self.fields["username"].widget.attrs.update(autocapitalize="none", spellcheck="false")


class ChangePasswordForm(account.ChangePasswordForm):
    """The old and the new one; typed once, because it can be shown."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["password2"]

    def clean_oldpassword(self) -> str:
        """Guesses here are guesses at the same password."""
        confirm_password(self.user, self.cleaned_data.get("oldpassword", ""))
        return str(self.cleaned_data["oldpassword"])


class ResetPasswordForm(account.ResetPasswordKeyForm):
    """The new password, behind a link from a mail."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["password2"]


class _CodeForm(forms.Form):
    """A code of the authenticator app, or a recovery code; wrong ones cost what a wrong password costs."""

    code = forms.CharField(
        label=_("Code"), max_length=second_factor.LONGEST_CODE, widget=forms.TextInput(attrs={"autocomplete": "one-time-code"})
    )
    reauthenticated = False

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        self.user = user
        super().__init__(*args, **kwargs)

    def clean_code(self) -> str:
        address = context.request.META.get("REMOTE_ADDR", "")
        code: str = self.cleaned_data["code"]
        try:
            throttle.check(name=self.user.username, address=address)
        except RateLimited as limited:
            raise too_fast(limited) from limited
        self.used = second_factor.find(user=self.user, code=code)
        if self.used is None:
            throttle.failed(name=self.user.username, address=address)
            raise forms.ValidationError(_("That code is not right."), "incorrect_code")
        return code

    def save(self) -> None:
        post_authentication(context.request, self.used, reauthenticated=self.reauthenticated)


class CodeForm(_CodeForm):
    """The second step of signing in."""


class ConfirmCodeForm(_CodeForm):
    """Before something delicate."""

    reauthenticated = True


def confirm_password(user: Any, password: str) -> None:
    """Raises ValidationError when this is not the person's password, or after too many guesses at it."""
    address = context.request.META.get("REMOTE_ADDR", "")
    try:
        throttle.check(name=user.username, address=address)
    except RateLimited as limited:
        raise too_fast(limited) from limited
    if not user.check_password(password):
        throttle.failed(name=user.username, address=address)
        raise forms.ValidationError(_("That is not your password."), "incorrect_password")


class DeleteForm(forms.Form):
    """The password of somebody who deletes their account."""

    password = forms.CharField(
        label=_("Password"), strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "current-password"})
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        self.user = user
        super().__init__(*args, **kwargs)

    def clean_password(self) -> str:
        confirm_password(self.user, self.cleaned_data["password"])
        return str(self.cleaned_data["password"])
