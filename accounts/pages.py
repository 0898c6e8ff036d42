"""Where the account pages are. The names are those by which allauth finds them."""

from typing import Any

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from django.urls import URLPattern, path, re_path
from django.views.decorators.cache import never_cache
from django.views.generic import RedirectView

from accounts import account_views, views

urlpatterns = [
    # Coming in
    path("sign-in", views.SignIn.as_view(), name="sign-in"),
    path("sign-in", views.SignIn.as_view(), name="account_login"),
    path("sign-in/code", mfa.authenticate, name="mfa_authenticate"),
    path("sign-in/passkey", views.PasskeySignIn.as_view(), name="mfa_login_webauthn"),
    path("sign-in/inactive", account.account_inactive, name="account_inactive"),
    path("sign-out", views.sign_out, name="sign-out"),
    path("sign-out", views.sign_out, name="account_logout"),
    path("sign-up", views.SignUp.as_view(), name="account_signup"),
    path("join/<str:token>", views.Join.as_view(), name="join"),
    path("confirm-address", account.email_verification_sent, name="account_email_verification_sent"),
    re_path(r"^confirm-address/(?P<key>[-:\w]+)$", account.confirm_email, name="account_confirm_email"),
    path("forgot", views.ForgotPassword.as_view(), name="account_reset_password"),
    path("forgot/sent", account.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^forgot/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)$",
        account.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path("forgot/done", account.password_reset_from_key_done, name="account_reset_password_from_key_done"),
    path("account-deleted", account_views.deleted, name="account-deleted"),
]


def _mine(route: str, view: Any, name: str) -> URLPattern:
    """A page of my account: nothing of it stays in the browser when I have left."""
    return path(f"account{route}", never_cache(view), name=name)


urlpatterns += [
    _mine("", account_views.Overview.as_view(), "account"),
    _mine("/password", account.password_change, "account_change_password"),
    _mine("/password/set", account.password_set, "account_set_password"),
    _mine("/email", account_views.Email.as_view(), "account_email"),
    _mine("/delete", account_views.Delete.as_view(), "account-delete"),
    _mine("/confirm", account.reauthenticate, "account_reauthenticate"),
    _mine("/confirm/code", mfa.reauthenticate, "mfa_reauthenticate"),
    _mine("/confirm/passkey", webauthn.reauthenticate_webauthn, "mfa_reauthenticate_webauthn"),
    _mine("/second-factor", RedirectView.as_view(pattern_name="account"), "mfa_index"),
    _mine("/app", totp.activate_totp, "mfa_activate_totp"),
    _mine("/app/remove", totp.deactivate_totp, "mfa_deactivate_totp"),
    _mine("/passkeys", webauthn.list_webauthn, "mfa_list_webauthn"),
    _mine("/passkeys/add", webauthn.add_webauthn, "mfa_add_webauthn"),
    _mine("/passkeys/<int:pk>/name", webauthn.edit_webauthn, "mfa_edit_webauthn"),
    _mine("/passkeys/<int:pk>/remove", webauthn.remove_webauthn, "mfa_remove_webauthn"),
    _mine("/recovery-codes", recovery.view_recovery_codes, "mfa_view_recovery_codes"),
    _mine("/recovery-codes/new", recovery.generate_recovery_codes, "mfa_generate_recovery_codes"),
    _mine("/recovery-codes/file", recovery.download_recovery_codes, "mfa_download_recovery_codes"),
]
