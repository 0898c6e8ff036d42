"""The table of announcements. Times are Unix milliseconds."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from realtime.clock import now_ms

MAX_TEXT = 500  # characters


class Announcement(models.Model):
    """Something that everybody is told, until it expires. Who sent it is kept as text: it outlives their account."""

    class Level(models.TextChoices):
        INFO = "info", _("Information")
        WARNING = "warning", _("Warning")

    text = models.CharField(_("text"), max_length=MAX_TEXT)
    level = models.CharField(_("level"), max_length=8, choices=Level, default=Level.INFO)
    sender_id = models.BigIntegerField(_("id of who sent it"), null=True)
    sender = models.CharField(_("sent by"), max_length=150)
    created_at = models.BigIntegerField(_("sent"), default=now_ms)
    # Index: used by `services.follow`, once a second in every process.
    expires_at = models.BigIntegerField(_("until"), db_index=True)

    class Meta:
        verbose_name = _("announcement")
        verbose_name_plural = _("announcements")

    def __str__(self) -> str:
        return self.text if len(self.text) <= 60 else f"{self.text[:59]}…"
