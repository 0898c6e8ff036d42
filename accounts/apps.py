"""The Django application of accounts."""

from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_out
from django.db.models.signals import post_delete, post_migrate
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = _("Accounts")

    def ready(self) -> None:
        from accounts import profiles, sessions, triggers

        user_logged_out.connect(sessions.on_logout, dispatch_uid="accounts.sessions")

        # Again after every migration: SQLite drops a table's triggers when a migration remakes the table.
        post_migrate.connect(triggers.install, sender=self, dispatch_uid="accounts.triggers")
        # Files know nothing of foreign keys: a person may be deleted by the admin, a command or a cascade.
        post_delete.connect(profiles.forget, sender=self.get_model("User"), dispatch_uid="accounts.profiles")
