"""The tables of presence. Times are Unix milliseconds."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Lease(models.Model):
    """A server process. It renews this one row, not one per connection; the others sweep a process that stops."""

    process = models.CharField(primary_key=True, max_length=32)
    started_at = models.BigIntegerField()
    renewed_at = models.BigIntegerField()

    class Meta:
        verbose_name = _("process")
        verbose_name_plural = _("processes")

    def __str__(self) -> str:
        return self.process


class LiveConnection(models.Model):
    """An open socket. The id sorts by time: the later one of a device wins."""

    id = models.CharField(primary_key=True, max_length=32)
    lease = models.ForeignKey(Lease, models.CASCADE, verbose_name=_("process"))
    # Index on user: how many connections somebody has, and which share a device.
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("person"))
    device = models.CharField(_("device"), max_length=64, blank=True)
    address = models.CharField(_("address"), max_length=64, blank=True)
    user_agent = models.CharField(_("program"), max_length=200, blank=True)
    opened_at = models.BigIntegerField()

    class Meta:
        verbose_name = _("live connection")
        verbose_name_plural = _("live connections")

    def __str__(self) -> str:
        return ", ".join(str(part) for part in (self.user, self.address, self.device) if part)


class Presence(models.Model):
    """Whether a person is online for others, and since when. `gone_at`: when the last connection went, while the grace
    runs."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="presence")
    online = models.BooleanField(default=False)
    online_since = models.BigIntegerField(null=True)
    gone_at = models.BigIntegerField(null=True)
    last_seen = models.BigIntegerField(null=True)

    class Meta:
        indexes: ClassVar = [
            # Used by `states.online_count`.
            models.Index(fields=["user"], condition=Q(online=True), name="presence_online"),
            # Used by `leases.settle`, once a second in every process.
            models.Index(fields=["gone_at"], condition=Q(online=True), name="presence_gone"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id}: {'online' if self.online else 'offline'}"
