"""The Django application of the audit log."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class AuditConfig(AppConfig):
    name = "audit"
    verbose_name = _("Audit")

    def ready(self) -> None:
        from audit import triggers

        # Again after every migration: SQLite drops a table's triggers when a migration remakes the table.
        post_migrate.connect(triggers.install, sender=self, dispatch_uid="audit.triggers")
