"""The Django application of accounts."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class AccountsConfig(AppConfig):
    name = "accounts"

    def ready(self) -> None:
        from accounts import triggers

        # Again after every migration: SQLite drops a table's triggers when a migration remakes the table.
        post_migrate.connect(triggers.install, sender=self, dispatch_uid="accounts.triggers")
