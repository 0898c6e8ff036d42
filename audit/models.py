"""The table of the audit log. Times are Unix milliseconds."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from realtime.clock import now_ms


class AuditEvent(models.Model):
    """One act. It names people and things by id and by text, without foreign keys: it outlives what it speaks of.

    The database itself refuses to change or delete a row (see `triggers`)."""

    # Index: used by the filter by date.
    at = models.BigIntegerField(_("time"), default=now_ms, db_index=True)
    actor_id = models.BigIntegerField(_("id of who did it"), null=True)
    actor = models.CharField(_("who"), max_length=150)
    # Index: used by the filter by act.
    action = models.CharField(_("act"), max_length=40, db_index=True)
    target_kind = models.CharField(_("kind"), max_length=60, blank=True)
    target_id = models.CharField(_("id"), max_length=64, blank=True)
    target = models.CharField(_("what or whom"), max_length=200, blank=True)
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    detail = models.JSONField(_("detail"), default=dict, blank=True)
    address = models.CharField(_("address"), max_length=64, blank=True)

    class Meta:
        verbose_name = _("audit event")
        verbose_name_plural = _("audit events")
        # Used by the link from a person or thing to what was done to it.
        indexes: ClassVar = [models.Index(fields=["target_kind", "target_id"], name="audit_event_target")]

    def __str__(self) -> str:
        return f"{self.actor}: {self.action} {self.target}"
