"""The table of preferences. Whoever has changed nothing has no row."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Preferences(models.Model):
    """What one person has chosen, on all their devices. `changed_at` (Unix ms) grows with every change: of two copies that
    meet, the later one holds."""

    class Theme(models.TextChoices):
        AUTO = "auto", _("as the system")
        LIGHT = "light", _("light")
        DARK = "dark", _("dark")

    class TextSize(models.TextChoices):
        SMALL = "small", _("small")
        NORMAL = "normal", _("normal")
        LARGE = "large", _("large")
        LARGEST = "largest", _("largest")

    class Rising(models.TextChoices):
        GREEN = "green", _("green")
        RED = "red", _("red")

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="+")
    theme = models.CharField(max_length=8, choices=Theme, default=Theme.AUTO)
    text_size = models.CharField(max_length=8, choices=TextSize, default=TextSize.NORMAL)
    # The colour of prices that rise; blank: the habit of the language.
    rising = models.CharField(max_length=8, choices=Rising, blank=True)
    # One of LANGUAGES; blank: what the browser asks for.
    language = models.CharField(max_length=16, blank=True)
    sounds = models.BooleanField(default=True)
    desktop_notifications = models.BooleanField(default=True)
    notification_preview = models.BooleanField(default=True)
    changed_at = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"Preferences of {self.user_id}"
