"""The tables of push. Times are Unix milliseconds."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Session
from realtime.clock import now_ms


class VapidKey(models.Model):
    """The one key with which this installation introduces itself to push services (RFC 8292), made on first use."""

    private = models.CharField(max_length=64)  # 32 bytes, base64url
    created_at = models.BigIntegerField(default=now_ms)

    def __str__(self) -> str:
        return f"VAPID key {self.pk}"


class Subscription(models.Model):
    """A browser that wants to be told, where its push service is, and what only the browser can decrypt. It belongs to the
    session that made it and ends with it."""

    # Index on session: removing those of an ended session.
    session = models.ForeignKey(Session, models.CASCADE, related_name="+")
    # Index on user: whom a message may have to be pushed to.
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("person"))
    endpoint = models.CharField(max_length=2000)
    # SHA-256 of the endpoint: a browser has one row, and addresses are too long for an index.
    digest = models.CharField(max_length=64, unique=True)
    p256dh = models.CharField(max_length=100)
    auth = models.CharField(max_length=40)
    language = models.CharField(_("language"), max_length=16, default="en")
    created_at = models.BigIntegerField(default=now_ms)
    tested_at = models.BigIntegerField(default=0)
    # Refusals in a row that are nobody's fault that passes.
    failures = models.SmallIntegerField(_("failures"), default=0)

    class Meta:
        verbose_name = _("subscribed browser")
        verbose_name_plural = _("subscribed browsers")

    def __str__(self) -> str:
        return f"Subscription {self.pk}"


class Preference(models.Model):
    """What a person wants to be told of, on all their devices. Whether with its text is one of their `preferences`."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="+")
    directs = models.BooleanField(default=True)
    groups = models.BooleanField(default=True)

    def __str__(self) -> str:
        return f"Preference of {self.user_id}"


class Away(models.Model):
    """A live connection whose page nobody looks at. One without a row is looked at, or belongs to a program."""

    # No foreign key: connections come and go in statements that know nothing of this table; `recipients.purge` tidies up.
    connection_id = models.CharField(primary_key=True, max_length=32)
    at = models.BigIntegerField(default=now_ms)

    def __str__(self) -> str:
        return self.connection_id


class Turn(models.Model):
    """The one row that says which process sends, and up to which message it has looked."""

    holder = models.CharField(max_length=32, blank=True)
    renewed_at = models.BigIntegerField(default=0)
    position = models.BigIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [models.CheckConstraint(condition=models.Q(pk=1), name="push_turn_once")]

    def __str__(self) -> str:
        return f"{self.holder}: {self.position}"
