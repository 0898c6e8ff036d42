"""The site's own applications: the admin with our sign-in, and the site with its commands and checks."""

from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig as StockAdminConfig


class AdminConfig(StockAdminConfig):
    """Django's admin, on a site that signs in through our page."""

    default_site = "imsite.admin.Site"


class SiteConfig(AppConfig):
    """Commands (`start`, `demo`) and system checks that concern the whole installation."""

    name = "imsite"

    def ready(self) -> None:
        from allauth.account.models import EmailAddress, EmailConfirmation
        from allauth.mfa.models import Authenticator
        from django.contrib import admin

        from imsite import checks  # noqa: F401  (registers the checks)

        # Their stock pages would let whoever edits people read and forge second factors.
        for model in (EmailAddress, EmailConfirmation, Authenticator):
            if admin.site.is_registered(model):
                admin.site.unregister(model)
