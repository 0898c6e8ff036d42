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
        from imsite import checks  # noqa: F401  (registers the checks)
