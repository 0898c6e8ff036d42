"""The sign-in form."""

from typing import Any

from django import forms
from django.contrib.auth import authenticate
from django.contrib.auth.forms import AuthenticationForm
from django.utils.translation import gettext_lazy as _

from accounts import throttle
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


class SignInForm(AuthenticationForm):
    """User name and password, throttled; one answer for every wrong pair, whether the name exists or not."""

    stay = forms.BooleanField(label=_("Stay signed in"), required=False, initial=True)
    error_messages = {  # noqa: RUF012  (as in the base class)
        "wrong": _("That username and password don’t match."),
        "too_fast": _("Too many attempts. Try again in %(seconds)s s."),
    }

    def clean(self) -> dict[str, Any]:
        name, password = self.cleaned_data.get("username"), self.cleaned_data.get("password")
        address = self.request.META.get("REMOTE_ADDR", "") if self.request else ""
        if not name or not password:
            return self.cleaned_data
        try:
            throttle.check(name=name, address=address)
        except RateLimited as limited:
            seconds = max(1, (limited.retry_after_ms or 0) // 1000)
            raise forms.ValidationError(self.error_messages["too_fast"], "too_fast", {"seconds": seconds}) from limited
        self.user_cache = authenticate(self.request, username=name, password=password)
        if self.user_cache is None:
            throttle.failed(name=name, address=address)
            raise forms.ValidationError(self.error_messages["wrong"], "wrong")
        return self.cleaned_data
